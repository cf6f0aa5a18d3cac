// What keeps whoever sends much from costing much: reads of the settings, passwords to be compared, names that are remembered.

import { describe, expect, it } from 'vitest';
import { createLoginLimits } from '../../src/account/login-limits.ts';
import { createMemo } from '../../src/account/memo.ts';
import { parseRevocations, REVOCATIONS, writeRevocation } from '../../src/account/revocations.ts';
import { createKubeClient } from '../../src/kube/client.ts';
import { configData } from '../../src/operation/settings.ts';
import { connectSandbox } from '../support/sandbox-transport.ts';

describe('the memo of the settings', () => {
  function counted() {
    let [ms, reads] = [0, 0];
    const kinds: string[] = [];
    const memo = createMemo(
      async (freshness) => {
        kinds.push(freshness);
        return ++reads;
      },
      () => ms,
    );
    return { memo, kinds, later: (by: number) => (ms += by) };
  }

  it('serves two seconds with one read', async () => {
    const { memo, kinds, later } = counted();
    expect(await Promise.all([memo.now(), memo.now(), memo.now()])).toEqual([1, 1, 1]);
    later(1_999);
    expect(await memo.now()).toBe(1);
    later(1);
    expect(await memo.now()).toBe(2);
    expect(kinds).toEqual(['cached', 'cached']);
  });

  it('is read anew, as things are now, after a write', async () => {
    const { memo, kinds } = counted();
    await memo.now();
    memo.drop();
    expect([await memo.now(), await memo.now()]).toEqual([2, 2]);
    expect(kinds).toEqual(['cached', 'consistent']);
  });

  it('does not keep what was read before a write, though it came after', async () => {
    const { memo } = counted();
    const before = memo.now();
    memo.drop();
    expect([await before, await memo.now()]).toEqual([1, 2]);
  });

  it('reads once for all who look for what is not known, and each time anew', async () => {
    const { memo, later } = counted();
    await memo.now();
    expect(await Promise.all([memo.fresh(), memo.fresh()])).toEqual([2, 2]);
    later(1_000);
    expect(await memo.fresh()).toBe(3);
    expect(await memo.now()).toBe(3);
  });

  it('gives up on those of whom there are too many', async () => {
    const { memo } = counted();
    const answers = await Promise.all(Array.from({ length: 150 }, () => memo.fresh()));
    expect(answers.filter((answer) => answer === undefined)).toHaveLength(50);
  });
});

describe('logins', () => {
  it('of a name are over after five failures, until five minutes have passed', () => {
    let ms = 0;
    const limits = createLoginLimits(() => ms);
    for (let i = 0; i < 5; i++) {
      expect(limits.isLocked('alice')).toBe(false);
      limits.failed('alice');
    }
    expect([limits.isLocked('alice'), limits.isLocked('bob')]).toEqual([true, false]);
    ms += 300_001;
    expect(limits.isLocked('alice')).toBe(false);
    limits.failed('alice');
    expect(limits.isLocked('alice')).toBe(false);
  });

  it('that succeed begin the count anew', () => {
    const limits = createLoginLimits(() => 0);
    for (let i = 0; i < 4; i++) limits.failed('alice');
    limits.succeeded('alice');
    limits.failed('alice');
    expect(limits.isLocked('alice')).toBe(false);
  });

  it('with names that are made up do not make it forget the failures of admin', () => {
    const limits = createLoginLimits(() => 0);
    for (let i = 0; i < 5; i++) limits.failed('admin');
    for (let i = 0; i < 20_000; i++) limits.failed(`nobody-${i}`);
    expect([limits.isLocked('admin'), limits.isLocked('nobody-1')]).toEqual([true, false]);
  });

  it('are refused where too many wait', async () => {
    const limits = createLoginLimits(() => 0);
    const open = Promise.withResolvers<void>();
    const running = Array.from({ length: 50 }, () => limits.run(() => open.promise));
    await expect(limits.run(async () => 'late')).rejects.toMatchObject({ code: 'TooMany' });
    open.resolve();
    await Promise.all(running);
    expect(await limits.run(async () => 'next')).toBe('next');
  });
});

describe('ended sessions', () => {
  it('are kept until they would have ended by themselves', async () => {
    const home = createKubeClient(connectSandbox(), { fieldManager: 'test' });
    await home.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'argocd' } });
    const read = async () =>
      configData(await home.get({ apiVersion: 'v1', kind: 'ConfigMap', namespace: 'argocd', name: REVOCATIONS }));
    const end = (tokenId: string, now: number) =>
      writeRevocation(home, 'argocd', { tokenId, now, expiresAt: now + 100 });
    await Promise.all([end('a', 1_000), end('b/ß', 1_000)]);
    const both = parseRevocations(await read());
    expect(['a', 'b/ß', 'c', 'toString'].map((id) => both.has(id))).toEqual([true, true, false, false]);
    await end('c', 1_101);
    const left = parseRevocations(await read());
    expect(['a', 'b/ß', 'c'].map((id) => left.has(id))).toEqual([false, false, true]);
  });
});
