// A Git server tells of a push before it shows the commit: until it does, the push is not done, whatever else happens meanwhile.

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { at } from '../../src/base/json.ts';
import type { Push } from '../../src/operation/push.ts';
import type { SandboxRepository } from '../../src/sandbox/git/repository.ts';
import { createGround, type Ground } from '../support/ground.ts';
import { connectSandbox } from '../support/sandbox-transport.ts';

const configMap = (value: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\ndata:\n  key: ${value}\n`;

let ground: Ground;
let repository: SandboxRepository;
let other: SandboxRepository;
/** Applied objects wait for it. */
let isHeld: Promise<void> | undefined;
let isHolding: boolean;
let requests: string[];
beforeEach(async () => {
  isHeld = undefined;
  isHolding = false;
  const cluster = connectSandbox();
  requests = [];
  const fetch: typeof cluster.fetch = async (path, init) => {
    requests.push(`${init?.method ?? 'GET'} ${path}`);
    if (isHeld && init?.method === 'PATCH' && path.includes('/namespaces/app/configmaps')) {
      isHolding = true;
      await isHeld;
    }
    return cluster.fetch(path, init);
  };
  ground = await createGround({ server: cluster.server, fetch });
  repository = await ground.createRepository('devops/app', { 'm/a.yaml': configMap('one') });
  other = await ground.createRepository('devops/other', { 'm/a.yaml': configMap('one') });
  await ground.createApplication({
    ...{ name: 'app', repository, path: 'm', destinationNamespace: 'app' },
    automated: { prune: true },
  });
  await ground.refresh('app');
});
afterEach(() => ground.close());

const head = () => repository.refs.get('refs/heads/main') ?? '';
const keyOf = async () => at(await ground.get('v1', 'ConfigMap', 'app', 'settings'), 'data', 'key');

let count = 0;
function pushOf({ path }: SandboxRepository, before: string, after: string): Push {
  count++;
  return {
    kind: 'git',
    key: `${count}`.padStart(40, 'c'),
    deliveryId: `delivery-${count}`,
    provider: 'gogs',
    webUrls: [`${ground.gitUrl}/${path}`],
    otherUrls: [],
    ref: 'refs/heads/main',
    defaultBranch: 'main',
    before,
    after,
  };
}

async function receive(push: Push): Promise<string | undefined> {
  const { applications } = await ground.hawser.receivePush(push);
  await ground.hawser.idle();
  return applications[0]?.verdict;
}

async function afterAWhile(): Promise<void> {
  ground.clock.moveTo(ground.clock.now() + 6_000);
  await expect.poll(keyOf).toBe('two');
}

async function stateOf({ deliveryId }: Push): Promise<string | undefined> {
  await ground.hawser.idle();
  return (await ground.hawser.deliveries.get(deliveryId))[0]?.state;
}

describe('a commit that the Git server does not show yet', () => {
  it('is still waited for when other pushes come in the same moment', async () => {
    const push = pushOf(repository, head(), 'b'.repeat(40));
    expect(await receive(push)).toBe('pending');
    await receive(pushOf(other, '1'.repeat(40), '2'.repeat(40)));
    expect(await stateOf(push)).toBe('open');
    await ground.commit(repository, { 'm/a.yaml': configMap('two') });
    await afterAWhile();
    expect(await stateOf(push)).toBe('done');
  });

  it('is not looked for with each of many other pushes', async () => {
    const push = pushOf(repository, head(), 'b'.repeat(40));
    await receive(push);
    requests = [];
    const others = Array.from({ length: 30 }, () => pushOf(other, '1'.repeat(40), '2'.repeat(40)));
    for (const one of others) await ground.hawser.receivePush(one);
    await ground.hawser.idle();
    const written = requests.filter((request) => request.startsWith('PATCH') && request.includes(push.key));
    expect(written.length).toBeLessThan(5);
  });

  it('is looked for again although somebody has synced the Application meanwhile', async () => {
    const push = pushOf(repository, head(), 'b'.repeat(40));
    expect(await receive(push)).toBe('pending');
    await ground.sync('app');
    expect(await stateOf(push)).toBe('open');
    await ground.commit(repository, { 'm/a.yaml': configMap('two') });
    await afterAWhile();
    expect(await stateOf(push)).toBe('done');
  });

  it('is still waited for when a look that knows nothing of it stands in the same line', async () => {
    let release: () => void = () => undefined;
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    isHeld = released;
    await ground.commit(repository, { 'm/a.yaml': configMap('between') });
    const running = ground.hawser.receivePush(pushOf(repository, '0'.repeat(40), head()));
    await expect.poll(() => isHolding).toBe(true);
    const push = pushOf(repository, head(), 'b'.repeat(40));
    const received = ground.hawser.receivePush(push);
    await received;
    await ground.hawser.refresh({ all: true });
    isHeld = undefined;
    release();
    await running;
    expect(await stateOf(push)).toBe('open');
    await ground.commit(repository, { 'm/a.yaml': configMap('two') });
    await afterAWhile();
    expect(await stateOf(push)).toBe('done');
  });

  it('is waited for when a second push follows before the first is shown', async () => {
    const first = pushOf(repository, head(), 'b'.repeat(40));
    const second = pushOf(repository, 'b'.repeat(40), 'c'.repeat(40));
    expect(await receive(first)).toBe('pending');
    expect(await receive(second)).toBe('pending');
    await ground.commit(repository, { 'm/a.yaml': configMap('two') });
    await afterAWhile();
    expect(await stateOf(first)).toBe('done');
    expect(await stateOf(second)).toBe('done');
  });
});
