// A kubeconfig (or the ServiceAccount inside a cluster) becomes a transport: address, TLS and authentication of one API server.

import { existsSync, readFileSync } from 'node:fs';
import type { KubeConfig } from '@kubernetes/client-node';
import { HawserError, messageOf } from '../base/errors.ts';
import type { ClusterTransport, NamedCluster } from '../platform.ts';
import { createKubeTransport } from './kube-transport.ts';

export interface KubeconfigOptions {
  /** A kubeconfig file; otherwise $KUBECONFIG, ~/.kube/config, or the ServiceAccount inside a cluster. */
  readonly kubeconfig?: string;
  readonly context?: string;
}

/** What client-node calls the contexts that it makes up where there is no kubeconfig. */
const MADE_UP = ['inClusterContext', 'loaded-context'];

/**
 * Throws `InvalidInput` with what to do when there is no kubeconfig (`data.isNothingConfigured` where none is named either), no such
 * context, or a broken file.
 */
export async function connectKubeconfig({ kubeconfig, context }: KubeconfigOptions): Promise<ClusterTransport> {
  const { config, source } = await loadKubeconfig(kubeconfig);
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
      data: { isNothingConfigured: true },
    });
  }
  return transportOf(config);
}

/** A context by its name, with what another machine needs to reach the same cluster. Throws as `connectKubeconfig` does. */
export async function openKubeconfigContext(context: string, kubeconfig?: string) {
  const transport = await connectKubeconfig({ context, ...(kubeconfig && { kubeconfig }) });
  const { config } = await loadKubeconfig(kubeconfig);
  config.setCurrentContext(context);
  const cluster = config.getCurrentCluster();
  const caData = cluster?.caData ?? (cluster?.caFile ? readFileSync(cluster.caFile).toString('base64') : undefined);
  return {
    transport,
    server: cluster?.server ?? transport.server,
    ...(caData && { caData }),
    ...(cluster?.skipTLSVerify && { insecure: true }),
    ...(cluster?.tlsServerName && { serverName: cluster.tlsServerName }),
    ...(cluster?.proxyUrl && { proxyUrl: cluster.proxyUrl }),
  };
}

/** Every context of the kubeconfig that has a cluster, as a destination by its name. Nothing is connected before it is used. */
export async function readKubeconfigContexts(kubeconfig?: string): Promise<readonly NamedCluster[]> {
  const { config } = await loadKubeconfig(kubeconfig);
  const { KubeConfig } = await import('@kubernetes/client-node');
  return config.getContexts().flatMap(({ name, cluster }) => {
    if (MADE_UP.includes(name) || !config.getCluster(cluster)?.server) return [];
    const own = new KubeConfig();
    own.loadFromOptions({
      clusters: config.clusters,
      users: config.users,
      contexts: config.contexts,
      currentContext: name,
    });
    return [{ name, transport: transportOf(own) }];
  });
}

/** `source`: the file or files that were named, undefined for the default ones. */
async function loadKubeconfig(kubeconfig: string | undefined): Promise<{ config: KubeConfig; source?: string }> {
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
  return { config, ...(source !== undefined && { source }) };
}

function transportOf(config: KubeConfig): ClusterTransport {
  const cluster = config.getCurrentCluster();
  const user = config.getCurrentUser();
  if (cluster?.server.startsWith('http:')) {
    config.loadFromClusterAndUser({ ...cluster, skipTLSVerify: true }, user ?? { name: 'none' });
  }
  return createKubeTransport(config, {
    credentialsOf: `the kubeconfig's user ${user?.name ?? ''}`,
    hint: user?.exec ? `run \`${user.exec.command}\` by hand to see why` : 'check the kubeconfig',
  });
}
