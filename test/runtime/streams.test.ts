// Answers that go on: one watch of the cluster serves all who listen, what happens is told as it happens, and the watch ends with the last.

import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { at, stringAt } from '../../src/base/json.ts';
import { toConfigMap } from '../../src/operation/delivery-config-map.ts';
import { createRuntimeGround, NAMESPACE, type RuntimeGround } from './support/ground.ts';

const SOON = { timeout: 30_000, interval: 50 };

let ground: RuntimeGround;
beforeAll(async () => {
  ground = await createRuntimeGround();
  const repository = await ground.createRepository('devops/app', { 'a.txt': '' });
  await ground.createApplication({ name: 'app', repository, path: '.', destinationNamespace: 'there' });
  await ground.client.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'there' } });
  const annotations = { 'argocd.argoproj.io/tracking-id': 'app:/Pod:there/speaker' };
  await ground.client.create({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'speaker', namespace: 'there', annotations },
    spec: { containers: [{ name: 'c', image: 'speaker:1' }] },
  });
  const resources = [{ version: 'v1', kind: 'Pod', namespace: 'there', name: 'speaker', status: 'Synced' }];
  await ground.patchApplication('app', { status: { resources } });
});
afterAll(() => ground?.close());

async function open(path: string, accept = 'application/json') {
  const leaving = new AbortController();
  const response = await ground.open(path, { headers: { accept }, signal: leaving.signal });
  expect(response.status).toBe(200);
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  return {
    type: response.headers.get('content-type') ?? '',
    leave: () => leaving.abort(),
    async next(): Promise<unknown> {
      for (;;) {
        const end = rest.indexOf('\n');
        const line = rest.slice(0, Math.max(end, 0)).trim();
        if (end >= 0) rest = rest.slice(end + 1);
        // An empty one, and a comment, are signs of life.
        if (line !== '' && !line.startsWith(':')) return JSON.parse(line.replace(/^data: /, ''));
        if (end >= 0) continue;
        const { done, value = '' } = (await reader?.read()) ?? { done: true };
        if (done) return undefined;
        rest += value;
      }
    },
  };
}
const following = (pattern: RegExp) => ground.sandbox.open.filter((request) => pattern.test(request));

describe('a stream', () => {
  it('tells of Applications to all who listen by one watch', async () => {
    const watch = /\/applications\?.*watch=true/;
    const streams = [
      await open('/api/v1/stream/applications'),
      await open('/api/v1/stream/applications', 'text/event-stream'),
    ];
    expect(streams.map(({ type }) => type)).toEqual(['application/json', 'text/event-stream']);
    for (const stream of streams) expect(stringAt(await stream.next(), 'result', 'type')).toBe('ADDED');
    for (const round of ['1', '2']) {
      await ground.patchApplication('app', { metadata: { labels: { round } } });
      for (const stream of streams) {
        let message: unknown;
        do message = await stream.next();
        while (at(message, 'result', 'application', 'metadata', 'labels', 'round') !== round);
        expect(stringAt(message, 'result', 'type')).toBe('MODIFIED');
      }
    }
    expect(following(watch)).toHaveLength(1);
    for (const stream of streams) stream.leave();
  });

  it('tells of pushes, whichever replica has recorded them, by one watch', async () => {
    const watch = /\/configmaps\?.*watch=true/;
    const streams = [await open('/api/v1/stream/deliveries'), await open('/api/v1/stream/deliveries')];
    const key = 'a'.repeat(40);
    const where = { webUrls: ['http://127.0.0.1:9/devops/app'], otherUrls: [], ref: 'refs/heads/main' };
    const push = { key, kind: 'git', deliveryId: 'd-1', provider: 'gogs', ...where } as const;
    const receivedAt = '2026-11-23T12:00:00Z';
    const rest = { holder: 'other', notes: [], applications: [], counts: {} };
    const record = { push, receivedAt, state: 'open', ...rest } as const;
    await ground.client.create(await toConfigMap(NAMESPACE, { record, opening: 'o', batch: 'b' }));
    for (const stream of streams) expect(at(await stream.next(), 'result', 'key')).toBe(key);
    expect(following(watch)).toHaveLength(1);
    for (const stream of streams) stream.leave();
  });

  it('tells of a tree as it grows', async () => {
    const tree = await open('/api/v1/stream/applications/app/resource-tree');
    expect(at(await tree.next(), 'result', 'nodes', 0)).toMatchObject({ kind: 'Pod', name: 'speaker' });
    tree.leave();
  });

  it('tells of a log that is followed', async () => {
    const log = await open('/api/v1/applications/app/pods/speaker/logs?namespace=there&follow=true');
    expect(stringAt(await log.next(), 'result', 'content')).toContain('speaker:1 was never started');
    expect(following(/\/log\?/)).toHaveLength(1);
    log.leave();
  });

  it('goes on where the watch that feeds it is lost', async () => {
    const stream = await open('/api/v1/stream/applications');
    expect(stringAt(await stream.next(), 'result', 'type')).toBe('ADDED');
    ground.sandbox.cut();
    await ground.patchApplication('app', { metadata: { labels: { round: 'after' } } });
    let message: unknown;
    do message = await stream.next();
    while (at(message, 'result', 'application', 'metadata', 'labels', 'round') !== 'after');
    stream.leave();
  });

  it('ends, with all that feeds it, when whoever listens has gone', async () => {
    // A runtime may learn of that no sooner than from the next sign of life.
    await vi.waitFor(() => expect(ground.sandbox.open).toEqual([]), SOON);
  });

  it('is for whoever may read', async () => {
    const response = await fetch(`${ground.url}/api/v1/stream/applications`);
    expect([response.status, await response.json()]).toMatchObject([401, { code: 16 }]);
  });
});
