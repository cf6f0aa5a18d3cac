// Pushes as they come, for whoever looks at them; what was refused; and what people changed, over all Applications.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at } from '../../src/base/json.ts';
import type { SandboxRepository } from '../../src/sandbox/git/repository.ts';
import { createGround, type Ground } from '../support/ground.ts';
import { connectSandbox } from '../support/sandbox-transport.ts';

const configMap = (key: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\ndata:\n  key: ${key}\n`;

const transport = connectSandbox();
let ground: Ground;
let repository: SandboxRepository;
beforeAll(async () => {
  ground = await createGround(transport);
  repository = await ground.createRepository('devops/app', { 'm/a.yaml': configMap('one') });
  const more = { repository, path: 'm', automated: {}, syncOptions: ['CreateNamespace=true'] };
  await ground.createApplication({ ...more, name: 'app', destinationNamespace: 'app' });
  await ground.refresh('app');
  await ground.push(repository, { 'm/a.yaml': configMap('two') });
  await ground.hawser.idle();
});
afterAll(() => ground.close());

/** Each message of a stream, and its end; with `token` instead of hawser's own. */
async function open(path: string, token?: string) {
  const left = new AbortController();
  const { signal } = left;
  const response = token
    ? await ground.openAnonymously(path, { signal, headers: { authorization: `Bearer ${token}` } })
    : await ground.open(path, { signal });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  const lines: string[] = [];
  let rest = '';
  return {
    status: response.status,
    next: async (): Promise<unknown> => {
      while (lines.length === 0) {
        const found = await reader?.read();
        if (!found || found.done) return undefined;
        rest += found.value;
        const parts = rest.split('\n');
        rest = parts.pop() ?? '';
        lines.push(...parts.filter((line) => line.trim() !== ''));
      }
      return at(JSON.parse(lines.shift() ?? ''), 'result');
    },
    leave: async () => {
      left.abort();
      await reader?.cancel().catch(() => undefined);
    },
  };
}

describe('the stream of deliveries', () => {
  it('tells of those that are known, then of each push and what becomes of it', async () => {
    const { deliveryId } = await ground.push(repository, { 'm/a.yaml': configMap('three') });
    await ground.hawser.idle();
    const stream = await open('/api/v1/stream/deliveries?limit=1');
    expect(await stream.next()).toMatchObject({
      deliveryId,
      state: 'done',
      proof: 'server',
      commits: [{ message: 'Change' }],
    });
    const next = await ground.push(repository, { 'm/a.yaml': configMap('four') });
    const states: unknown[] = [];
    while (states.at(-1) !== 'done') {
      const told = await stream.next();
      expect(at(told, 'deliveryId')).toBe(next.deliveryId);
      states.push(at(told, 'state'));
    }
    await stream.leave();
  });

  it('tells what one may see without a list of all Applications for each change', async () => {
    const given = { namespace: ground.namespace };
    const make = (name: string, data: Record<string, string>) =>
      ground.client.apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { ...given, name }, data });
    await make('argocd-cm', { 'accounts.viewer': 'apiKey' });
    await make('argocd-rbac-cm', { 'policy.csv': 'p, viewer, applications, get, default/*, allow' });
    const { body } = await ground.request('POST', '/api/v1/account/viewer/token', {});
    const stream = await open('/api/v1/stream/deliveries?limit=1', String(at(body, 'token')));
    expect(await stream.next()).toMatchObject({ state: 'done' });
    const records = { apiVersion: 'v1', kind: 'ConfigMap' };
    const { items } = await ground.client.list(records, { ...given, labelSelector: 'hawser.dev/record=delivery' });
    const touch = async (turn: string) => {
      const ref = { ...records, ...given, name: items[0]?.metadata.name ?? '' };
      await ground.client.patch(ref, { metadata: { annotations: { turn } } }, { type: 'merge' });
      expect(await stream.next()).toMatchObject({ applications: [{ name: 'app' }] });
    };
    await touch('first');
    const asked = transport.requests.length;
    for (const turn of ['a', 'b', 'c']) await touch(turn);
    const lists = transport.requests.slice(asked).filter((request) => /\/applications(\?|$)/.test(request));
    expect(lists.length).toBeLessThan(3);
    await stream.leave();
  });

  it.each([
    ['ref=main', 1],
    ['ref=refs/heads/main', 1],
    ['ref=other', 0],
    ['verdict=sync', 1],
    ['verdict=error', 0],
    ['state=done', 1],
    ['state=open', 0],
  ])('is chosen from by %s', async (query, count) => {
    const { body } = await ground.request('GET', `/api/deliveries?limit=1&${query}`);
    expect(at(body, 'items')).toHaveLength(count);
  });

  it('refuses a verdict that there is not', async () => {
    expect((await ground.request('GET', '/api/deliveries?verdict=perhaps')).status).toBe(400);
  });
});

describe('what was refused', () => {
  it('is counted by who claims to send it and why, and leaves no record', async () => {
    const before = at((await ground.request('GET', '/api/deliveries')).body, 'items', 'length');
    const headers = { 'x-gogs-event': 'push', 'x-gogs-signature': 'a'.repeat(64) };
    for (let count = 0; count < 2; count++) await ground.webhook(headers, '{"ref":"refs/heads/main"}');
    await ground.webhook({}, '{}');
    const { body } = await ground.request('GET', '/api/v1/refused-deliveries');
    expect(at(body, 'items')).toMatchObject([
      { provider: 'unknown', code: 'InvalidInput', times: 1 },
      { provider: 'gogs', code: 'Unauthenticated', times: 2, reason: expect.stringContaining('does not match') },
    ]);
    expect(at((await ground.request('GET', '/api/deliveries')).body, 'items', 'length')).toBe(before);
  });
});

describe('drift over all Applications', () => {
  it('is told newest first, with whose it is', async () => {
    const entry = (time: string, name: string) => ({
      ...{ at: time, by: 'kim', manager: 'kubectl-edit', operation: 'UPDATE', group: '', kind: 'ConfigMap' },
      ...{ namespace: 'app', name, fields: [{ path: 'data.key', before: 'a', after: 'b' }] },
    });
    await ground.client.create({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {
        name: 'hawser-drift-app',
        namespace: ground.namespace,
        labels: { 'hawser.dev/record': 'drift' },
        annotations: { 'hawser.dev/application': 'app' },
      },
      data: { entries: JSON.stringify([entry('2026-01-01T00:00:00Z', 'old'), entry('2026-01-02T00:00:00Z', 'new')]) },
    });
    const { body } = await ground.request('GET', '/api/v1/drift');
    expect(at(body, 'items')).toMatchObject([
      { name: 'new', by: 'kim', application: { name: 'app', namespace: ground.namespace, project: 'default' } },
      { name: 'old', fields: [{ path: 'data.key', before: 'a', after: 'b' }] },
    ]);
  });
});
