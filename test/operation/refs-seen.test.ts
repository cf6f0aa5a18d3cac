import { beforeEach, describe, expect, it } from 'vitest';
import { applicationManifest } from '../../src/application/manifest.ts';
import { parseApplication } from '../../src/application/parse.ts';
import type { Application } from '../../src/application/types.ts';
import { createKubeClient } from '../../src/kube/client.ts';
import { prepareHome } from '../../src/operation/prepare-home.ts';
import { addressesOf, type Push } from '../../src/operation/push.ts';
import { describeGap, type RefsSeen } from '../../src/operation/refs-seen.ts';
import { createRefsSeen, REPOSITORIES } from '../../src/operation/refs-seen-record.ts';
import { repositoriesInUse } from '../../src/operation/repositories-in-use.ts';
import { connectSandbox, type SandboxTransport } from '../support/sandbox-transport.ts';

const MAIN = 'refs/heads/main';
const HOUR_MS = 3_600_000;
const commit = (name: string) => name.padEnd(40, '0');

let transport: SandboxTransport;
let nowMs: number;
let logs: string[];

beforeEach(async () => {
  transport = connectSandbox();
  await prepareHome(createKubeClient(transport, { fieldManager: 'test' }), 'argocd');
  nowMs = Date.UTC(2026, 0, 1);
  logs = [];
});

interface Process extends RefsSeen {
  /** Ends it: what it noted is written. */
  end(): Promise<void>;
}

function application(repoURL: string, targetRevision: string): Application {
  return parseApplication(
    applicationManifest({
      name: 'app',
      namespace: 'argocd',
      repoURL,
      targetRevision,
      path: '.',
      destinationNamespace: 'app',
    }),
  );
}

/** A replica, or the next life of a process. */
function start(
  applications: readonly Application[] = [application('https://git.example.com/team/deploy.git', 'main')],
): Process {
  const stopping = new AbortController();
  const works: Promise<unknown>[] = [];
  const seen = createRefsSeen({
    home: createKubeClient(transport, { fieldManager: 'hawser' }),
    namespace: 'argocd',
    clock: { now: () => nowMs },
    log: { info: () => undefined, error: () => undefined, warn: (message) => logs.push(message) },
    background: (work) => works.push(work),
    inUse: () => repositoriesInUse(applications),
    addressesOf,
    stopping: stopping.signal,
    patienceMs: 10,
  });
  const end = async () => {
    stopping.abort();
    await Promise.all(works);
  };
  return { ...seen, end };
}

function push(before: string, after: string, ref = MAIN, url = 'https://git.example.com/team/deploy'): Push {
  const name = { key: `${before}${after}`, deliveryId: after, provider: 'gitea' };
  return { kind: 'git', ...name, webUrls: [url], otherUrls: [], ref, before: commit(before), after: commit(after) };
}

async function stored(): Promise<Record<string, string>> {
  const client = createKubeClient(transport, { fieldManager: 'test' });
  const found = await client.get({ apiVersion: 'v1', kind: 'ConfigMap', namespace: 'argocd', name: REPOSITORIES });
  return (found?.data ?? {}) as Record<string, string>;
}

/** What of a listing of main has moved. */
async function listing(seen: RefsSeen, at: string, isNoted = true): Promise<readonly string[]> {
  const refs = new Map([[MAIN, commit(at)]]);
  const { moved, note } = await seen.compareListing('https://git.example.com/team/deploy.git', refs);
  if (isNoted) note();
  return moved;
}

const gap = { ref: MAIN, seen: commit('b'), before: commit('c') };

