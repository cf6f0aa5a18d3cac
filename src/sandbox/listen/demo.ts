// The ground of the demo: a sandbox cluster and a Git server on ports of this machine, with a repository and Applications in them.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { NOTICE_PATH, noticeConfiguration } from '../../application/install-notices.ts';
import { applicationManifest } from '../../application/manifest.ts';
import { formatError, HawserError, messageOf } from '../../base/errors.ts';
import { at, isObject } from '../../base/json.ts';
import { createKubeClient } from '../../kube/client.ts';
import type { ClusterTransport } from '../../platform.ts';
import { DEMO_APPLICATIONS, DEMO_FILES } from '../demo-repository.ts';
import { pushDeliveries } from '../git/push-payload.ts';
import { readCommitObject, readTree, type SandboxRepository } from '../git/repository.ts';
import { createGitServer, type SandboxPush } from '../git/server.ts';
import { openReading } from '../open-reading.ts';
import { createSandbox } from '../sandbox.ts';
import { callWebhookByHttps } from './call-webhook.ts';
import { formatKubeconfig } from './kubeconfig.ts';
import { type FetchHandler, listen } from './listen.ts';

export interface DemoOptions {
  /** Where the kubeconfig is written. */
  readonly folder: string;
  readonly webhookSecret: string;
  /** Of the Applications (argocd). */
  readonly namespace?: string;
}

export interface Demo {
  /** The sandbox, without a network between. */
  readonly home: ClusterTransport;
  readonly namespace: string;
  readonly cloneUrl: string;
  readonly editUrl: string;
  /** The path of a kubeconfig for kubectl. */
  readonly kubeconfig: string;
  /** The Applications and the webhook's secret; the CRDs must be there. */
  createObjects(): Promise<void>;
  /** Where pushes are announced from now on. */
  setWebhook(url: string): void;
  /** Who is told from now on what kubectl, or anybody, writes to Applications, projects, Secrets, and to what Applications have made. */
  registerNotices(handler: FetchHandler): Promise<void>;
  close(): Promise<void>;
}

const REPOSITORY = 'devops/ops-deploy';
const BRANCH = 'main';
const AUTHOR = { name: 'Demo', email: 'demo@example.com' };
const EDIT_PATH = '/demo/edit';

export async function startDemo({ folder, webhookSecret, namespace = 'argocd' }: DemoOptions): Promise<Demo> {
  /** Notices are handed over in this very process: they need no port and no certificate. */
  const noticeUrl = `https://hawser.${namespace}.svc${NOTICE_PATH}`;
  const clock = { now: () => Date.now() };
  let takeNotice: FetchHandler | undefined;
  const sandbox = createSandbox({
    clock,
    random: (length) => crypto.getRandomValues(new Uint8Array(length)),
    callWebhook: async (url, init, trust) =>
      takeNotice && new URL(url).origin === new URL(noticeUrl).origin
        ? takeNotice(new Request(url, init))
        : callWebhookByHttps(url, init, trust),
  });
  let webhookUrl: string | undefined;
  let gitUrl = '';

  const git = createGitServer({
    onPush: (push) => {
      // As a real server does, the push is answered first and announced right afterwards.
      void announce(push);
    },
  });
  const repository = git.create(REPOSITORY, { defaultBranch: BRANCH });
  await git.commit(repository, BRANCH, DEMO_FILES, { message: 'Begin\n', author: AUTHOR, atMs: clock.now() });

  async function announce(push: SandboxPush): Promise<void> {
    if (!webhookUrl) return;
    for (const { headers, body } of pushDeliveries(push, {
      provider: 'gogs',
      serverUrl: gitUrl,
      secret: webhookSecret,
      deliveryId: () => crypto.randomUUID(),
    })) {
      try {
        const response = await fetch(webhookUrl, { method: 'POST', headers, body });
        const answer = await response.text();
        if (!response.ok) throw new Error(`${response.status} ${answer}`);
      } catch (error) {
        process.stderr.write(`the webhook of the demo repository failed: ${messageOf(error)}\n`);
      }
    }
  }

  async function edit(request: Request): Promise<Response> {
    try {
      const { file, assignments } = parseEdit(await request.json());
      const path = findFile(file, Object.keys(DEMO_FILES));
      const before = readFile(repository, path);
      const text = editValues(path, before, assignments);
      if (text === before) return new Response(`nothing to push: ${path} says so already\n`);
      const { after } = await git.commit(
        repository,
        BRANCH,
        { [path]: text },
        { message: `Set ${assignments.join(', ')}\n`, author: AUTHOR, atMs: clock.now() },
      );
      return new Response(`pushed ${after.slice(0, 7)}: ${path}: ${assignments.join(', ')}\n`);
    } catch (error) {
      return new Response(`${formatError(error)}\n`, { status: 400 });
    }
  }

  const api = await listen((request) => sandbox.fetch(request), { host: '127.0.0.1', port: 0 });
  const gitListening = await listen(
    (request) =>
      request.method === 'POST' && new URL(request.url).pathname === EDIT_PATH ? edit(request) : git.handle(request),
    { host: '127.0.0.1', port: 0 },
  );
  gitUrl = gitListening.url;
  const kubeconfig = join(folder, 'kubeconfig');
  await writeFile(kubeconfig, formatKubeconfig(api.url), { mode: 0o600 });
  const home: ClusterTransport = {
    server: api.url,
    fetch: (path, init) => sandbox.fetch(new Request(`${api.url}${path}`, init)),
  };
  const cloneUrl = `${gitUrl}/${REPOSITORY}`;

  return {
    home,
    namespace,
    cloneUrl,
    editUrl: `${gitUrl}${EDIT_PATH}`,
    kubeconfig,
    createObjects: async () => {
      const client = createKubeClient(home, { fieldManager: 'hawser' });
      await client.create({
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 'argocd-secret', namespace },
        type: 'Opaque',
        stringData: { 'webhook.gogs.secret': webhookSecret },
      });
      await openReading(client, namespace);
      for (const { name, path, namespace: destinationNamespace, valueFile, automated } of DEMO_APPLICATIONS) {
        await client.create(
          applicationManifest({
            name,
            namespace,
            repoURL: cloneUrl,
            path,
            destinationNamespace,
            ...(valueFile && { valueFiles: [valueFile] }),
            ...(automated && { automated: { prune: true, selfHeal: true } }),
          }),
        );
      }
    },
    setWebhook: (url) => {
      webhookUrl = url;
    },
    registerNotices: async (handler) => {
      takeNotice = handler;
      const client = createKubeClient(home, { fieldManager: 'hawser' });
      await client.create(noticeConfiguration({ namespace, url: noticeUrl, drift: 'warn' }));
    },
    close: async () => {
      sandbox.close();
      await Promise.all([api.close(), gitListening.close()]);
    },
  };
}

