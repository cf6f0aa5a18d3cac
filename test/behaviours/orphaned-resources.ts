// A project that asks for it is told of objects in the destination namespace that belong to no Application; no other is looked at.

import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { JsonObject } from '../../src/base/json.ts';
import type { Behaviour } from '../support/behaviours.ts';
import { createGround, type Ground } from '../support/ground.ts';

const behaviour: Behaviour = (cluster) => {
  let ground: Ground;
  let namespace: string;
  const paths: string[] = [];

  beforeAll(async () => {
    const { transport } = cluster;
    const recording = {
      server: transport.server,
      fetch: (path: string, init?: RequestInit) => {
        paths.push(`${init?.method ?? 'GET'} ${path}`);
        return transport.fetch(path, init);
      },
    };
    ground = await createGround(recording, { namespace: cluster.freshNamespace('argocd') });
  });
  afterAll(async () => ground.close());
  beforeEach(async () => {
    namespace = cluster.freshNamespace('orphaned');
    await ground.client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  });

  const configMap = (name: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\ndata: {a: b}\n`;
  const createMap = (name: string, metadata: JsonObject = {}) =>
    ground.client.create({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { ...metadata, name, namespace },
      data: {},
    });

  async function deploy(name: string, orphanedResources?: JsonObject, files: Record<string, string> = {}) {
    await ground.client.create({
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'AppProject',
      metadata: { name, namespace: ground.namespace },
      spec: {
        sourceRepos: ['*'],
        destinations: [{ server: '*', namespace: '*' }],
        ...(orphanedResources && { orphanedResources }),
      },
    });
    const repository = await ground.createRepository(`devops/${name}`, {
      'a.yaml': configMap('mine'),
      ...files,
    });
    await ground.createApplication({
      name,
      project: name,
      path: '.',
      repository,
      destinationNamespace: namespace,
      syncOptions: [],
    });
    await ground.refresh(name);
    return warnings(await ground.sync(name));
  }

  function warnings({ status }: Awaited<ReturnType<Ground['application']>>) {
    return (status.conditions ?? [])
      .filter(({ type }) => type === 'OrphanedResourceWarning')
      .map(({ message }) => message);
  }

  async function refreshed(name: string) {
    await ground.refresh(name);
    return warnings(await ground.application(name));
  }

  it('counts what nobody has, with what it owns, and not what the cluster makes in every namespace', async () => {
    expect(await deploy('counting', { warn: true })).toEqual([]);
    const owner = await createMap('strange');
    expect(await refreshed('counting')).toEqual(['Application has 1 orphaned resources']);

    const ownerReferences = [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'strange', uid: owner.metadata.uid ?? '' }];
    await createMap('owned', { ownerReferences });
    expect(await refreshed('counting')).toEqual(['Application has 2 orphaned resources']);

    await ground.client.remove({ apiVersion: 'v1', kind: 'ConfigMap', namespace, name: 'owned' });
    await ground.client.remove({ apiVersion: 'v1', kind: 'ConfigMap', namespace, name: 'strange' });
    expect(await refreshed('counting')).toEqual([]);
  });

  it("hawser's own records are nobody's loss", async () => {
    await deploy('records', { warn: true });
    await createMap('hawser-delivery-1', { labels: { 'hawser.dev/record': 'delivery' } });
    expect(await refreshed('records')).toEqual([]);
  });

  it("another Application's objects are not orphaned, those of one that is gone are", async () => {
    expect(await deploy('first', { warn: true })).toEqual([]);
    const trackedBy = (instance: string, name: string) => ({
      annotations: { 'argocd.argoproj.io/tracking-id': `${instance}:/ConfigMap:${namespace}/${name}` },
    });
    await deploy('second');
    await createMap('of-second', trackedBy('second', 'of-second'));
    expect(await refreshed('first')).toEqual([]);
    await createMap('of-nobody', trackedBy('gone', 'of-nobody'));
    expect(await refreshed('first')).toEqual(['Application has 1 orphaned resources']);
  });

  it('leaves out what the project ignores, by group, kind and name', async () => {
    expect(await deploy('ignoring', { warn: true, ignore: [{ group: '', kind: 'ConfigMap', name: 'tmp-*' }] })).toEqual(
      [],
    );
    await createMap('tmp-1');
    expect(await refreshed('ignoring')).toEqual([]);
    await createMap('kept');
    expect(await refreshed('ignoring')).toEqual(['Application has 1 orphaned resources']);
  });

  it('a claim belongs to the StatefulSet that its name ends with', async () => {
    const web = `apiVersion: apps/v1
kind: StatefulSet
metadata: {name: web}
spec:
  replicas: 0
  serviceName: web
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: example.com/web}]}
`;
    expect(await deploy('claims', { warn: true }, { 'web.yaml': web })).toEqual([]);
    const createClaim = (name: string) =>
      ground.client.create({
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        metadata: { name, namespace },
        spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
      });
    await createClaim('data-web-0');
    expect(await refreshed('claims')).toEqual([]);
    await createClaim('data-other-0');
    expect(await refreshed('claims')).toEqual(['Application has 1 orphaned resources']);
  });

  it.each([
    ['says nothing of orphaned resources', 'silent', undefined],
    ['does not want to be warned', 'unwarned', { warn: false }],
  ])('a project that %s makes nobody list a namespace', async (_, name, rules) => {
    await deploy(name, rules);
    await createMap('strange');
    paths.length = 0;
    expect(await refreshed(name)).toEqual([]);
    expect(paths.filter((path) => path.includes(`/namespaces/${namespace}/`) && path.includes('?limit='))).toEqual([]);
  });
};

export default behaviour;
