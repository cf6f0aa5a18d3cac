// fetch on Node with what plain fetch cannot say: private CAs, client certificates, proxies. Connections are kept
// alive, one pool for each distinct setting; where nothing special is asked, it is the platform's own fetch.

import { getCACertificates } from 'node:tls';
import type { Dispatcher } from 'undici';
import type { ConnectedFetch, ConnectionOptions } from '../platform.ts';
import { chooseProxy, type ProxyEnvironment, readProxyEnvironment } from './proxy.ts';

interface Route {
  readonly proxy?: string;
  readonly tls: TlsOptions;
}

interface TlsOptions {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly insecure?: boolean;
}

/** Pools kept at most: each is one repository's settings; the one that was used longest ago is closed. */
const MAX_POOLS = 64;

/**
 * The port's Node adapter. A proxy of the options comes before HTTP_PROXY, HTTPS_PROXY and NO_PROXY of `environment`;
 * a CA is trusted beside the platform's own (and NODE_EXTRA_CA_CERTS).
 */
export function createConnectedFetch(environment: NodeJS.ProcessEnv = process.env): ConnectedFetch {
  const proxies = readProxyEnvironment(environment);
  const pools = new Map<string, Promise<Dispatcher>>();
  const poolOf = (route: Route): Promise<Dispatcher> => {
    const key = JSON.stringify(route);
    const pool = pools.get(key) ?? openPool(route);
    pools.delete(key);
    pools.set(key, pool);
    if (pools.size > MAX_POOLS) {
      const [oldest] = pools;
      if (oldest) {
        pools.delete(oldest[0]);
        // Requests in flight end first; nobody waits for the rest.
        oldest[1].then((unused) => unused.close()).catch(() => undefined);
      }
    }
    return pool;
  };
  return async (url, init, options) => {
    const route = chooseRoute(new URL(url), options, proxies);
    if (!route) return fetch(url, init);
    const undici = await import('undici');
    const response = await undici.fetch(url, { ...(init as object), dispatcher: await poolOf(route) });
    // undici's Response and the platform's are the same by form, and different by type.
    return response as unknown as Response;
  };
}

/** undefined where the platform's own fetch does. */
function chooseRoute(url: URL, options: ConnectionOptions, environment: ProxyEnvironment): Route | undefined {
  const proxy = chooseProxy(url, options, environment);
  const { ca, insecure, clientCertificate } = options;
  const tls: TlsOptions =
    url.protocol === 'https:' ? { ...(ca && { ca }), ...(insecure && { insecure }), ...clientCertificate } : {};
  if (proxy === undefined && Object.keys(tls).length === 0) return undefined;
  return { ...(proxy !== undefined && { proxy }), tls };
}

async function openPool({ proxy, tls }: Route): Promise<Dispatcher> {
  const { Agent, ProxyAgent } = await import('undici');
  const connect = {
    ...(tls.ca && { ca: [...getCACertificates('default'), tls.ca] }),
    ...(tls.cert && { cert: tls.cert }),
    ...(tls.key && { key: tls.key }),
    ...(tls.insecure && { rejectUnauthorized: false }),
  };
  return proxy === undefined ? new Agent({ connect }) : new ProxyAgent({ uri: proxy, requestTls: connect });
}
