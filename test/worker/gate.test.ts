// The narrow part of the gate: what waits there for its turn.

import { describe, expect, it } from 'vitest';
import { narrowGate, OPEN } from '../../src/worker/gate.ts';

describe('a narrow gate', () => {
  it('lets whoever gives up go at once, and never sends for it', async () => {
    const gate = narrowGate(OPEN, 1);
    const { promise: hangs, resolve: end } = Promise.withResolvers<string>();
    const first = gate(() => hangs);
    const giving = new AbortController();
    const sent: string[] = [];
    const second = gate(async () => sent.push('second'), { signal: giving.signal });
    const third = gate(async () => sent.push('third'));
    giving.abort(new Error('given up'));
    await expect(second).rejects.toThrow('given up');
    end('first');
    expect(await first).toBe('first');
    await third;
    expect(sent).toEqual(['third']);
  });

  it('lets others pass once what passed has failed', async () => {
    const gate = narrowGate(OPEN, 1);
    const failing = gate(() => Promise.reject(new Error('refused')));
    const next = gate(async () => 'next');
    await expect(failing).rejects.toThrow('refused');
    expect(await next).toBe('next');
  });
});
