// Streams of Applications and of their trees: one watch for all who listen, none when nobody does, and nobody sees what is not theirs.

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { at, stringAt } from '../../src/base/json.ts';
import { type Listening, listen } from '../../src/node/listen.ts';
import { createApplicationHub } from '../../src/operation/application-hub.ts';
import { createHomeClient } from '../../src/operation/road.ts';
import { createGround, type Ground, NAMESPACE } from '../support/ground.ts';
import { connectSandbox, type SandboxTransport } from '../support/sandbox-transport.ts';

const SOON = { timeout: 20_000, interval: 20 };
const STREAM = '/api/v1/stream/applications';

let transport: SandboxTransport;
let ground: Ground;
beforeEach(async () => {
  transport = connectSandbox();
  ground = await createGround(transport);
});
afterEach(() => ground.close());

const application = (name: string, project = 'default', labels: Record<string, string> = {}) =>
  ground.client.create({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name, namespace: NAMESPACE, labels },
    spec: {
      project,
      source: { repoURL: `${ground.gitUrl}/devops/none`, path: '.', targetRevision: 'HEAD' },
      destination: { server: 'https://kubernetes.default.svc', namespace: 'there' },
    },
  });
const ref = (name: string) => ({
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Application',
  namespace: NAMESPACE,
  name,
});
const label = (name: string, value: string) =>
  ground.client.patch(ref(name), { metadata: { labels: { round: value } } }, { type: 'merge' });

const isWatch = (request: string) => /\/applications\?.*watch=true/.test(request);
const watches = () => transport.requests.filter(isWatch).length;

/** The messages of a stream as they come, a line each. */
function read(response: Response) {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  return {
    async next(): Promise<unknown> {
      for (;;) {
        const end = rest.indexOf('\n');
        if (end >= 0) {
          const line = rest.slice(0, end);
          rest = rest.slice(end + 1);
          return JSON.parse(line);
        }
        const { done, value } = (await reader?.read()) ?? { done: true };
        if (done) return undefined;
        rest += value;
      }
    },
    leave: () => reader?.cancel(),
  };
}

type Stream = ReturnType<typeof read>;

async function openStream(path = STREAM, init: RequestInit = {}): Promise<Stream> {
  const response = await ground.open(path, init);
  expect(response.status).toBe(200);
  return read(response);
}

/** `ADDED one` */
async function nextChange(stream: Stream): Promise<string> {
  const message = await stream.next();
  return `${stringAt(message, 'result', 'type')} ${stringAt(message, 'result', 'application', 'metadata', 'name')}`;
}

