// Logs of Pods by Argo CD's API, on the sandbox, whose Pods say what they would have run.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at } from '../../../src/base/json.ts';
import { type Listening, listen } from '../../../src/node/listen.ts';
import type { LogEntry } from '../../../src/operation/logs/read-logs.ts';
import { createGround, type Ground, NAMESPACE } from '../../support/ground.ts';
import { connectSandbox, type SandboxTransport } from '../../support/sandbox-transport.ts';

const SOON = { timeout: 20_000, interval: 20 };

const workload = (name: string, replicas: number, containers: string) => `apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}}
spec:
  replicas: ${replicas}
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec: {containers: [${containers}]}
`;

const FILES = {
  'web.yaml': workload('web', 3, '{name: web, image: "nginx:1.29"}'),
  'pair.yaml': workload('pair', 1, '{name: app, image: "app:1"}, {name: proxy, image: "proxy:2"}'),
  'stuck.yaml': workload('stuck', 1, '{name: c, image: does-not-exist}'),
};

let transport: SandboxTransport;
let ground: Ground;
beforeAll(async () => {
  transport = connectSandbox();
  ground = await createGround(transport);
  const repository = await ground.createRepository('devops/logs', FILES);
  await ground.createApplication({ name: 'logs', repository, path: '.', destinationNamespace: 'there' });
  await ground.refresh('logs');
  await ground.sync('logs');
  await ground.client.apply({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'foreign', namespace: 'there' },
    spec: { containers: [{ name: 'c', image: 'foreign' }] },
  });
  const isReady = async () => {
    const { items } = await ground.client.list({ apiVersion: 'v1', kind: 'Pod' }, { namespace: 'there' });
    const reasonOf = (pod: unknown) => at(pod, 'status', 'containerStatuses', 0, 'state', 'waiting', 'reason');
    return items.length === 6 && items.every((pod) => reasonOf(pod) !== 'ContainerCreating');
  };
  while (!(await isReady())) await new Promise((resolve) => setTimeout(resolve, 20));
});
afterAll(() => ground.close());

const podNames = async (app: string) => {
  const options = { namespace: 'there', labelSelector: `app=${app}` };
  const { items } = await ground.client.list({ apiVersion: 'v1', kind: 'Pod' }, options);
  return items.map(({ metadata }) => metadata.name ?? '');
};

async function entriesOf(path: string): Promise<LogEntry[]> {
  const response = await ground.open(`/api/v1/applications/logs/${path}`);
  const text = await response.text();
  expect(response.status, text).toBe(200);
  return text.split('\n').flatMap((line) => (line === '' ? [] : [(JSON.parse(line) as { result: LogEntry }).result]));
}

const WEB = 'namespace=there&group=apps&kind=Deployment&resourceName=web&version=v1';

