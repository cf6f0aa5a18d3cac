import { describe, expect, it, vi } from 'vitest';
import { isHawserError } from '../../src/base/errors.ts';
import { createLargeBodies, type LargeBodies, readBody } from '../../src/webhook/body.ts';

const MIB = 1 << 20;

interface Sender {
  readonly request: Request;
  send(bytes: number): void;
  end(): void;
  readonly isCancelled: () => boolean;
}

function openSender(headers: Record<string, string> = {}): Sender {
  let isCancelled = false;
  let out: ReadableStreamDefaultController<Uint8Array> | undefined;
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => {
      out = controller;
    },
    cancel: () => {
      isCancelled = true;
    },
  });
  return {
    request: new Request('http://hawser.example.com/api/webhook', { method: 'POST', body, headers, duplex: 'half' }),
    send: (bytes) => out?.enqueue(new Uint8Array(bytes).fill(120)),
    end: () => out?.close(),
    isCancelled: () => isCancelled,
  };
}

async function outcomeOf(sender: Sender, bodies: LargeBodies, limit = 8 * MIB): Promise<string> {
  try {
    return `${(await readBody(sender.request, limit, bodies)).byteLength} bytes`;
  } catch (error) {
    if (isHawserError(error)) return `${error.code}: ${error.message}`;
    throw error;
  }
}

const soon = () => new Promise((resolve) => setTimeout(resolve, 20));

describe('a body', () => {
  it('is joined from its pieces', async () => {
    const sender = openSender();
    const read = outcomeOf(sender, createLargeBodies(1));
    for (const bytes of [1, 0, 2 * MIB, 5]) sender.send(bytes);
    sender.end();
    expect(await read).toBe(`${2 * MIB + 6} bytes`);
  });

  it('that is announced too large is refused before it is read', async () => {
    const sender = openSender({ 'content-length': String(100 * MIB) });
    expect(await outcomeOf(sender, createLargeBodies(1))).toBe('TooLarge: payload must be valid JSON under 8 MB');
  });

  it('that trickles in is given up after ten seconds', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    try {
      const sender = openSender();
      const read = outcomeOf(sender, createLargeBodies(1));
      for (let second = 0; second < 10; second++) {
        sender.send(1);
        await vi.advanceTimersByTimeAsync(1_000);
      }
      expect(await read).toBe('Timeout: the body did not come within 10 s');
      expect(sender.isCancelled()).toBe(true);
    } finally {
      vi.useRealTimers();
    }
  });

  it('that grows too large is refused at that point', async () => {
    const sender = openSender();
    const read = outcomeOf(sender, createLargeBodies(1), MIB);
    sender.send(MIB);
    sender.send(1);
    expect(await read).toBe('TooLarge: payload must be valid JSON under 1 MB');
    expect(sender.isCancelled()).toBe(true);
  });
});

describe('large bodies', () => {
  it('wait for one another where there is no room', async () => {
    const bodies = createLargeBodies(1);
    const [first, second] = [openSender(), openSender()];
    const reads = [outcomeOf(first, bodies), outcomeOf(second, bodies)];
    first.send(2 * MIB);
    await soon();
    second.send(3 * MIB);
    second.end();
    await soon();
    first.end();
    expect(await Promise.all(reads)).toEqual([`${2 * MIB} bytes`, `${3 * MIB} bytes`]);
  });

  it('that come slowly have to go for one that wants the room', async () => {
    const bodies = createLargeBodies(2);
    const [quick, slow, third] = [openSender(), openSender(), openSender()];
    const reads = [outcomeOf(quick, bodies), outcomeOf(slow, bodies)];
    quick.send(4 * MIB);
    slow.send(2 * MIB);
    await soon();
    third.send(2 * MIB);
    third.end();
    expect(await outcomeOf(third, bodies)).toBe(`${2 * MIB} bytes`);
    quick.end();
    expect(await Promise.all(reads)).toEqual([
      `${4 * MIB} bytes`,
      'Unavailable: too many large webhook payloads are being read',
    ]);
    expect(slow.isCancelled()).toBe(true);
  });

  it('keep no small one waiting', async () => {
    const bodies = createLargeBodies(1);
    const [large, small] = [openSender(), openSender()];
    const read = outcomeOf(large, bodies);
    large.send(2 * MIB);
    await soon();
    small.send(100);
    small.end();
    expect(await outcomeOf(small, bodies)).toBe('100 bytes');
    large.end();
    expect(await read).toBe(`${2 * MIB} bytes`);
  });
});
