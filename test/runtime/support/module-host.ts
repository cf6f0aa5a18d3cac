// A module whose default export has `fetch`, as a process of the runtime under test: what has to be the same in all runtimes without hawser
// around it.

import { fileURLToPath } from 'node:url';
import { Miniflare } from 'miniflare';
import { inject } from 'vitest';
import { bundleWorker } from '../../../src/node/worker-bundle.ts';
import { startProcess } from '../../support/hawser-process.ts';

export interface HostedModule {
  /** Sends JSON and gives the JSON that it answers; rejects with the text of any other answer than 200. */
  ask(body: unknown): Promise<unknown>;
  close(): Promise<void>;
}

/** The module is bundled for workerd; Node runs it as it is. */
export async function hostModule(module: URL): Promise<HostedModule> {
  const { url, close } = await (inject('runtime') === 'Node' ? hostOnNode(module) : hostInWorkerd(module));
  return {
    ask: async (body) => {
      // A test that computes does not see that an idle connection was closed.
      const response = await fetch(url, {
        method: 'POST',
        headers: { connection: 'close' },
        body: JSON.stringify(body),
      });
      if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`);
      return response.json();
    },
    close,
  };
}

interface Host {
  readonly url: string;
  close(): Promise<void>;
}

async function hostOnNode(module: URL): Promise<Host> {
  const script = fileURLToPath(new URL('./module-host-node.ts', import.meta.url));
  const child = startProcess(process.execPath, [script, module.href], { env: { PATH: process.env.PATH ?? '' } });
  const [, url = ''] = await child.waitFor(/^listens at (\S+)$/m);
  return {
    url,
    close: async () => {
      await child.end('SIGKILL');
    },
  };
}

async function hostInWorkerd(module: URL): Promise<Host> {
  const miniflare = new Miniflare({
    modules: [{ type: 'ESModule', path: 'module.js', contents: await bundleWorker(module) }],
    modulesRoot: '/',
    compatibilityDate: '2026-07-30',
    compatibilityFlags: ['nodejs_compat'],
    host: '127.0.0.1',
    port: 0,
    cf: false,
  });
  const { href } = await miniflare.ready;
  return { url: href, close: () => miniflare.dispose() };
}
