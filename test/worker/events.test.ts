// The events of the Durable Object, and that an alarm is set as long as there is work.

import { describe, expect, it } from 'vitest';
import { createObjectAlarms } from '../../src/worker/alarms.ts';
import { createEvents, TAKE_UP_MS } from '../../src/worker/events.ts';
import { createInvocations } from '../../src/worker/invocations.ts';
import { createUnfinishedWork } from '../../src/worker/unfinished-work.ts';
import { createObjectStorage } from './support/object-storage.ts';

const NOW = 1_000_000;
const EVENT_MS = 10_000;
const LIMITS = { connections: 6, requests: 2, eventMs: EVENT_MS };

interface GroundOptions {
  readonly answer?: () => Promise<Response>;
  readonly wake?: (name: string) => Promise<void>;
  readonly named?: Readonly<Record<string, number>>;
}

function createGround({ answer = async () => new Response('ok'), wake = async () => undefined, named }: GroundOptions) {
  const kept = createObjectStorage(named);
  const clock = { now: () => NOW };
  const logs: string[] = [];
  const log = { info: () => undefined, warn: () => undefined, error: (message: string) => void logs.push(message) };
  const alarms = createObjectAlarms(kept.storage, clock);
  const work = createUnfinishedWork(() => void alarms.stayAwake(NOW + TAKE_UP_MS));
  const invocations = createInvocations({ limits: LIMITS, wakeSoon: () => void alarms.wakeBy(NOW) });
  const events = createEvents({ alarms, invocations, work, limits: LIMITS, clock, log, answer, wake });
  return { ...kept, alarms, work, invocations, events, logs };
}

const get = () => new Request('http://hawser/');
const post = () => new Request('http://hawser/', { method: 'POST' });
const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

describe('a request', () => {
  it('writes nothing where it begins no work', async () => {
    const { events, written } = createGround({});
    await events.fetch(get());
    expect(written()).toBe(0);
  });

  it('that may promise something is answered when the alarm is set, which is one write', async () => {
    const { events, written, alarmMs } = createGround({});
    await events.fetch(post());
    expect([written(), alarmMs()]).toEqual([1, NOW + TAKE_UP_MS]);
    await events.fetch(post());
    expect(written()).toBe(1);
  });

  it('that begins work sets the alarm for it, whatever its method', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const { events, work, alarmMs } = createGround({
      answer: async () => {
        work.add(promise);
        return new Response('ok');
      },
    });
    await events.fetch(get());
    await settled();
    expect(alarmMs()).toBe(NOW + TAKE_UP_MS);
    resolve();
  });

  it('that needs more than its share is answered by means of an alarm', async () => {
    const { events, invocations, alarmMs } = createGround({
      answer: async () => {
        for (let index = 0; index < 5; index++) await invocations.run(async () => undefined);
        return new Response('ok');
      },
    });
    const answered = events.fetch(get());
    for (let event = 0; event < 2; event++) {
      await settled();
      expect(alarmMs()).toBe(NOW);
      await events.alarm();
    }
    expect((await answered).status).toBe(200);
  });
});

describe('an alarm', () => {
  it('does all that is due, though some of it fails', async () => {
    const woken: string[] = [];
    const { events, logs, names, alarmMs } = createGround({
      named: { 'alarm/a': NOW - 5, 'alarm/b': NOW, 'alarm/c': NOW + 5 },
      wake: async (name) => {
        if (name === 'a') throw new Error('away');
        woken.push(name);
      },
    });
    await events.alarm();
    expect([woken, logs, names(), alarmMs()]).toEqual([['b'], ['an alarm failed'], ['alarm/c'], NOW + 5]);
  });

  it('lasts until the work is done, with another one set should the object end, and leaves none', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const { events, alarmMs } = createGround({ named: { 'alarm/a': NOW }, wake: () => promise });
    let hasEnded = false;
    const ended = events.alarm().then(() => {
      hasEnded = true;
    });
    await settled();
    expect([hasEnded, alarmMs()]).toEqual([false, NOW + EVENT_MS]);
    resolve();
    await ended;
    expect(alarmMs()).toBeUndefined();
  });

  it('ends where the next one is due, and that one goes on with the work', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const { events, alarms, work, alarmMs } = createGround({ named: { 'alarm/a': NOW }, wake: () => promise });
    const ended = events.alarm();
    await settled();
    await alarms.set('b', NOW);
    await ended;
    expect([work.isDone(), alarmMs()]).toEqual([false, NOW]);
    const next = events.alarm();
    resolve();
    await next;
    expect([work.isDone(), alarmMs()]).toEqual([true, undefined]);
  });

  it('that finds nothing to do writes nothing', async () => {
    const { events, written } = createGround({});
    await events.alarm();
    expect(written()).toBe(0);
  });
});
