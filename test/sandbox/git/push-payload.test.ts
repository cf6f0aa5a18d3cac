import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isObject } from '../../../src/base/json.ts';
import { type HookDelivery, pushDeliveries } from '../../../src/sandbox/git/push-payload.ts';
import { commitFiles, createRepository, type RefUpdate } from '../../../src/sandbox/git/repository.ts';
import { createGitServer, type SandboxPush } from '../../../src/sandbox/git/server.ts';
import { createLargeBodies } from '../../../src/webhook/body.ts';
import { receiveWebhook } from '../../../src/webhook/receive.ts';

const CORPUS = process.env.HAWSER_CORPUS ?? resolve(import.meta.dirname, '../../../../shared/corpus');
const PAYLOADS = join(CORPUS, 'webhooks/payloads');
const isThere = existsSync(PAYLOADS);
if (!isThere) console.warn(`no corpus at ${CORPUS} (HAWSER_CORPUS): payloads are not compared with real ones`);

const DETAILS = {
  message: 'one <two> & three',
  author: { name: 'Alice', email: 'alice@example.com' },
  atMs: 1_700_000_000_000,
};
const SETTINGS = {
  serverUrl: 'http://127.0.0.1:3000',
  secret: 's3cret',
  deliveryId: () => 'the-delivery',
  pusher: 'alice',
};
const ZERO = '0'.repeat(40);

/** What a push of `count` commits to a branch that was there announces. */
async function pushOf(count: number): Promise<SandboxPush> {
  const pushes: SandboxPush[] = [];
  const server = createGitServer({ onPush: (push) => void pushes.push(push) });
  const repository = server.create('devops/ops-deploy');
  const first = commitFiles(repository, 'main', { 'a.yaml': '0\n' }, DETAILS);
  let last: RefUpdate = first;
  for (let i = 1; i < count; i++) last = commitFiles(repository, 'main', { 'a.yaml': `${i}\n` }, DETAILS);
  repository.refs.set('refs/heads/main', last.after);
  await server.commit(repository, 'main', { 'b.yaml': 'b\n', 'a.yaml': null }, DETAILS);
  const [push] = pushes;
  if (!push) throw new Error('nothing was announced');
  return push;
}

const events = (deliveries: readonly HookDelivery[]) => deliveries.map(({ event }) => event);
const receive = (delivery: HookDelivery, secret = 's3cret') =>
  receiveWebhook(
    new Request('http://hawser.test/api/webhook', { method: 'POST', headers: delivery.headers, body: delivery.body }),
    {
      secrets: { 'webhook.gogs.secret': secret },
      insecure: false,
      maxBytes: 1 << 20,
      largeBodies: createLargeBodies(1),
    },
  );

describe.each(['gogs', 'gitea'] as const)('a push that %s announces', (provider) => {
  it('is understood and found well signed by the receiver', async () => {
    const push = await pushOf(1);
    const [delivery] = pushDeliveries(push, { ...SETTINGS, provider });
    if (!delivery) throw new Error('nothing is delivered');
    expect(await receive(delivery)).toMatchObject({
      pushes: [
        {
          ref: 'refs/heads/main',
          before: push.before,
          after: push.after,
          deliveryId: 'the-delivery',
          defaultBranch: 'main',
        },
      ],
    });
    await expect(receive(delivery, 'another')).rejects.toMatchObject({ code: 'Unauthenticated' });
  });

  it('names the files of each commit and escapes as Go does', async () => {
    const [delivery] = pushDeliveries(await pushOf(1), { ...SETTINGS, provider });
    expect(delivery?.body).toContain('\\u003ctwo\\u003e \\u0026 three\\n');
    expect(JSON.parse(delivery?.body ?? '')).toMatchObject({
      commits: [{ added: ['b.yaml'], removed: ['a.yaml'], modified: [], timestamp: '2023-11-14T22:13:20Z' }],
      repository: { html_url: 'http://127.0.0.1:3000/devops/ops-deploy', default_branch: 'main' },
    });
  });

  it('names five commits at most', async () => {
    const push = await pushOf(1);
    const [commit] = push.commits;
    if (!commit) throw new Error('no commit');
    const [delivery] = pushDeliveries(
      { ...push, commits: Array.from({ length: 9 }, () => commit) },
      { ...SETTINGS, provider },
    );
    expect(JSON.parse(delivery?.body ?? '').commits).toHaveLength(5);
  });

  it.each([
    ['a new branch', 'refs/heads/new', { before: ZERO }, ['create', 'push'], ['create', 'push']],
    ['a new tag', 'refs/tags/v1', { before: ZERO }, ['create'], ['create', 'push']],
    ['a deleted branch', 'refs/heads/old', { after: ZERO }, ['delete'], ['push', 'delete']],
    ['a deleted tag', 'refs/tags/v0', { after: ZERO }, ['delete'], ['push', 'delete']],
    ['more commits', 'refs/heads/main', {}, ['push'], ['push']],
  ])('of %s is the events that it really sends', async (_, ref, change, gogs, gitea) => {
    const push = { ...(await pushOf(1)), ref, ...change };
    expect(events(pushDeliveries(push, { ...SETTINGS, provider }))).toEqual(provider === 'gogs' ? gogs : gitea);
  });

  it.skipIf(!isThere)('has the fields of a real one', async () => {
    const [delivery] = pushDeliveries(await pushOf(1), { ...SETTINGS, provider });
    const real = readFileSync(join(PAYLOADS, `${provider}-push-branch.json`), 'utf8');
    expect(shapeOf(JSON.parse(delivery?.body ?? ''))).toEqual(shapeOf(JSON.parse(real)));
    expect(delivery?.body.split('\n')[1]).toBe(real.split('\n')[1]);
  });
});

describe('creation and deletion as Gogs announces them', () => {
  it.skipIf(!isThere).each([
    ['gogs-create-tag.json', 'refs/tags/v1', { before: ZERO }],
    ['gogs-delete-branch.json', 'refs/heads/old', { after: ZERO }],
  ])('have the fields of %s', async (file, ref, change) => {
    const push = { ...(await pushOf(1)), ref, ...change };
    const [delivery] = pushDeliveries(push, { ...SETTINGS, provider: 'gogs' });
    const real = JSON.parse(readFileSync(join(PAYLOADS, file), 'utf8'));
    expect(Object.keys(JSON.parse(delivery?.body ?? ''))).toEqual(Object.keys(real));
  });
});

describe('the repository', () => {
  it('is told to be private where it is', async () => {
    const repository = createRepository('devops/secret', { isPrivate: true });
    const update = commitFiles(repository, 'main', { 'a.yaml': 'a\n' }, DETAILS);
    const [, push] = pushDeliveries(
      { ...update, repository, commits: [], pusher: 'alice' },
      { ...SETTINGS, provider: 'gogs' },
    );
    expect(JSON.parse(push?.body ?? '')).toMatchObject({ repository: { private: true, full_name: 'devops/secret' } });
  });
});

/** Names of fields without the values; of a list, the first item's. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return typeof value[0] === 'object' ? value.slice(0, 1).map(shapeOf) : [];
  if (!isObject(value)) return '';
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, shapeOf(child)]));
}