describe('the stream of Applications', () => {
  it('tells all there are, then each change', async () => {
    await application('two');
    await application('one');
    const stream = await openStream();
    expect([await nextChange(stream), await nextChange(stream)]).toEqual(['ADDED one', 'ADDED two']);
    await application('three');
    expect(await nextChange(stream)).toBe('ADDED three');
    await label('two', '1');
    expect(await nextChange(stream)).toBe('MODIFIED two');
    await ground.client.remove(ref('one'));
    expect(await nextChange(stream)).toBe('DELETED one');
    await stream.leave();
  });

  it('is of server-sent events for whoever accepts them, as Argo CD writes them', async () => {
    await application('one');
    const response = await ground.open(STREAM, { headers: { accept: 'text/event-stream' } });
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    const { value = '' } = (await reader?.read()) ?? {};
    expect(value).toMatch(/^data: \{"result":\{"type":"ADDED","application":\{.*\}\} \n\n$/);
    await reader?.cancel();
  });

  it('asks the cluster once for all who listen, and leaves neither request nor timer behind', async () => {
    await application('one');
    await ground.hawser.idle();
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    const before = timers();
    expect(watches()).toBe(0);
    const streams = await Promise.all([openStream(), openStream(), openStream()]);
    for (const stream of streams) expect(await nextChange(stream)).toBe('ADDED one');
    const late = await openStream();
    expect(await nextChange(late)).toBe('ADDED one');
    expect(watches()).toBe(1);
    await label('one', '1');
    for (const stream of [...streams, late]) expect(await nextChange(stream)).toBe('MODIFIED one');
    await Promise.all([...streams, late].map((stream) => stream.leave()));
    await expect.poll(() => transport.open.filter(isWatch), SOON).toEqual([]);
    for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate);
    expect(timers()).toBeLessThanOrEqual(before);
    const asked = transport.requests.length;
    await label('one', '2');
    expect(transport.requests.length).toBe(asked + 1);
    const again = await openStream();
    expect(await nextChange(again)).toBe('ADDED one');
    expect(watches()).toBe(2);
    await again.leave();
  });

  it('ends on a socket when the client goes', async () => {
    await application('one');
    const listening: Listening = await listen(
      (request) => ground.open(new URL(request.url).pathname, { signal: request.signal }),
      { host: '127.0.0.1', port: 0 },
    );
    const going = new AbortController();
    const stream = read(await fetch(`${listening.url}${STREAM}`, { signal: going.signal }));
    expect(await nextChange(stream)).toBe('ADDED one');
    expect(transport.open.filter(isWatch)).toHaveLength(1);
    going.abort();
    await expect.poll(() => transport.open.filter(isWatch), SOON).toEqual([]);
    await listening.close();
  });

  it('keeps of each Application the newest state for whoever is slow', async () => {
    await application('one');
    await application('two');
    const hub = createApplicationHub({
      home: createHomeClient(platform()),
      platform: platform(),
      stopping: new AbortController().signal,
    });
    const gone = new AbortController();
    const events = hub.listen({}, gone.signal);
    const first = (await events.next()).value;
    expect(first?.application.metadata.name).toBe('one');
    for (let round = 1; round <= 50; round++) await label('one', String(round));
    await ground.client.remove(ref('two'));
    // What this one has not taken meanwhile: fifty changes of one, and two, which came and went.
    const quick = hub.listen({ isWanted: ({ metadata }) => metadata.name === 'one' }, gone.signal);
    await expect.poll(async () => (await quick.next()).value?.application.metadata.labels?.round, SOON).toBe('50');
    const rest = [(await events.next()).value, (await events.next()).value].map(
      (event) =>
        `${event?.type} ${event?.application.metadata.name} ${event?.application.metadata.labels?.round ?? ''}`,
    );
    expect(rest.sort()).toEqual(['DELETED two ', 'MODIFIED one 50']);
    gone.abort();
    expect((await events.next()).done).toBe(true);
  });

  it('goes on from a version without what was there before', async () => {
    await application('old');
    const changed = await application('changed');
    const { body } = await ground.request('GET', '/api/v1/applications');
    const version = stringAt(body, 'metadata', 'resourceVersion') ?? changed.metadata.resourceVersion;
    await label('changed', '1');
    const stream = await openStream(`${STREAM}?resourceVersion=${version}`);
    expect(await nextChange(stream)).toBe('MODIFIED changed');
    await application('new');
    expect(await nextChange(stream)).toBe('ADDED new');
    await stream.leave();
  });

  it('tells what went while no change could be followed, whatever its version was', async () => {
    await application('gone');
    await application('stays');
    const { body } = await ground.request('GET', '/api/v1/applications');
    const version = stringAt(body, 'metadata', 'resourceVersion');
    const stream = await openStream(`${STREAM}?resourceVersion=${version}`);
    const first = nextChange(stream);
    await expect.poll(() => transport.open.filter(isWatch), SOON).toHaveLength(1);
    await label('stays', '1');
    expect(await first).toBe('MODIFIED stays');
    const { fetch } = transport;
    const hasGone = Promise.withResolvers<void>();
    const expired = { kind: 'Status', reason: 'Expired', code: 410, message: 'too old resource version' };
    Object.assign(transport, {
      fetch: async (path: string, init?: RequestInit) => {
        if (!isWatch(path)) return fetch(path, init);
        await hasGone.promise;
        Object.assign(transport, { fetch });
        return Response.json(expired, { status: 410 });
      },
    });
    transport.cut();
    await ground.client.remove(ref('gone'));
    hasGone.resolve();
    expect(await nextChange(stream)).toBe('DELETED gone');
    await stream.leave();
  });

  it.each([
    ['name=two', ['ADDED two']],
    ['projects=shop', ['ADDED one']],
    ['project=shop&project=default', ['ADDED one', 'ADDED two']],
    ['selector=tier in (back)', ['ADDED two']],
  ])('tells of those alone that are asked for: %s', async (asked, expected) => {
    await application('one', 'shop', { tier: 'front' });
    await application('two', 'default', { tier: 'back' });
    const stream = await openStream(`${STREAM}?${asked}`);
    const told: string[] = [];
    for (const _ of expected) told.push(await nextChange(stream));
    expect(told).toEqual(expected);
    await label('one', '1');
    await label('two', '1');
    const wanted = expected.map((change) => change.replace('ADDED', 'MODIFIED'));
    for (const change of wanted) expect(await nextChange(stream)).toBe(change);
    await stream.leave();
  });

  it('gives the fields alone that are asked for, and nothing twice in a row', async () => {
    await application('one');
    const fields = 'result.type,result.application.metadata.name,result.application.spec.project';
    const stream = await openStream(`${STREAM}?fields=${fields}`);
    const message = { type: 'ADDED', application: { metadata: { name: 'one' }, spec: { project: 'default' } } };
    expect(await stream.next()).toEqual({ result: message });
    await label('one', '1');
    expect(await stream.next()).toEqual({ result: { ...message, type: 'MODIFIED' } });
    await label('one', '2');
    await ground.client.patch(ref('one'), { spec: { project: 'other' } }, { type: 'merge' });
    expect(at(await stream.next(), 'result', 'application', 'spec', 'project')).toBe('other');
    await stream.leave();
  });

  it('tells whoever has no right to an Application nothing of it', async () => {
    await ground.client.apply({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'argocd-cm', namespace: NAMESPACE },
      data: { 'users.anonymous.enabled': 'true' },
    });
    await ground.client.apply({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'argocd-rbac-cm', namespace: NAMESPACE },
      data: { 'policy.default': 'role:shop', 'policy.csv': 'p, role:shop, applications, get, shop/*, allow' },
    });
    await application('hidden');
    await application('shown', 'shop');
    const stream = read(await ground.openAnonymously(STREAM));
    expect(await nextChange(stream)).toBe('ADDED shown');
    await label('hidden', '1');
    await label('shown', '1');
    expect(await nextChange(stream)).toBe('MODIFIED shown');
    await stream.leave();
    const tree = await ground.openAnonymously(`${STREAM}/hidden/resource-tree`);
    expect(tree.status).toBe(403);
  });

  it('ends for whoever may not listen any longer', async () => {
    const config = (enabled: string) =>
      ground.client.apply({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'argocd-cm', namespace: NAMESPACE },
        data: { 'users.anonymous.enabled': enabled },
      });
    await config('true');
    await ground.client.apply({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'argocd-rbac-cm', namespace: NAMESPACE },
      data: { 'policy.default': 'role:readonly' },
    });
    await application('one');
    const stream = read(await ground.openAnonymously(STREAM));
    expect(await nextChange(stream)).toBe('ADDED one');
    await config('false');
    const ending = vi.fn();
    const reading = (async () => {
      let message: unknown;
      do message = await stream.next();
      while (at(message, 'error') === undefined);
      ending(at(message, 'error'));
    })();
    let round = 0;
    await vi.waitFor(
      async () => {
        await label('one', String(round++));
        expect(ending).toHaveBeenCalledWith(expect.objectContaining({ grpc_code: 16, http_code: 401 }));
      },
      { timeout: 15_000, interval: 200 },
    );
    await reading;
  });

  it.each([
    ['team-a', 2],
    ['team-*', 1],
  ])('has those of other namespaces that may hold some: %s', async (patterns, expectedWatches) => {
    await ground.client.apply({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'argocd-cmd-params-cm', namespace: NAMESPACE },
      data: { 'application.namespaces': patterns },
    });
    const own = await application('own');
    for (const namespace of ['team-a', 'other']) {
      await ground.client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
      await ground.client.create({ ...own, metadata: { name: `of-${namespace}`, namespace } });
    }
    const stream = await openStream();
    expect([await nextChange(stream), await nextChange(stream)]).toEqual(['ADDED own', 'ADDED of-team-a']);
    expect(transport.open.filter(isWatch)).toHaveLength(expectedWatches);
    await ground.client.remove({ ...ref('of-team-a'), namespace: 'team-a' });
    expect(await nextChange(stream)).toBe('DELETED of-team-a');
    await stream.leave();
    await expect.poll(() => transport.open.filter(isWatch), SOON).toEqual([]);
  });

  it('says what ended it, and the next one begins anew', async () => {
    await application('one');
    const stream = await openStream();
    expect(await nextChange(stream)).toBe('ADDED one');
    transport.away = true;
    transport.cut();
    expect(await stream.next()).toMatchObject({
      error: { grpc_code: 14, http_code: 503, message: expect.any(String) },
    });
    expect(await stream.next()).toBeUndefined();
    transport.away = false;
    const next = await openStream();
    expect(await nextChange(next)).toBe('ADDED one');
    await next.leave();
  });

  function platform() {
    return {
      home: transport,
      settings: { namespace: NAMESPACE, loopback: true, insecureWebhooks: false },
    } as unknown as Parameters<typeof createHomeClient>[0];
  }
});

