// hawser in workerd, as `npm run dev` runs it: Miniflare, and the cluster behind a service binding.

import { join } from 'node:path';
import { createUiAssets } from '../../../src/node/ui-assets.ts';
import { bundleWorker } from '../../../src/node/worker-bundle.ts';
import { startKillableWorker } from './killable-worker.ts';
import type { Life, LifeOptions } from './runtime.ts';

/** Bundled once a file of tests. */
let script: Promise<string> | undefined;

export async function startInWorkerd(options: LifeOptions): Promise<Life> {
  const { cluster, folder, token, namespace } = options;
  script ??= bundleWorker();
  const logs: string[] = [];
  const worker = await startKillableWorker({
    script: await script,
    cluster,
    port: 0,
    storage: join(folder, 'storage'),
    assets: createUiAssets(),
    onLog: (line) => logs.push(line),
    ...(options.inspected && { inspected: true }),
    bindings: {
      HAWSER_TOKEN: token,
      HAWSER_NAMESPACE: namespace,
      HAWSER_LOOPBACK: 'true',
      ...(options.alongside && { HAWSER_ALONGSIDE: 'true' }),
      ...(options.insecureWebhooks && { HAWSER_INSECURE_WEBHOOKS: 'true' }),
      ...(options.externalUrl && { HAWSER_EXTERNAL_URL: options.externalUrl }),
      ...options.variables,
    },
  });
  return {
    url: worker.url,
    noticeUrl: worker.url,
    ...(worker.inspectorUrl && { inspectorUrl: worker.inspectorUrl }),
    logs: () => logs,
    end: () => worker.close(),
    kill: () => worker.kill(),
  };
}
