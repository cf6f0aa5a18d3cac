// RespectIgnoreDifferences=true: ignored fields keep the values that they have in the cluster.

import { expect, it } from 'vitest';
import { at } from '../../src/base/json.ts';
import type { Behaviour } from '../support/behaviours.ts';
import { deployment } from '../support/objects.ts';
import { openSyncGrounds } from '../support/sync-ground.ts';

const behaviour: Behaviour = (cluster) => {
  const ground = openSyncGrounds(cluster);

  it('keeps the values of ignored fields when it respects them', async () => {
    const { sync, edit, live } = await ground();
    const ignoreDifferences = [{ group: 'apps', kind: 'Deployment', jsonPointers: ['/spec/replicas'] }];
    await sync([deployment('nginx:1')]);
    await edit('Deployment', 'web', { spec: { replicas: 3 } });
    await sync([deployment('nginx:2')], {
      compare: { ignoreDifferences, syncOptions: ['RespectIgnoreDifferences=true'] },
    });
    const respected = await live('Deployment', 'web');
    expect(at(respected, 'spec', 'replicas')).toBe(3);
    expect(at(respected, 'spec', 'template', 'spec', 'containers', 0, 'image')).toBe('nginx:2');
    await sync([deployment('nginx:3')], { compare: { ignoreDifferences } });
    expect(at(await live('Deployment', 'web'), 'spec', 'replicas')).toBe(1);
  });
};

export default behaviour;
