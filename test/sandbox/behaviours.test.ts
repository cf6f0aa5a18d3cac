import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { callWebhookByHttps } from '../../src/sandbox/listen/call-webhook.ts';
import { formatKubeconfig } from '../../src/sandbox/listen/kubeconfig.ts';
import { listen } from '../../src/sandbox/listen/listen.ts';
import { createSandbox } from '../../src/sandbox/sandbox.ts';
import { describeBehaviours } from '../support/behaviours.ts';
import { createHome } from '../support/hawser-process.ts';

await describeBehaviours('the sandbox', async () => {
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
    transport: { server, fetch: (path, init) => sandbox.fetch(new Request(`${server}${path}`, init)) },
    kubeconfig,
    close: async () => {
      sandbox.close();
      await listening.close();
      home.remove();
    },
  };
});
