// Bytes that look like nothing and are the same on each side, and how to tell that they have arrived.

/** They come again after so many: no piece that a buffer holds is like another. */
const PERIOD = 65_521;

/** `length` bytes that follow from `seed`; all values occur. */
export function patternBytes(length: number, seed = 1): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  let value = seed >>> 0 || 1;
  for (let index = 0; index < Math.min(length, PERIOD); index++) {
    // xorshift32
    value ^= value << 13;
    value ^= value >>> 17;
    value ^= value << 5;
    bytes[index] = value;
  }
  for (let done = PERIOD; done < length; done *= 2) bytes.copyWithin(done, 0, done);
  return bytes;
}

/** SHA-256, in hexadecimal digits. */
export async function digestOf(bytes: Uint8Array | string): Promise<string> {
  const text = typeof bytes === 'string' ? new TextEncoder().encode(bytes) : new Uint8Array(bytes);
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', text));
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
