// An object that passes its dry run and fails to be applied, in the middle of a sync.

import { expect, it } from 'vitest';
import type { Behaviour } from '../support/behaviours.ts';
import { type Annotations, configMap, deployment, service, WAVE } from '../support/objects.ts';
import { messages, openSyncGrounds } from '../support/sync-ground.ts';

const behaviour: Behaviour = (cluster) => {
  const ground = openSyncGrounds(cluster);

  const fixedPort = (name: string, nodePort: number, annotations: Annotations = {}) =>
    service(name, { type: 'NodePort', ports: [{ port: 80, nodePort }] }, annotations);

  it('ends the sync after its wave, with what was applied and why the rest was not', async () => {
    const { sync, live } = await ground();
    const outcome = await sync([
      configMap('before', {}, { [WAVE]: '-1' }),
      // Each may have the port as long as the other is not there.
      fixedPort('one', 30_047),
      fixedPort('two', 30_047),
      deployment('nginx:1', 0),
      configMap('later', {}, { [WAVE]: '1' }),
    ]);
    expect(outcome).toMatchObject({
      phase: 'Failed',
      message: expect.stringContaining('provided port is already allocated'),
    });
    const services = outcome.results.filter(({ kind }) => kind === 'Service');
    expect(services.map(({ status }) => status).sort()).toEqual(['SyncFailed', 'Synced']);
    expect(messages(outcome)).toMatchObject({
      'ConfigMap/before': 'configmap/before created',
      // The next kind of the same wave is tried all the same.
      'Deployment/web': 'deployment.apps/web created',
    });
    expect(await live('ConfigMap', 'later')).toBeUndefined();
  });

  it('goes on in the next sync where it was', async () => {
    const { sync, live } = await ground();
    const targets = (port: number) => [
      fixedPort('one', 30_048, { [WAVE]: '-1' }),
      fixedPort('two', port),
      configMap('later', {}, { [WAVE]: '1' }),
    ];
    expect(await sync(targets(30_048))).toMatchObject({ phase: 'Failed' });
    expect(await sync(targets(30_049))).toMatchObject({ phase: 'Succeeded' });
    expect(await live('ConfigMap', 'later')).toBeDefined();
  });
};

export default behaviour;
