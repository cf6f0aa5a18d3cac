// Calls of the API as Argo CD's dashboard knows them: its REST is a gateway before gRPC services, whose calls are counted by service, method
// and code (go-grpc-prometheus). Ours has no gRPC; the names are those of the same calls.

import type { Metrics } from '../base/metrics.ts';
import type { Route } from './route.ts';

const SERVICES: Readonly<Record<string, string>> = {
  account: 'account.AccountService',
  applications: 'application.ApplicationService',
  applicationsets: 'applicationset.ApplicationSetService',
  certificates: 'certificate.CertificateService',
  clusters: 'cluster.ClusterService',
  gpgkeys: 'gpgkey.GPGKeyService',
  notifications: 'notification.NotificationService',
  projects: 'project.ProjectService',
  repocreds: 'repocreds.RepoCredsService',
  repositories: 'repository.RepositoryService',
  session: 'session.SessionService',
  settings: 'cluster.SettingsService',
  stream: 'application.ApplicationService',
  version: 'version.VersionService',
};

/** Of these there is one. */
const SINGLE: ReadonlySet<string> = new Set(['session', 'settings', 'version']);

/** By the status of HTTP; what is not here is `Unknown` for faults and `InvalidArgument` for other refusals. */
const CODES: Readonly<Record<number, string>> = {
  401: 'Unauthenticated',
  403: 'PermissionDenied',
  404: 'NotFound',
  409: 'Aborted',
  429: 'ResourceExhausted',
  500: 'Internal',
  501: 'Unimplemented',
  503: 'Unavailable',
  504: 'DeadlineExceeded',
};

const VERBS: Readonly<Record<Route['method'], string>> = {
  GET: 'Get',
  POST: 'Create',
  PUT: 'Update',
  PATCH: 'Patch',
  DELETE: 'Delete',
};

export function countCall(metrics: Metrics | undefined, route: Pick<Route, 'method' | 'path'>, status: number): void {
  const parts = route.path.split('/').filter((part) => part !== '');
  const own = parts[0] === 'api' && parts[1] === 'v1' ? parts.slice(2) : parts.slice(1);
  const service = Object.hasOwn(SERVICES, own[0] ?? '') ? SERVICES[own[0] ?? ''] : undefined;
  if (!metrics || service === undefined) return;
  const grpc_code = status < 400 ? 'OK' : (CODES[status] ?? (status < 500 ? 'InvalidArgument' : 'Unknown'));
  metrics.count('grpc_server_handled_total', {
    grpc_service: service,
    grpc_method: methodOf(route.method, own),
    grpc_code,
  });
}

/** `List`, `Get`, `Create`; of what lies below one object, its name: `Sync`, `ResourceTree`, `DeleteOperation`. */
function methodOf(method: Route['method'], [kind, ...rest]: readonly string[]): string {
  const named = rest.filter((part) => !part.startsWith(':'));
  const verb = VERBS[method];
  const isList = method === 'GET' && rest.length === 0;
  if (named.length === 0) return isList && !SINGLE.has(kind ?? '') ? 'List' : verb;
  const name = named.map((part) => part.split('-').map(capitalised).join('')).join('');
  return method === 'POST' || (method === 'GET' && name !== 'Resource') ? name : `${verb}${name}`;
}

function capitalised(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
