// The text of a kubeconfig for a sandbox, for kubectl and every other client.

export interface KubeconfigOptions {
  /** Bearer token; the sandbox wants none unless it was told tokens. */
  readonly token?: string;
  readonly namespace?: string;
  /** Name of cluster, user and context; `sandbox` by default. */
  readonly name?: string;
}

/** A kubeconfig with one context for a server (`http://127.0.0.1:PORT`), as YAML (which JSON is). */
export function formatKubeconfig(server: string, options: KubeconfigOptions = {}): string {
  const name = options.name ?? 'sandbox';
  const context = {
    cluster: name,
    user: name,
    ...(options.namespace === undefined ? {} : { namespace: options.namespace }),
  };
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster: { server } }],
    users: [{ name, user: options.token === undefined ? {} : { token: options.token } }],
    contexts: [{ name, context }],
    'current-context': name,
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}
