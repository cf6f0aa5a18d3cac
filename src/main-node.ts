// Composition root of the servers on Node: `hawser serve` for a real cluster, `hawser demo` with everything inside.

import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApp } from './app.ts';
import { HawserError, isHawserError, messageOf } from './base/errors.ts';
import { parseExternalUrl, parsePeers, parsePort, readFlags } from './cli/flags.ts';
import type { CommandIo } from './cli/io.ts';
import { createKubeClient } from './kube/client.ts';
import { type AlarmKeeper, createAlarmKeeper } from './node/alarm-keeper.ts';
import { defaultDataFolder } from './node/data-folder.ts';
import { type DemoState, readDemoState, removeDemoState, writeDemoState } from './node/demo-state.ts';
import { connectKubeconfig, readKubeconfigContexts } from './node/kubeconfig.ts';
import { type Listening, listen } from './node/listen.ts';
import { createLog } from './node/log.ts';
import { CERTIFICATE_ALARM, listenForNotices, renewInBackground } from './node/notices.ts';
import { createNodePlatform } from './node/platform.ts';
import { reachCluster } from './node/reach-cluster.ts';
import { createRenderThread } from './node/render-thread.ts';
import { createAlarmJob } from './operation/alarm-job.ts';
import { createHawser } from './operation/create.ts';
import type { Hawser } from './operation/hawser.ts';
import { prepareHome, requireApplications } from './operation/prepare-home.ts';
import { FIELD_MANAGER } from './operation/road.ts';
import { SECRET_NAME, TOKEN_KEY } from './operation/settings.ts';
import type { ClusterTransport, Log, NamedCluster, Settings } from './platform.ts';
import { createSourceReaders } from './source/reader.ts';
import { createNoticeHandler } from './webhook/notice.ts';

const DEFAULT_PORT = '8080';

/** What still runs this long after the signal to end is left to the next start. */
const GRACE_MS = 10_000;

const SERVE_HELP = `Usage: hawser serve [flags]

The handler for the cluster of a kubeconfig.

  --kubeconfig FILE     the cluster's kubeconfig (KUBECONFIG, ~/.kube/config, or in a cluster the
                        ServiceAccount)
  --context NAME        a context other than the current one; each is a destination by name
  --namespace NAME      where the Applications are (argocd)
  --host ADDRESS        where to listen (127.0.0.1); elsewhere reading needs the token, too
  --port PORT           (${DEFAULT_PORT}; 0 takes a free one)
  --notice-port PORT    where the API server tells of writes (TLS); hawser install registers it
  --data DIR            where the journal and the cache are kept (~/.local/share/hawser): a folder
                        for each process
  --external-url URL    how people reach this server
  --peers URL,…         other replicas, beside those behind the Service hawser
  --alarm-jobs IMAGE    what is due later is kept in the cluster, too: a CronJob with this image of
                        hawser starts it again, should nothing run by then
  --alarm-url URL       where that CronJob asks (http://hawser.NAMESPACE.svc)
  --insecure-webhooks   accept webhooks for which no secret is configured

HAWSER_TOKEN is the token for writes; without it, the key ${TOKEN_KEY} of the Secret ${SECRET_NAME}
is, which is made where it is missing.
`;

const DEMO_HELP = `Usage: hawser demo [--port PORT]
       hawser demo edit FILE KEY=VALUE …

Runs a sandbox cluster, a Git server with a demo repository, the handler and its page on this
machine (port ${DEFAULT_PORT}; 0 takes a free one). It ends, and leaves nothing behind, with Ctrl-C. \`edit\`
changes a values file of the running demo's repository, and pushes.
`;

interface Running {
  readonly hawser: Hawser;
  readonly listening: Listening;
  readonly notices?: Listening;
  close(): Promise<void>;
}

