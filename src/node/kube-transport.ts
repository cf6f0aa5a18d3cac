// Requests to the API server of a kubeconfig's current context: address, TLS, proxy and authentication as @kubernetes/client-node has them.

import type { RequestOptions } from 'node:https';
import { createSecureContext } from 'node:tls';
import type { KubeConfig } from '@kubernetes/client-node';
import type { Dispatcher } from 'undici';
import { HawserError, messageOf } from '../base/errors.ts';
import type { ClusterTransport } from '../platform.ts';

export interface TransportOptions {
  /** Whose credentials they are, as messages name it: `the kubeconfig's user admin`. */
  readonly credentialsOf: string;
  /** What to look at when they cannot be had. */
  readonly hint: string;
  /** Texts that no message may hold. */
  readonly secrets?: readonly string[];
  readonly uncompressed?: boolean;
}

/** Connections that one API server is given at most. */
const CONNECTIONS = 96;
const CONNECT_MS = 10_000;

/** The config must have a current cluster. Nothing is loaded or opened before the first request. */
export function createKubeTransport(config: KubeConfig, options: TransportOptions): ClusterTransport {
  const cluster = config.getCurrentCluster();
  if (!cluster) throw new HawserError('Internal', 'a transport needs a current cluster');
  const server = cluster.server.replace(/\/$/, '');
  const user = config.getCurrentUser();
  const isFixed = !user?.exec && !user?.authProvider;
  let fixed: RequestOptions | undefined;
  let last: { readonly identity: string; readonly dispatcher: Dispatcher } | undefined;
  let isClosed = false;

  async function readOptions(): Promise<RequestOptions> {
    if (fixed) return fixed;
    const read: RequestOptions = {};
    try {
      await config.applyToHTTPSOptions(read);
    } catch (error) {
      throw new HawserError(
        'Unavailable',
        `authentication of ${options.credentialsOf} failed: ${describeFailure(error, options.secrets)}`,
        { hint: options.hint },
      );
    }
    if (isFixed) fixed = read;
    return read;
  }

  /** An exec plugin may hand out another client certificate when the old one expires; connections follow it. */
  async function dispatcherFor({ ca, cert, key, rejectUnauthorized, servername }: RequestOptions): Promise<Dispatcher> {
    if (isFixed && last) return last.dispatcher;
    const identity = `${cert}\0${key}`;
    if (last?.identity === identity) return last.dispatcher;
    const { Agent, ProxyAgent } = await loadUndici();
    const tls = {
      // Made once: each connection would read the certificates anew.
      secureContext: createSecureContext({ ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) }),
      ...(rejectUnauthorized !== undefined && { rejectUnauthorized }),
      ...(servername && { servername }),
    };
    // HTTP/1.1: undici's HTTP/2 throws outside of any request when the API server closes the connection.
    const limits = { connections: CONNECTIONS, bodyTimeout: 0, headersTimeout: 60_000, allowH2: false };
    const dispatcher = cluster?.proxyUrl
      ? new ProxyAgent({ uri: cluster.proxyUrl, requestTls: tls, ...limits })
      : new Agent({ connect: { ...tls, timeout: CONNECT_MS }, ...limits });
    closeSoon(last?.dispatcher);
    last = { identity, dispatcher };
    if (isClosed) closeSoon(dispatcher);
    return dispatcher;
  }

  return {
    server: cluster.server,
    fetch: async (path, init = {}) => {
      const read = await readOptions();
      const headers = new Headers(init.headers);
      for (const [name, value] of Object.entries(read.headers ?? {})) setHeader(headers, name, String(value), options);
      if (read.auth) headers.set('authorization', `Basic ${Buffer.from(read.auth).toString('base64')}`);
      if (options.uncompressed) headers.set('accept-encoding', 'identity');
      const dispatcher = await dispatcherFor(read);
      if (isShort(path, init)) return requestShort(`${server}${path}`, init, headers, dispatcher);
      const { fetch } = await loadUndici();
      const response = await fetch(`${server}${path}`, {
        // What an API server sends elsewhere is not asked for there, with its credentials.
        redirect: 'manual',
        ...(init as object),
        headers: [...headers],
        dispatcher,
      });
      return response as unknown as Response;
    },
    close: () => {
      isClosed = true;
      closeSoon(last?.dispatcher);
    },
  };
}

let loading: Promise<typeof import('undici')> | undefined;

/** Not before it is needed, and once: an import() that finds its module takes a tenth of a request's time all the same. */
function loadUndici(): Promise<typeof import('undici')> {
  loading ??= import('undici');
  return loading;
}

/**
 * One object to or from the API server. What `fetch` does around a request costs more time than the API server takes for such a
 * one; streams and lists, which may be compressed, keep it.
 */
function isShort(path: string, { method = 'GET', body }: RequestInit): boolean {
  if (method !== 'GET') return body === undefined || body === null || typeof body === 'string';
  return /\/namespaces\/[^/]+\/[^/]+\/[^/?]+(\?resourceVersion=0)?$/.test(path);
}

async function requestShort(url: string, init: RequestInit, sent: Headers, dispatcher: Dispatcher): Promise<Response> {
  const { request } = await loadUndici();
  const { statusCode, headers, body } = await request(url, {
    method: (init.method ?? 'GET') as Dispatcher.HttpMethod,
    headers: Object.fromEntries(sent),
    ...(typeof init.body === 'string' && { body: init.body }),
    ...(init.signal && { signal: init.signal }),
    dispatcher,
  });
  const text = await body.text();
  const received = Object.entries(headers).flatMap(([name, value]): [string, string][] => {
    return value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]];
  });
  const isEmpty = statusCode === 204 || statusCode === 205 || statusCode === 304;
  return new Response(isEmpty ? null : text, { status: statusCode, headers: received });
}

/** Requests in flight end first; nobody waits for the rest. */
function closeSoon(dispatcher: Dispatcher | undefined): void {
  dispatcher?.close().catch(() => undefined);
}

/** The platform's own message would quote the value. */
function setHeader(headers: Headers, name: string, value: string, { credentialsOf, hint }: TransportOptions): void {
  try {
    headers.set(name, value);
  } catch {
    throw new HawserError('Unavailable', `the ${name} of ${credentialsOf} holds characters that no header may`, {
      hint,
    });
  }
}

/** What a plugin printed may be a token, cut short or in another form than JSON: then it is not quoted. */
function describeFailure(error: unknown, secrets: readonly string[] = []): string {
  if (error instanceof SyntaxError) return 'what the plugin printed is no JSON';
  let [text = ''] = messageOf(error).trim().split('\n');
  for (const secret of secrets) if (secret !== '') text = text.replaceAll(secret, '++++++++');
  return text.slice(0, 500);
}