function parseEdit(body: unknown): { file: string; assignments: string[] } {
  if (!isObject(body) || typeof body.file !== 'string' || !Array.isArray(body.assignments)) {
    throw new HawserError('InvalidInput', 'send {"file": "…", "assignments": ["KEY=VALUE"]}');
  }
  return { file: body.file, assignments: body.assignments.map(String) };
}

/** A file at the tip of the branch. */
function readFile(repository: SandboxRepository, path: string): string {
  const tip = repository.refs.get(`refs/heads/${BRANCH}`);
  let id = tip && readCommitObject(repository, tip)?.tree;
  for (const part of path.split('/')) id = readTree(repository, id).get(part)?.id;
  const file = id === undefined ? undefined : repository.objects.get(id);
  return file ? new TextDecoder().decode(file.content) : '';
}

/** A path, or the end of one: `values-dev.yaml` is enough. */
function findFile(wanted: string, paths: readonly string[]): string {
  const found = paths.filter((path) => path === wanted || path.endsWith(`/${wanted}`));
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  if (found.length > 1) throw new HawserError('InvalidInput', `${wanted} could be any of ${found.join(', ')}`);
  throw new HawserError('InvalidInput', `${wanted} is not in the demo repository`, {
    hint: `there are ${paths.filter((path) => path.includes('values')).join(', ')}`,
  });
}

/** Sets `a.b=value` in a YAML text and keeps its comments; a value is read as YAML, so that 2 is a number. */
function editValues(path: string, text: string, assignments: readonly string[]): string {
  const document = parseDocument(text);
  const values: unknown = document.errors.length > 0 ? undefined : document.toJS();
  if (!isObject(values)) throw new HawserError('InvalidInput', `${path} is no file of values`);
  for (const assignment of assignments) {
    const equals = assignment.indexOf('=');
    const key = assignment.slice(0, equals);
    const before = at(values, ...key.split('.'));
    // A key that nothing reads would be pushed and change nothing, which is no way to try hawser.
    if (before === undefined || isObject(before)) {
      const reason = before === undefined ? `${path} has no key ${key}` : `${key} in ${path} is no single value`;
      throw new HawserError('InvalidInput', reason, { hint: `there are ${leafKeys(values).join(', ')}` });
    }
    const written = assignment.slice(equals + 1);
    document.setIn(key.split('.'), typeof before === 'string' ? written : parseValue(written));
  }
  return document.toString({ lineWidth: 0 });
}

function parseValue(text: string): unknown {
  const document = parseDocument(text);
  const [problem] = document.errors;
  if (problem) throw new HawserError('InvalidInput', `${text} is no YAML value`, { cause: problem });
  return document.toJS();
}

/** `image.tag` and all others that hold no map. */
function leafKeys(values: unknown): string[] {
  if (!isObject(values)) return [];
  return Object.entries(values).flatMap(([key, value]) =>
    isObject(value) ? leafKeys(value).map((rest) => `${key}.${rest}`) : [key],
  );
}
