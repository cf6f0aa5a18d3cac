import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { at } from '../../src/base/json.ts';
import { createGround, type Ground, NAMESPACE } from '../support/ground.ts';
import { connectSandbox, type SandboxTransport } from '../support/sandbox-transport.ts';

let ground: Ground;
let cluster: SandboxTransport;
beforeEach(async () => {
  cluster = connectSandbox();
  ground = await createGround(cluster);
});
afterEach(() => ground.close());

describe('an ApplicationSet', () => {
  const ref = { apiVersion: 'argoproj.io/v1alpha1', kind: 'ApplicationSet', namespace: NAMESPACE, name: 'all' };

  it('gets a condition that says it is not yet generated, once', async () => {
    const { apiVersion, kind, ...metadata } = ref;
    await ground.client.create({
      apiVersion,
      kind,
      metadata,
      spec: {
        generators: [{ list: { elements: [] } }],
        template: { metadata: {}, spec: { project: 'default', destination: {} } },
      },
    });
    await ground.hawser.resume();
    await ground.hawser.idle();
    const first = await ground.client.get(ref);
    expect(at(first, 'status', 'conditions')).toMatchObject([
      { reason: 'NotYetGenerated', message: expect.stringContaining('not yet generated') },
    ]);
    await ground.request('POST', '/api/refresh', { all: true });
    await ground.hawser.idle();
    expect((await ground.client.get(ref))?.metadata.resourceVersion).toBe(first?.metadata.resourceVersion);
  });
});