describe('the logs of an object', () => {
  it('are those of all its Pods, by time, and end with an entry that says so', async () => {
    const entries = await entriesOf(`logs?${WEB}&follow=false&tailLines=100&container=`);
    const last = entries.pop();
    expect(last).toMatchObject({ last: true, content: '', podName: '', timeStampStr: expect.stringMatching(/Z$/) });
    expect(new Set(entries.map(({ podName }) => podName))).toEqual(new Set(await podNames('web')));
    expect(entries).toHaveLength(6);
    const times = entries.map(({ timeStampStr }) => Date.parse(timeStampStr));
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(entries[0]).toEqual({
      content: 'This Pod lives in the sandbox, which runs no containers: nginx:1.29 was never started.',
      timeStamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      timeStampStr: expect.stringMatching(/^\d{4}-.*Z$/),
      last: false,
      podName: expect.stringMatching(/^web-/),
    });
  });

  it('are of one Pod where one is named, by its path, too', async () => {
    const [name = ''] = await podNames('web');
    for (const path of [
      `pods/${name}/logs?namespace=there`,
      `pods/${name}/logs`,
      `logs?podName=${name}&namespace=there`,
      `logs?kind=Pod&resourceName=${name}&namespace=there&group=&version=v1`,
    ]) {
      const entries = await entriesOf(path);
      expect(entries.map(({ podName }) => podName)).toEqual([name, name, '']);
    }
  });

  it.each([
    ['tailLines=1', ['Here would be what']],
    ['filter=NGINX', ['This Pod lives']],
    ['filter=NGINX&matchCase=true', []],
    ['filter=!nginx', ['Here would be what']],
    ['sinceSeconds=3600', ['This Pod lives', 'Here would be what']],
    ['sinceTime=2199-01-01T00:00:00Z', []],
    ['sinceTime.seconds=7258118400&sinceTime.nanos=0', []],
  ])('are cut down to what is asked for: %s', async (asked, expected) => {
    const [name = ''] = await podNames('web');
    const entries = await entriesOf(`pods/${name}/logs?namespace=there&${asked}`);
    expect(entries.map(({ content }) => expected.find((start) => content.startsWith(start)) ?? content)).toEqual([
      ...expected,
      '',
    ]);
  });

  it('end with the first line after untilTime', async () => {
    const [name = ''] = await podNames('web');
    const entries = await entriesOf(`pods/${name}/logs?namespace=there&untilTime=2000-01-01T00:00:00Z`);
    expect(entries).toMatchObject([{ content: expect.stringContaining('This Pod'), last: true }]);
  });

  it.each([
    ['of the container that is named', 'container=proxy', /proxy:2/],
    ['not without its name, where there are several', '', /a container name must be specified for pod pair-/],
    ['not of one that is not there', 'container=nope', /container nope is not valid for pod pair-/],
    [
      'not of one that ran before, where there was none',
      'container=app&previous=true',
      /previous terminated container/,
    ],
  ])('are %s', async (_, asked, expected) => {
    const entries = await entriesOf(`logs?namespace=there&kind=Deployment&resourceName=pair&${asked}`);
    expect(entries[0]?.content).toMatch(expected);
    expect(entries.at(-1)).toMatchObject({ last: true });
  });

  it('say why there is none', async () => {
    const entries = await entriesOf('logs?namespace=there&kind=Deployment&resourceName=stuck');
    expect(entries[0]).toMatchObject({
      content: expect.stringContaining('is waiting to start: trying and failing to pull image'),
      timeStamp: null,
      timeStampStr: '0001-01-01T00:00:00Z',
    });
  });

  it('are empty where there is no Pod', async () => {
    expect(await entriesOf('logs?kind=Deployment&resourceName=nowhere')).toEqual([]);
  });

  it.each([
    ['another’s Pod', 'pods/foreign/logs?namespace=there', /Pod {2}foreign not found as part of application logs/],
    ['a time that is none', 'logs?untilTime=yesterday', /invalid untilTime parameter value: yesterday/],
    ['a number that is none', 'logs?tailLines=many', /tailLines/],
  ])('are refused for %s', async (_, path, message) => {
    const { status, body } = await ground.request('GET', `/api/v1/applications/logs/${path}`);
    expect(status).toBe(400);
    expect(at(body, 'message')).toMatch(message);
  });

  it('are refused for more Pods than argocd-cm allows', async () => {
    const config = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'argocd-cm', namespace: NAMESPACE } };
    await ground.client.apply({ ...config, data: { 'server.maxPodLogsToRender': '2' } });
    const { status, body } = await ground.request('GET', `/api/v1/applications/logs/logs?${WEB}`);
    await ground.client.apply({ ...config, data: {} });
    expect(status).toBe(400);
    expect(body).toMatchObject({ code: 3, message: expect.stringContaining('max pods to view logs are reached') });
  });
});

describe('logs that are followed', () => {
  const follows = () => transport.open.filter((request) => request.includes('/log?'));

  it('go on as server-sent events until the client has gone, and the cluster is asked no longer', async () => {
    const listening: Listening = await listen(
      (request) => {
        const { pathname, search } = new URL(request.url);
        return ground.open(`${pathname}${search}`, { signal: request.signal, headers: request.headers });
      },
      { host: '127.0.0.1', port: 0 },
    );
    const going = new AbortController();
    const response = await fetch(`${listening.url}/api/v1/applications/logs/logs?${WEB}&follow=true`, {
      headers: { accept: 'text/event-stream' },
      signal: going.signal,
    });
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    while (text.split('data: ').length <= 6) text += (await reader?.read())?.value ?? '';
    expect(follows()).toHaveLength(3);
    going.abort();
    await expect.poll(follows, SOON).toEqual([]);
    await listening.close();
  });

  it('end with the Pods', async () => {
    const response = await ground.open('/api/v1/applications/logs/logs?kind=Deployment&resourceName=web&follow=true');
    const text = response.text();
    await expect.poll(() => follows().length, SOON).toBe(3);
    const web = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'there', name: 'web' };
    await ground.client.patch(web, { spec: { replicas: 0 } }, { type: 'merge' });
    expect((await text).trim().split('\n').at(-1)).toContain('"last":true');
    expect(follows()).toEqual([]);
  });
});
