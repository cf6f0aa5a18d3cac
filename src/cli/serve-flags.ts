// The flags of `hawser serve`, checked: what the server is put together from.

import { HawserError } from '../base/errors.ts';
import { LOG_LEVELS, type LogLevel } from '../base/log-level.ts';
import { parseOneOf, splitList } from '../base/setting-text.ts';
import type { Settings } from '../platform.ts';
import { parseExternalUrl, parsePeers, parsePort, readFlags } from './flags.ts';

export const DEFAULT_PORT = '8080';

export const SERVE_HELP = `Usage: hawser serve [flags]

The handler for the cluster of a kubeconfig.

  --kubeconfig FILE     the cluster's kubeconfig (KUBECONFIG, ~/.kube/config, or in a cluster the
                        ServiceAccount)
  --context NAME        a context other than the current one; each is a destination by name
  --namespace NAME      where the Applications are (argocd)
  --host ADDRESS        where to listen (127.0.0.1)
  --port PORT           (${DEFAULT_PORT}; 0 takes a free one)
  --tls-cert FILE       HTTPS with this certificate and key (PEM) instead of plain HTTP; a change of the
  --tls-key FILE        files counts from the next connection on
  --notice-port PORT    where the API server tells of writes (TLS); hawser install registers it
  --metrics-port PORT   where Prometheus asks for /metrics, without a token
  --data DIR            where the journal and the cache are kept (~/.local/share/hawser): a folder
                        for each process
  --external-url URL    how people reach this server
  --peers URL,…         other replicas, beside those behind the Service hawser
  --alarm-jobs IMAGE    what is due later is kept in the cluster, too: a CronJob with this image of
                        hawser starts it again, should nothing run by then
  --alarm-url URL       where that CronJob asks (http://hawser.NAMESPACE.svc)
  --apps DIR            Applications, AppProjects, the Secrets of repositories and clusters and argocd-…
                        ConfigMaps are the files of this folder, and nothing of hawser's is in the
                        cluster. A change of them counts at the next push, refresh or SIGHUP; all
                        else is kept with --data
  --alongside           beside an Argo CD in the same namespace: only compare, and write to no Application and
                        to nothing that they have made (without it, hawser refuses to work there)
  --insecure-webhooks   accept webhooks for which no secret is configured
  --enable-k8s-event R,… the Events that are written about Applications: all (the default), none, or
                        reasons (ARGOCD_ENABLE_K8S_EVENT)
  --log-format FORMAT   text (at a terminal the default) or json
  --log-level LEVEL     debug, info (the default), warn or error
  --metrics-application-conditions TYPE,…
  --metrics-application-labels KEY,…
                        conditions and labels of Applications that are metrics, too

HAWSER_TOKEN is a token with all rights; without it, the key hawser.token of the Secret argocd-secret
is, which is made where it is missing. SIGHUP has files read anew.
`;

export interface ServeFlags {
  readonly cluster: { readonly kubeconfig?: string; readonly context?: string };
  readonly host: string;
  readonly port: number;
  readonly tls?: { readonly cert: string; readonly key: string };
  readonly noticePort?: number;
  readonly metricsPort?: number;
  readonly dataFolder?: string;
  /** Where Applications are files. */
  readonly apps?: string;
  readonly alarmJobs?: { readonly image: string; readonly url: string };
  readonly log: { readonly format?: (typeof FORMATS)[number]; readonly level?: LogLevel };
  readonly settings: Settings;
}

const FORMATS = ['text', 'json'] as const;

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
    'metrics-port': { type: 'string' },
    'enable-k8s-event': { type: 'string', multiple: true },
    'log-format': { type: 'string' },
    'log-level': { type: 'string' },
    'metrics-application-conditions': { type: 'string', multiple: true },
    'metrics-application-labels': { type: 'string', multiple: true },
    data: { type: 'string' },
    'external-url': { type: 'string' },
    peers: { type: 'string' },
    'alarm-jobs': { type: 'string' },
    'alarm-url': { type: 'string' },
    alongside: { type: 'boolean', default: false },
    apps: { type: 'string' },
    'insecure-webhooks': { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  });
  if (flags.help) return 'help';
  if (flags.apps !== undefined) refuseWithApps(flags);
  const { namespace, host, kubeconfig, context } = flags;
  const noticePort = flags['notice-port'] === undefined ? undefined : parsePort(flags['notice-port'], 'notice-port');
  const metricsPort =
    flags['metrics-port'] === undefined ? undefined : parsePort(flags['metrics-port'], 'metrics-port');
  const events = splitList(flags['enable-k8s-event'] ?? [env.ARGOCD_ENABLE_K8S_EVENT ?? '']);
  const conditions = splitList(flags['metrics-application-conditions'] ?? []);
  const labels = splitList(flags['metrics-application-labels'] ?? []);
  const format = oneOf('--log-format', FORMATS, flags['log-format']);
  const level = oneOf('--log-level', LOG_LEVELS, flags['log-level']);
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
    ...(metricsPort !== undefined && { metricsPort }),
    ...(flags.data !== undefined && { dataFolder: flags.data }),
    ...(flags.apps !== undefined && { apps: flags.apps }),
    ...(image !== undefined && { alarmJobs: { image, url: alarmUrl } }),
    log: { ...(format && { format }), ...(level && { level }) },
    settings: {
      namespace,
      loopback: isLoopback(host),
      insecureWebhooks: flags['insecure-webhooks'],
      ...(flags.alongside && { alongside: true }),
      ...(token && { token }),
      ...(externalURL !== undefined && { externalURL }),
      ...(peers && { peers }),
      ...(events.length > 0 && { events }),
      metrics: { conditions, labels },
    },
  };
}

/** What is kept in the cluster, or comes from it, where there is nothing of hawser's. */
function refuseWithApps(flags: Readonly<Record<string, unknown>>): void {
  const refused = ['notice-port', 'alarm-jobs', 'peers'].find((flag) => flags[flag] !== undefined);
  const flag = flags.alongside ? 'alongside' : refused;
  if (flag === undefined) return;
  throw new HawserError('InvalidInput', `--${flag} has no meaning with --apps, which is one process and its files`);
}

function oneOf<T extends string>(flag: string, known: readonly T[], given: string | undefined): T | undefined {
  return given === undefined ? undefined : parseOneOf(known, given, flag);
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
