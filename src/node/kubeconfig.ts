// A kubeconfig (or the ServiceAccount inside a cluster) becomes a transport: address, TLS and authentication of one API server.

import { existsSync } from 'node:fs';
import type { RequestOptions } from 'node:https';
import type { Dispatcher } from 'undici';
import { HawserError, messageOf } from '../base/errors.ts';
import type { ClusterTransport } from '../platform.ts';

export interface KubeconfigOptions {
  /** A kubeconfig file; otherwise $KUBECONFIG, ~/.kube/config, or the ServiceAccount inside a cluster. */
  readonly kubeconfig?: string;
  readonly context?: string;
}

/** Connections that one API server is given at most. */
const CONNECTIONS = 48;

/** Throws `InvalidInput` with what to do when there is no kubeconfig, no such context, or a broken file. */
export async function connectKubeconfig({ kubeconfig, context }: KubeconfigOptions): Promise<ClusterTransport> {
  const { KubeConfig } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  const source = kubeconfig ?? (process.env.KUBECONFIG || undefined);
  const missing = kubeconfig ?? process.env.KUBECONFIG?.split(':').find((file) => file && !existsSync(file));
  if (missing && !existsSync(missing)) {
    throw new HawserError('InvalidInput', `the kubeconfig ${missing} does not exist`, {
      hint: 'give a file with --kubeconfig, set KUBECONFIG, or try npm start, which needs no cluster',
    });
  }
  try {
    if (kubeconfig) config.loadFromFile(kubeconfig);
    else config.loadFromDefault();
  } catch (error) {
    // A YAML error goes on with the lines around it.
    const [reason] = messageOf(error).split('\n');
    throw new HawserError('InvalidInput', `the kubeconfig ${source ?? '~/.kube/config'} cannot be read: ${reason}`, {
      cause: error,
    });
  }
  if (context !== undefined) {
    if (!config.getContextObject(context)) {
      const known = config.getContexts().map(({ name }) => name);
      throw new HawserError('InvalidInput', `the kubeconfig has no context ${context}`, {
        hint: `it has ${known.length > 0 ? known.join(', ') : 'none'}`,
      });
    }
    config.setCurrentContext(context);
  }
  const cluster = config.getCurrentCluster();
  // client-node falls back to http://localhost:8080 where it finds nothing at all.
  if (!cluster || (cluster.server === 'http://localhost:8080' && source === undefined)) {
    throw new HawserError('InvalidInput', 'no cluster is configured', {
      hint: 'set KUBECONFIG or give --kubeconfig; npm start runs a sandbox cluster of its own',
    });
  }
  const isPlain = cluster.server.startsWith('http:');
  if (isPlain)
    config.loadFromClusterAndUser({ ...cluster, skipTLSVerify: true }, config.getCurrentUser() ?? { name: 'none' });
  const user = config.getCurrentUser();
  const isFixed = !user?.exec && !user?.authProvider;

  const readOptions = async () => {
    const options: RequestOptions = {};
    try {
      await config.applyToHTTPSOptions(options);
    } catch (error) {
      throw new HawserError(
        'Unavailable',
        `authentication of the kubeconfig's user ${user?.name ?? ''} failed: ${messageOf(error)}`,
        {
          cause: error,
          hint: user?.exec ? `run \`${user.exec.command}\` by hand to see why` : 'check the kubeconfig',
        },
      );
    }
    return options;
  };
  let fixed: RequestOptions | undefined;
  let last: { key: string; dispatcher: Dispatcher } | undefined;
  const { Agent, ProxyAgent, fetch } = await import('undici');

  /** An exec plugin may hand out another client certificate when the old one expires; connections follow it. */
  function dispatcherFor({ ca, cert, key, rejectUnauthorized, servername }: RequestOptions): Dispatcher {
    const identity = `${cert}\0${key}`;
    if (last?.key === identity) return last.dispatcher;
    const tls = {
      ...(ca && { ca }),
      ...(cert && { cert }),
      ...(key && { key }),
      ...(rejectUnauthorized !== undefined && { rejectUnauthorized }),
      ...(servername && { servername }),
    } as Record<string, string>;
    // HTTP/1.1: undici's HTTP/2 throws outside of any request when the API server closes the connection.
    const limits = { connections: CONNECTIONS, bodyTimeout: 0, headersTimeout: 60_000, allowH2: false };
    const proxyUrl = cluster?.proxyUrl;
    const dispatcher = proxyUrl
      ? new ProxyAgent({ uri: proxyUrl, requestTls: tls, ...limits })
      : new Agent({ connect: tls, ...limits });
    last?.dispatcher.close().catch(() => undefined); // Requests in flight end first; nobody waits for the rest.
    last = { key: identity, dispatcher };
    return dispatcher;
  }

  return {
    server: cluster.server,
    fetch: async (path, init = {}) => {
      const options = isFixed && fixed ? fixed : await readOptions();
      if (isFixed) fixed = options;
      const headers = new Headers(init.headers);
      for (const [name, value] of Object.entries(options.headers ?? {})) headers.set(name, String(value));
      if (options.auth) headers.set('authorization', `Basic ${Buffer.from(options.auth).toString('base64')}`);
      const response = await fetch(`${cluster.server.replace(/\/$/, '')}${path}`, {
        ...(init as object),
        headers: [...headers],
        dispatcher: dispatcherFor(options),
      });
      return response as unknown as Response;
    },
  };
}
