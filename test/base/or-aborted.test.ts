import { describe, expect, it } from 'vitest';
import { orAborted } from '../../src/base/or-aborted.ts';

describe('waiting for shared work', () => {
  it('gives what the work comes to', async () => {
    expect(await orAborted(Promise.resolve(5), undefined)).toBe(5);
    expect(await orAborted(Promise.resolve(5), new AbortController().signal)).toBe(5);
    await expect(orAborted(Promise.reject(new Error('failed')), new AbortController().signal)).rejects.toThrow(
      'failed',
    );
  });

  it('ends with an abort, and the work goes on for others', async () => {
    let finish: (value: string) => void = () => undefined;
    const work = new Promise<string>((resolve) => {
      finish = resolve;
    });
    const first = new AbortController();
    const waiting = [orAborted(work, first.signal), orAborted(work, new AbortController().signal)];
    first.abort(new Error('newer push'));
    await expect(waiting[0]).rejects.toThrow('newer push');
    finish('done');
    expect(await waiting[1]).toBe('done');
  });

  it('does not begin after an abort', async () => {
    await expect(orAborted(new Promise(() => undefined), AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone');
  });
});
