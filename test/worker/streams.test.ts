// Streams in workerd: all requests meet in one Durable Object, so that one watch serves all who listen. (How they end is in
// test/api/stream.test.ts: Miniflare does not tell this side of its bindings that a request was given up.)

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applicationManifest } from '../../src/application/manifest.ts';
import { at, stringAt } from '../../src/base/json.ts';
import { createKubeClient, type KubeClient } from '../../src/kube/client.ts';
import { bundleWorker, type RunningWorker, startWorker } from '../../src/node/miniflare.ts';
import { toConfigMap } from '../../src/operation/delivery-config-map.ts';
import { prepareHome } from '../../src/operation/prepare-home.ts';
import { connectSandbox, type SandboxTransport } from '../support/sandbox-transport.ts';

const TOKEN = 'token-for-tests';
const APPLICATION = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', namespace: 'argocd', name: 'app' };

describe('streams in workerd', () => {
  let worker: RunningWorker;
  let cluster: SandboxTransport;
  let client: KubeClient;

  beforeAll(async () => {
    cluster = connectSandbox();
    client = createKubeClient(cluster, { fieldManager: 'test' });
    await prepareHome(client, 'argocd');
    const repoURL = 'http://127.0.0.1:9/devops/app';
    const place = { name: 'app', namespace: 'argocd', repoURL, path: '.', destinationNamespace: 'there' };
    await client.create(applicationManifest(place));
    await client.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'there' } });
    await client.create({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name: 'speaker',
        namespace: 'there',
        annotations: { 'argocd.argoproj.io/tracking-id': 'app:/Pod:there/speaker' },
      },
      spec: { containers: [{ name: 'c', image: 'speaker:1' }] },
    });
    const resources = [{ version: 'v1', kind: 'Pod', namespace: 'there', name: 'speaker', status: 'Synced' }];
    await client.patch(APPLICATION, { status: { resources } }, { type: 'merge' });
    const bindings = { HAWSER_TOKEN: TOKEN, HAWSER_LOOPBACK: 'true' };
    worker = await startWorker({ script: await bundleWorker(), cluster, port: 0, bindings });
  });
  afterAll(() => worker?.close());

  async function open(path: string, accept = 'application/json') {
    const leaving = new AbortController();
    const response = await fetch(`${worker.url}${path}`, {
      headers: { authorization: `Bearer ${TOKEN}`, accept },
      signal: leaving.signal,
    });
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    let rest = '';
    return {
      status: response.status,
      leave: () => leaving.abort(),
      async next(): Promise<unknown> {
        while (!rest.includes('\n')) {
          const { done, value = '' } = (await reader?.read()) ?? { done: true };
          if (done) return undefined;
          rest += value;
        }
        const end = rest.indexOf('\n');
        const line = rest.slice(0, end);
        rest = rest.slice(end + 1);
        return line === '' ? this.next() : JSON.parse(line.replace(/^data: /, ''));
      },
    };
  }
  const following = (pattern: RegExp) => cluster.open.filter((request) => pattern.test(request));

  it('tell of Applications to all who listen by one watch', async () => {
    const streams = [
      await open('/api/v1/stream/applications'),
      await open('/api/v1/stream/applications', 'text/event-stream'),
    ];
    for (const stream of streams) expect(stringAt(await stream.next(), 'result', 'type')).toBe('ADDED');
    await client.patch(APPLICATION, { metadata: { labels: { round: '1' } } }, { type: 'merge' });
    for (const stream of streams) {
      let message: unknown;
      do message = await stream.next();
      while (at(message, 'result', 'application', 'metadata', 'labels', 'round') !== '1');
      expect(stringAt(message, 'result', 'type')).toBe('MODIFIED');
    }
    expect(following(/\/applications\?.*watch=true/)).toHaveLength(1);
    for (const stream of streams) stream.leave();
  });

  it('tell of pushes, whichever replica has recorded them, by one watch', async () => {
    const streams = [await open('/api/v1/stream/deliveries'), await open('/api/v1/stream/deliveries')];
    const key = 'a'.repeat(40);
    const where = { webUrls: ['http://127.0.0.1:9/devops/app'], otherUrls: [], ref: 'refs/heads/main' };
    const push = { key, kind: 'git', deliveryId: 'd-1', provider: 'gogs', ...where } as const;
    const receivedAt = '2026-11-23T12:00:00Z';
    const record = {
      push,
      receivedAt,
      state: 'open',
      holder: 'other',
      notes: [],
      applications: [],
      counts: {},
    } as const;
    await client.create(await toConfigMap('argocd', { record, opening: 'o', batch: 'b' }));
    for (const stream of streams) expect(at(await stream.next(), 'result', 'key')).toBe(key);
    expect(following(/\/configmaps\?.*watch=true/)).toHaveLength(1);
    for (const stream of streams) stream.leave();
  });

  it('tell of a tree, and of a log that is followed', async () => {
    const tree = await open('/api/v1/stream/applications/app/resource-tree');
    expect(at(await tree.next(), 'result', 'nodes', 0)).toMatchObject({ kind: 'Pod', name: 'speaker' });
    const log = await open('/api/v1/applications/app/pods/speaker/logs?namespace=there&follow=true');
    expect(stringAt(await log.next(), 'result', 'content')).toContain('speaker:1 was never started');
    expect(following(/\/log\?/)).toHaveLength(1);
    log.leave();
    tree.leave();
  });
});
