// Requests of the Durable Object in their turn: few at once, in order, and no more in one event than its share.

import { AsyncLocalStorage } from 'node:async_hooks';
import { describe, expect, it } from 'vitest';
import { type Answer, createInvocations, type EventKind, type Invocation } from '../../src/worker/invocations.ts';

/** Requests that are answered by hand. */
function createFarSide() {
  const sent: string[] = [];
  const answers = new Map<string, (head: string) => void>();
  const failures = new Map<string, (error: Error) => void>();
  const send = (name: string) => () => {
    sent.push(name);
    return new Promise<string>((resolve, reject) => {
      answers.set(name, resolve);
      failures.set(name, reject);
    });
  };
  const settled = () => new Promise((resolve) => setTimeout(resolve, 0));
  return {
    sent,
    send,
    settled,
    answer: async (name: string) => {
      answers.get(name)?.('head');
      await settled();
    },
    fail: async (name: string) => {
      failures.get(name)?.(new Error('lost'));
      await settled();
    },
  };
}

function createGround(limits: { readonly connections: number; readonly requests: number }) {
  const far = createFarSide();
  const ended: Invocation[] = [];
  let woken = 0;
  const invocations = createInvocations({
    limits,
    wakeSoon: () => woken++,
    ended: (invocation) => ended.push(invocation),
    answers: new AsyncLocalStorage<Answer>(),
  });
  const run = async (...names: string[]) => {
    for (const name of names) invocations.run(far.send(name)).catch(() => undefined);
    await far.settled();
  };
  const begin = async (event: EventKind) => {
    invocations.begin(event);
    await far.settled();
  };
  return { ...far, invocations, ended, run, begin, woken: () => woken };
}

describe('requests of one event', () => {
  it('wait for their turn, in order of arrival', async () => {
    const { begin, run, sent, answer } = createGround({ connections: 2, requests: 100 });
    await begin('fetch');
    await run('a', 'b', 'c', 'd');
    expect(sent).toEqual(['a', 'b']);
    await answer('b');
    expect(sent).toEqual(['a', 'b', 'c']);
    await answer('a');
    expect(sent).toEqual(['a', 'b', 'c', 'd']);
  });

  it('of a short line do not wait for the end of a long one', async () => {
    const { begin, invocations, sent, send, answer, settled } = createGround({ connections: 1, requests: 100 });
    await begin('alarm');
    const asked = ['large 1', 'large 2', 'large 3', 'small 1', 'small 2', 'other 1'];
    for (const name of asked) invocations.run(send(name), { line: name.split(' ')[0] }).catch(() => undefined);
    await settled();
    for (const name of ['large 1', 'large 2', 'small 1', 'other 1', 'large 3', 'small 2']) await answer(name);
    expect(sent).toEqual(['large 1', 'large 2', 'small 1', 'other 1', 'large 3', 'small 2']);
  });

  it('that others wait for go first', async () => {
    const { begin, invocations, run, sent, send, answer } = createGround({ connections: 1, requests: 100 });
    await begin('alarm');
    await run('a', 'b');
    invocations.run(send('lease'), { isUrgent: true }).catch(() => undefined);
    await answer('a');
    expect(sent).toEqual(['a', 'lease']);
  });

  it('are told when they wait, and when their turn has come', async () => {
    const { begin, invocations, run, send, answer, settled } = createGround({ connections: 1, requests: 100 });
    await begin('alarm');
    await run('a');
    const told: string[] = [];
    const turn = { waits: () => void told.push('waits'), comes: () => void told.push('comes') };
    invocations.run(send('b'), { turn }).catch(() => undefined);
    await settled();
    expect(told).toEqual(['waits']);
    await answer('a');
    expect(told).toEqual(['waits', 'comes']);
  });

  it('are not sent before there is an event, which nobody has to ask for', async () => {
    const { begin, run, sent, woken } = createGround({ connections: 2, requests: 100 });
    await run('a');
    expect([sent, woken()]).toEqual([[], 0]);
    await begin('alarm');
    expect(sent).toEqual(['a']);
  });

  it('give what they held to the next when they fail, when sending throws, and when nobody waits any more', async () => {
    const { invocations, begin, run, sent, send, fail, settled, answer } = createGround({
      connections: 1,
      requests: 100,
    });
    await begin('fetch');
    const lost = invocations.run(send('a'));
    lost.catch(() => undefined);
    const thrown = invocations.run(() => {
      throw new Error('no address');
    });
    thrown.catch(() => undefined);
    const stop = new AbortController();
    const stopped = invocations.run(send('never'), { signal: stop.signal });
    stopped.catch(() => undefined);
    await run('b', 'c');
    stop.abort(new Error('stopped'));
    await expect(stopped).rejects.toThrow('stopped');
    await fail('a');
    await expect(lost).rejects.toThrow('lost');
    await expect(thrown).rejects.toThrow('no address');
    await settled();
    await answer('b');
    expect(sent).toEqual(['a', 'b', 'c']);
  });

  it('are not sent for whom has stopped before', async () => {
    const { invocations, begin, run, sent, send } = createGround({ connections: 1, requests: 100 });
    await begin('fetch');
    await expect(invocations.run(send('never'), { signal: AbortSignal.abort(new Error('stopped')) })).rejects.toThrow(
      'stopped',
    );
    await run('a');
    expect(sent).toEqual(['a']);
  });
});

