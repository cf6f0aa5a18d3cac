// What became of an Application is written as exactly what changed, whatever somebody else wrote a moment before.

import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ClusterTransport } from '../../src/platform.ts';
import type { SandboxRepository } from '../../src/sandbox/git/repository.ts';
import type { Behaviour } from '../support/behaviours.ts';
import { createGround, type Ground } from '../support/ground.ts';

const NAME = 'recorded';

const behaviour: Behaviour = (cluster) => {
  let ground: Ground;
  let repository: SandboxRepository;
  const namespace = cluster.freshNamespace(NAME);
  const home = cluster.freshNamespace('argocd');
  const ref = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', namespace: home, name: NAME };
  /** Runs before the next write of hawser's to the Application. */
  let justBefore: (() => Promise<unknown>) | undefined;

  beforeAll(async () => {
    const transport: ClusterTransport = {
      server: cluster.transport.server,
      fetch: async (path, init) => {
        const act = justBefore;
        if (act && init?.method === 'PATCH' && path.includes(`/namespaces/${home}/applications/${NAME}`)) {
          justBefore = undefined;
          await act();
        }
        return cluster.transport.fetch(path, init);
      },
    };
    ground = await createGround(transport, { namespace: home });
    repository = await ground.createRepository(`devops/${NAME}`, { 'one.yaml': configMap('one') });
    await ground.createApplication({
      name: NAME,
      path: '.',
      repository,
      destinationNamespace: namespace,
      automated: {},
    });
    await ground.refresh(NAME);
  });
  afterAll(async () => ground.close());

  it('keeps fields that it knows nothing of', async () => {
    await ground.commit(repository, { 'two.yaml': configMap('two') });
    justBefore = () => ground.client.patch(ref, { status: { controllerNamespace: 'elsewhere' } }, { type: 'merge' });
    await ground.refresh(NAME);
    const { status } = await ground.application(NAME);
    expect(justBefore).toBeUndefined();
    expect(status).toMatchObject({ controllerNamespace: 'elsewhere', sync: { status: 'Synced' } });
    expect(status.resources?.map(({ name }) => name)).toEqual(['one', 'two']);
  });

  it('comes through where the status was emptied meanwhile', async () => {
    await ground.commit(repository, { 'three.yaml': configMap('three') });
    justBefore = () => ground.client.patch(ref, { status: null }, { type: 'merge' });
    await ground.refresh(NAME);
    const { status } = await ground.application(NAME);
    expect(justBefore).toBeUndefined();
    expect(status.operationState?.phase).toBe('Succeeded');
    expect(status.resources?.map(({ name }) => name)).toEqual(['one', 'three', 'two']);
    expect(await ground.get('v1', 'ConfigMap', namespace, 'three')).toBeDefined();
  });
};

const configMap = (name: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\n`;

export default behaviour;
