// What a request to an API server is, by its path and method, in the words of Argo CD's metrics (argoproj/pkg: kubeclientmetrics).

export interface KubernetesRequest {
  /** `Get`, `List`, `Watch`, `Create`, `Update`, `Patch`, `Delete`, `DeleteCollection`; `Unknown` for what is no resource. */
  readonly verb: string;
  /** The resource's plural: `deployments`; '' where there is none. */
  readonly kind: string;
  /** '' where there is none. */
  readonly namespace: string;
  readonly isDryRun: boolean;
}

const VERBS: Readonly<Record<string, string>> = { POST: 'Create', PUT: 'Update', PATCH: 'Patch' };

export function kubernetesRequestOf(path: string, init: RequestInit = {}): KubernetesRequest {
  const { method = 'GET', body } = init;
  const [place = '', query = ''] = path.split('?');
  const segments = place.split('/').filter((segment) => segment !== '');
  const root = segments[0] === 'api' ? 2 : 3;
  const isDryRun =
    /(^|&)dryRun=All(&|$)/.test(query) ||
    (typeof body === 'string' && method === 'DELETE' && body.includes('"dryRun":["All"]'));
  const rest = segments.slice(root);
  if ((segments[0] !== 'api' && segments[0] !== 'apis') || rest.length === 0) {
    return { verb: 'Unknown', kind: '', namespace: '', isDryRun };
  }
  const isIn = rest[0] === 'namespaces' && rest.length > 2;
  const [kind = '', name] = isIn ? rest.slice(2) : rest;
  const namespace = isIn ? (rest[1] ?? '') : '';
  return { verb: verbOf(method, name, query), kind, namespace, isDryRun };
}

function verbOf(method: string, name: string | undefined, query: string): string {
  if (method === 'GET') {
    if (/(^|&)watch=(true|1)(&|$)/.test(query)) return 'Watch';
    return name === undefined ? 'List' : 'Get';
  }
  if (method === 'DELETE') return name === undefined ? 'DeleteCollection' : 'Delete';
  return VERBS[method] ?? 'Unknown';
}
