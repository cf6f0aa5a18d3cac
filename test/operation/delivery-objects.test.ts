import { beforeEach, describe, expect, it, vi } from 'vitest';
import { delay } from '../../src/base/delay.ts';
import { createKubeClient, type KubeClient } from '../../src/kube/client.ts';
import { RECORD_SELECTOR } from '../../src/operation/delivery-config-map.ts';
import type { Verdict, VerdictKind } from '../../src/operation/push.ts';
import { createStore, memoryJournal, pushOf, type StoreParts, verdictsOf } from '../support/delivery-stores.ts';
import { connectSandbox, type SandboxTransport } from '../support/sandbox-transport.ts';

const NAMESPACE = 'argocd';
const CONFIG_MAP = { apiVersion: 'v1', kind: 'ConfigMap' };

let transport: SandboxTransport;
let home: KubeClient;

beforeEach(async () => {
  transport = connectSandbox();
  home = createKubeClient(transport, { fieldManager: 'hawser' });
  await home.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } });
});

function storeOf(identity: string, more: Partial<StoreParts> = {}) {
  return createStore({ home, namespace: NAMESPACE, identity, ...more });
}

async function records() {
  return (await home.list(CONFIG_MAP, { namespace: NAMESPACE, labelSelector: RECORD_SELECTOR })).items;
}

/** Requests of a kind since the last call. */
function writes(): readonly string[] {
  return transport.requests.splice(0).filter((line) => !line.startsWith('GET'));
}

describe('a delivery that comes', () => {
  it('costs one write before its answer, and one for all that became of it', async () => {
    const { store } = storeOf('one');
    const push = await pushOf('cheap');
    await store.open(await pushOf('first'));
    transport.requests.length = 0;
    await store.open(push);
    expect(transport.requests).toHaveLength(1);
    writes();
    const verdicts = store.update(push.key, { applications: verdictsOf(3) });
    const notes = store.update(push.key, { notes: ['a gap'] });
    await store.update(push.key, { left: [] });
    await Promise.all([verdicts, notes]);
    expect(writes()).toHaveLength(1);
    expect(await store.find(push.key)).toMatchObject([{ state: 'done', counts: { sync: 3 }, notes: ['a gap'] }]);
  });

  it('is no new one when it comes again, and the record says how often it came', async () => {
    const { store } = storeOf('one');
    const push = await pushOf('again');
    await store.open(push);
    await store.open(push);
    await store.update(push.key, { left: [] });
    const third = await storeOf('two').store.open(push);
    expect(third.isNew).toBe(false);
    await expect
      .poll(async () => (await storeOf('three').store.find('again'))[0]?.notes)
      .toEqual([expect.stringMatching(/^the Git server sent it 2 times more, last at \d{4}-/)]);
  });

  it('again, and that an earlier process of this name has left, is worked on', async () => {
    const push = await pushOf('again');
    await storeOf('one').store.open(push);
    const { store } = storeOf('one');
    expect((await store.open(push)).isNew).toBe(true);
    expect(await store.takeUnfinished(() => false)).toEqual([]);
    await store.update(push.key, { left: [] });
    expect(await store.find('again')).toMatchObject([
      { state: 'done', notes: [expect.stringMatching(/^the Git server sent it once more/)] },
    ]);
  });

  it('again while a new process takes up what the last one has left is worked on once', async () => {
    const push = await pushOf('again');
    await storeOf('one').store.open(push);
    const slow = createKubeClient(
      {
        server: transport.server,
        fetch: async (path, init) => {
          if (init?.method === 'POST') await delay(200);
          return transport.fetch(path, init);
        },
      },
      { fieldManager: 'hawser' },
    );
    const { store } = storeOf('one', { home: slow });
    const opening = store.open(push);
    await delay(50);
    const taken = await store.takeUnfinished(() => false);
    expect((await opening).isNew).toBe(true);
    expect(taken).toEqual([]);
  });

  it('is another one when it names another repository, whatever id its sender chose', async () => {
    const { store } = storeOf('one');
    const push = await pushOf('same-id');
    const forged = { ...push, key: 'f'.repeat(40), webUrls: ['http://git.test/somebody/else'] };
    expect((await store.open(forged)).isNew).toBe(true);
    expect((await store.open(push)).isNew).toBe(true);
  });

  it('is found by any id that a Git server may choose', async () => {
    const { store } = storeOf('one');
    for (const id of ['{8e2a-4f}', 'ünïcode', 'x'.repeat(500), 'a b/c', '']) {
      const push = await pushOf(id);
      await store.open(push);
      await store.update(push.key, { left: [] });
      expect((await store.find(id))[0]?.push.key).toBe(push.key);
    }
  });

  it('that tells of several refs has a record for each', async () => {
    const { store } = storeOf('one');
    for (const [mark, ref] of [
      ['a', 'refs/tags/v1'],
      ['b', 'refs/heads/main'],
    ] as const) {
      await store.open(await pushOf('several', { key: mark.repeat(40), ref }));
    }
    await store.update('a'.repeat(40), { left: [] });
    const found = await store.find('several');
    expect(found.map(({ push, state }) => [push.kind === 'git' && push.ref, state])).toEqual([
      ['refs/heads/main', 'open'],
      ['refs/tags/v1', 'done'],
    ]);
  });

  it('leaves no password in the record', async () => {
    const { store } = storeOf('one');
    const push = await pushOf('secret', {
      webUrls: ['https://kim:hunter2@git.test/team/charts'],
      otherUrls: ['ssh://kim:hunter2@git.test/team/charts.git', 'git@git.test:team/charts.git'],
    });
    await store.open(push);
    const reason = 'GET https://kim:hunter2@git.test/team/charts/info/refs: 401';
    await store.update(push.key, { reason, notes: [reason], applications: verdictsOf(1, { reason }) });
    const text = JSON.stringify([await records(), await store.find(push.key)]);
    expect(text).toContain('git@git.test:team/charts.git');
    expect(text).not.toContain('hunter2');
  });
});

