// What the sandbox's Pods tell of themselves: Events of scheduler and kubelet, of which the newest are kept, and logs.

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { at } from '../../src/base/json.ts';
import { createKubeClient, type KubeClient } from '../../src/kube/client.ts';
import { createSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts';

let sandbox: Sandbox;
let client: KubeClient;
beforeEach(async () => {
  sandbox = createSandbox({
    clock: { now: () => Date.now() },
    random: (length) => crypto.getRandomValues(new Uint8Array(length)),
    readyDelayMs: 1,
  });
  const server = 'http://sandbox.test';
  const transport = {
    server,
    fetch: (path: string, init?: RequestInit) => sandbox.fetch(new Request(`${server}${path}`, init)),
  };
  client = createKubeClient(transport, { fieldManager: 'test' });
  await sandbox.settle();
});
afterEach(() => sandbox.close());

const NAMESPACE = 'default';
const POD = { apiVersion: 'v1', kind: 'Pod', namespace: NAMESPACE, name: 'it' };
const pod = (spec: object) =>
  client.create({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'it', namespace: NAMESPACE }, spec: { ...spec } });

const told = async () => {
  const fieldSelector = 'involvedObject.kind=Pod,involvedObject.name=it';
  const { items } = await client.list({ apiVersion: 'v1', kind: 'Event' }, { namespace: NAMESPACE, fieldSelector });
  const order = (event: object) => Number(at(event, 'metadata', 'resourceVersion'));
  return [...items]
    .sort((a, b) => order(a) - order(b))
    .map(({ type, reason, message, source }) => `${type} ${reason} ${message} (${at(source, 'component')})`);
};
const log = async (query: string) =>
  (await client.request(`/api/v1/namespaces/${NAMESPACE}/pods/it/log?${query}`)).text();

describe('Events', () => {
  it('tell how a Pod came to run, and that it was stopped', async () => {
    await pod({ containers: [{ name: 'web', image: 'nginx:1.29' }] });
    await sandbox.settle();
    const started = [
      'Normal Scheduled Successfully assigned default/it to sandbox (default-scheduler)',
      'Normal Pulled Container image "nginx:1.29" already present on machine (kubelet)',
      'Normal Created Created container: web (kubelet)',
      'Normal Started Started container web (kubelet)',
    ];
    expect(await told()).toEqual(started);
    await client.remove(POD);
    await sandbox.settle();
    expect(await told()).toEqual([...started, 'Normal Killing Stopping container web (kubelet)']);
  });

  it('tell of an image that cannot be pulled', async () => {
    await pod({ containers: [{ name: 'web', image: 'does-not-exist' }] });
    await sandbox.settle();
    expect((await told()).slice(1)).toEqual([
      'Normal Pulling Pulling image "does-not-exist" (kubelet)',
      'Warning Failed Failed to pull image "does-not-exist": not found (kubelet)',
      'Normal BackOff Back-off pulling image "does-not-exist" (kubelet)',
    ]);
  });

  it('go with their namespace', async () => {
    await client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'short' } });
    const spec = { containers: [{ name: 'web', image: 'nginx' }] };
    await client.create({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'it', namespace: 'short' }, spec });
    await sandbox.settle();
    await client.remove({ apiVersion: 'v1', kind: 'Namespace', name: 'short' });
    await sandbox.settle();
    expect(await client.get({ apiVersion: 'v1', kind: 'Namespace', name: 'short' })).toBeUndefined();
    expect((await client.list({ apiVersion: 'v1', kind: 'Event' }, { namespace: 'short' })).items).toEqual([]);
  });

  it('are kept up to a thousand, the newest', async () => {
    const spec = {
      replicas: 300,
      selector: { matchLabels: { app: 'many' } },
      template: { metadata: { labels: { app: 'many' } }, spec: { containers: [{ name: 'c', image: 'many' }] } },
    };
    await client.create({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'many', namespace: NAMESPACE },
      spec,
    });
    await sandbox.settle();
    const { items } = await client.list({ apiVersion: 'v1', kind: 'Event' }, { namespace: NAMESPACE });
    expect(items).toHaveLength(1_000);
    const { items: first } = await client.list(
      { apiVersion: 'v1', kind: 'Event' },
      { namespace: NAMESPACE, fieldSelector: 'reason=ScalingReplicaSet' },
    );
    expect(first).toEqual([]);
  });
});

describe('the log of a Pod', () => {
  beforeEach(async () => {
    await pod({ containers: [{ name: 'web', image: 'nginx:1.29' }] });
    await sandbox.settle();
  });

  it.each([
    ['', /^This Pod lives .*: nginx:1\.29 was never started\.\nHere would be what web of default\/it says\.\n$/],
    ['tailLines=1', /^Here would be[^\n]*\n$/],
    ['tailLines=0', /^$/],
    ['limitBytes=8', /^This Pod$/],
    ['sinceTime=2199-01-01T00:00:00Z', /^$/],
    ['sinceSeconds=3600', /^This Pod/],
    ['timestamps=true&tailLines=1', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z Here would be/],
  ])('is cut down to what is asked for: %s', async (query, expected) => {
    expect(await log(query)).toMatch(expected);
  });

  it('goes on until the Pod is gone', async () => {
    const following = log('follow=true');
    await client.remove(POD);
    expect(await following).toContain('was never started');
  });

  it('ends with the container of a Job', async () => {
    const spec = {
      template: { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'busybox', command: ['false'] }] } },
      backoffLimit: 0,
    };
    await client.create({
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'once', namespace: NAMESPACE },
      spec,
    });
    await sandbox.settle();
    const { items } = await client.list({ apiVersion: 'v1', kind: 'Pod' }, { labelSelector: 'job-name=once' });
    const [made] = items;
    const path = `/api/v1/namespaces/${NAMESPACE}/pods/${made?.metadata.name}/log?follow=true`;
    expect(await (await client.request(path)).text()).toMatch(/It ended as if with exit code 1\.\n$/);
  });
});
