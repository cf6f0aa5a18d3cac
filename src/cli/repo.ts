// hawser repo add|list|get|rm: the repositories' Secrets in the cluster, in the verbs and flags that Argo CD users know, and the hook for Git
// servers without webhooks.

import { Command, Option } from 'commander';
import { postReceiveHook } from '../application/post-receive-hook.ts';
import {
  isOfRepository,
  PREVIOUS_WEBHOOK_SECRET,
  type RepositoryData,
  repositorySecret,
  rotateWebhookSecret,
  SECRET_TYPE,
  shownData,
  WEBHOOK_SECRET,
} from '../application/repository-secret.ts';
import { HawserError } from '../base/errors.ts';
import { toHex } from '../base/hex.ts';
import { chooseRemote } from '../git/credentials.ts';
import { type Credentials, credentialsOf } from '../git/remote.ts';
import { withoutUserinfo } from '../git/repository-url.ts';
import type { KubeClient } from '../kube/client.ts';
import type { KubeObject } from '../kube/object.ts';
import { readCredentialSecrets, readGitCertificates } from '../operation/credential-secrets.ts';
import { listenForHook } from '../operation/hook-record.ts';
import { decodeSecret } from '../operation/settings.ts';
import type { ConnectedFetch } from '../platform.ts';
import { testRepository } from '../source/test-repository.ts';
import { parseServerUrl } from './api-client.ts';
import type { CommandIo } from './io.ts';
import { formatData } from './output.ts';
import { prepareProgram, runProgram } from './parse-command.ts';
import { addRepositoryFlags, readRepositoryFlags, spellFlags } from './repo-flags.ts';
import { addHook, HOOK_CHOICES } from './repo-hook.ts';
import { formatTable } from './table.ts';

export interface RepoCommandParts {
  /** A client for the cluster of the kubeconfig. */
  readonly connect: (options: { readonly kubeconfig?: string; readonly context?: string }) => Promise<KubeClient>;
  readonly openFetch: () => Promise<ConnectedFetch>;
  /** Of a cryptographic source. */
  readonly random: (length: number) => Uint8Array;
  /** What is piped in. */
  readonly readStdin: () => Promise<string>;
}

/** A Git server's API answers within this. */
const HOST_MS = 30_000;

interface Place {
  readonly client: KubeClient;
  readonly namespace: string;
}

/** A repository's Secret as it is in the cluster. */
interface Stored {
  readonly object: KubeObject;
  readonly data: RepositoryData;
}

