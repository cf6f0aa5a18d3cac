// Clusters as a Worker reaches them: home through a service binding, or by address and token; others by address and token, and all that
// needs more than that through the process that launched it, where there is one.

import { HawserError } from '../base/errors.ts';
import { KEY_HEADER, throwFailure } from '../base/far-side.ts';
import { serverAddressOf } from '../base/setting-text.ts';
import type { ClusterConnection, ClusterTransport, NamedCluster } from '../platform.ts';
import { withBearerToken } from './bearer-token.ts';
import type { Fetcher, WorkerEnvironment } from './bindings.ts';
import { type FarBindings, openOutbound } from './outbound.ts';
import { plainFetch } from './plain-fetch.ts';
import { type ChangingSecret, createChangingSecret } from './secrets.ts';

type HomeBindings = Pick<WorkerEnvironment, 'CLUSTER' | 'BINDING_KEY' | 'KUBE_SERVER' | 'KUBE_TOKEN'>;

/** Throws `InvalidInput` with what to set when neither is configured. */
export function connectHome(
  { CLUSTER, BINDING_KEY, KUBE_SERVER, KUBE_TOKEN }: HomeBindings,
  token: ChangingSecret = createChangingSecret('KUBE_TOKEN', KUBE_TOKEN, { now: () => Date.now() }),
): ClusterTransport {
  if (CLUSTER && BINDING_KEY) return transportOfLauncher(CLUSTER, BINDING_KEY, KUBE_SERVER ?? 'http://cluster');
  if (!KUBE_SERVER && !CLUSTER) {
    throw new HawserError('InvalidInput', 'no cluster is configured for this Worker', {
      hint: 'set KUBE_SERVER and KUBE_TOKEN in .dev.vars, or use npm run dev, which takes a kubeconfig',
    });
  }
  const server = readAddress(KUBE_SERVER ?? 'https://kubernetes.default.svc');
  const { username, password } = new URL(server);
  // The address is told in logs, and fetch takes none of these.
  if (username || password) {
    throw new HawserError('InvalidInput', 'KUBE_SERVER has a user or a password in it', {
      hint: 'set the address alone, and a token as KUBE_TOKEN',
    });
  }
  const transport = transportTo(server, undefined, CLUSTER);
  return { ...transport, fetch: withBearerToken(transport.fetch, token) };
}

/** What is no address may be a secret in the wrong place: it is not told. */
function readAddress(text: string): string {
  const address = serverAddressOf(text);
  if (address !== undefined) return address;
  throw new HawserError('InvalidInput', 'KUBE_SERVER is no address', { hint: 'for example https://10.0.0.1:6443' });
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

/**
 * The port's workerd adapter: workerd trusts public CAs only, and knows neither client certificates nor proxies. Throws `Unsupported` for
 * what it cannot do, and nobody does for it.
 */
export function connectCluster(connection: ClusterConnection, environment: FarBindings = {}): ClusterTransport {
  const { server, bearerToken, basic } = connection;
  const found = UNSUPPORTED.find(([key]) => connection[key] !== undefined && connection[key] !== false);
  const isSecure = server.startsWith('https:');
  // Whom this machine trusts, and why it does not, is known there alone.
  const outbound = isSecure || found ? openOutbound(environment) : undefined;
  if (outbound) return { server, fetch: (path, init = {}) => outbound({ cluster: connection, path }, init) };
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

/** Those that the process that launched this Worker knows by name. */
export function connectNamed(
  environment: Pick<WorkerEnvironment, 'NAMED_CLUSTERS'> & FarBindings,
): readonly NamedCluster[] {
  const outbound = openOutbound(environment);
  if (!outbound) return [];
  return (environment.NAMED_CLUSTERS ?? []).map(({ name, server }) => ({
    name,
    transport: { server, fetch: (path, init = {}) => outbound({ named: name, path }, init) },
  }));
}

/** The far side has the cluster's address, CA and credentials; only paths go there. */
function transportOfLauncher(binding: Fetcher, key: string, server: string): ClusterTransport {
  return {
    server,
    fetch: async (path, init = {}) => {
      const headers = new Headers(init.headers);
      headers.set(KEY_HEADER, key);
      // What it did not follow is no answer of an API server.
      return throwFailure(await binding.fetch(`http://cluster${path}`, { ...init, headers, redirect: 'manual' }));
    },
  };
}

/** `binding`: what reaches the address, such as a client certificate or a private network of Cloudflare's; plain fetch without. */
function transportTo(server: string, authorization: string | undefined, binding?: Fetcher): ClusterTransport {
  return {
    server,
    fetch: (path, init = {}) => {
      const headers = new Headers(init.headers);
      if (authorization) headers.set('authorization', authorization);
      const url = `${server}${path}`;
      // As on Node: an API server that sends elsewhere does not send the credentials and the objects there.
      const sent: RequestInit = { ...init, headers, redirect: 'manual' };
      return binding ? binding.fetch(url, sent) : plainFetch(url, sent);
    },
  };
}

function encodeBasic(text: string): string {
  return `Basic ${btoa(String.fromCharCode(...new TextEncoder().encode(text)))}`;
}
