// Composition root of the servers on Node: `hawser serve` for a real cluster, `hawser demo` with everything inside.

import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import { createApp } from './app.ts';
import { HawserError, messageOf } from './base/errors.ts';
import type { CommandIo } from './cli/io.ts';
import { createKubeClient } from './kube/client.ts';
import { readDemoState, removeDemoState, writeDemoState } from './node/demo-state.ts';
import { connectKubeconfig } from './node/kubeconfig.ts';
import { type Listening, listen } from './node/listen.ts';
import { createLog } from './node/log.ts';
import { createNodePlatform } from './node/platform.ts';
import { createHawser } from './operation/create.ts';
import type { Hawser } from './operation/hawser.ts';
import { prepareHome, requireApplications } from './operation/prepare-home.ts';
import { FIELD_MANAGER } from './operation/road.ts';
import type { ClusterTransport, Log, Settings } from './platform.ts';
import { createSourceReaders } from './source/reader.ts';

const DEFAULT_PORT = '8080';

const SERVE_HELP = `Usage: hawser serve [flags]

  --kubeconfig FILE     the cluster's kubeconfig (KUBECONFIG, ~/.kube/config, or the ServiceAccount inside a cluster)
  --context NAME        a context of it other than the current one
  --namespace NAME      where the Applications are (argocd)
  --host ADDRESS        where to listen (127.0.0.1); on any other address reading needs the token, too
  --port PORT           (${DEFAULT_PORT})
  --data DIR            where the journal and the cache are kept
  --external-url URL    how people reach this server
  --insecure-webhooks   accept webhooks for which no secret is configured
`;

const DEMO_HELP = `Usage: hawser demo [--port PORT]
       hawser demo edit FILE KEY=VALUE …   changes a values file of the running demo's repository, and pushes
`;

interface Running {
  readonly hawser: Hawser;
  readonly listening: Listening;
  close(): Promise<void>;
}

interface ServerOptions {
  readonly home: ClusterTransport;
  readonly settings: Settings;
  readonly log: Log;
  readonly host: string;
  readonly port: number;
  readonly dataFolder: string;
  readonly memoryCache?: boolean;
}

