// A CRD and objects of its kind, or a Namespace and what is in it, in one push.

import { expect, it } from 'vitest';
import { refOf } from '../../src/kube/resource.ts';
import type { Behaviour } from '../support/behaviours.ts';
import { configMap, object, service, WAVE, widget, widgetDefinition } from '../support/objects.ts';
import { openSyncGrounds, writes } from '../support/sync-ground.ts';

const behaviour: Behaviour = (cluster) => {
  const ground = openSyncGrounds(cluster);

  let made = 0;
  const freshSuffix = () => `${Date.now().toString(36)}${made++}`;
  const refused = 'one or more objects failed to apply (dry run)';

  it('applies a CRD and an object of its kind in one go', async () => {
    const { sync, client, namespace } = await ground();
    const suffix = freshSuffix();
    const one = widget(suffix, 'w', { size: 1 });
    const outcome = await sync([one, widgetDefinition(suffix)]);
    expect(outcome).toMatchObject({
      phase: 'Succeeded',
      results: [{ kind: 'CustomResourceDefinition' }, { kind: one.kind }],
    });
    expect(await client.get({ ...refOf(one), namespace })).toMatchObject({ spec: { size: 1 } });
    await client.remove(refOf(widgetDefinition(suffix)));
  });

  const misfits: readonly { title: string; spec: object; message: string }[] = [
    { title: 'a value is too large', spec: { size: 11 }, message: 'should be less than or equal to 10' },
    { title: 'a value is of another type', spec: { size: 'x' }, message: 'must be of type integer' },
    { title: 'a field is unknown', spec: { colour: 1 }, message: '.spec.colour: field not declared in schema' },
  ];
  for (const { title, spec, message } of misfits) {
    it(`writes nothing when ${title} by the schema of the CRD that comes with the object`, async () => {
      const { sync, sent } = await ground();
      const suffix = freshSuffix();
      sent();
      const outcome = await sync([widget(suffix, 'w', spec), widgetDefinition(suffix)]);
      expect(outcome).toMatchObject({ phase: 'Failed', message: refused });
      expect(outcome.results).toMatchObject([{ status: 'SyncFailed', message: expect.stringContaining(message) }]);
      expect(writes(sent())).toEqual([]);
    });
  }

  it('makes a Namespace before what is in it', async () => {
    const { sync, client, namespace } = await ground();
    const name = `${namespace}-b`;
    const inside = { ...configMap('a', { k: '1' }), metadata: { name: 'a', namespace: name } };
    const outcome = await sync([inside, object('v1', 'Namespace', name, {})]);
    expect(outcome).toMatchObject({ phase: 'Succeeded', results: [{ kind: 'Namespace' }, { kind: 'ConfigMap' }] });
    await client.remove({ apiVersion: 'v1', kind: 'Namespace', name });
  });

  it('finds what is wrong with an object before it makes the Namespace for it', async () => {
    const { sync, client, namespace, sent } = await ground();
    const name = `${namespace}-b`;
    const broken = service('a', { ports: [{ port: 99_999 }] });
    sent();
    const outcome = await sync([
      { ...broken, metadata: { name: 'a', namespace: name } },
      object('v1', 'Namespace', name, {}),
    ]);
    expect(outcome).toMatchObject({ phase: 'Failed', message: refused });
    expect(outcome.results).toMatchObject([{ kind: 'Service', message: expect.stringContaining('99999') }]);
    expect(writes(sent())).toEqual([]);
    expect(await client.get({ apiVersion: 'v1', kind: 'Namespace', name })).toBeUndefined();
  });

  it('tries it again in the Namespace itself, before anything else of its wave is written', async () => {
    const status = { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason: 'Forbidden', code: 403 };
    const answer = JSON.stringify({ ...status, message: 'not in this namespace' });
    let isThere = false;
    const { sync, client, namespace, live } = await ground({
      gate: (transport) => ({
        server: transport.server,
        fetch: async (path, init) => {
          const isDry = path.includes('dryRun=All');
          if (isThere && isDry && /-b\/configmaps\//.test(path)) return new Response(answer, { status: 403 });
          if (!isDry && init?.method === 'PATCH' && /\/namespaces\/[^/]*-b\?/.test(path)) isThere = true;
          return transport.fetch(path, init);
        },
      }),
    });
    const name = `${namespace}-b`;
    const inside = { ...configMap('a', {}), metadata: { name: 'a', namespace: name, annotations: { [WAVE]: '1' } } };
    const outcome = await sync([
      object('v1', 'Namespace', name, {}, { [WAVE]: '0' }),
      inside,
      configMap('beside', {}, { [WAVE]: '1' }),
    ]);
    expect(outcome).toMatchObject({ phase: 'Failed', message: expect.stringContaining('not in this namespace') });
    expect(outcome.results).toMatchObject([
      { kind: 'Namespace', status: 'Synced' },
      { name: 'a', status: 'SyncFailed' },
    ]);
    expect(await live('ConfigMap', 'beside')).toBeUndefined();
    await client.remove({ apiVersion: 'v1', kind: 'Namespace', name });
  });
};

export default behaviour;