interface ServerOptions {
  readonly home: ClusterTransport;
  readonly namedClusters?: readonly NamedCluster[];
  readonly settings: Settings;
  readonly log: Log;
  readonly host: string;
  readonly port: number;
  /** Where admission notices come in; none are taken without it. */
  readonly noticePort?: number;
  readonly dataFolder: string;
  readonly memoryCache?: boolean;
  /** Keeps alarms in the cluster, by an image of hawser and the address at which it is woken. */
  readonly alarmJobs?: { readonly image: string; readonly url: string };
}

/** `hawser serve`: runs until it is told to end. */
export async function serve(args: readonly string[], io: CommandIo): Promise<number> {
  const flags = readFlags(args, {
    kubeconfig: { type: 'string' },
    context: { type: 'string' },
    namespace: { type: 'string', default: 'argocd' },
    host: { type: 'string', default: '127.0.0.1' },
    port: { type: 'string', default: DEFAULT_PORT },
    'notice-port': { type: 'string' },
    data: { type: 'string' },
    'external-url': { type: 'string' },
    peers: { type: 'string' },
    'alarm-jobs': { type: 'string' },
    'alarm-url': { type: 'string' },
    'insecure-webhooks': { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  });
  if (flags.help) {
    io.stdout(SERVE_HELP);
    return 0;
  }
  const { namespace, host, kubeconfig, context } = flags;
  const port = parsePort(flags.port);
  const noticePort = flags['notice-port'] === undefined ? undefined : parsePort(flags['notice-port'], 'notice-port');
  const externalURL = flags['external-url'] === undefined ? undefined : parseExternalUrl(flags['external-url']);
  const peers = flags.peers === undefined ? undefined : parsePeers(flags.peers);
  const alarmImage = flags['alarm-jobs'];
  const alarmUrl = parseExternalUrl(flags['alarm-url'] ?? `http://hawser.${namespace}.svc`, 'alarm-url');
  const { HAWSER_TOKEN: token } = io.env;
  const log = createLog();
  const home = await connectKubeconfig({
    ...(kubeconfig !== undefined && { kubeconfig }),
    ...(context !== undefined && { context }),
  });
  await reachCluster(home);
  await requireApplications(createKubeClient(home, { fieldManager: FIELD_MANAGER }));
  const running = await startServer({
    home,
    namedClusters: await readKubeconfigContexts(kubeconfig),
    log,
    host,
    port,
    ...(noticePort !== undefined && { noticePort }),
    dataFolder: flags.data ?? defaultDataFolder(),
    ...(alarmImage !== undefined && { alarmJobs: { image: alarmImage, url: alarmUrl } }),
    settings: {
      namespace,
      loopback: isLoopback(host),
      insecureWebhooks: flags['insecure-webhooks'],
      ...(token && { token }),
      ...(externalURL !== undefined && { externalURL }),
      ...(peers && { peers }),
    },
  });
  const told = untilTold(log);
  try {
    await requireToken(running.hawser, namespace);
    log.info('hawser serves', { url: running.listening.url, cluster: home.server, namespace });
    if (!token) log.info(`the token for writes is the key ${TOKEN_KEY} of the Secret ${SECRET_NAME}`, { namespace });
    if (flags['insecure-webhooks']) log.warn('webhooks without a configured secret are accepted (--insecure-webhooks)');
    resumeInBackground(running, log);
    await told;
  } finally {
    await running.close();
  }
  return 0;
}

/** `hawser demo`: a sandbox cluster, a Git server with a repository, Applications, the handler and the page. */
export async function demo(args: readonly string[], io: CommandIo): Promise<number> {
  const flags = readFlags(args, {
    port: { type: 'string', default: DEFAULT_PORT },
    help: { type: 'boolean', short: 'h', default: false },
  });
  if (flags.help) {
    io.stdout(DEMO_HELP);
    return 0;
  }
  const port = parsePort(flags.port);
  const { startDemo } = await import('./sandbox/listen/demo.ts');
  const log = createLog();
  // From here on there is something to clear away, so that a signal ends nothing at once.
  const told = untilTold(log);
  const dataFolder = defaultDataFolder();
  const folder = await mkdtemp(join(tmpdir(), 'hawser-demo-'));
  const closers: (() => Promise<void>)[] = [() => rm(folder, { recursive: true, force: true })];
  try {
    const token = io.env.HAWSER_TOKEN || randomBytes(16).toString('hex');
    const ground = await startDemo({ folder, webhookSecret: randomBytes(16).toString('hex') });
    closers.unshift(() => ground.close());
    await prepareHome(createKubeClient(ground.home, { fieldManager: FIELD_MANAGER }), ground.namespace);
    await ground.createObjects();
    const running = await startServer({
      home: ground.home,
      log,
      host: '127.0.0.1',
      port,
      dataFolder: folder,
      memoryCache: true,
      settings: { namespace: ground.namespace, loopback: true, insecureWebhooks: false, token },
    }).catch(async (error: unknown) => {
      throw explainTakenPort(error, port, await readDemoState(dataFolder));
    });
    closers.unshift(() => running.close());
    const { url } = running.listening;
    ground.setWebhook(`${url}/api/webhook`);
    await ground.registerNotices(createNoticeHandler(running.hawser));
    await running.hawser.registerNotices();
    const state: DemoState = { pid: process.pid, startedAt: Date.now(), url, token, editUrl: ground.editUrl };
    closers.unshift(() => removeDemoState(dataFolder, process.pid));
    await writeDemoState(dataFolder, state).catch((error: unknown) =>
      log.warn('other commands will not find this demo by themselves', { reason: messageOf(error) }),
    );
    io.stdout(describeDemo({ ...ground, url, token, command: commandName(io.env) }));
    resumeInBackground(running, log);
    await told;
    return 0;
  } finally {
    for (const close of closers) await close();
  }
}

/** Puts hawser together over a cluster and listens. */
export async function startServer(options: ServerOptions): Promise<Running> {
  const { home, namedClusters, settings, log, host, port, noticePort, dataFolder, memoryCache = false } = options;
  const { alarmJobs } = options;
  const stopping = new AbortController();
  await makeDataFolder(dataFolder);
  // No alarm is set before hawser is there.
  let onAlarm: (name: string) => void = () => undefined;
  let keeper: AlarmKeeper | undefined;
  const platform = await createNodePlatform({
    home,
    ...(namedClusters && { namedClusters }),
    settings,
    log,
    dataFolder,
    memoryCache,
    onAlarm: (name) => onAlarm(name),
    onAlarmsChange: () => keeper?.changed(),
  });
  if (alarmJobs) {
    const identity = platform.identity ?? randomBytes(8).toString('hex');
    const client = createKubeClient(home, { fieldManager: FIELD_MANAGER });
    const { clock, alarms } = platform;
    const job = createAlarmJob({ home: client, namespace: settings.namespace, ...alarmJobs, identity, clock, log });
    keeper = createAlarmKeeper(alarms, clock, job);
  }
  const renders = createRenderThread();
  const closers = [() => renders.close(), () => platform.close()];
  try {
    const made = createHawser({
      platform,
      readSources: createSourceReaders(platform, renders),
      stopping: stopping.signal,
    });
    const hawser = keeper ? withKeptAlarms(made, keeper) : made;
    const app = createApp(hawser, platform);
    const listening = await listen((request) => app.fetch(request), { host, port });
    closers.unshift(() => listening.close());
    const notices =
      noticePort === undefined
        ? undefined
        : await listenForNotices({
            ...{ home: createKubeClient(home, { fieldManager: FIELD_MANAGER }), namespace: settings.namespace },
            ...{ host, port: noticePort, clock: platform.clock, alarms: platform.alarms, log },
            handler: createNoticeHandler(hawser),
            token: () => hawser.token(),
          });
    if (notices) closers.unshift(() => notices.close());
    onAlarm = (name) =>
      platform.background(notices && name === CERTIFICATE_ALARM ? renewInBackground(notices, log) : hawser.alarm(name));
    return {
      hawser,
      listening,
      ...(notices && { notices }),
      close: async () => {
        await notices?.close();
        await listening.close();
        const isBusy = await isWorking(hawser);
        stopping.abort();
        // Before the work ends, which may take longer than there is time.
        await keeper?.beforeEnd(isBusy);
        await hawser.idle();
        await keeper?.beforeEnd(isBusy);
        await renders.close();
        await platform.close();
      },
    };
  } catch (error) {
    for (const close of closers) await close();
    throw error;
  }
}

/** Whoever has looked at everything has seen to what was due. */
function withKeptAlarms(hawser: Hawser, keeper: AlarmKeeper): Hawser {
  return {
    ...hawser,
    resume: async () => {
      await hawser.resume();
      await keeper.lookedAtAll();
    },
    wake: async () => {
      const woken = await hawser.wake();
      if (woken.isIdle) await keeper.lookedAtAll();
      return woken;
    },
  };
}

async function isWorking(hawser: Hawser): Promise<boolean> {
  const soon = new Promise<boolean>((resolve) => setImmediate(resolve, true));
  return Promise.race([hawser.idle().then(() => false), soon]);
}

async function makeDataFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw new HawserError('InvalidInput', `the data folder cannot be made: ${messageOf(error)}`, {
      hint: 'choose another with --data',
      cause: error,
    });
  }
}

