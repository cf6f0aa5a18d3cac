// hawser in workerd, as `npm run dev` runs it: Miniflare, and the cluster behind a service binding.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundleWorker, startWorker } from '../../../src/node/miniflare.ts';
import { createUiAssets } from '../../../src/node/ui-assets.ts';
import type { Life, LifeOptions } from './runtime.ts';

/** Bundled once a file of tests. */
let script: Promise<string> | undefined;

export async function startInWorkerd(options: LifeOptions): Promise<Life> {
  const { cluster, folder, token, namespace } = options;
  script ??= bundleWorker();
  const logs: string[] = [];
  const before = workerdProcesses();
  const worker = await startWorker({
    script: await script,
    cluster,
    port: 0,
    storage: join(folder, 'storage'),
    assets: createUiAssets(),
    onLog: (line) => logs.push(line),
    bindings: {
      HAWSER_TOKEN: token,
      HAWSER_NAMESPACE: namespace,
      HAWSER_LOOPBACK: 'true',
      ...(options.alongside && { HAWSER_ALONGSIDE: 'true' }),
      ...(options.insecureWebhooks && { HAWSER_INSECURE_WEBHOOKS: 'true' }),
      ...(options.externalUrl && { HAWSER_EXTERNAL_URL: options.externalUrl }),
    },
  });
  const own = workerdProcesses().filter((pid) => !before.includes(pid));
  return {
    url: worker.url,
    noticeUrl: worker.url,
    logs: () => logs,
    end: () => worker.close(),
    kill: async () => {
      for (const pid of own) process.kill(pid, 'SIGKILL');
      await worker.close();
    },
  };
}

/** The ids of this process' children that are workerd; what waits for its end to be read is none any more. */
function workerdProcesses(): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        // `pid (name) state parent …`
        const [, name, state, parent] = /\((.*)\) (\S) (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
        return name === 'workerd' && state !== 'Z' && Number(parent) === process.pid;
      } catch {
        return false; // It has ended meanwhile.
      }
    });
}
