// Sessions that were ended before their time: a ConfigMap of digests of their ids, each with the instant until which it is kept. Digests,
// since an id of a provider may hold what no key of a ConfigMap may, and to know one shall not help anybody.

import { sha256Hex } from '../base/hex.ts';
import type { KubeClient } from '../kube/client.ts';
import { isAlreadyExists, isNotFound } from '../kube/refusal.ts';
import { configData } from '../operation/settings.ts';

export const REVOCATIONS = 'hawser-revoked-sessions';

/** Some 60 bytes each: a ConfigMap holds a million bytes. */
const MOST_REVOCATIONS = 10_000;

export interface Revocations {
  has(tokenId: string): boolean;
}

export function parseRevocations(data: Readonly<Record<string, string>>): Revocations {
  return { has: (tokenId) => Object.hasOwn(data, keyOf(tokenId)) };
}

/** `expiresAt` and `now` in seconds since the Unix epoch. */
export async function writeRevocation(
  home: KubeClient,
  namespace: string,
  { tokenId, expiresAt, now }: { readonly tokenId: string; readonly expiresAt: number; readonly now: number },
): Promise<void> {
  const ref = { apiVersion: 'v1', kind: 'ConfigMap', namespace, name: REVOCATIONS };
  const entry = { [keyOf(tokenId)]: String(Math.ceil(expiresAt)) };
  const found = await home.get(ref, { resourceVersion: '0' });
  const dropped = Object.fromEntries(keysToDrop(configData(found), now).map((key) => [key, null]));
  try {
    await home.patch(ref, { data: { ...dropped, ...entry } }, { type: 'merge' });
  } catch (error) {
    if (!isNotFound(error)) throw error;
    const metadata = { name: REVOCATIONS, namespace, labels: { 'app.kubernetes.io/part-of': 'argocd' } };
    try {
      await home.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata, data: entry });
    } catch (failure) {
      if (!isAlreadyExists(failure)) throw failure;
      await home.patch(ref, { data: entry }, { type: 'merge' });
    }
  }
}

/** Those whose sessions have ended by themselves; where there are too many, those that would end first, too. */
function keysToDrop(data: Readonly<Record<string, string>>, now: number): string[] {
  const keys = Object.entries(data).sort(([, a], [, b]) => Number(a) - Number(b));
  const surplus = keys.length - MOST_REVOCATIONS;
  return keys.filter(([, expiresAt], index) => Number(expiresAt) <= now || index < surplus).map(([key]) => key);
}

function keyOf(tokenId: string): string {
  return sha256Hex(tokenId).slice(0, 32);
}