async function requireToken(hawser: Hawser, namespace: string): Promise<void> {
  try {
    await hawser.token();
  } catch (error) {
    if (!isHawserError(error)) throw error;
    throw new HawserError(error.code, `the token in the Secret ${SECRET_NAME}: ${error.message}`, {
      hint: `hawser install --crds-only --namespace ${namespace} makes the namespace; HAWSER_TOKEN needs no Secret`,
      cause: error,
    });
  }
}

function explainTakenPort(error: unknown, port: number, other: DemoState | undefined): unknown {
  if (!isHawserError(error, 'Unavailable') || !other || new URL(other.url).port !== String(port)) return error;
  return new HawserError('Unavailable', `a demo runs already at ${other.url} (process ${other.pid})`, {
    hint: 'use that one, end it with Ctrl-C, or start another with npm start -- --port 0',
    cause: error,
  });
}

interface DemoText {
  readonly url: string;
  readonly token: string;
  readonly cloneUrl: string;
  readonly kubeconfig: string;
  readonly command: string;
}

function describeDemo({ url, token, cloneUrl, kubeconfig, command }: DemoText): string {
  return `
  Page        ${url}
  Git         ${cloneUrl}
  Kubernetes  export KUBECONFIG=${kubeconfig}
  Token       ${token}   (for writes; the hawser command knows it)

  Next: change the image and the replicas of dev, and watch the page:

      ${command} demo edit nginx-chart/values-dev.yaml image.tag=1.26.2 replicaCount=2

  With git: clone the address above, edit nginx-chart/values-dev.yaml, commit, push. dev-nginx follows by itself;
  prd-nginx waits for: ${command} app sync prd-nginx

  Ctrl-C ends it and leaves nothing behind.

`;
}

/** How a user who started this would start another command. */
function commandName({ npm_lifecycle_event: script }: CommandIo['env']): string {
  if (script === 'npx') return 'npx hawser';
  return script === undefined ? 'hawser' : 'npm run hawser --';
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}

/** What is left unfinished is finished while requests are answered already; the cluster may be away at that moment. */
function resumeInBackground({ hawser }: Running, log: Log): void {
  // Known from now on: a webhook can be checked while the cluster is away, even the first one.
  hawser.webhookSettings().catch(() => undefined);
  hawser
    .resume()
    .catch((error: unknown) => log.warn('catching up failed; the next wake tries again', { reason: messageOf(error) }));
}

/** Resolves at the first signal to end. A second one, or a grace period that was not enough, ends the process. */
function untilTold(log: Log): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => {
        setTimeout(() => {
          log.warn('ended before all work was done; the next start finishes it');
          process.exit(1);
        }, GRACE_MS).unref();
        resolve();
      });
    }
  });
}
