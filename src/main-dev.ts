// npm run dev: hawser in Miniflare, against the cluster of a kubeconfig or, where there is none, the sandbox. Bundled anew when a source changes.

import { watch } from 'node:fs';
import { exitCodeOf, formatError, isHawserError, messageOf } from './base/errors.ts';
import { parsePort, readFlags } from './cli/flags.ts';
import { connectKubeconfig } from './node/kubeconfig.ts';
import { createLog } from './node/log.ts';
import { bundleWorker, type RunningWorker, startWorker } from './node/miniflare.ts';
import { reachCluster } from './node/reach-cluster.ts';
import { createUiAssets } from './node/ui-assets.ts';
import type { ClusterTransport, Log } from './platform.ts';

const HELP = `Usage: npm run dev -- [flags]

hawser in workerd (Miniflare), bundled anew when a source changes. Without a kubeconfig it takes a sandbox cluster of its own.

  --kubeconfig FILE     the cluster's kubeconfig (KUBECONFIG, ~/.kube/config)
  --context NAME        a context of it other than the current one
  --namespace NAME      where the Applications are (argocd)
  --port PORT           (8787; 0 takes a free one)

HAWSER_TOKEN is the token with all rights; without it, one is made for this run.
`;

/** Editors write a file in several steps. */
const SETTLE_MS = 50;

interface Flags {
  readonly kubeconfig?: string | undefined;
  readonly context?: string | undefined;
  readonly namespace: string;
}

try {
  await run(process.argv.slice(2));
} catch (error) {
  process.stderr.write(isHawserError(error) ? `Error: ${formatError(error)}\n` : `${(error as Error).stack}\n`);
  process.exitCode = exitCodeOf(error);
}

async function run(args: readonly string[]): Promise<void> {
  const flags = readFlags(args, {
    port: { type: 'string', default: '8787' },
    kubeconfig: { type: 'string' },
    context: { type: 'string' },
    namespace: { type: 'string', default: 'argocd' },
    help: { type: 'boolean', short: 'h', default: false },
  });
  if (flags.help) {
    process.stdout.write(HELP);
    return;
  }
  const port = parsePort(flags.port);
  const log = createLog();
  const token = process.env.HAWSER_TOKEN || crypto.randomUUID();
  const cluster = await findCluster(flags, log);
  let assets = createUiAssets();
  const worker = await startWorker({
    script: await bundleWorker(),
    cluster,
    port,
    // Built anew for each page after a change.
    assets: (name) => assets(name),
    bindings: { HAWSER_TOKEN: token, HAWSER_NAMESPACE: flags.namespace, HAWSER_LOOPBACK: 'true' },
  });
  process.stdout.write(
    `hawser in workerd: ${worker.url}\ncluster:           ${cluster.server}\ntoken:             ${token}\n`,
  );
  const stopWatching = reloadOnChange(worker, log, () => {
    assets = createUiAssets();
  });
  await untilTold();
  stopWatching();
  await worker.close();
  // Connections to the cluster may be kept alive; nothing else is left to do.
  process.exit();
}

async function findCluster({ kubeconfig, context, namespace }: Flags, log: Log): Promise<ClusterTransport> {
  let cluster: ClusterTransport;
  try {
    cluster = await connectKubeconfig({ ...(kubeconfig && { kubeconfig }), ...(context && { context }) });
  } catch (error) {
    if (kubeconfig || context || !isHawserError(error, 'InvalidInput')) throw error;
    log.warn('a sandbox is used', { reason: error.message });
    const { createDemoCluster } = await import('./sandbox/demo-cluster.ts');
    return createDemoCluster(namespace);
  }
  await reachCluster(cluster);
  return cluster;
}

/** Bundles once for many changes that come together; a source that cannot be bundled leaves the last good one running. */
function reloadOnChange(worker: RunningWorker, log: Log, onChange: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  let reloading = Promise.resolve();
  const watcher = watch(import.meta.dirname, { recursive: true }, () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      reloading = reloading.then(async () => {
        try {
          onChange();
          await worker.reload(await bundleWorker());
          log.info('reloaded');
        } catch (error) {
          log.error('the sources cannot be bundled', { error: messageOf(error) });
        }
      });
    }, SETTLE_MS);
  });
  return () => {
    clearTimeout(timer);
    watcher.close();
  };
}

function untilTold(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
}