describe('the verdicts of a delivery', () => {
  const long = (count: number, verdict: VerdictKind, from = 0): readonly Verdict[] =>
    Array.from({ length: count }, (_, index) => ({
      name: `application-with-a-long-name-${from + index}`,
      verdict,
      reason: 'because '.repeat(200),
      paths: Array.from({ length: 50 }, (_, path) => `charts/application/templates/file-${path}.yaml`),
      operationUrl: `https://hawser.test/applications/application-with-a-long-name-${from + index}`,
    }));

  it('stay small for a thousand Applications, the interesting ones first and all of them counted', async () => {
    const { store } = storeOf('one');
    const push = await pushOf('large');
    await store.open(push);
    const applications = [...long(990, 'unaffected'), ...long(10, 'error', 990)];
    await store.update(push.key, { applications, left: [] });
    const [record] = await records();
    expect(JSON.stringify(record).length).toBeLessThan(100_000);
    const [found] = await store.find(push.key);
    expect(found?.counts).toEqual({ unaffected: 990, error: 10 });
    expect(found?.applications.filter(({ verdict }) => verdict === 'error')).toHaveLength(10);
    expect(found?.applications.length).toBeGreaterThan(30);
    expect(found?.applications.every(({ reason, paths }) => reason.length <= 400 && paths.length <= 11)).toBe(true);
  });

  it('are still counted right when what was left of them is done by another process', async () => {
    const one = storeOf('one').store;
    const push = await pushOf('in-two-parts');
    await one.open(push);
    await one.update(push.key, {
      applications: long(500, 'pending'),
      left: ['argocd/application-with-a-long-name-499'],
    });
    const two = storeOf('two').store;
    await two.takeUnfinished((holder) => holder === 'one');
    await two.update(push.key, { applications: long(1, 'sync', 499), left: [] });
    expect((await two.find(push.key))[0]?.counts).toEqual({ pending: 499, sync: 1 });
  });
});

