// What a request is about, from its path: group, version, resource, namespace, name, subresource.
//
// Source: k8s.io/apiserver, pkg/endpoints/request/requestinfo.go.

export interface ResourcePath {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  /** '' for all namespaces and for cluster-scoped resources. */
  readonly namespace: string;
  /** '' for the collection. */
  readonly name: string;
  readonly subresource: string;
  /** The old form `/watch/…`. */
  readonly watch: boolean;
}

/** Parses `/api/v1/…` and `/apis/GROUP/VERSION/…`; undefined for other paths and for bare group versions. */
export function parseResourcePath(pathname: string): ResourcePath | undefined {
  const parts = pathname
    .split('/')
    .filter((part) => part !== '')
    .map((part) => decodeURIComponent(part));
  const isCore = parts[0] === 'api';
  if (!isCore && parts[0] !== 'apis') return undefined;
  const group = isCore ? '' : (parts[1] ?? '');
  const version = parts[isCore ? 1 : 2];
  let rest = parts.slice(isCore ? 2 : 3);
  if (version === undefined || rest.length === 0) return undefined;
  const watch = rest[0] === 'watch';
  if (watch) rest = rest.slice(1);
  let namespace = '';
  if (rest[0] === 'namespaces') {
    namespace = rest[1] ?? '';
    // `namespaces/x` and its own subresources are about the Namespace itself.
    const isOwn = rest.length <= 2 || (rest.length === 3 && (rest[2] === 'status' || rest[2] === 'finalize'));
    if (!isOwn) rest = rest.slice(2);
    else return { group, version, plural: 'namespaces', namespace, name: namespace, subresource: rest[2] ?? '', watch };
  }
  const [plural = '', name = '', subresource = ''] = rest;
  return { group, version, plural, namespace, name, subresource, watch };
}
