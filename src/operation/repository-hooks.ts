// The webhooks of repositories, for whoever sets them up by the API: made at the Git server, or by hand with a secret that is kept here, and
// what has come by them.

import { repositorySecretName, rotateWebhookSecret, WEBHOOK_SECRET } from '../application/repository-secret.ts';
import { typeOfRepository } from '../application/repository-shape.ts';
import { delay } from '../base/delay.ts';
import { HawserError, isHawserError } from '../base/errors.ts';
import { toHex } from '../base/hex.ts';
import { chooseRemote, chooseWriter } from '../git/credentials.ts';
import { type Credentials, credentialsOf, readRemoteAddress } from '../git/remote.ts';
import { withoutUserinfo } from '../git/repository-url.ts';
import { type HookOutcome, setUpHook } from '../git-host/hooks/set-up-hook.ts';
import { hostKindOf } from '../git-host/repository-api.ts';
import { readCredentialSecrets } from './credential-secrets.ts';
import { lastPing, listenForHook } from './hook-record.ts';
import type { KnownRepository } from './repository-book.ts';
import type { Road } from './road.ts';
import { writeSecretRecord } from './secret-records.ts';
import { decodeSecret, SECRET_NAME } from './settings.ts';
import { readWriteCredentials } from './write-credentials.ts';

export interface HookRequest {
  /** `auto`, or a Git server. */
  readonly choice: string;
  /** Where the Git server finds hawser. */
  readonly webhookUrl: string;
  /** For this once; otherwise those of the repository. */
  readonly credentials?: Credentials;
  /** The credentials for writing to the repository may be used, where there are any. */
  readonly mayUseWriters: boolean;
  /** How long something signed is waited for; 0: not at all. */
  readonly patienceMs: number;
}

/** What is known of a repository's webhook without asking its Git server. */
export interface HookState {
  /** Where its own secret is kept, or would be. */
  readonly secret: { readonly name: string; readonly key: string; readonly isSet: boolean };
  /** Keys of argocd-secret that verify every repository's webhooks. */
  readonly sharedKeys: readonly string[];
  /** Where its address alone tells. */
  readonly host?: string;
  /** RFC 3339. */
  readonly lastPingAt?: string;
}

export interface RepositoryHooks {
  /**
   * Makes the webhook at the Git server, or mends it; signed with the repository's own secret, which is made where there is none. Throws
   * `InvalidInput` for what has no such webhooks, and what the Git server refuses.
   */
  make(repository: KnownRepository, request: HookRequest): Promise<HookOutcome>;
  /** What a webhook that is made by hand signs with from now on; the secret before counts beside it. */
  keepSecret(repository: KnownRepository, secret: string): Promise<void>;
  state(repository: KnownRepository): Promise<HookState>;
}

/** A Git server's API answers within this. */
const HOST_MS = 20_000;
const SECRET_BYTES = 24;
const SHARED_KEY = /^webhook\..+$/;

export function createRepositoryHooks(road: Pick<Road, 'home' | 'platform' | 'stopping'>): RepositoryHooks {
  const { home, platform, stopping } = road;
  const { namespace } = platform.settings;

  const keepSecret: RepositoryHooks['keepSecret'] = async ({ record }, secret) => {
    const changed = rotateWebhookSecret(record.data, secret);
    if (Object.keys(changed).length > 0) await writeSecretRecord(home, record, changed, []);
  };

  /** Those that were given, else those for writing, else those for reading. */
  async function credentialsFor({ data }: KnownRepository, { credentials, mayUseWriters }: HookRequest) {
    const { url = '', project = '' } = data;
    const types = { repository: 'repository', template: 'repo-creds' } as const;
    const reader = chooseRemote(url, project, await readCredentialSecrets(home, namespace, types));
    if (credentials) return { ...reader, credentials };
    const writer = mayUseWriters ? chooseWriter(url, project, await readWriteCredentials(road)) : undefined;
    const chosen = (writer && credentialsOf(writer)) ?? credentialsOf(reader);
    return { ...reader, ...(chosen && { credentials: chosen }) };
  }

  return {
    keepSecret,
    make: async (repository, request) => {
      const { choice, webhookUrl, patienceMs } = request;
      const { url = '' } = repository.data;
      requireGit(repository);
      const { credentials, connection } = await credentialsFor(repository, request);
      if (!credentials) throw noCredentials(url);
      const secret = repository.record.data[WEBHOOK_SECRET] || toHex(platform.random(SECRET_BYTES));
      // Before the webhook is there: what comes by it at once is to be believed.
      await keepSecret(repository, secret);
      try {
        return await setUpHook({
          ...{ choice, webhookUrl, secret, credentials, patienceMs },
          address: {
            fetch: platform.fetch,
            repoURL: withoutUserinfo(url),
            signal: AbortSignal.any([stopping, AbortSignal.timeout(HOST_MS + patienceMs)]),
            ...(connection && { connection }),
          },
          listen: () => listenForHook(home, namespace, { url, clock: platform.clock }),
          tell: () => undefined,
          sleep: (ms) => delay(ms, stopping),
        });
      } catch (error) {
        throw explained(error);
      }
    },
    state: async ({ data, record }) => {
      const { url = '', project = '' } = data;
      const [shared, lastPingAt] = await Promise.all([
        home.get({ apiVersion: 'v1', kind: 'Secret', namespace, name: SECRET_NAME }, { resourceVersion: '0' }),
        lastPing(home, namespace, url),
      ]);
      const host = hostKindOf(url, undefined);
      const values = Object.entries(decodeSecret(shared));
      return {
        secret: {
          name: record.object.metadata.name ?? repositorySecretName(url, project),
          key: WEBHOOK_SECRET,
          isSet: Boolean(record.data[WEBHOOK_SECRET]),
        },
        sharedKeys: values.flatMap(([key, value]) => (SHARED_KEY.test(key) && value !== '' ? [key] : [])).sort(),
        ...(host && { host }),
        ...(lastPingAt && { lastPingAt }),
      };
    },
  };
}

/** Throws for charts and registries, and for SSH. */
function requireGit({ data }: KnownRepository): void {
  const type = typeOfRepository(data);
  if (type !== 'git') {
    throw new HawserError('InvalidInput', `a repository of type ${type} has no webhook that hawser can make`, {
      hint: 'a registry tells of new versions by a webhook of its own, which is made by hand',
    });
  }
  readRemoteAddress({ url: data.url ?? '' });
}

function noCredentials(url: string): HawserError {
  return new HawserError('InvalidInput', `to make a webhook of ${withoutUserinfo(url)}, a token is needed`, {
    hint: 'give one for this once, or make the webhook by hand',
  });
}

/** The CLI's flag is not what people see here. */
function explained(error: unknown): unknown {
  if (!isHawserError(error) || !error.hint?.includes('--hook')) return error;
  return new HawserError(error.code, error.message, { hint: 'say which one it is', data: error.data, cause: error });
}
