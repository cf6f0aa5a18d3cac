// Several logs as one, by time.

import { describe, expect, it } from 'vitest';
import { delay } from '../../../src/base/delay.ts';
import {
  compareMoments,
  formatMoment,
  formatSecond,
  type LogLine,
  parseMoment,
} from '../../../src/operation/logs/log-line.ts';
import { mergeByTime } from '../../../src/operation/logs/merge.ts';

type Step = string | Promise<unknown>;

/** Lines like `a 3`, of Pod a at second 3; a promise is waited for. */
async function* log(...steps: readonly Step[]): AsyncGenerator<LogLine, void, undefined> {
  for (const step of steps) {
    if (typeof step !== 'string') await step;
    else {
      const [podName = '', second = ''] = step.split(' ');
      yield { text: step, podName, at: parseMoment(`2026-01-01T00:00:${second.padStart(2, '0')}Z`) };
    }
  }
}

async function textsOf(lines: AsyncGenerator<LogLine>): Promise<string[]> {
  const texts: string[] = [];
  for await (const { text } of lines) texts.push(text);
  return texts;
}

describe('merging', () => {
  it.each<[string, readonly (readonly string[])[], readonly string[]]>([
    ['nothing', [], []],
    ['one log', [['a 1', 'a 2']], ['a 1', 'a 2']],
    [
      'two logs',
      [
        ['a 1', 'a 4'],
        ['b 2', 'b 3'],
      ],
      ['a 1', 'b 2', 'b 3', 'a 4'],
    ],
    ['an empty log', [['a 1'], []], ['a 1']],
    ['lines of one moment in the order of the logs', [['a 1'], ['b 1'], ['c 1']], ['a 1', 'b 1', 'c 1']],
    ['lines without a time first', [['a 1'], ['b']], ['b', 'a 1']],
  ])('orders %s', async (_, logs, expected) => {
    expect(await textsOf(mergeByTime(logs.map((lines) => log(...lines))))).toEqual(expected);
  });

  it('waits for a log that is slow, where the logs have an end', async () => {
    const logs = [log('a 2', 'a 3'), log(delay(30), 'b 1')];
    expect(await textsOf(mergeByTime(logs))).toEqual(['b 1', 'a 2', 'a 3']);
  });

  // It is waited for once: with each line it would take longer than the test may.
  it('does not let a silent log hold up the others, where they are followed', async () => {
    const silence = Promise.withResolvers<void>();
    const busy = Array.from({ length: 50 }, (_, index) => `a ${index}`);
    const merged = mergeByTime([log(silence.promise, 'b 0'), log(...busy)], 500);
    const texts: string[] = [];
    for (const _ of busy) texts.push((await merged.next()).value?.text ?? '');
    expect(texts).toEqual(busy);
    silence.resolve();
    expect((await merged.next()).value?.text).toBe('b 0');
    expect((await merged.next()).done).toBe(true);
  });

  it('ends the logs when nobody reads on', async () => {
    let isEnded = false;
    async function* endless(): AsyncGenerator<LogLine, void, undefined> {
      try {
        for (let second = 0; ; second++) yield* log(`a ${second % 60}`);
      } finally {
        isEnded = true;
      }
    }
    for await (const { text } of mergeByTime([endless()])) if (text === 'a 5') break;
    await delay(0);
    expect(isEnded).toBe(true);
  });
});

describe('a moment', () => {
  it.each([
    ['2026-01-31T12:00:00Z', '2026-01-31T12:00:00Z', '2026-01-31T12:00:00Z'],
    ['2026-01-31T12:00:00.120000000Z', '2026-01-31T12:00:00.12Z', '2026-01-31T12:00:00Z'],
    ['2026-01-31T12:00:00.000000001+02:00', '2026-01-31T12:00:00.000000001+02:00', '2026-01-31T10:00:00Z'],
  ])('%s is written as %s', (text, long, short) => {
    const moment = parseMoment(text);
    expect(moment && formatMoment(moment)).toBe(long);
    expect(moment && formatSecond(moment)).toBe(short);
  });

  it.each(['', 'now', '2026-01-31', '2026-01-31T12:00:00', '2026-13-31T12:00:00Z'])('is none: %j', (text) => {
    expect(parseMoment(text)).toBeUndefined();
  });

  it('is compared to the nanosecond, whatever its zone', () => {
    const [a, b, c] = [
      '2026-01-31T12:00:00.000000001Z',
      '2026-01-31T12:00:00.000000002Z',
      '2026-01-31T14:00:00.000000001+02:00',
    ].map(parseMoment);
    expect(compareMoments(a, b)).toBeLessThan(0);
    expect(compareMoments(a, c)).toBe(0);
  });
});
