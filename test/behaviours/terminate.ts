// The end of an operation that a person asks for, or a newer push: while a hook runs, while health is awaited, between attempts.

import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Application } from '../../src/application/types.ts';
import { at } from '../../src/base/json.ts';
import type { Behaviour } from '../support/behaviours.ts';
import { createGround, type Ground } from '../support/ground.ts';

const HOOK = `apiVersion: batch/v1
kind: Job
metadata:
  name: migrate
  annotations: {argocd.argoproj.io/hook: PreSync}
spec:
  suspend: true
  template: {spec: {restartPolicy: Never, containers: [{name: c, image: busybox}]}}
`;
const balancer = (name: string) => `apiVersion: v1
kind: Service
metadata:
  name: ${name}
  annotations: {argocd.argoproj.io/sync-wave: "-1"}
spec: {type: LoadBalancer, ports: [{port: 80}]}
`;

const behaviour: Behaviour = (cluster) => {
  let ground: Ground;
  beforeAll(async () => {
    ground = await createGround(cluster.transport, { namespace: cluster.freshNamespace('argocd') });
  });
  afterAll(async () => ground.close());

  async function deploy(name: string, files: Readonly<Record<string, string>>, automated?: object) {
    const namespace = cluster.freshNamespace(name);
    const repository = await ground.createRepository(`devops/${name}`, { 'm/a.yaml': configMap('one'), ...files });
    await ground.createApplication({
      name,
      repository,
      path: 'm',
      destinationNamespace: namespace,
      ...(automated && { automated }),
    });
    return {
      push: async (change: Readonly<Record<string, string | null>>) => ground.push(repository, change),
      value: async () => at(await ground.get('v1', 'ConfigMap', namespace, 'settings'), 'data', 'key'),
      find: (apiVersion: string, kind: string, object: string) => ground.get(apiVersion, kind, namespace, object),
      until: async (isReached: (app: Application) => boolean) => {
        await expect
          .poll(async () => isReached(await ground.hawser.getApplication(name)), { timeout: 20_000, interval: 50 })
          .toBe(true);
      },
    };
  }

  const start = (name: string, body = {}) => ground.request('POST', `/api/v1/applications/${name}/sync`, body);
  const terminate = (name: string) => ground.request('DELETE', `/api/v1/applications/${name}/operation`);

  it('deletes a hook that runs, and applies nothing after it', async () => {
    const app = await deploy('hooked', { 'm/hook.yaml': HOOK });
    await start('hooked', { retryStrategy: { limit: 3 } });
    await expect.poll(() => app.find('batch/v1', 'Job', 'migrate'), { timeout: 20_000 }).toBeDefined();
    await app.until(({ status }) => status.operationState?.phase === 'Running');
    expect((await start('hooked')).status).toBe(400);

    expect((await terminate('hooked')).status).toBe(200);
    const { status } = await ground.application('hooked');
    expect(status.operationState).toMatchObject({ phase: 'Failed', message: 'Operation terminated' });
    const hook = status.operationState?.syncResult?.resources?.find(({ kind }) => kind === 'Job');
    expect(hook).toMatchObject({ hookPhase: 'Failed', message: 'Terminated' });
    await expect.poll(() => app.find('batch/v1', 'Job', 'migrate'), { timeout: 20_000 }).toBeUndefined();
    expect(await app.value()).toBeUndefined();
  });

  it('is refused where nothing runs', async () => {
    await deploy('idle', {});
    await ground.refresh('idle');
    const { status, body } = await terminate('idle');
    expect(status).toBe(400);
    expect(at(body, 'message')).toBe('Unable to terminate operation. No operation is in progress');
  });

  it('ends an operation that waits for its next attempt, for good', async () => {
    const app = await deploy('failing', { 'm/bad.yaml': balancer('web').replace('port: 80', 'port: 70000') }, {});
    await ground.refresh('failing');
    await app.until(({ status }) => status.operationState?.finishedAt !== undefined);
    expect((await ground.application('failing')).status.operationState?.phase).toBe('Running');
    await terminate('failing');
    const { status } = await ground.application('failing');
    expect(status.operationState).toMatchObject({ phase: 'Failed', message: 'Operation terminated' });
  });

  it('comes from a newer push, too, while the health of a wave is awaited', async () => {
    const app = await deploy('superseded', { 'm/lb.yaml': balancer('lb') }, {});
    await ground.hawser.refresh({ application: 'superseded' });
    await app.until(({ status }) => status.operationState?.message?.includes('waiting for healthy state') ?? false);
    await app.push({ 'm/lb.yaml': null, 'm/a.yaml': configMap('two') });
    await app.until(({ status }) => status.operationState?.phase === 'Succeeded');
    expect(await app.value()).toBe('two');
  });

  it('does not come from a newer push that changes nothing for the Application', async () => {
    const app = await deploy('next-door', { 'm/lb.yaml': balancer('lb') }, {});
    await ground.hawser.refresh({ application: 'next-door' });
    await app.until(({ status }) => status.operationState?.message?.includes('waiting for healthy state') ?? false);
    const begun = (await ground.hawser.getApplication('next-door')).status.operationState;
    await app.push({ 'README.md': 'Not of this Application.\n' });
    const lb = await app.find('v1', 'Service', 'lb');
    await ground.client.patch(
      { apiVersion: 'v1', kind: 'Service', namespace: lb?.metadata.namespace ?? '', name: 'lb' },
      { status: { loadBalancer: { ingress: [{ ip: '192.0.2.1' }] } } },
      { type: 'merge', subresource: 'status' },
    );
    const { status } = await ground.application('next-door');
    expect(status.operationState).toMatchObject({
      phase: 'Succeeded',
      startedAt: begun?.startedAt,
      syncResult: { revision: begun?.syncResult?.revision },
    });
    expect(status.sync?.status).toBe('Synced');
    expect(status.history).toHaveLength(1);
  });

  it('comes from a newer push while an operation of a person waits, where that is automated', async () => {
    const app = await deploy('asked', { 'm/lb.yaml': balancer('lb') }, {});
    await start('asked');
    await app.until(({ status }) => status.operationState?.message?.includes('waiting for healthy state') ?? false);
    await app.push({ 'm/lb.yaml': null, 'm/a.yaml': configMap('two') });
    await app.until(({ status }) => status.operationState?.phase === 'Succeeded');
    expect(await app.value()).toBe('two');
  });

  it('an operation that an ended process left is gone on with by the next one', async () => {
    const app = await deploy('left', { 'm/hook.yaml': HOOK });
    await start('left');
    await app.until(({ status }) => status.operationState?.message?.includes('waiting for completion') ?? false);
    const uid = (await app.find('batch/v1', 'Job', 'migrate'))?.metadata.uid;
    await ground.restart();
    const hook = await app.find('batch/v1', 'Job', 'migrate');
    expect(hook?.metadata.uid).toBe(uid);
    await terminate('left');
    expect((await ground.application('left')).status.operationState?.phase).toBe('Failed');
  });
};

function configMap(value: string): string {
  return `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\ndata:\n  key: ${value}\n`;
}

export default behaviour;
