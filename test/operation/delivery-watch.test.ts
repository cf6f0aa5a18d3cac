// Whoever listens for deliveries has one watch with all others, and nobody has one when nobody listens.

import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { SandboxRepository } from '../../src/sandbox/git/repository.ts';
import { createGround, type Ground } from '../support/ground.ts';
import { connectSandbox, type SandboxTransport } from '../support/sandbox-transport.ts';

const SOON = { timeout: 20_000, interval: 20 };

let transport: SandboxTransport;
let ground: Ground;
let repository: SandboxRepository;
beforeAll(async () => {
  transport = connectSandbox();
  ground = await createGround(transport);
  repository = await ground.createRepository('devops/app', { 'm/a.yaml': '' });
});
afterAll(() => ground.close());

const watches = () => transport.requests.filter((request) => /\/configmaps\?.*watch=true/.test(request)).length;

async function listen() {
  const left = new AbortController();
  const changes = await ground.hawser.deliveries.listen(left.signal);
  return { left, changes };
}

it('is told of each push, by one watch for all who listen', async () => {
  const before = watches();
  const [first, second] = await Promise.all([listen(), listen()]);
  const { deliveryId } = await ground.push(repository, { 'm/b.yaml': '' });
  for (const { changes } of [first, second]) {
    expect((await changes.next()).value?.push.deliveryId).toBe(deliveryId);
  }
  await vi.waitFor(() => expect(watches()).toBe(before + 1), SOON);
  first.left.abort();
  expect((await first.changes.next()).done).toBe(true);
  // The other one goes on by the same watch.
  const next = await ground.push(repository, { 'm/c.yaml': '' });
  let told: string | undefined;
  while (told !== next.deliveryId) told = (await second.changes.next()).value?.push.deliveryId;
  expect(watches()).toBe(before + 1);
  second.left.abort();
  const third = await listen();
  await vi.waitFor(() => expect(watches()).toBe(before + 2), SOON);
  third.left.abort();
});

it('is told when the cluster is away', async () => {
  transport.away = true;
  await expect(ground.hawser.deliveries.listen(new AbortController().signal)).rejects.toMatchObject({
    code: 'Unavailable',
  });
  transport.away = false;
  const { left, changes } = await listen();
  await ground.push(repository, { 'm/d.yaml': '' });
  expect((await changes.next()).done).toBe(false);
  left.abort();
});

it('is told when the cluster does not let hawser watch', async () => {
  const { fetch } = transport;
  const refused = { kind: 'Status', reason: 'Forbidden', code: 403, message: 'configmaps is forbidden' };
  Object.assign(transport, {
    fetch: async (path: string, init?: RequestInit) =>
      /\/configmaps\?.*watch=true/.test(path) ? Response.json(refused, { status: 403 }) : fetch(path, init),
  });
  const { left, changes } = await listen();
  await expect(changes.next()).rejects.toMatchObject({ code: 'Forbidden' });
  left.abort();
  Object.assign(transport, { fetch });
});