/** `hawser serve`: runs until it is told to end. */
export async function serve(args: readonly string[], io: CommandIo): Promise<number> {
  const { values: flags } = readFlags(args, {
    kubeconfig: { type: 'string' },
    context: { type: 'string' },
    namespace: { type: 'string', default: 'argocd' },
    host: { type: 'string', default: '127.0.0.1' },
    port: { type: 'string', default: DEFAULT_PORT },
    data: { type: 'string' },
    'external-url': { type: 'string' },
    'insecure-webhooks': { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  });
  if (flags.help) {
    io.stdout(SERVE_HELP);
    return 0;
  }
  const log = createLog();
  const host = String(flags.host);
  const home = await connectKubeconfig({
    ...(flags.kubeconfig !== undefined && { kubeconfig: String(flags.kubeconfig) }),
    ...(flags.context !== undefined && { context: String(flags.context) }),
  });
  await requireApplications(createKubeClient(home, { fieldManager: FIELD_MANAGER }));
  const running = await startServer({
    home,
    log,
    host,
    port: parsePort(String(flags.port)),
    dataFolder: String(flags.data ?? defaultDataFolder()),
    settings: {
      namespace: String(flags.namespace),
      loopback: isLoopback(host),
      insecureWebhooks: Boolean(flags['insecure-webhooks']),
      ...(process.env.HAWSER_TOKEN && { token: process.env.HAWSER_TOKEN }),
      ...(flags['external-url'] !== undefined && { externalURL: String(flags['external-url']).replace(/\/$/, '') }),
    },
  });
  await running.hawser.token();
  log.info('hawser serves', { url: running.listening.url, cluster: home.server, namespace: String(flags.namespace) });
  if (flags['insecure-webhooks']) log.warn('webhooks without a configured secret are accepted (--insecure-webhooks)');
  resumeInBackground(running.hawser, log);
  await untilTold();
  await running.close();
  return 0;
}

/** `hawser demo`: a sandbox cluster, a Git server with a repository, Applications, the handler and the page. */
export async function demo(args: readonly string[], io: CommandIo): Promise<number> {
  if (args[0] === 'edit') return editDemo(args.slice(1), io);
  const { values: flags } = readFlags(args, {
    port: { type: 'string', default: DEFAULT_PORT },
    help: { type: 'boolean', default: false },
  });
  if (flags.help) {
    io.stdout(DEMO_HELP);
    return 0;
  }
  const { startDemo } = await import('./sandbox/listen/demo.ts');
  const log = createLog();
  const folder = await mkdtemp(join(tmpdir(), 'hawser-demo-'));
  const token = process.env.HAWSER_TOKEN ?? randomBytes(16).toString('hex');
  const webhookSecret = randomBytes(16).toString('hex');
  const closers: (() => Promise<void>)[] = [() => rm(folder, { recursive: true, force: true })];
  try {
    const ground = await startDemo({ folder, webhookSecret });
    closers.unshift(() => ground.close());
    await prepareHome(createKubeClient(ground.home, { fieldManager: FIELD_MANAGER }), ground.namespace);
    await ground.createObjects();
    const running = await startServer({
      home: ground.home,
      log,
      host: '127.0.0.1',
      port: parsePort(String(flags.port)),
      dataFolder: folder,
      memoryCache: true,
      settings: { namespace: ground.namespace, loopback: true, insecureWebhooks: false, token },
    });
    closers.unshift(() => running.close());
    ground.setWebhook(`${running.listening.url}/api/webhook`);
    const { url } = running.listening;
    await writeDemoState(defaultDataFolder(), { pid: process.pid, url, token, editUrl: ground.editUrl });
    closers.unshift(() => removeDemoState(defaultDataFolder()));
    io.stdout(`
  Page        ${url}
  Git         ${ground.cloneUrl}
  Kubernetes  export KUBECONFIG=${ground.kubeconfig}
  Token       ${token}   (for writes; the hawser command knows it)

  Next: change the image and the replicas of dev, and watch the page:

      npm run hawser -- demo edit nginx-chart/values-dev.yaml image.tag=1.26.2 replicaCount=2

  With git: clone the address above, edit nginx-chart/values-dev.yaml, commit, push. dev-nginx follows by itself;
  prd-nginx waits for: npm run hawser -- app sync prd-nginx

`);
    resumeInBackground(running.hawser, log);
    await untilTold();
    return 0;
  } finally {
    for (const close of closers) await close();
  }
}

/** Puts hawser together over a cluster and listens. */
export async function startServer(options: ServerOptions): Promise<Running> {
  const { home, settings, log, host, port, dataFolder, memoryCache = false } = options;
  const stopping = new AbortController();
  const platform = await createNodePlatform({ home, settings, log, dataFolder, memoryCache });
  try {
    const hawser = createHawser({
      platform,
      readSources: createSourceReaders(platform),
      stopping: stopping.signal,
    });
    const app = createApp(hawser, platform);
    const listening = await listen((request) => app.fetch(request), { host, port });
    return {
      hawser,
      listening,
      close: async () => {
        await listening.close();
        stopping.abort();
        await hawser.idle();
        await platform.close();
      },
    };
  } catch (error) {
    await platform.close();
    throw error;
  }
}

async function editDemo(args: readonly string[], io: CommandIo): Promise<number> {
  const [file, ...assignments] = args;
  if (!file || assignments.length === 0 || assignments.some((text) => !text.includes('='))) {
    throw new HawserError('InvalidInput', 'name a file and at least one KEY=VALUE', {
      hint: 'for example: hawser demo edit nginx-chart/values-dev.yaml replicaCount=2',
    });
  }
  const state = await readDemoState(defaultDataFolder());
  if (!state) throw new HawserError('Unavailable', 'no demo is running', { hint: 'start it with npm start' });
  const response = await fetch(state.editUrl, { method: 'POST', body: JSON.stringify({ file, assignments }) });
  const text = await response.text();
  if (!response.ok) throw new HawserError('InvalidInput', text.trim());
  io.stdout(text);
  return 0;
}

function readFlags<const T extends ParseArgsOptionsConfig>(args: readonly string[], options: T) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: false });
  } catch (error) {
    throw new HawserError('InvalidInput', messageOf(error), { hint: '--help lists the flags' });
  }
}

function parsePort(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65535) return port;
  throw new HawserError('InvalidInput', `--port ${text} is no port number`);
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}

function defaultDataFolder(): string {
  return join(process.env.XDG_DATA_HOME || join(homedir(), '.local', 'share'), 'hawser');
}

/** What is left unfinished is finished while requests are answered already; the cluster may be away at that moment. */
function resumeInBackground(hawser: Hawser, log: Log): void {
  hawser
    .resume()
    .catch((error: unknown) => log.warn('catching up failed; the next wake tries again', { reason: messageOf(error) }));
}

function untilTold(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
}
