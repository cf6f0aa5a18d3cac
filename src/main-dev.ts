// npm run dev: hawser in Miniflare, against the cluster of a kubeconfig or, where there is none, a sandbox with a demo repository. Bundled anew
// when a source changes.

import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { exitCodeOf, formatError, HawserError, isHawserError, messageOf } from './base/errors.ts';
import { type DevFacts, reportDev } from './cli/dev-report.ts';
import { parseExternalUrl, parsePort, readFlags } from './cli/flags.ts';
import { createKubeClient } from './kube/client.ts';
import { connectCluster } from './node/connect-cluster.ts';
import { createConnectedFetch } from './node/connected-fetch.ts';
import { defaultDataFolder, makeDataFolder } from './node/data-folder.ts';
import { lockDataFolder } from './node/data-lock.ts';
import { removeDemoState, writeDemoState } from './node/demo-state.ts';
import { endTogether } from './node/end-together.ts';
import { connectKubeconfig, readKubeconfigContexts } from './node/kubeconfig.ts';
import { createLog } from './node/log.ts';
import { type RunningWorker, startWorker } from './node/miniflare.ts';
import { reachCluster } from './node/reach-cluster.ts';
import { reloadOnChange } from './node/reload-on-change.ts';
import { createUiAssets } from './node/ui-assets.ts';
import { bundleWorker } from './node/worker-bundle.ts';
import { passWorkerLine } from './node/worker-log.ts';
import { prepareHome } from './operation/prepare-home.ts';
import { FIELD_MANAGER } from './operation/road.ts';
import type { ClusterTransport, Log, NamedCluster } from './platform.ts';

const HELP = `Usage: npm run dev -- [flags]

hawser in workerd (Miniflare), bundled anew when a source changes. Without a kubeconfig it takes a sandbox cluster and a demo
repository of its own.

  --kubeconfig FILE     the cluster's kubeconfig (KUBECONFIG, ~/.kube/config)
  --context NAME        a context of it other than the current one
  --sandbox             the sandbox, whatever kubeconfig there is
  --namespace NAME      where the Applications are (argocd)
  --port PORT           (8787; 0 takes a free one)
  --data DIR            keeps the Worker's storage, a folder in it for each cluster and namespace (.hawser in the checkout)
  --external-url URL    where people and Git servers reach it, such as a tunnel
  --alongside           only compares, beside an Argo CD in the same namespace
  --insecure-webhooks   accepts webhooks for which no secret is configured

HAWSER_TOKEN is the token with all rights; without it, one is made for this run.
`;

const GRACE_MS = 2_000;

/** The sources from which this very file was loaded. */
const SOURCES = import.meta.dirname;
const DEFAULT_DATA = resolve(SOURCES, '../.hawser');

/** A cluster, and what begins and ends with it. */
interface Ground {
  readonly cluster: ClusterTransport;
  /** The contexts of the kubeconfig, which may be destinations by name. */
  readonly namedClusters?: readonly NamedCluster[];
  /** Undefined for one that ends with this process. */
  readonly storage?: string;
  /** The Worker answers. Gives what there is to say about it. */
  begin(url: string, token: string): Promise<string>;
  close(): Promise<void>;
}

type Flags = ReturnType<typeof parseFlags>;

try {
  await run(process.argv.slice(2));
} catch (error) {
  process.stderr.write(isHawserError(error) ? `Error: ${formatError(error)}\n` : `${(error as Error).stack}\n`);
  process.exitCode = exitCodeOf(error);
}

async function run(args: readonly string[]): Promise<void> {
  const flags = parseFlags(args);
  if (flags.help) {
    process.stdout.write(HELP);
    return;
  }
  const { namespace, externalUrl, alongside } = flags;
  const log = createLog();
  const told = untilTold();
  endTogether('workerd');
  const ground = await openGround(flags, log);
  try {
    const token = process.env.HAWSER_TOKEN || randomBytes(16).toString('hex');
    const { cluster, namedClusters = [], storage } = ground;
    let assets = createUiAssets();
    let script = await bundleWorker();
    const worker = await startWorker({
      script,
      cluster,
      namedClusters,
      port: flags.port,
      ...(storage !== undefined && { storage }),
      // The Cache API and no R2: what lies in a bucket, Miniflare gives to everybody who reaches the port (/cdn-cgi/local/r2/public).
      r2: false,
      // Built anew for each page after a change.
      assets: (name) => assets(name),
      onLog: (line) => passWorkerLine(line, log),
      bindings: {
        HAWSER_TOKEN: token,
        HAWSER_NAMESPACE: namespace,
        ...(externalUrl === undefined ? { HAWSER_LOOPBACK: 'true' } : { HAWSER_EXTERNAL_URL: externalUrl }),
        ...(alongside && { HAWSER_ALONGSIDE: 'true' }),
        ...(flags.insecureWebhooks && { HAWSER_INSECURE_WEBHOOKS: 'true' }),
      },
    });
    const stopWatching = reloadOnChange(SOURCES, async () => {
      try {
        assets = createUiAssets();
        const changed = await bundleWorker();
        if (changed === script) return;
        await worker.reload(changed);
        script = changed;
        log.info('reloaded');
      } catch (error) {
        log.error('the sources cannot be run; those before go on', { error: messageOf(error) });
      }
      await wake(worker).catch(() => undefined); // It is ending.
    });
    try {
      process.stdout.write(`hawser in workerd: ${worker.url}\n\n`);
      const words = await ground.begin(worker.url, token);
      await wake(worker);
      const facts: DevFacts = {
        url: worker.url,
        ...(externalUrl !== undefined && { externalUrl }),
        token,
        isTokenGiven: Boolean(process.env.HAWSER_TOKEN),
        isAlongside: alongside,
        ...(storage !== undefined && { storage }),
      };
      const place = {
        home: cluster,
        client: createKubeClient(cluster, { fieldManager: FIELD_MANAGER }),
        namespace,
        fetch: createConnectedFetch(),
        connectCluster,
        dataFolder: storage ?? DEFAULT_DATA,
        freeBytes: async () => undefined,
        nowMs: () => Date.now(),
      };
      await Promise.race([reportDev(place, facts, (text) => process.stdout.write(text)), told]);
      process.stdout.write(`${words}\nCtrl-C ends it. A change of a source is taken at once.\n`);
      await told;
    } finally {
      stopWatching();
      await worker.close();
    }
  } finally {
    await ground.close();
  }
  // Miniflare clears away by itself yet; connections to the cluster may be kept alive.
  setTimeout(() => process.exit(), GRACE_MS).unref();
}

