// A sync that is asked for, of objects that are as Git says: one list shows them, as of the request itself.

import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ClusterTransport } from '../../src/platform.ts';
import type { SandboxRepository } from '../../src/sandbox/git/repository.ts';
import type { Behaviour } from '../support/behaviours.ts';
import { createGround, type Ground } from '../support/ground.ts';

const OBJECTS = 30;
const NAME = 'requested';

const configMap = (index: number) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: own-${index}}\ndata: {index: "${index}"}\n`;

const behaviour: Behaviour = (cluster) => {
  let ground: Ground;
  let repository: SandboxRepository;
  const namespace = cluster.freshNamespace(NAME);
  const sent: string[] = [];
  /** What was sent about ConfigMaps of the Application's namespace since the last call. */
  const asked = () => sent.splice(0).filter((line) => line.includes(`/namespaces/${namespace}/configmaps`));

  beforeAll(async () => {
    const transport: ClusterTransport = {
      server: cluster.transport.server,
      fetch: (path, init) => {
        sent.push(`${init?.method ?? 'GET'} ${path}`);
        return cluster.transport.fetch(path, init);
      },
    };
    ground = await createGround(transport, { namespace: cluster.freshNamespace('argocd') });
    const files = Array.from({ length: OBJECTS }, (_, index) => [`${index}.yaml`, configMap(index)]);
    repository = await ground.createRepository(`devops/${NAME}`, Object.fromEntries(files));
    await ground.createApplication({ name: NAME, path: '.', repository, destinationNamespace: namespace });
    await ground.sync(NAME);
    await ground.sync(NAME);
    asked();
  });
  afterAll(async () => ground.close());

  it('is one list, and no request an object', async () => {
    const { status } = await ground.sync(NAME);
    expect(status.operationState?.phase).toBe('Succeeded');
    expect(asked()).toEqual([expect.stringMatching(/configmaps\?.*resourceVersionMatch=Exact/)]);
  });

  it('sees what somebody changed just before', async () => {
    const ref = { apiVersion: 'v1', kind: 'ConfigMap', namespace, name: 'own-3' };
    await ground.client.patch(ref, { data: { index: 'by hand' } }, { type: 'merge' });
    await ground.client.remove({ ...ref, name: 'own-4' });
    const { status } = await ground.sync(NAME);
    expect(status.sync?.status).toBe('Synced');
    expect((await ground.get('v1', 'ConfigMap', namespace, 'own-3'))?.data).toEqual({ index: '3' });
    expect((await ground.get('v1', 'ConfigMap', namespace, 'own-4'))?.data).toEqual({ index: '4' });
  });

  it('asks for each object where the namespace is full of others', async () => {
    const others = Array.from({ length: 3 * OBJECTS }, (_, index) => `another-${index}`);
    await Promise.all(
      others.map((name) =>
        ground.client.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace } }),
      ),
    );
    asked();
    const { status } = await ground.sync(NAME);
    expect(status.sync?.status).toBe('Synced');
    const lines = asked();
    expect(lines.filter((line) => line.includes('/configmaps?'))).toHaveLength(1);
    expect(lines.filter((line) => line.includes('/configmaps/own-'))).toHaveLength(OBJECTS);
  });

  it('lists nothing for what asks for a refresh alone', async () => {
    await ground.refresh(NAME);
    expect(asked().filter((line) => line.includes('/configmaps?'))).toEqual([]);
  });
};

export default behaviour;
