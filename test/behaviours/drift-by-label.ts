// Drift of objects that name their Application by a label alone (`application.resourceTrackingMethod: label`): the API server is asked to
// tell of them by another webhook.

import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Behaviour } from '../support/behaviours.ts';
import { createDriftGround, type DriftGround } from '../support/drift-ground.ts';

const FILES = { 'a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {key: git}\n' };
const LABEL = 'example.com/instance';

const behaviour: Behaviour = (cluster) => {
  let drift: DriftGround;
  beforeAll(async () => {
    drift = await createDriftGround(cluster, 'warn', {
      'application.resourceTrackingMethod': 'label',
      'application.instanceLabelKey': LABEL,
    });
    await drift.deploy('labelled', FILES);
  });
  afterAll(async () => drift.close());

  it('an edit is warned of, shown and recorded', async () => {
    const { warnings } = await drift.edit('labelled', 'ConfigMap', 'settings', { data: { key: 'hand' } });
    expect(warnings).toContain('belongs to the Application labelled');
    await drift.isOutOfSync('labelled');
    await drift.ground.hawser.idle();
    expect(await drift.record('labelled')).toMatchObject([{ name: 'settings', fields: [{ path: '/data/key' }] }]);
    await drift.ground.sync('labelled');
  });

  it("the label on somebody else's object means nothing", async () => {
    const namespace = drift.namespaceOf('labelled');
    const metadata = { name: 'theirs', namespace, labels: { [LABEL]: 'labelled' } };
    await drift.ground.client.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { key: 'a' } });
    const { warnings } = await drift.edit('labelled', 'ConfigMap', 'theirs', { data: { key: 'b' } });
    expect(warnings).toBe('');
  });

  it('a label that is taken away is seen', async () => {
    const patch = { metadata: { labels: { [LABEL]: null } } };
    const { warnings } = await drift.edit('labelled', 'ConfigMap', 'settings', patch);
    expect(warnings).toContain('belongs to the Application labelled');
    await drift.isOutOfSync('labelled');
  });
};

export default behaviour;
