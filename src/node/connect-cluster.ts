// Other clusters on Node: what a cluster Secret says becomes a kubeconfig of one context, so that both ways are one.

import { existsSync } from 'node:fs';
import type { Cluster, KubeConfig, User } from '@kubernetes/client-node';
import { HawserError } from '../base/errors.ts';
import type { ClusterConnection, ClusterTransport } from '../platform.ts';
import { createKubeTransport } from './kube-transport.ts';

/** The port's Node adapter. Nothing is loaded or connected before the first request. */
export function connectCluster(connection: ClusterConnection): ClusterTransport {
  const { server } = connection;
  let opened: Promise<ClusterTransport> | undefined;
  let isClosed = false;
  const open = async () => {
    const { KubeConfig } = await import('@kubernetes/client-node');
    const transport = openTransport(new KubeConfig(), connection);
    if (isClosed) transport.close?.();
    return transport;
  };
  return {
    server,
    fetch: async (path, init) => {
      opened ??= open();
      return (await opened).fetch(path, init);
    },
    close: () => {
      isClosed = true;
      opened?.then((transport) => transport.close?.()).catch(() => undefined);
    },
  };
}

function openTransport(config: KubeConfig, connection: ClusterConnection): ClusterTransport {
  const { server, exec, basic, bearerToken, uncompressed } = connection;
  if (exec?.command.includes('/') && !existsSync(exec.command)) {
    throw new HawserError(
      'Unsupported',
      `the execProviderConfig of the cluster ${server} names ${exec.command}, which is not there`,
    );
  }
  config.loadFromClusterAndUser(clusterOf(connection), userOf(connection));
  return createKubeTransport(config, {
    credentialsOf: `the cluster ${server}`,
    hint: exec ? `run \`${exec.command}\` by hand to see why` : "check the cluster's Secret",
    secrets: [
      ...Object.values(exec?.env ?? {}),
      ...(exec?.args ?? []),
      basic?.password ?? '',
      bearerToken ?? '',
    ].filter(
      // Short words (`get-token`, a region) say nothing, and would riddle the message.
      (text) => text.length >= 8,
    ),
    ...(uncompressed && { uncompressed }),
  });
}

function clusterOf({ server, ca, insecure, serverName, proxy }: ClusterConnection): Cluster {
  return {
    name: 'cluster',
    server,
    skipTLSVerify: insecure ?? server.startsWith('http:'),
    ...(ca && { caData: encode(ca) }),
    ...(serverName && { tlsServerName: serverName }),
    ...(proxy && { proxyUrl: proxy }),
  };
}

function userOf({ bearerToken, basic, clientCertificate, exec }: ClusterConnection): User {
  return {
    name: 'user',
    ...(bearerToken && { token: bearerToken }),
    ...basic,
    ...(clientCertificate && { certData: encode(clientCertificate.cert), keyData: encode(clientCertificate.key) }),
    ...(exec && {
      exec: {
        apiVersion: exec.apiVersion,
        command: exec.command,
        args: [...exec.args],
        env: Object.entries(exec.env).map(([name, value]) => ({ name, value })),
        interactiveMode: 'Never',
      },
    }),
  };
}

function encode(text: string): string {
  return Buffer.from(text, 'latin1').toString('base64');
}
