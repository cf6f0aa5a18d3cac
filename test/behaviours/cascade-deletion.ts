// Deleting an Application: what goes with it and in which order, what stays, what waits for whom, and what hooks run.

import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { parseApplication } from '../../src/application/parse.ts';
import type { Application } from '../../src/application/types.ts';
import type { KubeObject } from '../../src/kube/object.ts';
import type { Behaviour } from '../support/behaviours.ts';
import { createGround, type Ground } from '../support/ground.ts';
import { finishJob } from '../support/jobs.ts';

const RESOURCES = 'resources-finalizer.argocd.argoproj.io';
const HOLD = 'example.com/hold';
const SOON = { timeout: 20_000, interval: 50 };

const configMap = (name: string, annotations: Readonly<Record<string, string>> = {}) =>
  JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, annotations }, data: { a: 'b' } });
const wave = (number: number) => ({ 'argocd.argoproj.io/sync-wave': String(number) });
const option = (value: string) => ({ 'argocd.argoproj.io/sync-options': value });
const hookJob = (name: string, phase: string, policy = 'HookSucceeded') =>
  JSON.stringify({
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name,
      annotations: { 'argocd.argoproj.io/hook': phase, 'argocd.argoproj.io/hook-delete-policy': policy },
    },
    spec: {
      suspend: true,
      template: { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'busybox' }] } },
    },
  });