describe('the refs seen', () => {
  it('tell the gap before a push, in words that name both ends', async () => {
    const seen = start();
    expect(await seen.note(push('a', 'b'))).toBeUndefined();
    expect(await seen.note(push('c', 'd'))).toEqual(gap);
    expect(describeGap(gap)).toBe(
      'refs/heads/main was last seen at b000000, this push begins at c000000: at least one push was missed',
    );
    expect(await seen.note(push('d', 'e'))).toBeUndefined();
  });

  it('tell none of deliveries that overtake each other', async () => {
    const seen = start();
    await seen.note(push('a', 'b'));
    const late = seen.note(push('c', 'd'));
    expect(await Promise.all([late, seen.note(push('b', 'c'))])).toEqual([undefined, undefined]);
  });

  it('are what an earlier process has seen, too', async () => {
    const first = start();
    await first.note(push('a', 'b'));
    await first.end();
    const second = start();
    expect(await second.note(push('c', 'd'))).toEqual(gap);
    await second.end();
    expect(Object.keys(await stored())).toEqual([expect.stringMatching(/^[0-9a-f]{40}$/)]);
  });

  it('are one for all replicas, whose writes lose nothing of each other', async () => {
    const [one, two] = [start(), start()];
    await one.note(push('a', 'b'));
    await one.flush();
    await two.note(push('b', 'c'));
    await one.note(push('x', 'y', 'refs/heads/other'));
    await Promise.all([two.flush(), one.flush()]);
    // `one` has not heard of the push to c, which `two` got.
    expect(await one.note(push('c', 'd'))).toBeUndefined();
    await Promise.all([one.end(), two.end()]);
    const [text = ''] = Object.values(await stored());
    expect(JSON.parse(text)).toMatchObject({
      provider: 'gitea',
      refs: { [MAIN]: [commit('b'), commit('c'), commit('d')] },
    });
  });

  it('write many pushes at once, and nothing where nothing was noted', async () => {
    const seen = start();
    await seen.note(push('a', 'b'));
    await seen.flush();
    transport.requests.length = 0;
    for (let index = 10; index < 60; index++)
      await seen.note(push(`f${index - 1}`, `f${index}`, `refs/heads/${index}`));
    await seen.flush();
    await seen.flush();
    expect(transport.requests.filter((line) => line.includes(REPOSITORIES))).toHaveLength(1);
    await seen.end();
  });

  it('are of no repository that no Application uses, and of no ref that none follows', async () => {
    const seen = start();
    await seen.note(push('a', 'b', MAIN, 'https://git.example.com/team/other'));
    await seen.note(push('a', 'b', 'refs/heads/feature'));
    await seen.end();
    expect(Object.values(await stored()).map((text) => JSON.parse(text).refs)).toEqual([{}]);
    const next = start([]);
    await next.prune();
    await next.end();
    expect(await stored()).toEqual({});
  });

  it('name the refs that a listing finds moved since, until that is noted', async () => {
    const seen = start();
    await seen.note(push('a', 'b'));
    expect(await listing(seen, 'b')).toEqual([]);
    expect(await listing(seen, 'c', false)).toEqual([MAIN]);
    expect(await listing(seen, 'c')).toEqual([MAIN]);
    expect(await listing(seen, 'c')).toEqual([]);
    await seen.end();
  });

  it('say which repositories were not listed for an hour, to any process', async () => {
    const url = 'https://git.example.com/team/deploy.git';
    const seen = start();
    expect(await seen.due([url])).toEqual([url]);
    await listing(seen, 'b');
    expect(await seen.due([url])).toEqual([]);
    await seen.end();
    nowMs += HOUR_MS - 1000;
    const next = start();
    expect(await next.due([url])).toEqual([]);
    nowMs += 1000;
    expect(await next.due([url])).toEqual([url]);
    expect(await next.lastLook(url)).toEqual({ listedMs: nowMs - HOUR_MS });
  });

  it('count what is heard of for the first time as seen just now, but not as listed', async () => {
    const url = 'https://git.example.com/team/deploy.git';
    const seen = start();
    expect(await seen.due([url], 'seen')).toEqual([]);
    expect(await seen.due([url], 'listed')).toEqual([url]);
    nowMs += HOUR_MS;
    expect(await seen.due([url], 'seen')).toEqual([url]);
    await seen.end();
  });

  it('tell whether settings are others than those that were noted', async () => {
    const seen = start();
    expect(await seen.isNewFact('7')).toBe(true);
    expect(await seen.isNewFact('7')).toBe(true);
    seen.noteFact('7');
    expect(await seen.isNewFact('7')).toBe(false);
    await seen.end();
    expect(await start().isNewFact('7')).toBe(false);
    expect(await start().isNewFact('8')).toBe(true);
  });

  it('outlast a cluster that is away for a while', async () => {
    const seen = start();
    await seen.note(push('a', 'b'));
    transport.away = true;
    await seen.flush();
    expect(logs).toEqual(['what was seen of the repositories could not be written; the next push tries again']);
    transport.away = false;
    await seen.note(push('b', 'c'));
    await seen.end();
    expect(Object.values(await stored()).join()).toContain(commit('c'));
  });

  it('are made anew where somebody deleted them', async () => {
    const seen = start();
    await seen.note(push('a', 'b'));
    await seen.flush();
    const client = createKubeClient(transport, { fieldManager: 'test' });
    await client.remove({ apiVersion: 'v1', kind: 'ConfigMap', namespace: 'argocd', name: REPOSITORIES });
    await seen.note(push('b', 'c'));
    await seen.end();
    expect(Object.values(await stored()).join()).toContain(commit('c'));
  });
});
