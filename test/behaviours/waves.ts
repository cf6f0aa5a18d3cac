// One wave after another, each once the one before is healthy.

import { expect, it } from 'vitest';
import type { Behaviour } from '../support/behaviours.ts';
import { configMap, HOOK, job, service, WAVE } from '../support/objects.ts';
import { openSyncGrounds, type SyncGround, writes } from '../support/sync-ground.ts';

const behaviour: Behaviour = (cluster) => {
  const ground = openSyncGrounds(cluster);

  const balanced = service('lb', { type: 'LoadBalancer' }, { [WAVE]: '0' });
  const late = configMap('late', { k: '1' }, { [WAVE]: '1' });
  const give = (made: SyncGround) =>
    made.edit('Service', 'lb', { status: { loadBalancer: { ingress: [{ ip: '10.0.0.1' }] } } }, 'status');

  it('apply the next wave once the one before is healthy', async () => {
    const made = await ground();
    const steps: string[] = [];
    const outcome = await made.sync([balanced, late], {
      run: {
        onStep: async ({ message, results }) => {
          steps.push(`${results.length} ${message}`);
          if (results.length === 1) await give(made);
        },
      },
    });
    expect(outcome).toMatchObject({ phase: 'Succeeded', results: [{ name: 'lb' }, { name: 'late' }] });
    expect(steps[0]).toBe('1 waiting for healthy state of /Service/lb');
  });

  it('give the call back at its bound, and go on where they were', async () => {
    const made = await ground();
    const first = await made.sync([balanced, late], { run: { waitMs: 200 } });
    expect(first).toMatchObject({ phase: 'Running', results: [{ name: 'lb' }] });
    await give(made);
    made.sent();
    const second = await made.sync([balanced, late], { run: { recorded: first.results } });
    expect(second).toMatchObject({
      phase: 'Succeeded',
      results: [{ name: 'lb', hookPhase: 'Succeeded' }, { name: 'late' }],
    });
    expect(writes(made.sent())).toHaveLength(1);
  });

  it('end between two waves when a newer push supersedes them', async () => {
    const made = await ground();
    let steps = 0;
    const outcome = await made.sync([configMap('a', {}), late], {
      run: {
        onStep: async () => {
          steps++;
        },
        isSuperseded: () => steps > 0,
      },
    });
    expect(outcome).toMatchObject({ superseded: true, phase: 'Failed', results: [{ name: 'a' }] });
    expect(await made.live('ConfigMap', 'late')).toBeUndefined();
  });

  it('say that an object is missing which they wait for', async () => {
    const made = await ground();
    const outcome = await made.sync([balanced, late], {
      run: {
        onStep: async ({ results }) => {
          if (results.length === 1 && results[0]?.hookPhase === 'Running') {
            await made.client.remove({ apiVersion: 'v1', kind: 'Service', name: 'lb', namespace: made.namespace });
          }
        },
      },
    });
    expect(outcome).toMatchObject({
      phase: 'Failed',
      message: expect.stringContaining('Resource /Service/lb is missing, it might have been deleted'),
    });
  });

  it('go on where nobody may watch', async () => {
    const made = await ground({
      gate: (transport) => ({
        server: transport.server,
        fetch: async (path, init) =>
          path.includes('watch=true') ? new Response('{}', { status: 403 }) : transport.fetch(path, init),
      }),
    });
    const running = made.sync([balanced, late]);
    await expect.poll(() => made.live('Service', 'lb')).toBeDefined();
    await give(made);
    expect(await running).toMatchObject({ phase: 'Succeeded', results: [{ name: 'lb' }, { name: 'late' }] });
  });

  it('ask whether they may go on when they are woken', async () => {
    const made = await ground();
    const wake = new AbortController();
    const running = made.sync([balanced, late], {
      run: { wake: () => wake.signal, isTerminating: () => wake.signal.aborted, onStep: async () => wake.abort() },
    });
    expect(await running).toMatchObject({
      phase: 'Failed',
      message: 'Operation terminated',
      results: [{ name: 'lb' }],
    });
  });

  it('return between two steps what keeps them from going on', async () => {
    const made = await ground();
    const outcome = await made.sync([balanced, late], { run: { blockedBy: () => 'not now' } });
    expect(outcome).toMatchObject({ phase: 'Running', message: 'not now', until: 'permission', results: [] });
    expect(await made.live('Service', 'lb')).toBeUndefined();
  });

  it('end in an error, their hooks with them, when somebody objects after one', async () => {
    const made = await ground();
    const outcome = await made.sync([configMap('a', {}), job('run', { [HOOK]: 'Sync' }), late], {
      run: { afterWave: async ({ wave }) => (wave === 0 ? 'not further' : undefined) },
    });
    expect(outcome).toMatchObject({ phase: 'Error', message: 'SyncWaveHook failed: not further' });
    await made.gone('Job', 'run');
    expect(await made.live('ConfigMap', 'late')).toBeUndefined();
  });
};

export default behaviour;
