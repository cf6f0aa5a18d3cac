// An operation goes on by the Durable Object's alarm alone: after workerd was killed and started again, and when it outlasts the wait of one
// call. Nobody sends a request meanwhile.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRuntimeGround, type RuntimeGround } from '../runtime/support/ground.ts';
import { createHeldCluster, type HeldCluster } from './support/held-cluster.ts';

const configMap = (name: string, value: string, wave = 0) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n  annotations: {argocd.argoproj.io/sync-wave: "${wave}"}\ndata: {key: ${value}}\n`;

/** Healthy as soon as somebody gives it an address. */
const service = (annotations: string) =>
  `apiVersion: v1\nkind: Service\nmetadata:\n  name: balancer\n  annotations: {${annotations}}\nspec: {type: LoadBalancer, ports: [{port: 80}]}\n`;

const HOOK_JOB = `apiVersion: batch/v1
kind: Job
metadata:
  name: migrate
  annotations: {argocd.argoproj.io/hook: PreSync}
spec:
  suspend: true
  template:
    spec:
      restartPolicy: Never
      containers: [{name: migrate, image: example.com/migrate}]
`;

describe('an operation in workerd', () => {
  let ground: RuntimeGround;
  let cluster: HeldCluster;

  beforeAll(async () => {
    cluster = createHeldCluster();
    ground = await createRuntimeGround({
      through: (sandbox) => cluster.through(sandbox),
      variables: {
        HAWSER_WAIT_SECONDS: '1',
        HAWSER_EVENT_SECONDS: '2',
        HAWSER_CONNECTIONS: '1',
        HAWSER_EVENT_REQUESTS: '5',
      },
    });
  });
  afterAll(() => ground?.close());

  const state = async (name: string) => (await ground.application(name)).status.operationState;
  const addressOf = (namespace: string) =>
    ground.client.patch(
      { apiVersion: 'v1', kind: 'Service', namespace, name: 'balancer' },
      { status: { loadBalancer: { ingress: [{ ip: '192.0.2.1' }] } } },
      { type: 'merge', subresource: 'status' },
    );

  it('is finished by the alarm when workerd was killed in the middle of its waves', async () => {
    const files = { 'm/first.yaml': configMap('first', 'one', 1), 'm/second.yaml': configMap('second', 'one', 2) };
    const repository = await ground.createRepository('devops/waves', files);
    const place = { repository, path: 'm', destinationNamespace: 'waves' };
    await ground.createApplication({ ...place, name: 'waves', automated: {} });
    const held = cluster.hold((request) => /^(PATCH|POST) .*\/configmaps\/second\b(?!.*dryRun)/.test(request));
    await ground.request('POST', '/api/refresh', { application: 'waves' });
    await held.reached;
    expect(await state('waves')).toMatchObject({ phase: 'Running' });
    expect(await ground.get('v1', 'ConfigMap', 'waves', 'first')).toBeDefined();
    await ground.restart('kill', async () => held.lose());
    await ground.until('waves', { status: { sync: { status: 'Synced' }, operationState: { phase: 'Succeeded' } } });
    expect(await ground.get('v1', 'ConfigMap', 'waves', 'second')).toBeDefined();
  });

  it('is begun by the alarm when workerd was killed after the answer to the webhook', async () => {
    const repository = await ground.createRepository('devops/pushed', { 'm/a.yaml': configMap('settings', 'one') });
    const place = { repository, path: 'm', destinationNamespace: 'pushed' };
    await ground.createApplication({ ...place, name: 'pushed', automated: {} });
    await ground.refresh('pushed');
    const held = cluster.hold((request) => request.includes('/namespaces/pushed/'));
    await ground.push(repository, { 'm/a.yaml': configMap('settings', 'two') });
    await ground.restart('kill', async () => held.lose());
    await ground.until('pushed', {
      status: { sync: { status: 'Synced', revision: repository.refs.get('refs/heads/main') } },
    });
    expect(await ground.get('v1', 'ConfigMap', 'pushed', 'settings')).toMatchObject({ data: { key: 'two' } });
  });

  it.each([
    {
      what: 'health',
      name: 'slow',
      file: service(''),
      syncOptions: ['CreateNamespace=true', 'WaitForHealth=true'],
      message: 'waiting for healthy state of /Service/balancer',
      go: () => addressOf('slow'),
    },
    {
      what: 'a hook',
      name: 'hooked',
      file: HOOK_JOB,
      syncOptions: ['CreateNamespace=true'],
      message: 'waiting for completion of hook batch/Job/migrate',
      go: () =>
        ground.client.patch(
          { apiVersion: 'batch/v1', kind: 'Job', namespace: 'hooked', name: 'migrate' },
          { spec: { suspend: false } },
          { type: 'merge' },
        ),
    },
  ])('waits for $what longer than one call does, by alarms', async ({ name, file, syncOptions, message, go }) => {
    const files = { 'm/slow.yaml': file, 'm/a.yaml': configMap('settings', 'one') };
    const repository = await ground.createRepository(`devops/${name}`, files);
    await ground.createApplication({ name, repository, path: 'm', destinationNamespace: name, syncOptions });
    await ground.request('POST', `/api/v1/applications/${name}/sync`, {});
    await ground.until(name, { status: { operationState: { phase: 'Running', message } } });
    const calls = () => ground.logs().filter((line) => line.includes(`argocd/${name}`) && line.includes('"Running"'));
    await expect.poll(() => calls().length, { timeout: 30_000 }).toBeGreaterThan(1);
    await go();
    await ground.until(name, { status: { operationState: { phase: 'Succeeded' }, health: { status: 'Healthy' } } });
  });
});
