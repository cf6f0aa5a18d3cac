// Programs about work: locks, background, scope, log, metrics.

import type { LogFields } from '../../../../src/platform.ts';
import { outcomeOf, type PortContext, sleep } from './program.ts';

/** What holds a lock until another request ends it. */
const holding = new Map<string, () => void>();
/** What work has left, for other requests. */
const notes: string[] = [];

export const WORK_PROGRAMS = {
  /** When each of `count` works of one lock began and ended. */
  lockInTurn: async ({ platform }: PortContext, count: number) => {
    const events: string[] = [];
    await Promise.all(
      Array.from({ length: count }, (_, index) =>
        platform.locks.run('turn', async () => {
          events.push(`${index} begins`);
          // The later one is, the shorter it takes.
          await sleep(index % 3 === 0 ? count - index : 0);
          events.push(`${index} ends`);
        }),
      ),
    );
    return events;
  },
  /** One waits for what the other does. */
  lockApart: async ({ platform }: PortContext) => {
    const other = Promise.withResolvers<string>();
    const [first, second] = await Promise.all([
      platform.locks.run('apart/a', async () => `a has ${await other.promise}`),
      platform.locks.run('apart/b', async () => {
        other.resolve('b');
        return 'b is done';
      }),
    ]);
    return [first, second];
  },
  lookAtLock: async ({ platform: { locks } }: PortContext) => {
    const seen: boolean[] = [locks.isFree('looked-at')];
    const first = locks.run('looked-at', async () => {
      await sleep(1);
      seen.push(locks.isFree('looked-at'));
    });
    const second = locks.run('looked-at', async () => void seen.push(locks.isFree('looked-at')));
    seen.push(locks.isFree('looked-at'), locks.isFree('another'));
    await first;
    await second;
    seen.push(locks.isFree('looked-at'));
    return seen;
  },
  failInLock: async ({ platform: { locks } }: PortContext) => {
    const outcomes = await Promise.all([
      outcomeOf(() => locks.run('failing', async () => Promise.reject(new Error('the work failed')))),
      outcomeOf(() =>
        locks.run('failing', () => {
          throw new Error('it did not even begin');
        }),
      ),
      outcomeOf(() => locks.run('failing', async () => 'the next one')),
    ]);
    return { outcomes, isFree: locks.isFree('failing') };
  },
  holdLock: async ({ platform }: PortContext, name: string) => {
    await platform.locks.run(name, async () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      holding.set(name, resolve);
      await promise;
    });
    return 'held';
  },
  enterLock: ({ platform }: PortContext, name: string) =>
    platform.locks.run(name, async () => (holding.has(name) ? 'too early' : 'after it')),
  isLockHeld: async ({ platform }: PortContext, name: string) => holding.has(name) && !platform.locks.isFree(name),
  /** Whether there was one who held it. */
  releaseLock: async (_: PortContext, name: string) => {
    const release = holding.get(name);
    holding.delete(name);
    release?.();
    return release !== undefined;
  },

  /** The answer comes before the work is done. */
  workInBackground: async ({ platform }: PortContext, { note, afterMs }: { note: string; afterMs: number }) => {
    platform.background(sleep(afterMs).then(() => notes.push(note)));
    return notes.includes(note);
  },
  failInBackground: async ({ platform }: PortContext, message: string) => {
    platform.background(Promise.reject(new Error(`${message} at once`)));
    platform.background(sleep(10).then(() => Promise.reject(new Error(`${message} later`))));
    // What is rejected need not be an error.
    platform.background(Promise.reject(`${message} as a text`));
  },
  readNotes: async () => notes,

  writeLog: async (
    { platform: { log } }: PortContext,
    { level, message, fields }: { level: 'info' | 'warn' | 'error' | 'debug'; message: string; fields?: LogFields },
  ) => {
    log[level]?.(message, fields);
  },
  /** Fields that are not there are left out. */
  writeLogWithoutField: async ({ platform: { log } }: PortContext, message: string) => {
    log.info(message, { here: 'yes', gone: undefined });
  },
  writeLongLog: async (
    { platform: { log } }: PortContext,
    { message, length }: { message: string; length: number },
  ) => {
    log.info(message, { text: 'x'.repeat(length) });
  },

  /** What the scope says at each stage of work that goes on in many ways, beside other work with a scope of its own. */
  followScope: async ({ platform }: PortContext) => {
    const { scope, journal, cache, locks } = platform;
    if (!scope) return undefined;
    const current = () => scope.current()?.fields.work ?? 'none';
    const follow = (work: string) =>
      scope.run({ fields: { work } }, async () => {
        const seen: Record<string, string> = { 'at once': current() };
        await Promise.resolve();
        seen['after a promise'] = current();
        await sleep(2);
        seen['after a timer'] = current();
        seen['in a microtask'] = await new Promise<string>((resolve) => queueMicrotask(() => resolve(current())));
        await journal.put(`scope/${work}`, 'x');
        await journal.remove(`scope/${work}`);
        seen['after the journal'] = current();
        await cache.put(`scope/${work}`, new Uint8Array(1));
        await cache.get(`scope/${work}`);
        seen['after the cache'] = current();
        // Both wait for the same lock.
        await locks.run('scope', async () => {
          seen['in a lock'] = current();
          await sleep(1);
        });
        const stream = new Response('text').body?.pipeThrough(new TransformStream());
        for await (const _ of stream ?? []) seen['in a stream'] = current();
        await platform.home.fetch('/echo').then((response) => response.text());
        seen['after a request'] = current();
        await scope.run({ fields: { work: 'another' } }, async () => sleep(1));
        seen['after a scope inside'] = current();
        platform.log.info(`the log of ${work}`);
        return seen;
      });
    const [a, b] = await Promise.all([follow('a'), follow('b')]);
    return { a, b, outside: current() };
  },

  /** The families of one name, before and after. */
  countMetric: async (
    { platform: { metrics } }: PortContext,
    { name, labels }: { name: string; labels: Record<string, string> },
  ) => {
    metrics?.count(name, labels);
    metrics?.count(name, labels, 2);
    metrics?.count('there_is_no_such_name', labels);
    return metrics?.families().filter((family) => family.name === name);
  },
  listProcessMetrics: async ({ platform }: PortContext) => platform.processMetrics?.() ?? [],
  listMetric: async ({ platform: { metrics } }: PortContext, name: string) =>
    metrics?.families().find((family) => family.name === name)?.samples ?? [],

  readIdentity: async ({ platform }: PortContext) => platform.identity,
  /** How long they are, how many different byte values they have, and whether two draws are different. */
  drawRandom: async ({ platform }: PortContext, length: number) => {
    const one = platform.random(length);
    const two = platform.random(length);
    const isBytes = one instanceof Uint8Array;
    return { isBytes, length: one.length, values: new Set(one).size, isNew: one.some((byte, at) => byte !== two[at]) };
  },
};
