// The flags of `hawser serve`, checked: what the server is put together from.

import { HawserError } from '../base/errors.ts';
import type { Settings } from '../platform.ts';
import { parseExternalUrl, parsePeers, parsePort, readFlags } from './flags.ts';

export const DEFAULT_PORT = '8080';

export const SERVE_HELP = `Usage: hawser serve [flags]

The handler for the cluster of a kubeconfig.

  --kubeconfig FILE     the cluster's kubeconfig (KUBECONFIG, ~/.kube/config, or in a cluster the
                        ServiceAccount)
  --context NAME        a context other than the current one; each is a destination by name
  --namespace NAME      where the Applications are (argocd)
  --host ADDRESS        where to listen (127.0.0.1); elsewhere reading needs the token, too
  --port PORT           (${DEFAULT_PORT}; 0 takes a free one)
  --tls-cert FILE       HTTPS with this certificate and key (PEM) instead of plain HTTP; a change of the
  --tls-key FILE        files counts from the next connection on
  --notice-port PORT    where the API server tells of writes (TLS); hawser install registers it
  --data DIR            where the journal and the cache are kept (~/.local/share/hawser): a folder
                        for each process
  --external-url URL    how people reach this server
  --peers URL,…         other replicas, beside those behind the Service hawser
  --alarm-jobs IMAGE    what is due later is kept in the cluster, too: a CronJob with this image of
                        hawser starts it again, should nothing run by then
  --alarm-url URL       where that CronJob asks (http://hawser.NAMESPACE.svc)
  --insecure-webhooks   accept webhooks for which no secret is configured

HAWSER_TOKEN is the token for writes; without it, the key hawser.token of the Secret argocd-secret
is, which is made where it is missing. SIGHUP has files read anew.
`;

export interface ServeFlags {
  readonly cluster: { readonly kubeconfig?: string; readonly context?: string };
  readonly host: string;
  readonly port: number;
  readonly tls?: { readonly cert: string; readonly key: string };
  readonly noticePort?: number;
  readonly dataFolder?: string;
  readonly alarmJobs?: { readonly image: string; readonly url: string };
  readonly settings: Settings;
}

/** Throws `InvalidInput` for what cannot be meant. */
export function readServeFlags(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): ServeFlags | 'help' {
  const flags = readFlags(args, {
    kubeconfig: { type: 'string' },
    context: { type: 'string' },
    namespace: { type: 'string', default: 'argocd' },
    host: { type: 'string', default: '127.0.0.1' },
    port: { type: 'string', default: DEFAULT_PORT },
    'tls-cert': { type: 'string' },
    'tls-key': { type: 'string' },
    'notice-port': { type: 'string' },
    data: { type: 'string' },
    'external-url': { type: 'string' },
    peers: { type: 'string' },
    'alarm-jobs': { type: 'string' },
    'alarm-url': { type: 'string' },
    'insecure-webhooks': { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  });
  if (flags.help) return 'help';
  const { namespace, host, kubeconfig, context } = flags;
  const noticePort = flags['notice-port'] === undefined ? undefined : parsePort(flags['notice-port'], 'notice-port');
  const externalURL = flags['external-url'] === undefined ? undefined : parseExternalUrl(flags['external-url']);
  const peers = flags.peers === undefined ? undefined : parsePeers(flags.peers);
  const image = flags['alarm-jobs'];
  const alarmUrl = parseExternalUrl(flags['alarm-url'] ?? `http://hawser.${namespace}.svc`, 'alarm-url');
  const tls = readTls(flags['tls-cert'], flags['tls-key']);
  const { HAWSER_TOKEN: token } = env;
  return {
    cluster: { ...(kubeconfig !== undefined && { kubeconfig }), ...(context !== undefined && { context }) },
    host,
    port: parsePort(flags.port),
    ...(tls && { tls }),
    ...(noticePort !== undefined && { noticePort }),
    ...(flags.data !== undefined && { dataFolder: flags.data }),
    ...(image !== undefined && { alarmJobs: { image, url: alarmUrl } }),
    settings: {
      namespace,
      loopback: isLoopback(host),
      insecureWebhooks: flags['insecure-webhooks'],
      ...(token && { token }),
      ...(externalURL !== undefined && { externalURL }),
      ...(peers && { peers }),
    },
  };
}

function readTls(cert: string | undefined, key: string | undefined): ServeFlags['tls'] {
  if (cert === undefined && key === undefined) return undefined;
  if (cert !== undefined && key !== undefined) return { cert, key };
  throw new HawserError('InvalidInput', `--tls-${cert === undefined ? 'cert' : 'key'} is missing`, {
    hint: '--tls-cert and --tls-key go together; without both, it is plain HTTP',
  });
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}
