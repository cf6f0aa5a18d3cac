// The platform on Node as a process that runs programs: `node port-host-node.ts FOLDER KUBECONFIG`.

import { connectKubeconfig } from '../../../src/node/kubeconfig.ts';
import { listen } from '../../../src/node/listen.ts';
import { createLog } from '../../../src/node/log.ts';
import { createNodePlatform } from '../../../src/node/platform.ts';
import type { Fired } from '../ports/programs/program.ts';
import { answerProgram } from '../ports/programs/programs.ts';

const [, , folder = '', kubeconfig = ''] = process.argv;
const fired: Fired[] = [];
const platform = await createNodePlatform({
  home: await connectKubeconfig({ kubeconfig }),
  settings: { namespace: 'argocd', loopback: true, insecureWebhooks: false },
  log: createLog({ format: 'json' }),
  dataFolder: folder,
  onAlarm: (name) => fired.push({ name, atMs: platform.clock.now() }),
});
const listening = await listen((request) => answerProgram({ platform, fired }, request), {
  host: '127.0.0.1',
  port: 0,
});
process.once('SIGTERM', async () => {
  await listening.close();
  await platform.close();
  // Connections that were kept open are nobody's any more.
  process.exit();
});
process.stdout.write(`runs programs at ${listening.url}\n`);