describe('the stream of a tree', () => {
  const FILES = {
    'web.yaml': `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 1
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: c, image: nginx}]}
`,
  };
  const podsOf = (message: unknown): unknown[] => {
    const nodes = at(message, 'result', 'nodes');
    return Array.isArray(nodes) ? nodes.filter((node) => at(node, 'kind') === 'Pod') : [];
  };
  const podWatches = () => transport.open.filter((request) => /\/pods\?.*watch=true/.test(request)).length;

  it('comes anew when a Pod changes, is read once for all, and ends with the Application', async () => {
    const repository = await ground.createRepository('devops/web', FILES);
    await ground.createApplication({ name: 'web', repository, path: '.', destinationNamespace: 'web' });
    await ground.refresh('web');
    await ground.sync('web');
    const path = `${STREAM}/web/resource-tree`;
    const [stream, other] = await Promise.all([openStream(path), openStream(path)]);
    expect(at(await other.next(), 'result', 'nodes')).toEqual(expect.any(Array));
    expect(at(await stream.next(), 'result', 'nodes')).toEqual(expect.any(Array));
    await expect.poll(podWatches, SOON).toBe(1);
    const web = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'web', name: 'web' };
    await ground.client.patch(web, { spec: { replicas: 3 } }, { type: 'merge' });
    await expect.poll(async () => podsOf(await stream.next()).length, SOON).toBe(3);
    await other.leave();
    expect(podWatches()).toBe(1);
    await ground.client.remove(ref('web'));
    let last: unknown;
    do last = await stream.next();
    while (last !== undefined);
    await expect.poll(() => transport.open, SOON).toEqual([]);
  });
});
