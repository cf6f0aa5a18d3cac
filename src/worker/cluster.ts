// Clusters as a Worker reaches them: home through a service binding, or by address and token; others by address and token alone.

import { HawserError } from '../base/errors.ts';
import type { ClusterConnection, ClusterTransport } from '../platform.ts';
import type { WorkerEnvironment } from './bindings.ts';

/** Throws `InvalidInput` with what to set when neither is configured. */
export function connectHome({ CLUSTER, KUBE_SERVER, KUBE_TOKEN }: WorkerEnvironment): ClusterTransport {
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
  return transportTo(server, KUBE_TOKEN ? `Bearer ${KUBE_TOKEN}` : undefined);
}

/** What each part of a connection is called in a cluster Secret. */
const UNSUPPORTED: readonly (readonly [keyof ClusterConnection, string])[] = [
  ['exec', 'execProviderConfig'],
  ['ca', 'tlsClientConfig.caData'],
  ['insecure', 'tlsClientConfig.insecure'],
  ['serverName', 'tlsClientConfig.serverName'],
  ['clientCertificate', 'tlsClientConfig.certData'],
  ['proxy', 'proxyUrl'],
];

/** The port's workerd adapter: workerd trusts public CAs only, and knows neither client certificates nor proxies. */
export function connectCluster(connection: ClusterConnection): ClusterTransport {
  const { server, bearerToken, basic } = connection;
  const found = UNSUPPORTED.find(([key]) => connection[key] !== undefined && connection[key] !== false);
  if (found) {
    throw new HawserError(
      'Unsupported',
      `the cluster ${server} is configured with ${found[1]}, which workerd cannot do`,
      {
        hint: 'run hawser on Node for this cluster, or reach it with a public certificate and a bearerToken',
      },
    );
  }
  const login = basic && encodeBasic(`${basic.username}:${basic.password}`);
  return transportTo(server, bearerToken ? `Bearer ${bearerToken}` : login);
}

function transportTo(server: string, authorization: string | undefined): ClusterTransport {
  return {
    server,
    fetch: (path, init = {}) => {
      const headers = new Headers(init.headers);
      if (authorization) headers.set('authorization', authorization);
      return fetch(`${server}${path}`, { ...init, headers });
    },
  };
}

function encodeBasic(text: string): string {
  return `Basic ${btoa(String.fromCharCode(...new TextEncoder().encode(text)))}`;
}
