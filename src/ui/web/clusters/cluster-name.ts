// What a cluster is called: in addresses of pages, in policies, and by Applications.

export const HOME_SERVER = 'https://kubernetes.default.svc';

/** Where the page of a cluster is; `part` is a sheet over it. */
export function clusterPath(server: string, part?: string): string {
  return `/clusters/${encodeURIComponent(server)}${part ? `?part=${part}` : ''}`;
}

/** In a policy. */
export function clusterObject({ server, project }: { readonly server: string; readonly project?: unknown }): string {
  return project ? `${String(project)}/${server}` : server;
}

/** Whether an Application goes there, by address or by name. */
export function isDestination(
  { server, name }: { readonly server: string; readonly name?: string | undefined },
  destination: { readonly server?: string | undefined; readonly name?: string | undefined },
): boolean {
  if (destination.server) return destination.server.replace(/\/+$/, '') === server;
  return destination.name !== undefined && destination.name === name;
}
