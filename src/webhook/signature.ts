// HMAC signatures of webhooks, compared in constant time.

const encoder = new TextEncoder();

/** Lower-case hex of HMAC-SHA256 over `body`. */
export async function hmacSha256Hex(secret: string, body: Uint8Array<ArrayBuffer>): Promise<string> {
  const key = await crypto.subtle.importKey('raw', encoder.encode(secret), { name: 'HMAC', hash: 'SHA-256' }, false, [
    'sign',
  ]);
  return toHex(new Uint8Array(await crypto.subtle.sign('HMAC', key, body)));
}

/** Whether two texts are equal; the time depends on neither's content (their SHA-512 are compared, as Argo CD does). */
export async function equalInConstantTime(a: string, b: string): Promise<boolean> {
  const [left, right] = await Promise.all([a, b].map((text) => crypto.subtle.digest('SHA-512', encoder.encode(text))));
  const x = new Uint8Array(left ?? new ArrayBuffer(0));
  const y = new Uint8Array(right ?? new ArrayBuffer(0));
  let difference = x.length ^ y.length;
  for (let index = 0; index < x.length; index++) difference |= (x[index] ?? 0) ^ (y[index] ?? 0);
  return difference === 0;
}

function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
