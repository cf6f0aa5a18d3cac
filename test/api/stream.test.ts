// An answer that goes on: its two forms, its signs of life, and how it ends.

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { streamAnswer } from '../../src/api/stream.ts';
import { HawserError } from '../../src/base/errors.ts';

const LOG = { info: () => undefined, warn: () => undefined, error: vi.fn() };
const SILENCE_MS = 10_000;
const STALLED_MS = 30_000;

beforeEach(() => {
  vi.useFakeTimers();
  LOG.error.mockClear();
});
afterEach(() => vi.useRealTimers());

async function* entries(...values: readonly unknown[]): AsyncGenerator<unknown, void, undefined> {
  for (const value of values) {
    if (value instanceof Error) throw value;
    yield value;
  }
}

async function* silent(): AsyncGenerator<unknown, void, undefined> {
  await new Promise(() => undefined);
}

function open(from: AsyncGenerator<unknown, void, undefined>, accept = '*/*') {
  const leave = vi.fn();
  const request = new Request('http://hawser.test/', { headers: { accept } });
  const response = streamAnswer(request, from, { leave, log: LOG });
  return { response, leave };
}

describe('a stream', () => {
  it.each([
    ['application/json', '{"result":{"a":1}}\n{"result":{"a":2}}\n'],
    ['text/event-stream', 'data: {"result":{"a":1}} \n\ndata: {"result":{"a":2}} \n\n'],
  ])('is written as %s, and ends', async (accept, expected) => {
    const { response, leave } = open(entries({ a: 1 }, { a: 2 }), accept);
    expect(response.headers.get('content-type')).toBe(accept);
    expect(await response.text()).toBe(expected);
    expect(leave).toHaveBeenCalled();
    expect(vi.getTimerCount()).toBe(0);
  });

  it.each<[Error, object, number]>([
    [
      new HawserError('Unavailable', 'away'),
      { grpc_code: 14, http_code: 503, message: 'away', http_status: 'Service Unavailable' },
      0,
    ],
    [
      new TypeError('a secret'),
      {
        ...{ grpc_code: 13, http_code: 500, message: 'an unexpected error occurred; the log has it' },
        http_status: 'Internal Server Error',
      },
      1,
    ],
  ])('ends with what went wrong: %s', async (error, expected, logged) => {
    const { response } = open(entries('one', error));
    expect(await response.text()).toBe(`{"result":"one"}\n${JSON.stringify({ error: expected })}\n`);
    expect(LOG.error).toHaveBeenCalledTimes(logged);
  });

  it.each([
    ['application/json', ' '],
    ['text/event-stream', ':\n\n'],
  ])('of %s gives signs of life while nothing happens', async (accept, sign) => {
    const { response } = open(silent(), accept);
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    for (let times = 0; times < 3; times++) {
      const read = reader?.read();
      await vi.advanceTimersByTimeAsync(SILENCE_MS);
      expect((await read)?.value).toBe(sign);
    }
    reader?.cancel().catch(() => undefined);
    await vi.advanceTimersByTimeAsync(0);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('ends for whoever takes nothing any more', async () => {
    const { leave } = open(silent());
    await vi.advanceTimersByTimeAsync(SILENCE_MS);
    expect(leave).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(STALLED_MS);
    expect(leave).toHaveBeenCalled();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('does not read on for whoever is slow', async () => {
    let given = 0;
    async function* counted(): AsyncGenerator<unknown, void, undefined> {
      for (;;) yield ++given;
    }
    const { response } = open(counted());
    await vi.advanceTimersByTimeAsync(SILENCE_MS);
    expect(given).toBe(1);
    await response.body?.cancel();
  });
});
