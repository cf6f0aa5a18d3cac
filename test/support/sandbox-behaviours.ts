// The behaviours on the sandbox.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { callWebhookByHttps } from '../../src/sandbox/listen/call-webhook.ts';
import { formatKubeconfig } from '../../src/sandbox/listen/kubeconfig.ts';
import { listen } from '../../src/sandbox/listen/listen.ts';
import { createSandbox } from '../../src/sandbox/sandbox.ts';
import { describeBehaviours, type Part } from './behaviours.ts';
import { createHome } from './hawser-process.ts';

/** Each part has a sandbox of its own. */
export async function describeSandboxBehaviours(part: Part): Promise<void> {
  await describeBehaviours('the sandbox', part, openSandbox);
}

async function openSandbox() {
  const sandbox = createSandbox({
    clock: { now: () => Date.now() },
    random: (length) => crypto.getRandomValues(new Uint8Array(length)),
    callWebhook: callWebhookByHttps,
  });
  const server = 'http://sandbox.test';
  const listening = await listen(sandbox.fetch);
  const home = createHome();
  const kubeconfig = join(home.folder, 'kubeconfig');
  writeFileSync(kubeconfig, formatKubeconfig(listening.url));
  return {
    transport: {
      server,
      fetch: (path: string, init?: RequestInit) => sandbox.fetch(new Request(`${server}${path}`, init)),
    },
    kubeconfig,
    close: async () => {
      sandbox.close();
      await listening.close();
      home.remove();
    },
  };
}
