// Git's delta: an object as pieces of another and new bytes between them. (Git: patch-delta.c)

import { HawserError } from '../base/errors.ts';

/**
 * The object that `delta` makes of `base`. Throws `GitFailed` where they do not fit, `LimitExceeded` beyond
 * `maxBytes`.
 */
export function applyDelta(base: Uint8Array, delta: Uint8Array, maxBytes: number): Uint8Array {
  const from = readSize(delta, 0);
  const to = readSize(delta, from.next);
  if (from.size !== base.length) throw mismatch();
  if (to.size > maxBytes) throw new HawserError('LimitExceeded', `a Git object has more than ${maxBytes} bytes`);
  const result = new Uint8Array(to.size);
  let filled = 0;
  for (let offset = to.next; offset < delta.length; ) {
    const command = delta[offset++] ?? 0;
    if (command === 0) throw mismatch();
    if (command < 0x80) {
      if (filled + command > result.length || offset + command > delta.length) throw mismatch();
      result.set(delta.subarray(offset, offset + command), filled);
      offset += command;
      filled += command;
      continue;
    }
    let start = 0;
    let size = 0;
    for (let bit = 0; bit < 4; bit++) if (command & (1 << bit)) start += (delta[offset++] ?? 0) * 2 ** (8 * bit);
    for (let bit = 0; bit < 3; bit++) if (command & (0x10 << bit)) size += (delta[offset++] ?? 0) * 2 ** (8 * bit);
    if (size === 0) size = 0x10000;
    if (start + size > base.length || filled + size > result.length) throw mismatch();
    result.set(base.subarray(start, start + size), filled);
    filled += size;
  }
  if (filled !== result.length) throw mismatch();
  return result;
}

function readSize(delta: Uint8Array, start: number): { size: number; next: number } {
  let size = 0;
  let offset = start;
  for (let scale = 1; ; scale *= 128) {
    const byte = delta[offset++] ?? 0;
    size += (byte & 0x7f) * scale;
    if (!(byte & 0x80)) return { size, next: offset };
  }
}

function mismatch(): HawserError {
  return new HawserError('GitFailed', 'a delta in the pack does not fit its base', { data: { protocol: true } });
}
