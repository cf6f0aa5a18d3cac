// A kubeconfig as somebody pastes it: its contexts, what each would be as a cluster of hawser's, and why one cannot be. It is read in the page,
// and nothing of it is sent but the cluster that is chosen.

import { parse } from 'yaml';
import { at, isObject, stringAt } from '../../../base/json.ts';

/** How whoever uses the context proves who they are. */
export type Way = 'token' | 'certificate' | 'password' | 'exec' | 'none';

/** Why a context cannot be used as it stands, or what will not be as expected. */
export type KubeconfigProblem =
  /** It names files of this machine: `kubectl config view --raw --flatten` writes their content. */
  | 'files'
  /** It logs in by a plugin of kubectl's that there is no more. */
  | 'auth-provider'
  | 'no-cluster'
  | 'no-server';

export type KubeconfigWarning =
  /** The address is that of this machine, as seen from itself. */
  | 'loopback'
  /** The program has to be where hawser runs. */
  | 'exec'
  | 'insecure'
  /** Nobody proves anything to the API server. */
  | 'anonymous';

export interface KubeconfigContext {
  readonly name: string;
  readonly isCurrent: boolean;
  readonly server: string;
  readonly way: Way;
  readonly problem?: KubeconfigProblem;
  readonly warnings: readonly KubeconfigWarning[];
  /** v1alpha1.ClusterConfig. */
  readonly config: Readonly<Record<string, unknown>>;
}

export type Kubeconfig =
  | { readonly contexts: readonly KubeconfigContext[] }
  /** `message`: what the YAML parser says, with the line. */
  | { readonly error: 'yaml'; readonly message: string }
  | { readonly error: 'not-a-kubeconfig' };

const FILES = ['certificate-authority', 'client-certificate', 'client-key', 'tokenFile'];

export function readKubeconfig(text: string): Kubeconfig {
  let value: unknown;
  try {
    value = parse(text);
  } catch (error) {
    const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    return { error: 'yaml', message: line };
  }
  const contexts = namedIn(value, 'contexts', 'context');
  if (contexts.size === 0) return { error: 'not-a-kubeconfig' };
  const clusters = namedIn(value, 'clusters', 'cluster');
  const users = namedIn(value, 'users', 'user');
  const current = stringAt(value, 'current-context');
  const read = [...contexts].map(([name, context]) => {
    const cluster = clusters.get(stringAt(context, 'cluster') ?? '');
    const user = users.get(stringAt(context, 'user') ?? '') ?? {};
    return { name, isCurrent: name === current, ...readContext(cluster, user) };
  });
  return { contexts: read.sort((a, b) => Number(b.isCurrent) - Number(a.isCurrent)) };
}

function readContext(cluster: unknown, user: unknown): Omit<KubeconfigContext, 'name' | 'isCurrent'> {
  const server = (stringAt(cluster, 'server') ?? '').replace(/\/+$/, '');
  const way = wayOf(user);
  const isInsecure = at(cluster, 'insecure-skip-tls-verify') === true;
  const problem = problemOf(cluster, user, server);
  return {
    server,
    way,
    ...(problem && { problem }),
    warnings: [
      ...(isLoopback(server) ? (['loopback'] as const) : []),
      ...(way === 'exec' ? (['exec'] as const) : []),
      ...(isInsecure ? (['insecure'] as const) : []),
      ...(way === 'none' && !problem ? (['anonymous'] as const) : []),
    ],
    config: { ...credentialsOf(user, way), ...connectionOf(cluster, user, isInsecure) },
  };
}

function wayOf(user: unknown): Way {
  if (isObject(at(user, 'exec'))) return 'exec';
  if (stringAt(user, 'token')) return 'token';
  if (stringAt(user, 'client-certificate-data')) return 'certificate';
  return stringAt(user, 'username') ? 'password' : 'none';
}

function problemOf(cluster: unknown, user: unknown, server: string): KubeconfigProblem | undefined {
  if (!isObject(cluster)) return 'no-cluster';
  if (!URL.canParse(server)) return 'no-server';
  if (at(user, 'auth-provider')) return 'auth-provider';
  const namesFile = (key: string) =>
    [cluster, user].some((entry) => stringAt(entry, key) && !stringAt(entry, `${key}-data`));
  return FILES.some((key) => (key === 'tokenFile' ? stringAt(user, key) && !stringAt(user, 'token') : namesFile(key)))
    ? 'files'
    : undefined;
}

function credentialsOf(user: unknown, way: Way): Record<string, unknown> {
  switch (way) {
    case 'token':
      return { bearerToken: stringAt(user, 'token') };
    case 'password':
      return { username: stringAt(user, 'username'), password: stringAt(user, 'password') ?? '' };
    case 'exec': {
      const exec = at(user, 'exec');
      const env = at(exec, 'env');
      const pairs = (Array.isArray(env) ? env : []).map((one) => [
        stringAt(one, 'name') ?? '',
        stringAt(one, 'value') ?? '',
      ]);
      return {
        execProviderConfig: {
          command: stringAt(exec, 'command'),
          args: at(exec, 'args') ?? [],
          apiVersion: stringAt(exec, 'apiVersion'),
          ...(pairs.length > 0 && { env: Object.fromEntries(pairs) }),
          ...(stringAt(exec, 'installHint') && { installHint: stringAt(exec, 'installHint') }),
        },
      };
    }
    default:
      return {};
  }
}

function connectionOf(cluster: unknown, user: unknown, isInsecure: boolean): Record<string, unknown> {
  const serverName = stringAt(cluster, 'tls-server-name');
  const caData = stringAt(cluster, 'certificate-authority-data');
  const certData = stringAt(user, 'client-certificate-data');
  const keyData = stringAt(user, 'client-key-data');
  const proxyUrl = stringAt(cluster, 'proxy-url');
  return {
    tlsClientConfig: {
      insecure: isInsecure,
      ...(serverName && { serverName }),
      // client-go refuses both at once.
      ...(caData && !isInsecure && { caData }),
      ...(certData && { certData }),
      ...(keyData && { keyData }),
    },
    ...(proxyUrl && { proxyUrl }),
    ...(at(cluster, 'disable-compression') === true && { disableCompression: true }),
  };
}

export function isLoopback(server: string): boolean {
  if (!URL.canParse(server)) return false;
  return /^(localhost|127(\.\d+){3}|\[::1\]|0\.0\.0\.0)$/.test(new URL(server).hostname);
}

/** `[{ name, cluster: {…} }]` by its names. */
function namedIn(value: unknown, list: string, key: string): ReadonlyMap<string, unknown> {
  const entries = at(value, list);
  if (!Array.isArray(entries)) return new Map();
  return new Map(entries.map((entry): [string, unknown] => [stringAt(entry, 'name') ?? '', at(entry, key)]));
}
