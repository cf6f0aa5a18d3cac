// Whose an object is, by annotation, label or both, and with an installation's id: what is pruned and deleted, and what never is.

import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Behaviour } from '../support/behaviours.ts';
import { createGround, type Ground } from '../support/ground.ts';

const TRACKING_ID = 'argocd.argoproj.io/tracking-id';
const INSTALLATION = 'argocd.argoproj.io/installation-id';
const LABEL = 'app.kubernetes.io/instance';
const SOON = { timeout: 20_000, interval: 50 };

const configMap = (name: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata: {a: b}\n`;

interface Marks {
  readonly id?: string;
  readonly installation?: string;
  readonly label?: string;
}

const behaviour: Behaviour = (cluster) => {
  let ground: Ground;
  beforeAll(async () => {
    ground = await createGround(cluster.transport, { namespace: cluster.freshNamespace('argocd') });
  });
  afterAll(async () => ground.close());

  async function configure(data: Readonly<Record<string, string>>): Promise<void> {
    const ref = { apiVersion: 'v1', kind: 'ConfigMap', namespace: ground.namespace, name: 'argocd-cm' };
    await ground.client.remove(ref);
    await ground.client.create({ ...ref, metadata: { namespace: ref.namespace, name: ref.name }, data });
  }

  async function deployed(name: string, files: Readonly<Record<string, string>>) {
    const namespace = cluster.freshNamespace(name);
    const repository = await ground.createRepository(`devops/${name}`, files);
    await ground.createApplication({
      name,
      path: '.',
      repository,
      destinationNamespace: namespace,
      syncOptions: ['CreateNamespace=true'],
    });
    await ground.sync(name);
    const live = (object: string) => ground.get('v1', 'ConfigMap', namespace, object);
    return {
      namespace,
      repository,
      live,
      marksOf: async (object: string): Promise<Marks> => {
        const { annotations = {}, labels = {} } = (await live(object))?.metadata ?? {};
        const { [TRACKING_ID]: id, [INSTALLATION]: installation } = annotations;
        const { [LABEL]: label } = labels;
        return { ...(id && { id }), ...(installation && { installation }), ...(label && { label }) };
      },
      /** By another hand. */
      mark: (object: string, annotations: Record<string, string>, labels: Record<string, string> = {}) =>
        ground.client.patch(
          { apiVersion: 'v1', kind: 'ConfigMap', namespace, name: object },
          { metadata: { annotations, labels } },
          { type: 'merge' },
        ),
    };
  }

  async function removed(name: string): Promise<void> {
    await ground.request('DELETE', `/api/v1/applications/${name}?propagationPolicy=background`);
    const ref = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', namespace: ground.namespace, name };
    await vi.waitFor(async () => expect(await ground.client.get(ref)).toBeUndefined(), SOON);
  }

  const METHODS: readonly {
    readonly method: string;
    readonly name: string;
    readonly marks: (id: string, name: string) => Marks;
    readonly foreign: (id: string) => readonly [annotations: Record<string, string>, labels: Record<string, string>];
  }[] = [
    {
      method: 'annotation',
      name: 'by-annotation',
      marks: (id) => ({ id }),
      foreign: (id) => [{ [TRACKING_ID]: id }, {}],
    },
    {
      method: 'label',
      name: 'by-label',
      marks: (_, label) => ({ label }),
      foreign: () => [{}, { [LABEL]: 'other' }],
    },
    {
      method: 'annotation+label',
      name: 'by-both',
      marks: (id, label) => ({ id, label }),
      foreign: (id) => [{ [TRACKING_ID]: id }, { [LABEL]: 'other' }],
    },
  ];
  describe.each(METHODS)('by $method', ({ method, name, marks, foreign }) => {
    it('objects are marked, pruned and deleted, and what was given to another Application stays', async () => {
      await configure({ 'application.resourceTrackingMethod': method });
      const files = { 'a.yaml': configMap('kept'), 'b.yaml': configMap('leaving'), 'c.yaml': configMap('given') };
      const made = await deployed(name, files);
      expect(await made.marksOf('kept')).toEqual(marks(`${name}:/ConfigMap:${made.namespace}/kept`, name));
      await made.mark('given', ...foreign(`other:/ConfigMap:${made.namespace}/given`));

      await ground.commit(made.repository, { 'b.yaml': null, 'c.yaml': null });
      const { status } = await ground.sync(name, { prune: true });

      expect(status.sync?.status).toBe('Synced');
      expect(await made.live('leaving')).toBeUndefined();
      expect(await made.live('given')).toBeDefined();
      await removed(name);
      expect(await made.live('kept')).toBeUndefined();
      expect(await made.live('given')).toBeDefined();
    });
  });

  it('the move from labels to annotations shows nothing OutOfSync, and the next sync writes the annotation', async () => {
    await configure({ 'application.resourceTrackingMethod': 'label' });
    const { marksOf, namespace } = await deployed('moving', { 'a.yaml': configMap('a') });
    expect(await marksOf('a')).toEqual({ label: 'moving' });

    await configure({ 'application.resourceTrackingMethod': 'annotation' });
    await ground.refresh('moving');
    expect((await ground.application('moving')).status.sync?.status).toBe('Synced');
    await ground.sync('moving');
    expect(await marksOf('a')).toMatchObject({ id: `moving:/ConfigMap:${namespace}/a` });
  });

  it('another installation’s Application of the same name loses nothing', async () => {
    await configure({ installationID: 'north' });
    const files = { 'a.yaml': configMap('stays'), 'b.yaml': configMap('taken') };
    const { marksOf, mark, live, repository, namespace } = await deployed('twins', files);
    const id = `twins:/ConfigMap:${namespace}/taken`;
    expect(await marksOf('taken')).toEqual({ id, installation: 'north' });
    await mark('taken', { [INSTALLATION]: 'south' });

    await ground.commit(repository, { 'b.yaml': null });
    await ground.sync('twins', { prune: true });
    expect(await marksOf('taken')).toEqual({ id, installation: 'south' });

    await removed('twins');
    expect(await live('stays')).toBeUndefined();
    expect(await live('taken')).toBeDefined();
  });

  it('a copy that carries another object’s id, and what has an owner, are nobody’s to prune', async () => {
    await configure({});
    const { live, mark, repository, namespace } = await deployed('copies', {
      'a.yaml': configMap('source'),
      'b.yaml': configMap('copy'),
      'c.yaml': configMap('owned'),
    });
    await mark('copy', { [TRACKING_ID]: `copies:/ConfigMap:${namespace}/source` });
    const owner = await live('source');
    const ownerReferences = [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'source', uid: owner?.metadata.uid ?? '' }];
    await ground.client.patch(
      { apiVersion: 'v1', kind: 'ConfigMap', namespace, name: 'owned' },
      { metadata: { ownerReferences } },
      { type: 'merge' },
    );

    await ground.commit(repository, { 'b.yaml': null, 'c.yaml': null });
    await ground.sync('copies', { prune: true });

    expect(await live('copy')).toBeDefined();
    expect(await live('owned')).toBeDefined();
  });
};

export default behaviour;
