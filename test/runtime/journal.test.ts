// A push is never lost: one that comes while the cluster or the Git server is away is done when they are back, by whatever life there is then.

import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { at } from '../../src/base/json.ts';
import type { SandboxRepository } from '../../src/sandbox/git/repository.ts';
import { SENDERS } from '../support/webhook-senders.ts';
import { createRuntimeGround, type RuntimeGround, WEBHOOK_SECRET } from './support/ground.ts';
import { HOOKS, ZERO } from './support/hooks.ts';

const SOON = { timeout: 30_000, interval: 50 };
const configMap = (key: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\ndata:\n  key: ${key}\n`;

describe('a push', () => {
  let ground: RuntimeGround;
  let repository: SandboxRepository;
  let isGitAway = false;

  beforeAll(async () => {
    ground = await createRuntimeGround({
      answerGit: async () => (isGitAway ? new Response('bad gateway', { status: 502 }) : undefined),
    });
    repository = await ground.deploy('app', { 'a.yaml': configMap('one') }, { automated: {} });
  });
  afterAll(() => ground?.close());

  async function deliver(id: string) {
    const change = { repository: `${ground.gitUrl}/devops/app`, ref: 'refs/heads/main', before: ZERO };
    const after = repository.refs.get('refs/heads/main') ?? '';
    const body = JSON.stringify(HOOKS.gogs.tell({ ...change, after }).payload);
    const headers = { ...SENDERS.gogs.headers(body, 'push', WEBHOOK_SECRET), 'x-gogs-delivery': id };
    const response = await fetch(`${ground.url}/api/webhook`, { method: 'POST', headers, body });
    return { status: response.status, body: (await response.json()) as unknown };
  }
  const stateOf = async (id: string) => at((await ground.request('GET', `/api/deliveries/${id}`)).body, 'state');
  const key = async () => at(await ground.get('v1', 'ConfigMap', 'app', 'settings'), 'data', 'key');

  it.each(['end', 'kill'] as const)('that comes while the cluster is away outlives the %s of hawser', async (how) => {
    const id = `away-${how}`;
    await ground.commit(repository, { 'a.yaml': configMap(how) });
    ground.sandbox.away = true;
    expect(await deliver(id)).toMatchObject({ status: 202, body: { reason: expect.stringMatching(/^pending/) } });
    expect((await deliver(id)).status).toBe(202);
    expect(await stateOf(id)).toBe('open');
    await ground.restart(how, async () => {
      ground.sandbox.away = false;
    });
    await ground.done({ deliveryId: id });
    expect(await key()).toBe(how);
  });

  it('that comes while the Git server is away waits for it, without any request', async () => {
    await ground.commit(repository, { 'a.yaml': configMap('three') });
    isGitAway = true;
    expect(await deliver('git-away')).toMatchObject({
      status: 202,
      body: { applications: [{ name: 'app', verdict: 'pending' }] },
    });
    await vi.waitFor(async () => {
      const { conditions } = (await ground.application('app')).status;
      expect(conditions).toMatchObject([{ type: 'ComparisonError', message: expect.stringContaining('502') }]);
    }, SOON);
    expect(await stateOf('git-away')).toBe('open');
    isGitAway = false;
    await vi.waitFor(async () => expect(await key()).toBe('three'), SOON);
    await ground.done({ deliveryId: 'git-away' });
    expect((await ground.settled('app')).status.conditions ?? []).toEqual([]);
  });
});