describe('while the cluster is away', () => {
  it('deliveries are in the journal, and move to the cluster when it is back, each once', async () => {
    const journal = memoryJournal();
    const { store, stop, lines } = storeOf('one', { journal });
    transport.away = true;
    const pushes = await Promise.all(Array.from({ length: 30 }, (_, index) => pushOf(`away-${index}`)));
    const opened = await Promise.all([...pushes, ...pushes].map((push) => store.open(push)));
    expect(opened.filter(({ isNew }) => isNew)).toHaveLength(30);
    expect(journal.records.size).toBe(30);
    expect((await store.list(100)).length).toBe(30);
    expect((await store.find('away-7'))[0]?.state).toBe('open');
    expect(lines.filter((line) => line.includes('in the journal'))).toHaveLength(1);
    transport.away = false;
    await expect.poll(() => journal.records.size).toBe(0);
    expect(await records()).toHaveLength(30);
    await stop();
  });

  it('what becomes of deliveries is not lost, and a new process of that name finishes the others', async () => {
    const journal = memoryJournal();
    const first = storeOf('one', { journal });
    const [before, during, open] = await Promise.all([pushOf('before'), pushOf('during'), pushOf('left-open')]);
    await first.store.open(before);
    transport.away = true;
    await first.store.open(during);
    await first.store.open(open);
    await first.store.update(before.key, { applications: verdictsOf(1), left: [] });
    await first.store.update(during.key, { left: [] });
    await first.stop();
    transport.away = false;
    const second = storeOf('one', { journal });
    const unfinished = await second.store.takeUnfinished(() => false);
    expect(unfinished.map(({ push }) => push.deliveryId)).toEqual(['left-open']);
    expect(journal.records.size).toBe(0);
    expect((await second.store.find('before'))[0]?.state).toBe('done');
    expect((await second.store.find('during'))[0]?.state).toBe('done');
    // It is worked on now.
    expect(await second.store.takeUnfinished(() => true)).toEqual([]);
    await second.stop();
  });

  it('a delivery that reached the cluster although its answer was lost is recorded once', async () => {
    const journal = memoryJournal();
    const real = transport.fetch;
    let isLosing = true;
    transport.fetch = async (path, init) => {
      const response = await real(path, init);
      if (isLosing && (init?.method === 'POST' || init?.method === 'PATCH')) throw new TypeError('socket hang up');
      return response;
    };
    const { store, stop } = storeOf('one', { journal });
    const push = await pushOf('lost-answer');
    expect((await store.open(push)).isNew).toBe(true);
    isLosing = false;
    await store.update(push.key, { left: [] });
    expect(await records()).toHaveLength(1);
    expect((await store.find(push.key))[0]?.state).toBe('done');
    expect(journal.records.size).toBe(0);
    await stop();
  });

  it('for one replica, a delivery that another one received as well is the other one’s', async () => {
    let isCut = true;
    const cut = createKubeClient(
      {
        server: transport.server,
        fetch: async (path, init) => {
          if (isCut) throw new TypeError('fetch failed');
          return transport.fetch(path, init);
        },
      },
      { fieldManager: 'hawser' },
    );
    const journal = memoryJournal();
    const one = storeOf('one', { home: cut, journal });
    const two = storeOf('two');
    const [worked, done] = [await pushOf('worked-on'), await pushOf('done')];
    for (const push of [worked, done]) {
      expect((await one.store.open(push)).isNew).toBe(true);
      expect((await two.store.open(push)).isNew).toBe(true);
    }
    await two.store.update(done.key, { notes: ['by two'], left: [] });
    isCut = false;
    await expect.poll(() => journal.records.size).toBe(0);
    for (const { key } of [worked, done]) await one.store.update(key, { notes: ['by one'], left: [] });
    expect(await two.store.find('worked-on')).toMatchObject([{ holder: 'two', state: 'open', notes: [] }]);
    expect(await two.store.find('done')).toMatchObject([{ holder: 'two', state: 'done', notes: ['by two'] }]);
    await one.stop();
  });

  it('a cluster that hangs is waited for half a second, and then not at all for a moment', async () => {
    const real = transport.fetch;
    const first = storeOf('one');
    await first.store.open(await pushOf('well'));
    let hanging = 0;
    transport.fetch = (path, init) => {
      if (init?.method !== 'POST') return real(path, init);
      hanging++;
      return new Promise((_, reject) => init.signal?.addEventListener('abort', () => reject(init.signal?.reason)));
    };
    for (let index = 0; index < 5; index++) await first.store.open(await pushOf(`hangs-${index}`));
    expect(hanging).toBe(1);
    await first.stop();
  });

  it('and the journal cannot be written either, the Git server is told so', async () => {
    const full = { ...memoryJournal(), put: () => Promise.reject(new Error('ENOSPC: no space left on device')) };
    const { store, stop } = storeOf('one', { journal: full });
    transport.away = true;
    await expect(store.open(await pushOf('nowhere'))).rejects.toMatchObject({
      code: 'Unavailable',
      message: expect.stringMatching(/neither in the cluster .* nor in the journal .*ENOSPC/),
    });
    transport.away = false;
    await vi.waitFor(async () => expect((await store.open(await pushOf('nowhere'))).isNew).toBe(true), 20_000);
    await stop();
  });

  it('a record of the journal that cannot be read keeps no other from being finished', async () => {
    const journal = memoryJournal();
    await journal.put('broken', '{"not": "a record"');
    transport.away = true;
    const first = storeOf('one', { journal });
    await first.store.open(await pushOf('whole'));
    await first.stop();
    transport.away = false;
    const second = storeOf('one', { journal });
    expect(await second.store.takeUnfinished(() => false)).toHaveLength(1);
    expect(second.lines[0]).toContain('cannot be read');
    expect([...journal.records.keys()]).toEqual(['broken']);
    await second.stop();
  });
});