/** Runs `hawser repo ARGS` and gives the exit code. */
export async function repoCommand(args: readonly string[], io: CommandIo, parts: RepoCommandParts): Promise<number> {
  const program = prepareProgram(new Command('hawser repo'), io).description(
    "repositories: Argo CD's Secrets in the cluster of the kubeconfig",
  );
  const addVerb = (usage: string, description: string) =>
    program
      .command(usage)
      .description(description)
      .option('--kubeconfig <file>', '(KUBECONFIG, ~/.kube/config)')
      .option('--context <name>', 'a context other than the current one')
      .option('--namespace <name>', 'where the Secrets are', 'argocd');
  const open = async (options: { kubeconfig?: string; context?: string; namespace: string }): Promise<Place> => {
    const { kubeconfig, context, namespace } = options;
    const client = await parts.connect({ ...(kubeconfig && { kubeconfig }), ...(context && { context }) });
    return { client, namespace };
  };

  const add = addVerb('add <url>', 'make a repository known, after it was reached with what is given')
    .option('--password-stdin', 'read the password from standard input')
    .option('--upsert', 'replace what is known of it')
    .option('--skip-test', 'do not try to reach it')
    .option('--webhook-secret <secret>', 'what its webhooks are signed with; the one before counts beside it')
    .addOption(
      new Option('--hook <kind>', 'make its webhook at this Git server, or print a post-receive hook').choices(
        HOOK_CHOICES,
      ),
    )
    .option('--hook-token <token>', 'may manage webhooks there; otherwise the credentials of the repository')
    .option('--hook-timeout <seconds>', 'how long a signed delivery is waited for; 0: not at all', '30')
    .option('--server <url>', 'where the hook finds hawser (HAWSER_SERVER)');
  addRepositoryFlags(add);
  add.action(async (url: string, options) => {
    const server = options.hook && hookServer(options.server, io);
    const flags: RepositoryData = {
      ...readRepositoryFlags(options, io.cwd),
      ...(options.passwordStdin && { password: (await parts.readStdin()).replace(/\r?\n$/, '') }),
    };
    const place = await open(options);
    const secrets = await listSecrets(place);
    const known = secrets.find(({ data }) => isOfRepository(data, url, flags.project ?? ''));
    const webhook = chooseWebhookSecret(options.webhookSecret, server, known?.data, parts.random);
    const data = mergeSettings(known?.data, { url, flags, webhook, isUpsert: options.upsert === true });
    if (!options.skipTest) {
      const test = {
        fetch: await parts.openFetch(),
        certificates: await readGitCertificates(place.client, place.namespace),
      };
      io.stderr(`${await testRepository(data, test)}\n`);
    }
    await store(place, known, data);
    // What is printed besides a hook does not belong into its file.
    const isPrinted = options.hook === 'post-receive';
    (isPrinted ? io.stderr : io.stdout)(`Repository '${withoutUserinfo(url)}' added\n`);
    if (!server || webhook === undefined) return;
    if (!isPrinted) {
      await makeWebhook(place, data, { ...options, server, secret: webhook }, { io, parts });
      return;
    }
    io.stderr('Save what follows as hooks/post-receive of the bare repository, with mode 700: it holds a secret.\n');
    const hook = { webhookUrl: `${server}/api/webhook`, repository: withoutUserinfo(url), secret: webhook };
    io.stdout(postReceiveHook(hook));
  });

  addVerb('list', 'all that are known')
    .addOption(new Option('-o, --output <format>', 'another form').choices(['url', 'json', 'yaml']))
    .action(async (options) => {
      const all = (await listSecrets(await open(options))).map(({ data }) => shownData(data));
      if (options.output === 'url') io.stdout(all.map(({ url }) => `${url}\n`).join(''));
      else io.stdout(formatData(all, options.output) ?? formatRepositories(all));
    });
  addVerb('get <url>', 'one of them')
    .option('--project <project>', 'as it is known for this project', '')
    .addOption(new Option('-o, --output <format>', 'another form').choices(['url', 'json', 'yaml']))
    .action(async (url, options) => {
      const found = await requireSecret(await open(options), url, options.project);
      const shown = shownData(found.data);
      if (options.output === 'url') io.stdout(`${shown.url}\n`);
      else io.stdout(formatData(shown, options.output) ?? formatRepositories([shown]));
    });
  addVerb('rm <url...>', 'forget it, and the credentials for it')
    .option('--project <project>', 'as it is known for this project', '')
    .action(async (urls: string[], options) => {
      const place = await open(options);
      for (const url of urls) {
        const { object } = await requireSecret(place, url, options.project);
        const { name = '', uid } = object.metadata;
        await place.client.remove(
          { apiVersion: 'v1', kind: 'Secret', namespace: place.namespace, name },
          uid ? { preconditions: { uid } } : {},
        );
        io.stdout(`Repository '${withoutUserinfo(url)}' removed\n`);
      }
    });

  return (await runProgram(program, spellFlags(args))) ?? 0;
}

interface HookOptions {
  readonly hook: string;
  readonly hookToken?: string;
  readonly hookTimeout: string;
  readonly server: string;
  readonly secret: string;
}

/** At the repository's Git server, with the credentials that hawser reads it with where no token is given. */
async function makeWebhook(
  place: Place,
  data: RepositoryData,
  { hook, hookToken, hookTimeout, server, secret }: HookOptions,
  { io, parts }: { readonly io: CommandIo; readonly parts: RepoCommandParts },
): Promise<void> {
  const { url = '', project = '' } = data;
  const seconds = Number(hookTimeout);
  if (!Number.isInteger(seconds) || seconds < 0) {
    throw new HawserError('InvalidInput', `--hook-timeout must be a whole number of seconds, not ${hookTimeout}`);
  }
  const types = { repository: 'repository', template: 'repo-creds' } as const;
  const secrets = await readCredentialSecrets(place.client, place.namespace, types);
  const remote = chooseRemote(url, project, secrets);
  const credentials: Credentials | undefined =
    hookToken === undefined ? credentialsOf(remote) : { kind: 'bearer', token: hookToken };
  const patienceMs = seconds * 1_000;
  await addHook({
    choice: hook,
    webhookUrl: `${server}/api/webhook`,
    secret,
    patienceMs,
    address: {
      fetch: await parts.openFetch(),
      repoURL: withoutUserinfo(url),
      signal: AbortSignal.timeout(HOST_MS + patienceMs),
      ...(remote.connection && { connection: remote.connection }),
    },
    ...(credentials && { credentials }),
    listen: () => listenForHook(place.client, place.namespace, { url, clock: { now: () => Date.now() } }),
    tell: (line) => io.stdout(`${line}\n`),
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  });
}

interface Wanted {
  readonly url: string;
  readonly flags: RepositoryData;
  readonly webhook: string | undefined;
  readonly isUpsert: boolean;
}

/**
 * The data of the Secret as they shall be. Where nothing but a webhook's secret or a hook is wanted of a repository that is known, all else stays.
 * Throws `Conflict` where it is known with other settings.
 */
