// The order in which what left Git goes.

import { expect, it } from 'vitest';
import type { Behaviour } from '../support/behaviours.ts';
import { type Annotations, configMap, OPTIONS, WAVE } from '../support/objects.ts';
import { openSyncGrounds, writes } from '../support/sync-ground.ts';

const behaviour: Behaviour = (cluster) => {
  const ground = openSyncGrounds(cluster);

  const deletions = (requests: readonly string[]) =>
    requests.flatMap((line) => /^DELETE .*\/(\w+)/.exec(line)?.[1] ?? []);

  it('deletes in the mirrored order of the waves', async () => {
    const { sync, sent } = await ground();
    const all = ['1', '5', '-3'].map((wave, index) => configMap(`wave${index}`, {}, { [WAVE]: wave }));
    await sync(all);
    sent();
    expect(await sync([configMap('kept', {})])).toMatchObject({ phase: 'Succeeded' });
    expect(deletions(sent())).toEqual(['wave1', 'wave0', 'wave2']);
  });

  it('waits for what a wave deletes before it deletes the next one', async () => {
    const { sync, edit, live, sent } = await ground();
    await sync([configMap('first', {}, { [WAVE]: '1' }), configMap('second', {}, { [WAVE]: '0' })]);
    await edit('ConfigMap', 'first', { metadata: { finalizers: ['example.com/hold'] } });
    sent();
    let isHeld = false;
    const outcome = await sync([configMap('kept', {}, { [WAVE]: '2' })], {
      run: {
        onStep: async ({ message }) => {
          if (isHeld || message !== 'waiting for deletion of /ConfigMap/first') return;
          isHeld = true;
          expect(await live('ConfigMap', 'second')).not.toHaveProperty('metadata.deletionTimestamp');
          await edit('ConfigMap', 'first', { metadata: { finalizers: null } });
        },
      },
    });
    expect(outcome).toMatchObject({ phase: 'Succeeded' });
    expect(isHeld).toBe(true);
    expect(deletions(sent())).toEqual(['first', 'second']);
  });

  const last: readonly { title: string; own: Annotations | undefined; syncOptions: readonly string[] }[] = [
    { title: 'the Application', own: undefined, syncOptions: ['PruneLast=true'] },
    { title: 'the object itself', own: { [OPTIONS]: 'PruneLast=true' }, syncOptions: [] },
  ];
  for (const { title, own, syncOptions } of last) {
    it(`deletes last of all where ${title} says PruneLast=true`, async () => {
      const { sync, sent } = await ground();
      const kept = (data: object) => [configMap('a', data), configMap('b', data, { [WAVE]: '3' })];
      await sync([...kept({}), configMap('gone', {}, own)]);
      sent();
      await sync(kept({ k: '1' }), { compare: { syncOptions } });
      const order = writes(sent()).map((line) => /\/configmaps\/(\w+)/.exec(line)?.[1]);
      expect(order).toEqual(['a', 'b', 'gone']);
    });
  }
};

export default behaviour;
