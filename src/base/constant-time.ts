// Comparing secrets without telling by the time it takes how much of them was right.

import { sha256 } from '@noble/hashes/sha2.js';

const encoder = new TextEncoder();

/** Whether two texts are equal; the time depends on neither's content (their hashes are compared, as Argo CD does). */
export async function equalInConstantTime(a: string, b: string): Promise<boolean> {
  const [left, right] = [sha256(encoder.encode(a)), sha256(encoder.encode(b))];
  let difference = 0;
  for (const [index, byte] of left.entries()) difference |= byte ^ (right[index] ?? 0);
  return difference === 0;
}
