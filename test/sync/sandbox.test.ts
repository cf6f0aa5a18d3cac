import { createSandbox } from '../../src/sandbox/sandbox.ts';
import { describeSync } from './cluster-suite.ts';

describeSync('the sandbox', async () => {
  const sandbox = createSandbox({
    clock: { now: () => Date.now() },
    random: (length) => crypto.getRandomValues(new Uint8Array(length)),
  });
  const server = 'http://sandbox.test';
  return { server, fetch: (path, init) => sandbox.fetch(new Request(`${server}${path}`, init)) };
});
