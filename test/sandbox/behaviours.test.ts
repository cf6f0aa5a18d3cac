import { createSandbox } from '../../src/sandbox/sandbox.ts';
import { describeBehaviours } from '../support/behaviours.ts';

await describeBehaviours('the sandbox', async () => {
  const sandbox = createSandbox({
    clock: { now: () => Date.now() },
    random: (length) => crypto.getRandomValues(new Uint8Array(length)),
  });
  const server = 'http://sandbox.test';
  return { transport: { server, fetch: (path, init) => sandbox.fetch(new Request(`${server}${path}`, init)) } };
});