const behaviour: Behaviour = (cluster) => {
  let ground: Ground;
  const control = cluster.freshNamespace('argocd');
  beforeAll(async () => {
    ground = await createGround(cluster.transport, { namespace: control });
  });
  afterAll(async () => ground.close());

  /** An Application of these files, synced. Every one has a namespace of its own. */
  async function deployed(
    name: string,
    files: Readonly<Record<string, string>>,
    finalizers = [RESOURCES],
    namespace = cluster.freshNamespace(name),
  ) {
    const repository = await ground.createRepository(`devops/${name}`, files);
    await ground.createApplication({
      name,
      path: '.',
      repository,
      destinationNamespace: namespace,
      syncOptions: ['CreateNamespace=true'],
    });
    const ref = refOf(name);
    await ground.client.patch(ref, { metadata: { finalizers } }, { type: 'merge' });
    await ground.sync(name);
    return {
      repository,
      namespace,
      live: (kind: string, object: string, apiVersion = 'v1') => ground.get(apiVersion, kind, namespace, object),
      hold: (kind: string, object: string, isHeld: boolean) =>
        ground.client.patch(
          { apiVersion: 'v1', kind, namespace, name: object },
          { metadata: { finalizers: isHeld ? [HOLD] : null } },
          { type: 'merge' },
        ),
    };
  }
  const refOf = (name: string) => ({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    namespace: control,
    name,
  });
  const read = (name: string) => ground.client.get(refOf(name));
  const remove = async (name: string, query = '') => {
    const answer = await ground.request('DELETE', `/api/v1/applications/${name}${query}`);
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  };
  const isGone = (name: string) => vi.waitFor(async () => expect(await read(name)).toBeUndefined(), SOON);
  const isHeldUp = (name: string, message: string) =>
    vi.waitFor(async () => expect(deletionError(await read(name))).toContain(message), SOON);

  it('hooks whose names were made up go, those of earlier operations too', async () => {
    const hook = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { generateName: 'made-', annotations: { 'argocd.argoproj.io/hook': 'PostSync' } },
    };
    const { namespace } = await deployed('made-up', { 'a.yaml': configMap('low'), 'b.yaml': JSON.stringify(hook) });
    const hooks = async () => {
      const { items } = await ground.client.list({ apiVersion: 'v1', kind: 'ConfigMap' }, { namespace });
      return items.filter(({ metadata }) => metadata.name?.startsWith('made-')).length;
    };
    // The names have the second in which the operation began.
    await vi.waitFor(async () => {
      await ground.sync('made-up');
      expect(await hooks()).toBeGreaterThan(1);
    }, SOON);
    await remove('made-up');
    await isGone('made-up');
    expect(await hooks()).toBe(0);
  });

  it('the highest wave goes first, and the next one when it is gone; who holds it is told', async () => {
    const { live, hold, repository } = await deployed('waves', {
      'a.yaml': configMap('low', wave(-1)),
      'b.yaml': configMap('middle'),
      'c.yaml': configMap('high', wave(3)),
    });
    await hold('ConfigMap', 'high', true);

    await remove('waves');

    await isHeldUp(
      'waves',
      `ConfigMap ${(await live('ConfigMap', 'high'))?.metadata.namespace}/high is held by the finalizer ${HOLD}`,
    );
    expect((await live('ConfigMap', 'high'))?.metadata.deletionTimestamp).toBeDefined();
    expect((await live('ConfigMap', 'middle'))?.metadata.deletionTimestamp).toBeUndefined();
    const { applications } = await ground.push(repository, { 'd.yaml': configMap('never') });
    expect(applications).toMatchObject([{ verdict: 'pending', reason: 'the Application is being deleted' }]);
    await hold('ConfigMap', 'middle', true);
    await hold('ConfigMap', 'high', false);
    await isHeldUp('waves', '/middle');
    expect(await live('ConfigMap', 'high')).toBeUndefined();
    expect((await live('ConfigMap', 'low'))?.metadata.deletionTimestamp).toBeUndefined();
    await hold('ConfigMap', 'middle', false);
    await isGone('waves');
    expect(await live('ConfigMap', 'low')).toBeUndefined();
  });

  it('what asks to be kept stays, and so does what is another Application’s or nobody’s', async () => {
    const { live, namespace } = await deployed('kept', {
      'a.yaml': configMap('gone'),
      'b.yaml': configMap('kept', option('Delete=false')),
      'c.yaml': configMap('kept-by-helm', { 'helm.sh/resource-policy': 'keep' }),
      'd.yaml': configMap('stolen'),
    });
    const tracking = { 'argocd.argoproj.io/tracking-id': `other:/ConfigMap:${namespace}/stolen` };
    await ground.client.patch(
      { apiVersion: 'v1', kind: 'ConfigMap', namespace, name: 'stolen' },
      { metadata: { annotations: tracking } },
      { type: 'merge' },
    );

    await remove('kept');

    await isGone('kept');
    expect(await live('ConfigMap', 'gone')).toBeUndefined();
    for (const name of ['kept', 'kept-by-helm', 'stolen']) {
      expect((await live('ConfigMap', name))?.metadata, name).toMatchObject({ name });
    }
    const made = await ground.client.get({ apiVersion: 'v1', kind: 'Namespace', name: namespace });
    expect(made?.metadata.deletionTimestamp).toBeUndefined();
  });

  it('an Application whose status was lost takes its objects with it all the same', async () => {
    const role = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', name: `${control}-reader` };
    const { live } = await deployed('restored', {
      'a.yaml': configMap('a'),
      'b.yaml': JSON.stringify({ ...role, name: undefined, metadata: { name: role.name }, rules: [] }),
      'c.yaml': configMap('hook', { 'helm.sh/hook': 'pre-delete' }),
    });
    await ground.client.patch(refOf('restored'), { status: null }, { type: 'merge' });

    await remove('restored');

    await isGone('restored');
    expect(await live('ConfigMap', 'a')).toBeUndefined();
    expect(await ground.client.get(role)).toBeUndefined();
  });

  it('an Application that was never compared goes without its Git server', async () => {
    const repository = await ground.createRepository('devops/never', { 'a.yaml': configMap('a') });
    const namespace = cluster.freshNamespace('never');
    await ground.createApplication({ name: 'never', path: '.', repository, destinationNamespace: namespace });
    ground.gitAway(true);
    await remove('never');
    await isGone('never');
    ground.gitAway(false);
  });

  it('without a cascade everything stays', async () => {
    const { live } = await deployed('orphans', { 'a.yaml': configMap('stays') });

    await remove('orphans', '?cascade=false');

    await isGone('orphans');
    expect(await live('ConfigMap', 'stays')).toBeDefined();
  });

  it('an object that wants a confirmation holds up everything until a person gives it', async () => {
    const { live } = await deployed('confirmed', {
      'a.yaml': configMap('precious', option('Delete=confirm')),
      'b.yaml': configMap('other'),
    });

    await remove('confirmed');

    await isHeldUp('confirmed', 'waiting for a person to confirm the deletion of ConfigMap');
    expect((await live('ConfigMap', 'other'))?.metadata.deletionTimestamp).toBeUndefined();
    const answer = await ground.request('POST', '/api/v1/applications/confirmed/confirm-deletion');
    expect(answer.status).toBe(200);
    await isGone('confirmed');
    expect(await live('ConfigMap', 'precious')).toBeUndefined();
  });

  it('an annotation by kubectl is as good a confirmation', async () => {
    await deployed('annotated', { 'a.yaml': configMap('precious', option('Delete=confirm')) });
    await remove('annotated');
    await isHeldUp('annotated', 'confirm the deletion');
    const approved = `${new Date(Date.now() + 1000).toISOString().slice(0, 19)}Z`;
    await ground.client.patch(
      refOf('annotated'),
      { metadata: { annotations: { 'argocd.argoproj.io/deletion-approved': approved } } },
      { type: 'merge' },
    );
    await isGone('annotated');
  });

  it('a destination that is not known lets the Application go', async () => {
    const { live } = await deployed('nowhere', { 'a.yaml': configMap('stays') });
    await ground.client.patch(
      refOf('nowhere'),
      { spec: { destination: { server: 'https://gone.example.com' } } },
      { type: 'merge' },
    );
    await remove('nowhere');
    await isGone('nowhere');
    expect(await live('ConfigMap', 'stays')).toBeDefined();
  });

  it('a destination that is away keeps the Application until it is back, or no longer registered', async () => {
    await deployed('away', { 'a.yaml': configMap('stays') });
    const server = 'https://127.0.0.1:1';
    const secret = { apiVersion: 'v1', kind: 'Secret', namespace: control, name: 'cluster-away' };
    await ground.client.apply({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: {
        name: secret.name,
        namespace: control,
        labels: { 'argocd.argoproj.io/secret-type': 'cluster' },
      },
      data: { name: btoa('away'), server: btoa(server), config: btoa('{}') },
    });
    await ground.client.patch(refOf('away'), { spec: { destination: { server } } }, { type: 'merge' });
    await remove('away');
    await isHeldUp('away', server);
    expect((await read('away'))?.metadata.finalizers).toEqual([RESOURCES]);

    await ground.client.remove(secret);
    await ground.hawser.refresh({ application: 'away' });

    await isGone('away');
  });

  it('a deletion ends the operation that runs, and deletes its hook', async () => {
    const namespace = cluster.freshNamespace('running');
    const syncing = deployed(
      'running',
      { 'a.yaml': configMap('late'), 'b.yaml': hookJob('first', 'PreSync') },
      [RESOURCES],
      namespace,
    );
    const ended = expect(syncing).rejects.toThrow('not found');
    const job = { apiVersion: 'batch/v1', kind: 'Job', namespace, name: 'first' };
    await vi.waitFor(async () => expect(await ground.client.get(job)).toBeDefined(), SOON);

    await remove('running');

    await isGone('running');
    await vi.waitFor(async () => expect(await ground.client.get(job)).toBeUndefined(), SOON);
    await ended;
    expect(await ground.get('v1', 'ConfigMap', namespace, 'late')).toBeUndefined();
  });

  it('PreDelete hooks run before the first object goes, and PostDelete hooks after the last', async () => {
    const { live, namespace } = await deployed('hooks', {
      'a.yaml': configMap('data'),
      'b.yaml': hookJob('before', 'PreDelete'),
      'c.yaml': hookJob('after', 'PostDelete'),
    });
    expect((await read('hooks'))?.metadata.finalizers).toEqual([
      RESOURCES,
      'pre-delete-finalizer.argocd.argoproj.io',
      'pre-delete-finalizer.argocd.argoproj.io/cleanup',
      'post-delete-finalizer.argocd.argoproj.io',
      'post-delete-finalizer.argocd.argoproj.io/cleanup',
    ]);
    expect(await live('Job', 'before', 'batch/v1')).toBeUndefined();

    await remove('hooks');

    await isHeldUp('hooks', 'waiting for the PreDelete hook');
    expect(await live('ConfigMap', 'data')).toBeDefined();
    expect(await live('Job', 'after', 'batch/v1')).toBeUndefined();
    await finishJob(ground.client, namespace, 'before');
    await isHeldUp('hooks', 'waiting for the PostDelete hook');
    expect(await live('ConfigMap', 'data')).toBeUndefined();
    await finishJob(ground.client, namespace, 'after');
    await isGone('hooks');
    expect(await live('Job', 'after', 'batch/v1')).toBeUndefined();
  });

  it('a hook whose Job is to be deleted at its end is judged before it goes, and runs once', async () => {
    const job = JSON.parse(hookJob('brief', 'PreDelete'));
    const brief = JSON.stringify({ ...job, spec: { ...job.spec, ttlSecondsAfterFinished: 0 } });
    const { namespace, live } = await deployed('brief', { 'a.yaml': brief, 'b.yaml': configMap('data') });
    await remove('brief');
    await isHeldUp('brief', 'waiting for the PreDelete hook');
    await finishJob(ground.client, namespace, 'brief');
    await isGone('brief');
    await vi.waitFor(async () => expect(await live('Job', 'brief', 'batch/v1')).toBeUndefined(), SOON);
    expect(await live('ConfigMap', 'data')).toBeUndefined();
  });

  it('a hook that fails stops the deletion, is told, and is run anew', async () => {
    const { live, namespace } = await deployed('broken', {
      'a.yaml': configMap('data'),
      'b.yaml': hookJob('before', 'PreDelete'),
    });
    await remove('broken');
    await isHeldUp('broken', 'waiting for the PreDelete hook');
    const first = (await live('Job', 'before', 'batch/v1'))?.metadata.uid;

    await finishJob(ground.client, namespace, 'before', false);

    await isHeldUp('broken', 'PreDelete hook(s) failed');
    expect(await live('ConfigMap', 'data')).toBeDefined();
    await ground.hawser.refresh({ application: 'broken' });
    await vi.waitFor(async () => {
      const again = (await live('Job', 'before', 'batch/v1'))?.metadata.uid;
      expect(again).toBeDefined();
      expect(again).not.toBe(first);
    }, SOON);
    await finishJob(ground.client, namespace, 'before');
    await isGone('broken');
  });

  it('a hook that the AppProject forbids is not run, and holds the deletion up until it is permitted', async () => {
    const project = { apiVersion: 'argoproj.io/v1alpha1', kind: 'AppProject', namespace: control, name: 'strict' };
    const open = { sourceRepos: ['*'], destinations: [{ namespace: '*', server: '*' }] };
    const spec = { ...open, namespaceResourceBlacklist: [{ group: 'batch', kind: 'Job' }] };
    const metadata = { name: project.name, namespace: control };
    await ground.client.create({ apiVersion: project.apiVersion, kind: project.kind, metadata, spec });
    const { namespace, live } = await deployed('forbidden', {
      'a.yaml': configMap('a'),
      'b.yaml': hookJob('no', 'PreDelete'),
    });
    await ground.client.patch(refOf('forbidden'), { spec: { project: 'strict' } }, { type: 'merge' });

    await remove('forbidden');

    await isHeldUp('forbidden', `the PreDelete hook batch/Job ${namespace}/no is not permitted in project strict`);
    expect(await live('Job', 'no', 'batch/v1')).toBeUndefined();
    expect((await live('ConfigMap', 'a'))?.metadata.deletionTimestamp).toBeUndefined();
    await ground.client.patch(project, { spec: { namespaceResourceBlacklist: null } }, { type: 'merge' });
    await ground.hawser.refresh({ application: 'forbidden' });
    await finishJob(ground.client, namespace, 'no');
    await isGone('forbidden');
  });

  it('a hook that ran in a sync, too, runs again for the deletion', async () => {
    const namespace = cluster.freshNamespace('twice');
    const hook = hookJob('both', 'PreSync,PreDelete', 'BeforeHookCreation');
    const syncing = deployed('twice', { 'a.yaml': hook }, [], namespace);
    await finishJob(ground.client, namespace, 'both');
    const { live } = await syncing;
    const ran = (await live('Job', 'both', 'batch/v1'))?.metadata.uid;

    await remove('twice', '?propagationPolicy=background');

    await isHeldUp('twice', 'waiting for the PreDelete hook');
    const runs = (await live('Job', 'both', 'batch/v1'))?.metadata.uid;
    expect(runs).toBeDefined();
    expect(runs).not.toBe(ran);
    await finishJob(ground.client, namespace, 'both');
    await isGone('twice');
    expect(await live('Job', 'both', 'batch/v1')).toBeUndefined();
  });

  it('the next process goes on where the last one ended', async () => {
    const { hold, namespace } = await deployed('resumed', {
      'a.yaml': configMap('a', wave(1)),
      'b.yaml': configMap('b'),
    });
    await hold('ConfigMap', 'a', true);
    await remove('resumed');
    await isHeldUp('resumed', HOLD);
    await ground.close();
    ground = await createGround(cluster.transport, { namespace: control });
    const resuming = ground.hawser.resume();
    await hold('ConfigMap', 'a', false);
    await isGone('resumed');
    await resuming;
    expect(await ground.get('v1', 'ConfigMap', namespace, 'b')).toBeUndefined();
  });

  it('an AppProject with Argo CD’s finalizer stays as long as an Application names it', async () => {
    const project = { apiVersion: 'argoproj.io/v1alpha1', kind: 'AppProject', namespace: control, name: 'team' };
    await ground.client.create({
      apiVersion: project.apiVersion,
      kind: project.kind,
      metadata: { name: project.name, namespace: control, finalizers: [RESOURCES] },
      spec: { sourceRepos: ['*'], destinations: [{ namespace: '*', server: '*' }] },
    });
    const { live } = await deployed('member', { 'a.yaml': configMap('a') });
    await ground.client.patch(refOf('member'), { spec: { project: 'team' } }, { type: 'merge' });
    await ground.client.remove(project);
    await ground.hawser.refresh({ all: true });
    await ground.hawser.idle();
    expect((await ground.client.get(project))?.metadata.deletionTimestamp).toBeDefined();

    await remove('member');

    await isGone('member');
    await vi.waitFor(async () => expect(await ground.client.get(project)).toBeUndefined(), SOON);
    expect(await live('ConfigMap', 'a')).toBeUndefined();
  });

  it('an AppProject of nobody goes as soon as it is deleted', async () => {
    const project = { apiVersion: 'argoproj.io/v1alpha1', kind: 'AppProject', namespace: control, name: 'empty' };
    const metadata = { name: project.name, namespace: control, finalizers: [RESOURCES] };
    const before = await ground.client.create({
      apiVersion: project.apiVersion,
      kind: project.kind,
      metadata,
      spec: {},
    });
    await ground.client.remove(project);
    ground.hawser.notice({ operation: 'DELETE', before });
    await vi.waitFor(async () => expect(await ground.client.get(project)).toBeUndefined(), SOON);
  });

  it('a finalizer of somebody else on the Application itself is named', async () => {
    await deployed('foreign', { 'a.yaml': configMap('a') }, [RESOURCES, HOLD]);
    await remove('foreign');
    await isHeldUp('foreign', `it is still held by the finalizers ${HOLD}`);
    await ground.client.patch(refOf('foreign'), { metadata: { finalizers: null } }, { type: 'merge' });
    await isGone('foreign');
  });
};

function deletionError(object: KubeObject | undefined): string | undefined {
  const app: Application | undefined = object && parseApplication(object);
  return app?.status.conditions?.find(({ type }) => type === 'DeletionError')?.message;
}

export default behaviour;
