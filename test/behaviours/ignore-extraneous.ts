// An object with `compare-options: IgnoreExtraneous` that Git does not have: shown OutOfSync, and the Application stays Synced.

import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Behaviour } from '../support/behaviours.ts';
import { createGround, type Ground } from '../support/ground.ts';

const behaviour: Behaviour = (cluster) => {
  let ground: Ground;
  const namespace = cluster.freshNamespace('extraneous');
  beforeAll(async () => {
    ground = await createGround(cluster.transport, { namespace: cluster.freshNamespace('argocd') });
  });
  afterAll(async () => ground.close());

  it('an object that Git has no more leaves the Application Synced when it asks for it', async () => {
    const configMap = (name: string, annotations = '') =>
      `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n${annotations}data: {a: b}\n`;
    const extraneous = '  annotations: {argocd.argoproj.io/compare-options: IgnoreExtraneous}\n';
    const repository = await ground.createRepository('devops/extraneous', {
      'a.yaml': configMap('kept'),
      'b.yaml': configMap('gone', extraneous),
    });
    await ground.createApplication({
      name: 'extraneous',
      path: '.',
      repository,
      destinationNamespace: namespace,
      syncOptions: ['CreateNamespace=true'],
    });
    await ground.refresh('extraneous');
    await ground.sync('extraneous');
    await ground.push(repository, { 'b.yaml': null });

    const { status } = await ground.application('extraneous');

    expect(status.sync?.status).toBe('Synced');
    expect(status.resources?.find(({ name }) => name === 'gone')).toMatchObject({
      status: 'OutOfSync',
      requiresPruning: true,
    });
  });
};

export default behaviour;
