// Composition root of the servers on Node: `hawser serve` for a real cluster, `hawser demo` with everything inside.

import { randomBytes } from 'node:crypto';
import { closeSync, openSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HawserError, isHawserError, messageOf } from './base/errors.ts';
import { parsePort, readFlags } from './cli/flags.ts';
import type { CommandIo } from './cli/io.ts';
import { DEFAULT_PORT, readServeFlags, SERVE_HELP } from './cli/serve-flags.ts';
import { createKubeClient, type KubeClient } from './kube/client.ts';
import { createAppsFolder, FILES_MANAGER } from './node/apps-folder.ts';
import { guardFiles } from './node/apps-guard.ts';
import { openAppsState } from './node/apps-state.ts';
import { defaultDataFolder } from './node/data-folder.ts';
import { type DemoState, readDemoState, removeDemoState, writeDemoState } from './node/demo-state.ts';
import { connectKubeconfig, readKubeconfigContexts } from './node/kubeconfig.ts';
import { createLog } from './node/log.ts';
import { reachCluster } from './node/reach-cluster.ts';
import { resumeInBackground, startServer } from './node/server.ts';
import { ensureAccountSecrets, INITIAL_PASSWORD_SECRET } from './operation/account-secrets.ts';
import { refuseBesideArgoCd } from './operation/beside-argo-cd.ts';
import type { Hawser } from './operation/hawser.ts';
import { prepareHome, requireApplications } from './operation/prepare-home.ts';
import { FIELD_MANAGER } from './operation/road.ts';
import { decodeSecret, SECRET_NAME, TOKEN_KEY } from './operation/settings.ts';
import type { Log } from './platform.ts';
import { createNoticeHandler } from './webhook/notice.ts';

/** What still runs this long after the signal to end is left to the next start. */
const GRACE_MS = 10_000;

const DEMO_HELP = `Usage: hawser demo [--port PORT]
       hawser demo edit FILE KEY=VALUE …

Runs a sandbox cluster, a Git server with a demo repository, the handler and its page on this
machine (port ${DEFAULT_PORT}; 0 takes a free one). It ends, and leaves nothing behind, with Ctrl-C. \`edit\`
changes a values file of the running demo's repository, and pushes.
`;

/** `hawser serve`: runs until it is told to end. */
export async function serve(args: readonly string[], io: CommandIo): Promise<number> {
  const flags = readServeFlags(args, io.env);
  if (flags === 'help') {
    io.stdout(SERVE_HELP);
    return 0;
  }
  const { settings, cluster, apps, log: logging, ...listening } = flags;
  const { namespace } = settings;
  const log = createLog(logging);
  const home = await connectKubeconfig(cluster);
  await reachCluster(home);
  const dataFolder = flags.dataFolder ?? defaultDataFolder();
  const files = apps === undefined ? undefined : await openApps(apps, dataFolder, namespace, log);
  if (!files) {
    const client = createKubeClient(home, { fieldManager: FIELD_MANAGER });
    await requireApplications(client);
    if (!settings.alongside) await requireNoArgoCd(client, namespace);
  }
  const running = await startServer({
    ...listening,
    ...(files ? { home: files.home, inCluster: home, reload: files.reload } : { home }),
    namedClusters: await readKubeconfigContexts(cluster.kubeconfig),
    log,
    dataFolder,
    settings,
  });
  const told = untilTold(log, () => void running.reload());
  try {
    await files?.begin(running.hawser);
    await requireToken(running.hawser, namespace);
    log.info('hawser serves', { url: running.listening.url, cluster: home.server, namespace });
    if (!settings.token) {
      log.info(`a token with all rights is the key ${TOKEN_KEY} of the Secret ${SECRET_NAME}`, { namespace });
    }
    if (settings.alongside) log.warn('only compares, beside an Argo CD (--alongside)', { namespace });
    if (settings.insecureWebhooks) {
      log.warn('webhooks without a configured secret are accepted (--insecure-webhooks)');
    }
    resumeInBackground(running, log);
    await told;
  } finally {
    await running.close();
    files?.close();
  }
  return 0;
}

/** `--apps`: Applications are files, and what hawser writes of them is kept with its data. */
export async function openApps(folder: string, dataFolder: string, namespace: string, log: Log) {
  const { createAppsCluster } = await import('./sandbox/apps-cluster.ts');
  const state = openAppsState(join(dataFolder, 'apps'), namespace);
  const cluster = await createAppsCluster({ namespace, contents: state.contents, onChange: state.changed });
  const home = createKubeClient(cluster.transport, { fieldManager: FILES_MANAGER });
  const { reload } = createAppsFolder({ folder, namespace, home, log });
  await reload();
  return {
    home: guardFiles(cluster.transport, folder),
    reload,
    /** The data folder is this process' own. */
    begin: async (hawser: Hawser) => {
      state.begin();
      await cluster.registerNotices(createNoticeHandler(hawser));
      await hawser.registerNotices();
    },
    close: () => cluster.close(),
  };
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
    const home = createKubeClient(ground.home, { fieldManager: FIELD_MANAGER });
    await prepareHome(home, ground.namespace);
    await ground.createObjects();
    const password = await firstPassword(home, ground.namespace);
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
    io.stdout(describeDemo({ ...ground, url, token, password, command: commandName(io.env) }));
    resumeInBackground(running, log);
    await told;
    return 0;
  } finally {
    for (const close of closers) await close();
  }
}

/** Where that may not be looked up, it is looked up again before something is written. */
async function requireNoArgoCd(home: KubeClient, namespace: string): Promise<void> {
  await refuseBesideArgoCd(home, namespace).catch((error: unknown) => {
    if (isHawserError(error, 'FailedPrecondition')) throw error;
  });
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

/** Of admin, who may do everything: it is made by then, and nobody else reaches the demo. */
async function firstPassword(home: KubeClient, namespace: string): Promise<string> {
  const random = (length: number) => new Uint8Array(randomBytes(length));
  await ensureAccountSecrets(home, { random, clock: { now: () => Date.now() }, settings: { namespace } });
  const secret = await home.get({ apiVersion: 'v1', kind: 'Secret', namespace, name: INITIAL_PASSWORD_SECRET });
  return decodeSecret(secret).password ?? '';
}

interface DemoText {
  readonly url: string;
  readonly token: string;
  readonly password: string;
  readonly cloneUrl: string;
  readonly kubeconfig: string;
  readonly command: string;
}

function describeDemo({ url, token, password, cloneUrl, kubeconfig, command }: DemoText): string {
  return `
  Page        ${url}
  Log in      admin, ${password}   (looking needs no login)
  Git         ${cloneUrl}
  Kubernetes  export KUBECONFIG=${kubeconfig}
  Token       ${token}   (with all rights; the hawser command knows it)

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

/** Resolves at the first signal to end. A second one, or a grace period that was not enough, ends the process. SIGHUP has it read anew. */
function untilTold(log: Log, reload?: () => void): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      setTimeout(() => {
        log.warn('ended before all work was done; the next start finishes it');
        process.exit(1);
      }, GRACE_MS).unref();
      resolve();
    };
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, end);
    if (reload) process.on('SIGHUP', () => (isTerminalGone() ? end() : reload()));
  });
}

/** The same signal tells of a terminal that was closed, with which a process that was started in it ends. */
function isTerminalGone(): boolean {
  if (!process.stderr.isTTY) return false;
  try {
    closeSync(openSync('/dev/tty', 'r'));
    return false;
  } catch {
    return true;
  }
}
