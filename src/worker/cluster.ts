// The home cluster as a Worker reaches it: through a service binding, or by address and token.

import { HawserError } from '../base/errors.ts';
import type { ClusterTransport } from '../platform.ts';
import type { WorkerEnvironment } from './bindings.ts';

/** Throws `InvalidInput` with what to set when neither is configured. */
export function connectCluster({ CLUSTER, KUBE_SERVER, KUBE_TOKEN }: WorkerEnvironment): ClusterTransport {
  if (CLUSTER) {
    return {
      server: KUBE_SERVER ?? 'https://kubernetes.default.svc',
      fetch: (path, init) => CLUSTER.fetch(`http://cluster${path}`, init),
    };
  }
  if (!KUBE_SERVER) {
    throw new HawserError('InvalidInput', 'no cluster is configured for this Worker', {
      hint: 'set KUBE_SERVER and KUBE_TOKEN in .dev.vars, or use npm run dev, which takes a kubeconfig',
    });
  }
  const server = KUBE_SERVER.replace(/\/$/, '');
  return {
    server,
    fetch: (path, init = {}) => {
      const headers = new Headers(init.headers);
      if (KUBE_TOKEN) headers.set('authorization', `Bearer ${KUBE_TOKEN}`);
      return fetch(`${server}${path}`, { ...init, headers });
    },
  };
}