function parseFlags(args: readonly string[]) {
  const {
    'external-url': externalUrl,
    'insecure-webhooks': insecureWebhooks,
    ...flags
  } = readFlags(args, {
    port: { type: 'string', default: '8787' },
    kubeconfig: { type: 'string' },
    context: { type: 'string' },
    sandbox: { type: 'boolean', default: false },
    namespace: { type: 'string', default: 'argocd' },
    data: { type: 'string' },
    'external-url': { type: 'string' },
    alongside: { type: 'boolean', default: false },
    'insecure-webhooks': { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  });
  if (flags.sandbox && (flags.kubeconfig !== undefined || flags.context !== undefined)) {
    throw new HawserError('InvalidInput', '--sandbox and a kubeconfig exclude each other');
  }
  if (!/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(flags.namespace)) {
    throw new HawserError('InvalidInput', `--namespace ${flags.namespace} is no name of a namespace`);
  }
  return {
    ...flags,
    port: parsePort(flags.port),
    insecureWebhooks,
    externalUrl: externalUrl === undefined ? undefined : parseExternalUrl(externalUrl),
  };
}

async function openGround(flags: Flags, log: Log): Promise<Ground> {
  if (flags.sandbox) return openSandbox(flags);
  const { kubeconfig, context } = flags;
  let cluster: ClusterTransport;
  try {
    cluster = await connectKubeconfig({ ...(kubeconfig && { kubeconfig }), ...(context && { context }) });
  } catch (error) {
    if (!isHawserError(error) || error.data.isNothingConfigured !== true) throw error;
    log.warn('a sandbox is used', { reason: error.message });
    return openSandbox(flags);
  }
  await reachCluster(cluster);
  return openCluster(cluster, flags);
}

/** What is begun there is finished by the next start: journal, alarms and cache belong to one cluster and namespace. */
async function openCluster(cluster: ClusterTransport, { kubeconfig, data, namespace }: Flags): Promise<Ground> {
  const { host } = new URL(cluster.server);
  const storage = join(resolve(data ?? DEFAULT_DATA), `${host.replaceAll(/[^\w.-]+/g, '-')}-${namespace}`);
  await makeDataFolder(storage);
  // Two workerd would not see each other's writes.
  const lock = await lockDataFolder(storage);
  return {
    cluster,
    namedClusters: await readKubeconfigContexts(kubeconfig),
    storage,
    begin: async () => '',
    close: async () => lock.release(),
  };
}

/** As `npm start` has it, but for the runtime. */
async function openSandbox({ namespace }: Flags): Promise<Ground> {
  const { startDemo } = await import('./sandbox/listen/demo.ts');
  const folder = await mkdtemp(join(tmpdir(), 'hawser-dev-'));
  const demo = await startDemo({ folder, namespace, webhookSecret: randomBytes(16).toString('hex') });
  const close = async () => {
    await removeDemoState(defaultDataFolder(), process.pid);
    await demo.close();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    let workerUrl = '';
    await prepareHome(createKubeClient(demo.home, { fieldManager: FIELD_MANAGER }), namespace);
    await demo.createObjects();
    // The Worker fills in the rest of the registration when it begins.
    await demo.registerNotices((request) => {
      const { pathname, search } = new URL(request.url);
      return fetch(`${workerUrl}${pathname}${search}`, request);
    });
    return {
      cluster: demo.home,
      begin: async (url, token) => {
        workerUrl = url;
        demo.setWebhook(`${url}/api/webhook`);
        const state = { pid: process.pid, startedAt: Date.now(), url, token, editUrl: demo.editUrl };
        // Other commands do without.
        await writeDemoState(defaultDataFolder(), state).catch(() => undefined);
        return describeSandbox(demo);
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function describeSandbox({ cloneUrl, kubeconfig }: { readonly cloneUrl: string; readonly kubeconfig: string }): string {
  return `
  The cluster is a sandbox of this process, with a demo repository; it ends with it. With --kubeconfig FILE it is your cluster.

  Git         ${cloneUrl}
  Kubernetes  export KUBECONFIG=${kubeconfig}

  Next: change the image and the replicas of dev, and watch the page:

      npm run hawser -- demo edit nginx-chart/values-dev.yaml image.tag=1.26.2 replicaCount=2
`;
}

/** A Worker begins with its first request: what an earlier one left unfinished is found by then. */
async function wake({ url }: RunningWorker): Promise<void> {
  const response = await fetch(`${url}/healthz`);
  await response.text();
}

function untilTold(): Promise<void> {
  return new Promise((resolveTold) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolveTold());
  });
}
