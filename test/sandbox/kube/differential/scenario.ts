// A scenario: requests that are sent one after the other, whose answers must be the same from the sandbox and from a real API server.

export interface Step {
  readonly method: string;
  /** `$NS` is the scenario's own namespace. */
  readonly path: string;
  readonly type?: string;
  readonly body?: unknown;
  readonly accept?: string;
  /** The client's name, from which the API server takes the field manager. */
  readonly agent?: string;
  /** Sent again until the answer has this status: what a controller does in the meantime takes a while. */
  readonly until?: number;
  /** Not compared: only prepares what follows. */
  readonly silent?: boolean;
}

export interface Scenario {
  readonly title: string;
  readonly steps: readonly Step[];
}

/** Paths of collections in the scenario's namespace. */
export const PATHS = {
  configmaps: '/api/v1/namespaces/$NS/configmaps',
  secrets: '/api/v1/namespaces/$NS/secrets',
  services: '/api/v1/namespaces/$NS/services',
  pods: '/api/v1/namespaces/$NS/pods',
  serviceaccounts: '/api/v1/namespaces/$NS/serviceaccounts',
  claims: '/api/v1/namespaces/$NS/persistentvolumeclaims',
  deployments: '/apis/apps/v1/namespaces/$NS/deployments',
  statefulsets: '/apis/apps/v1/namespaces/$NS/statefulsets',
  daemonsets: '/apis/apps/v1/namespaces/$NS/daemonsets',
  replicasets: '/apis/apps/v1/namespaces/$NS/replicasets',
  jobs: '/apis/batch/v1/namespaces/$NS/jobs',
  cronjobs: '/apis/batch/v1/namespaces/$NS/cronjobs',
  ingresses: '/apis/networking.k8s.io/v1/namespaces/$NS/ingresses',
  roles: '/apis/rbac.authorization.k8s.io/v1/namespaces/$NS/roles',
  rolebindings: '/apis/rbac.authorization.k8s.io/v1/namespaces/$NS/rolebindings',
} as const;

export function create(path: string, body: unknown, more: Partial<Step> = {}): Step {
  return { method: 'POST', path, type: 'application/json', body, ...more };
}

export function get(path: string, more: Partial<Step> = {}): Step {
  return { method: 'GET', path, ...more };
}

export function update(path: string, body: unknown, more: Partial<Step> = {}): Step {
  return { method: 'PUT', path, type: 'application/json', body, ...more };
}

export function remove(path: string, body?: unknown, more: Partial<Step> = {}): Step {
  return { method: 'DELETE', path, ...(body === undefined ? {} : { type: 'application/json', body }), ...more };
}

export function patch(
  type: 'json' | 'merge' | 'strategic-merge',
  path: string,
  body: unknown,
  more: Partial<Step> = {},
): Step {
  return { method: 'PATCH', path, type: `application/${type}-patch+json`, body, ...more };
}

/** Server-side apply; `query` is added to the path (`force=true`). */
export function apply(path: string, body: unknown, manager: string, query = '', more: Partial<Step> = {}): Step {
  const separator = path.includes('?') ? '&' : '?';
  return {
    method: 'PATCH',
    path: `${path}${separator}fieldManager=${manager}${query === '' ? '' : `&${query}`}`,
    type: 'application/apply-patch+yaml',
    body,
    ...more,
  };
}

export function configMap(name: string, data: Record<string, unknown>, metadata: object = {}): object {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, ...metadata }, data };
}

/** A small Deployment; `spec` is merged over its spec. Paused, so that no controller makes anything of it. */
export function deployment(name: string, spec: object = {}, container: object = {}): object {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: {
      paused: true,
      selector: { matchLabels: { app: name } },
      template: podTemplate(name, container),
      ...spec,
    },
  };
}

export function podTemplate(name: string, container: object = {}): object {
  return {
    metadata: { labels: { app: name } },
    spec: { containers: [{ name: 'main', image: 'nginx:1.26', ...container }] },
  };
}