describe('a share that is used up', () => {
  it('asks for one more event, once, and goes on with it', async () => {
    const { begin, run, sent, answer, woken, ended } = createGround({ connections: 6, requests: 2 });
    await begin('fetch');
    await run('a', 'b', 'c', 'd', 'e');
    expect([sent, woken()]).toEqual([['a', 'b'], 1]);
    await answer('a');
    expect([sent, woken()]).toEqual([['a', 'b'], 1]);
    await begin('alarm');
    expect([sent, woken()]).toEqual([['a', 'b', 'c', 'd'], 2]);
    await begin('alarm');
    expect([sent, woken()]).toEqual([['a', 'b', 'c', 'd', 'e'], 2]);
    await begin('fetch');
    expect(ended).toEqual([
      { event: 'fetch', requests: 2 },
      { event: 'alarm', requests: 2 },
      { event: 'alarm', requests: 1 },
    ]);
  });

  it('is no reason to ask for an event where nobody waits', async () => {
    const { begin, run, answer, woken } = createGround({ connections: 6, requests: 2 });
    await begin('fetch');
    await run('a', 'b');
    await answer('a');
    expect(woken()).toBe(0);
  });

  it('gives no share to requests that were sent before', async () => {
    const { begin, run, sent, answer } = createGround({ connections: 2, requests: 3 });
    await begin('fetch');
    await run('a', 'b', 'c');
    await begin('alarm');
    expect(sent).toEqual(['a', 'b']);
    await answer('a');
    expect(sent).toEqual(['a', 'b', 'c']);
  });
});

describe('what somebody waits for', () => {
  it('goes before the background, until the answer is given', async () => {
    const { invocations, begin, run, sent, send, answer, settled } = createGround({ connections: 1, requests: 100 });
    await begin('fetch');
    await run('background 1', 'background 2');
    const go = Promise.withResolvers<void>();
    let later: Promise<unknown> = Promise.resolve();
    const answered = invocations.answer(async () => {
      later = go.promise.then(() => invocations.run(send('after the answer')));
      return invocations.run(send('answer'));
    });
    await answer('background 1');
    expect(sent).toEqual(['background 1', 'answer']);
    await answer('answer');
    await answered;
    go.resolve();
    await settled();
    await run('background 3');
    await answer('background 2');
    await answer('after the answer');
    expect(sent).toEqual(['background 1', 'answer', 'background 2', 'after the answer', 'background 3']);
    await answer('background 3');
    await later;
  });
});
