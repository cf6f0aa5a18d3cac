// How the health of an Application comes about: scripts of argocd-cm, conditions of custom kinds, what does not count, and the causes.

import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Behaviour } from '../support/behaviours.ts';
import { createGround, type Ground } from '../support/ground.ts';

/** Judges a ConfigMap by what it holds. */
const BY_STATE = `
local states = { good = "Healthy", bad = "Degraded", new = "Progressing" }
local hs = { status = "Unknown", message = "no state" }
if obj.data ~= nil and obj.data.state ~= nil then
  hs.status = states[obj.data.state]
  hs.message = obj.metadata.name .. " is " .. obj.data.state
end
return hs
`;

const WIDGETS = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: GROUPLESS}
spec:
  group: GROUP
  scope: Namespaced
  names: {kind: Widget, plural: widgets, singular: widget, listKind: WidgetList}
  versions:
    - name: v1
      served: true
      storage: true
      subresources: {status: {}}
      schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
`;

const behaviour: Behaviour = (cluster) => {
  let ground: Ground;
  beforeAll(async () => {
    ground = await createGround(cluster.transport, { namespace: cluster.freshNamespace('argocd') });
  });
  afterAll(async () => ground.close());

  const configMap = (name: string, state: string, annotations = '') =>
    `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n  annotations: {${annotations}}\ndata: {state: ${state}}\n`;

  async function configure(data: Record<string, string>) {
    const ref = { apiVersion: 'v1', kind: 'ConfigMap', namespace: ground.namespace, name: 'argocd-cm' };
    await ground.client.remove(ref);
    await ground.client.create({ ...ref, metadata: { namespace: ref.namespace, name: ref.name }, data });
  }

  async function deploy(name: string, files: Record<string, string>) {
    const namespace = cluster.freshNamespace(name);
    const repository = await ground.createRepository(`devops/${name}`, files);
    await ground.createApplication({
      name,
      path: '.',
      repository,
      destinationNamespace: namespace,
      syncOptions: ['CreateNamespace=true'],
    });
    return { namespace, start: () => ground.request('POST', `/api/v1/applications/${name}/sync`, {}) };
  }

  it('a script of argocd-cm judges a kind that nothing else judges, and the Application names the cause', async () => {
    await configure({ 'resource.customizations.health.ConfigMap': BY_STATE });
    const { namespace } = await deploy('judged', { 'a.yaml': configMap('a', 'good'), 'b.yaml': configMap('b', 'bad') });
    const { status } = await ground.sync('judged');
    expect(status.health).toMatchObject({ status: 'Degraded', message: `Caused by ConfigMap:${namespace}/b` });
    expect(status.resources?.map(({ name, health }) => [name, health])).toEqual([
      ['a', { status: 'Healthy', message: 'a is good' }],
      ['b', { status: 'Degraded', message: 'b is bad' }],
    ]);
  });

  it('an object that is annotated so does not count', async () => {
    await configure({ 'resource.customizations.health.ConfigMap': BY_STATE });
    await deploy('ignored', {
      'a.yaml': configMap('a', 'good'),
      'b.yaml': configMap('b', 'bad', 'argocd.argoproj.io/ignore-healthcheck: "true"'),
    });
    expect((await ground.sync('ignored')).status.health?.status).toBe('Healthy');
  });

  it('a script that fails makes its objects Unknown, with the reason', async () => {
    await configure({ 'resource.customizations.health.ConfigMap': 'return { status = obj.spec.state }' });
    await deploy('broken', { 'a.yaml': configMap('a', 'good') });
    const { status } = await ground.sync('broken');
    expect(status.health?.status).toBe('Unknown');
    expect(status.resources?.[0]?.health).toEqual({
      status: 'Unknown',
      message: "<string>:1: attempt to index a non-table object(nil) with key 'state'",
    });
  });

  it('a wave waits for what a script says', async () => {
    await configure({ 'resource.customizations.health.ConfigMap': BY_STATE });
    const wave = (number: number) => `argocd.argoproj.io/sync-wave: "${number}"`;
    const { namespace, start } = await deploy('waves', {
      'a.yaml': configMap('first', 'new', wave(0)),
      'b.yaml': configMap('second', 'good', wave(1)),
    });
    await start();
    const message = async () => (await ground.hawser.getApplication('waves')).status.operationState?.message;
    await expect.poll(message, { timeout: 20_000 }).toBe('waiting for healthy state of /ConfigMap/first');
    expect(await ground.get('v1', 'ConfigMap', namespace, 'second')).toBeUndefined();

    const first = { apiVersion: 'v1', kind: 'ConfigMap', namespace, name: 'first' };
    await ground.client.patch(first, { data: { state: 'good' } }, { type: 'merge' });
    expect((await ground.application('waves')).status.operationState?.phase).toBe('Succeeded');
    expect(await ground.get('v1', 'ConfigMap', namespace, 'second')).toBeDefined();
  });

  it('a custom kind that no table knows is judged by its Ready condition once that is there', async () => {
    await configure({});
    const group = `${cluster.freshNamespace('health')}.example.com`;
    const { namespace } = await deploy('widgets', {
      'crd.yaml': WIDGETS.replace('GROUPLESS', `widgets.${group}`).replace('GROUP', group),
      'widget.yaml': `apiVersion: ${group}/v1\nkind: Widget\nmetadata: {name: w}\nspec: {size: 1}\n`,
    });
    expect((await ground.sync('widgets')).status.health?.status).toBe('Healthy');

    const widget = { apiVersion: `${group}/v1`, kind: 'Widget', namespace, name: 'w' };
    const say = async (status: string) => {
      const conditions = [{ type: 'Ready', status, message: `is ${status}` }];
      await ground.client.patch(widget, { status: { conditions } }, { type: 'merge', subresource: 'status' });
      await ground.hawser.refresh({ application: 'widgets' });
    };
    await say('False');
    const health = async () => (await ground.hawser.getApplication('widgets')).status.health;
    await expect
      .poll(health, { timeout: 20_000 })
      .toMatchObject({ status: 'Progressing', message: `Caused by ${group}/Widget:${namespace}/w` });
    await say('True');
    await expect.poll(health, { timeout: 20_000 }).toMatchObject({ status: 'Healthy' });
    await ground.client.remove({
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      name: `widgets.${group}`,
    });
  });
};

export default behaviour;