describe('many deliveries', () => {
  it('five thousand leave no more than the newest, and all that are open', { timeout: 120_000 }, async () => {
    const { store, settled } = storeOf('one');
    const open: string[] = [];
    for (let from = 0; from < 5_000; from += 50) {
      await Promise.all(
        Array.from({ length: 50 }, async (_, index) => {
          const push = await pushOf(`many-${from + index}`);
          await store.open(push);
          if ((from + index) % 500 === 0) open.push(push.key);
          else await store.update(push.key, { applications: verdictsOf(5), left: [] });
        }),
      );
    }
    await settled();
    const left = await records();
    const isOpen = left.filter(({ metadata }) => metadata.labels?.['hawser.dev/state'] === 'open');
    expect(isOpen.map(({ metadata }) => metadata.name?.slice('hawser-delivery-'.length)).sort()).toEqual(open.sort());
    expect(left.length).toBeGreaterThanOrEqual(2_000);
    expect(left.length).toBeLessThan(3_300);
    const newest = await store.list(10);
    expect(
      newest.map(({ push }) => Number(push.deliveryId.slice('many-'.length))).every((number) => number >= 4_900),
    ).toBe(true);
  });

  it('are chosen by repository and Application', async () => {
    const { store } = storeOf('one');
    const [one, two] = [
      await pushOf('one'),
      await pushOf('two', { webUrls: ['http://git.test/other/repo'], otherUrls: [] }),
    ];
    await store.open(one);
    await store.update(one.key, { applications: verdictsOf(2), left: [] });
    await store.open(two);
    await store.update(two.key, { left: ['argocd/app-7'] });
    const ids = async (...args: Parameters<typeof store.list>) =>
      (await store.list(...args)).map(({ push }) => push.deliveryId);
    expect(await ids(10)).toEqual(['two', 'one']);
    expect(await ids(1)).toEqual(['two']);
    expect(await ids(10, { repository: 'http://git.test/team/charts.git' })).toEqual(['one']);
    expect(await ids(10, { application: 'app-1' })).toEqual(['one']);
    expect(await ids(10, { application: 'app-7' })).toEqual(['two']);
    expect(await ids(10, { application: 'app-7', repository: 'http://git.test/team/charts' })).toEqual([]);
  });
});
