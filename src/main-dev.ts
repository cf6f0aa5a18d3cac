// npm run dev: hawser in Miniflare, against the cluster of a kubeconfig or, where there is none, the sandbox. Bundled anew when a source changes.

import { watch } from 'node:fs';
import { parseArgs } from 'node:util';
import { formatError, isHawserError } from './base/errors.ts';
import { connectKubeconfig } from './node/kubeconfig.ts';
import { createLog } from './node/log.ts';
import { bundleWorker, startWorker } from './node/miniflare.ts';
import type { ClusterTransport } from './platform.ts';

const { values: options } = parseArgs({
  options: {
    port: { type: 'string', default: '8787' },
    kubeconfig: { type: 'string' },
    context: { type: 'string' },
    namespace: { type: 'string', default: 'argocd' },
  },
});
const log = createLog();
const token = process.env.HAWSER_TOKEN ?? crypto.randomUUID();

try {
  const cluster = await findCluster();
  const worker = await startWorker({
    script: await bundleWorker(),
    cluster,
    port: Number(options.port),
    bindings: { HAWSER_TOKEN: token, HAWSER_NAMESPACE: options.namespace, HAWSER_LOOPBACK: 'true' },
  });
  process.stdout.write(
    `hawser in workerd: ${worker.url}\ncluster:           ${cluster.server}\ntoken for writes:  ${token}\n`,
  );
  let rebuilding = Promise.resolve();
  watch(import.meta.dirname, { recursive: true }, () => {
    rebuilding = rebuilding.then(async () => {
      try {
        await worker.reload(await bundleWorker());
        log.info('reloaded');
      } catch (error) {
        log.error('the sources cannot be bundled', { error: formatError(error) });
      }
    });
  });
} catch (error) {
  process.stderr.write(`${isHawserError(error) ? formatError(error) : (error as Error).stack}\n`);
  process.exitCode = 1;
}

async function findCluster(): Promise<ClusterTransport> {
  const { kubeconfig, context } = options;
  try {
    return await connectKubeconfig({ ...(kubeconfig && { kubeconfig }), ...(context && { context }) });
  } catch (error) {
    if (kubeconfig || context || !isHawserError(error, 'InvalidInput')) throw error;
    log.warn('no cluster is configured: a sandbox is used', { reason: error.message });
    const { createDemoCluster } = await import('./sandbox/demo-cluster.ts');
    return createDemoCluster(options.namespace);
  }
}