function mergeSettings(known: RepositoryData | undefined, { url, flags, webhook, isUpsert }: Wanted): RepositoryData {
  const isWebhookOnly = webhook !== undefined && Object.keys(flags).every((key) => key === 'project');
  const wanted = known && isWebhookOnly && !isUpsert ? known : { type: 'git', ...flags, url };
  if (known && !isUpsert && !isSameSpec(known, wanted)) {
    throw new HawserError('Conflict', `${withoutUserinfo(url)} is known already, with other settings`, {
      hint: '--upsert replaces them',
    });
  }
  const rotated = webhook === undefined ? {} : rotateWebhookSecret(known ?? {}, webhook);
  return { ...wanted, ...keptWebhookSecrets(known ?? {}), ...rotated };
}

/** What webhooks are signed with; a hook has the one that counts already, or a new one. */
function chooseWebhookSecret(
  given: string | undefined,
  server: string | undefined,
  known: RepositoryData | undefined,
  random: (length: number) => Uint8Array,
): string | undefined {
  if (given === '') throw new HawserError('InvalidInput', '--webhook-secret is empty');
  if (given !== undefined || server === undefined) return given;
  return known?.[WEBHOOK_SECRET] ?? makeSecret(random);
}

function hookServer(given: string | undefined, { env }: CommandIo): string {
  const server = given ?? env.HAWSER_SERVER;
  if (server) return parseServerUrl(server);
  throw new HawserError('InvalidInput', 'where the hook finds hawser is not said', {
    hint: 'give --server https://hawser.example.com or set HAWSER_SERVER',
  });
}

async function listSecrets({ client, namespace }: Place): Promise<readonly Stored[]> {
  const labelSelector = `${SECRET_TYPE}=repository`;
  const { items } = await client.list({ apiVersion: 'v1', kind: 'Secret' }, { namespace, labelSelector });
  return items
    .map((object) => ({ object, data: decodeSecret(object) }))
    .sort((a, b) => ((a.data.url ?? '') < (b.data.url ?? '') ? -1 : 1));
}

async function requireSecret(place: Place, url: string, project: string): Promise<Stored> {
  const found = (await listSecrets(place)).find(({ data }) => isOfRepository(data, url, project));
  if (found) return found;
  const where = project === '' ? '' : ` in the project ${project}`;
  throw new HawserError('NotFound', `there is no repository ${withoutUserinfo(url)}${where}`, {
    hint: 'hawser repo list shows all',
  });
}

async function store({ client, namespace }: Place, known: Stored | undefined, data: RepositoryData): Promise<void> {
  if (!known) {
    await client.create(repositorySecret(namespace, data));
    return;
  }
  const { name = '', resourceVersion = '' } = known.object.metadata;
  const removed = Object.keys(known.data).filter((key) => data[key] === undefined);
  const patch = {
    metadata: { resourceVersion },
    stringData: { ...data },
    ...(removed.length > 0 && { data: Object.fromEntries(removed.map((key) => [key, null])) }),
  };
  await client.patch({ apiVersion: 'v1', kind: 'Secret', namespace, name }, patch, { type: 'merge' });
}

/** Argo CD knows nothing of them, and an --upsert means what Argo CD knows. */
function keptWebhookSecrets(data: RepositoryData): RepositoryData {
  return Object.fromEntries(
    [WEBHOOK_SECRET, PREVIOUS_WEBHOOK_SECRET].flatMap((key) => {
      const value = data[key];
      return value === undefined ? [] : [[key, value]];
    }),
  );
}

function isSameSpec(known: RepositoryData, wanted: RepositoryData): boolean {
  const keys = new Set([...Object.keys(known), ...Object.keys(wanted)]);
  for (const key of [WEBHOOK_SECRET, PREVIOUS_WEBHOOK_SECRET, 'url']) keys.delete(key);
  return [...keys].every((key) => (known[key] ?? defaultOf(key)) === (wanted[key] ?? defaultOf(key)));
}

function defaultOf(key: string): string {
  return key === 'type' ? 'git' : '';
}

function makeSecret(random: (length: number) => Uint8Array): string {
  return toHex(random(24));
}

function formatRepositories(all: readonly RepositoryData[]): string {
  const yes = (value: string | undefined) => String(value === 'true');
  return formatTable(
    ['TYPE', 'NAME', 'REPO', 'INSECURE', 'OCI', 'LFS', 'CREDS', 'WEBHOOK', 'PROJECT'],
    all.map((data) => [
      data.type || 'git',
      data.name ?? '',
      withoutUserinfo(data.url ?? ''),
      yes(data.insecure ?? data.insecureIgnoreHostKey),
      yes(data.enableOCI),
      yes(data.enableLfs),
      String(['username', 'password', 'bearerToken', 'sshPrivateKey', 'githubAppPrivateKey'].some((key) => data[key])),
      data[WEBHOOK_SECRET] ? 'own secret' : '',
      data.project ?? '',
    ]),
  );
}
