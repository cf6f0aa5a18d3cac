import { describe, expect, it } from 'vitest';
import type { Application } from '../../src/application/types.ts';
import { createTurns } from '../../src/operation/turns.ts';

const app = (name: string) => ({ metadata: { name, namespace: 'argocd' }, spec: {}, status: {} }) as Application;
const concerns = (name: string) => (one: Application) => one.metadata.name === name;

async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false;
  promise.then(() => {
    settled = true;
  });
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
  return settled;
}

describe('turns', () => {
  it('let a later arrival wait for an earlier one that concerns the same Application, and for no other', async () => {
    const turns = createTurns();
    const first = turns.arrive(concerns('a'));
    const second = turns.arrive(concerns('b'));
    expect(await isSettled(second.waitForEarlier([app('b')]))).toBe(true);
    const waiting = second.waitForEarlier([app('b'), app('a')]);
    expect(await isSettled(waiting)).toBe(false);
    first.end();
    expect(await isSettled(waiting)).toBe(true);
  });

  it('let nobody wait for a later arrival', async () => {
    const turns = createTurns();
    const first = turns.arrive(concerns('a'));
    turns.arrive(concerns('a'));
    expect(await isSettled(first.waitForEarlier([app('a')]))).toBe(true);
  });

  it('tell whether an Application was worked on since the arrival', () => {
    const turns = createTurns();
    turns.touch('argocd/a');
    const arrival = turns.arrive(concerns('a'));
    expect(arrival.isUntouched('argocd/a')).toBe(true);
    turns.touch('argocd/b');
    expect(arrival.isUntouched('argocd/a')).toBe(true);
    turns.touch('argocd/a');
    expect(arrival.isUntouched('argocd/a')).toBe(false);
    expect(turns.arrive(concerns('a')).isUntouched('argocd/a')).toBe(true);
  });
});
