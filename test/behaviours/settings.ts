// argocd-cm decides how objects are tracked, what does not count, and what is left alone; a change counts from the next wake on.

import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Behaviour } from '../support/behaviours.ts';
import { createGround, type Ground } from '../support/ground.ts';

const behaviour: Behaviour = (cluster) => {
  let ground: Ground;
  let namespace: string;
  const configMap = (name: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\ndata: {a: b}\n`;
  const role = 'apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: reader}\nrules: []\n';

  beforeAll(async () => {
    ground = await createGround(cluster.transport, { namespace: cluster.freshNamespace('argocd') });
  });
  afterAll(async () => ground.close());
  beforeEach(() => {
    namespace = cluster.freshNamespace('settings');
  });

  async function configure(data: Record<string, string>) {
    const ref = { apiVersion: 'v1', kind: 'ConfigMap', namespace: ground.namespace, name: 'argocd-cm' };
    await ground.client.remove(ref);
    await ground.client.create({ ...ref, metadata: { namespace: ref.namespace, name: ref.name }, data });
  }

  async function deploy(name: string, files: Record<string, string>) {
    const repository = await ground.createRepository(`devops/${name}`, files);
    await ground.createApplication({
      name,
      path: '.',
      repository,
      destinationNamespace: namespace,
      syncOptions: ['CreateNamespace=true'],
    });
    await ground.refresh(name);
    return ground.sync(name, { prune: true });
  }

  it('tracks by the label that it names, and tells installations apart', async () => {
    await configure({
      'application.resourceTrackingMethod': 'annotation+label',
      'application.instanceLabelKey': 'example.com/app',
      installationID: 'north',
    });
    const { status } = await deploy('labelled', { 'a.yaml': configMap('a') });
    const live = await ground.get('v1', 'ConfigMap', namespace, 'a');

    expect(status.sync?.status).toBe('Synced');
    expect(live?.metadata.labels).toMatchObject({ 'example.com/app': 'labelled' });
    expect(live?.metadata.annotations).toMatchObject({
      'argocd.argoproj.io/tracking-id': `labelled:/ConfigMap:${namespace}/a`,
      'argocd.argoproj.io/installation-id': 'north',
    });
  });

  it('ignores differences for every Application', async () => {
    await configure({ 'resource.customizations.ignoreDifferences.ConfigMap': 'jsonPointers: [/data/a]' });
    await deploy('ignoring', { 'a.yaml': configMap('a') });
    const ref = { apiVersion: 'v1', kind: 'ConfigMap', namespace, name: 'a' };
    await ground.client.patch(ref, { data: { a: 'by hand' } }, { type: 'merge' });
    await ground.refresh('ignoring');
    expect((await ground.application('ignoring')).status.sync?.status).toBe('Synced');

    await configure({});
    await ground.refresh('ignoring');
    expect((await ground.application('ignoring')).status.sync?.status).toBe('OutOfSync');
  });

  it('leaves excluded kinds alone: a warning, no object, and nothing pruned of what was there', async () => {
    await configure({});
    await deploy('excluding', { 'a.yaml': configMap('a'), 'role.yaml': role });
    await configure({ 'resource.exclusions': '- {apiGroups: ["rbac.*"], kinds: [Role]}' });
    const { status } = await ground.refresh('excluding').then(() => ground.sync('excluding', { prune: true }));

    expect(status.sync?.status).toBe('Synced');
    expect(status.conditions?.map(({ type, message }) => `${type}: ${message}`)).toEqual([
      'ExcludedResourceWarning: Resource rbac.authorization.k8s.io/Role reader is excluded in the settings',
    ]);
    expect(status.resources?.map(({ kind }) => kind)).not.toContain('Role');
    expect(await ground.get('rbac.authorization.k8s.io/v1', 'Role', namespace, 'reader')).toBeDefined();
  });

  it('that cannot be read stops every comparison with its key, and nothing is applied', async () => {
    await configure({ 'resource.customizations': 'broken: [' });
    const repository = await ground.createRepository('devops/stopped', { 'a.yaml': configMap('a') });
    await ground.createApplication({ name: 'stopped', path: '.', repository, destinationNamespace: 'default' });
    await ground.refresh('stopped');
    const { status } = await ground.application('stopped');

    expect(status.sync?.status).toBe('Unknown');
    expect(status.conditions?.[0]?.type).toBe('ComparisonError');
    expect(status.conditions?.[0]?.message).toContain('argocd-cm: resource.customizations:');
  });

  it('with a setting that has no effect here says so once', async () => {
    await configure({ 'timeout.reconciliation': '120s' });
    await deploy('polled', { 'a.yaml': configMap('a') });
    await ground.refresh('polled');
    expect(ground.logs.filter((line) => line.includes('timeout.reconciliation')).length).toBe(1);
  });

  it('adds the rules of a global project to those of the projects that its selector finds', async () => {
    const project = (name: string, spec: Record<string, unknown>, labels: Record<string, string> = {}) =>
      ground.client.create({
        apiVersion: 'argoproj.io/v1alpha1',
        kind: 'AppProject',
        metadata: { name, namespace: ground.namespace, labels },
        spec,
      });
    await project('everybody', { destinations: [{ server: '*', namespace: '*' }], sourceRepos: ['*'] });
    await project('poor', {}, { team: 'blue' });
    await configure({
      globalProjects: '- {projectName: everybody, labelSelector: {matchLabels: {team: blue}}}',
    });
    const repository = await ground.createRepository('devops/poor', { 'a.yaml': configMap('a') });
    const poor = { name: 'poor', project: 'poor', path: '.', repository, destinationNamespace: namespace };
    await ground.createApplication(poor);
    await ground.refresh('poor');
    expect((await ground.application('poor')).status.sync?.status).toBe('OutOfSync');

    await configure({});
    await ground.refresh('poor');
    const { status } = await ground.application('poor');
    expect(status.conditions?.[0]?.message).toContain("is not permitted in project 'poor'");
  });

  it('masks the annotations of Secrets that it names', async () => {
    await configure({ 'resource.sensitive.mask.annotations': 'example.com/token' });
    const secret =
      'apiVersion: v1\nkind: Secret\nmetadata:\n  name: s\n  annotations: {example.com/token: hidden-token}\nstringData: {k: hidden-value}\n';
    await deploy('masking', { 'a.yaml': secret });
    const { body } = await ground.request('GET', '/api/v1/applications/masking/managed-resources');
    const text = JSON.stringify(body);
    expect(text).toContain('example.com/token');
    expect(text).not.toContain('hidden-token');
    expect(text).not.toContain(btoa('hidden-value'));
  });
};

export default behaviour;
