// An Application of 1,000 objects, from its first sync to the last object's going.

import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Behaviour } from '../support/behaviours.ts';
import { createGround, type Ground } from '../support/ground.ts';

const OBJECTS = 1_000;

const behaviour: Behaviour = (cluster) => {
  let ground: Ground;
  const namespace = cluster.freshNamespace('many');
  beforeAll(async () => {
    ground = await createGround(cluster.transport, { namespace: cluster.freshNamespace('argocd') });
  });
  afterAll(async () => ground.close());

  const configMap = (index: number, value: string) =>
    JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: `cm-${index}` }, data: { value } });
  const manifests = (values: readonly string[]) =>
    `${values.map((value, at) => configMap(at, value)).join('\n---\n')}\n`;
  const countLive = async () => {
    const { items } = await ground.client.list(
      { apiVersion: 'v1', kind: 'ConfigMap' },
      { namespace, metadataOnly: true },
    );
    return items.filter(({ metadata }) => metadata.name?.startsWith('cm-')).length;
  };

  it('is synced, changed in one place, and pruned as any other', { timeout: 120_000 }, async () => {
    const values = Array.from({ length: OBJECTS }, () => 'a');
    const repository = await ground.createRepository('devops/many', { 'all.yaml': manifests(values) });
    const syncOptions = ['CreateNamespace=true'];
    await ground.createApplication({
      name: 'many',
      path: '.',
      repository,
      destinationNamespace: namespace,
      syncOptions,
    });

    const { status } = await ground.sync('many');
    expect(status.operationState?.message).toBe('successfully synced (all tasks run)');
    expect(status.sync?.status).toBe('Synced');
    expect(status.resources).toHaveLength(OBJECTS);
    expect(await countLive()).toBe(OBJECTS);

    await ground.push(repository, { 'all.yaml': manifests(values.with(500, 'b')) });
    const changed = await ground.sync('many');
    expect(changed.status.sync?.status).toBe('Synced');
    const written = (changed.status.operationState?.syncResult?.resources ?? []).filter(({ message }) => {
      return !message?.endsWith(' unchanged');
    });
    expect(written.map(({ name, message }) => [name, message])).toEqual([['cm-500', 'configmap/cm-500 configured']]);

    await ground.push(repository, { 'all.yaml': manifests(values.slice(0, 600)) });
    const pruned = await ground.sync('many', { prune: true });
    expect(pruned.status.operationState?.phase).toBe('Succeeded');
    expect(pruned.status.sync?.status).toBe('Synced');
    expect(await countLive()).toBe(600);
  });
};

export default behaviour;
