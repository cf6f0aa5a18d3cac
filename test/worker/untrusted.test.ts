// A certificate that workerd does not trust, where no process has launched it that could say more.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { type RunningWorker, startWorker } from '../../src/node/miniflare.ts';
import { bundleWorker } from '../../src/node/worker-bundle.ts';
import { type FarSide, startFarSide } from '../runtime/support/far-side.ts';
import { createAuthority } from '../support/certificates.ts';
import { connectSandbox } from '../support/sandbox-transport.ts';

let far: FarSide;
let worker: RunningWorker;
beforeAll(async () => {
  far = await startFarSide(createAuthority().issue('git'));
  const script = await bundleWorker(new URL('../runtime/support/port-host-worker.ts', import.meta.url));
  const onLog = () => undefined;
  worker = await startWorker({ script, cluster: connectSandbox(), port: 0, bindings: {}, outbound: false, onLog });
});
afterAll(async () => {
  await worker?.close();
  await far?.close();
});

it.each([
  ['listRefs', () => ({ url: `${far.url}/a.git` }), 'GitFailed'],
  ['reach', () => ({ to: 'cluster', connection: { server: far.url } }), 'Unavailable'],
])('is told as what is likely (%s)', async (program, input, code) => {
  const response = await fetch(`${worker.url}/${program}`, { method: 'POST', body: JSON.stringify(input()) });
  expect(await response.json()).toMatchObject({
    result: {
      error: { code, message: expect.stringContaining('the TLS connection failed, and workerd does not say why') },
    },
  });
});
