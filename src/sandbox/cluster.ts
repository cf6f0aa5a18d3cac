// The state of one sandbox: its objects, its kinds, and where time and chance come from.

import type { Clock } from '../platform.ts';
import type { Registry } from './resource/registry.ts';
import type { Store } from './storage/store.ts';

export interface Cluster {
  readonly store: Store;
  readonly registry: Registry;
  readonly clock: Clock;
  random(length: number): Uint8Array;
}

/** Now, as `metadata.creationTimestamp` writes it. */
export function timestamp(cluster: Cluster): string {
  return `${new Date(cluster.clock.now()).toISOString().slice(0, 19)}Z`;
}

/** A random UUID, version 4. */
export function newUid(cluster: Cluster): string {
  const bytes = cluster.random(16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** Letters and digits that spell nothing (k8s.io/apimachinery, pkg/util/rand). */
const ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';

/** A random suffix for a generated name. */
export function newSuffix(cluster: Cluster, length = 5): string {
  return [...cluster.random(length)].map((byte) => ALPHABET[byte % ALPHABET.length]).join('');
}

/** A text of digits in the alphabet of generated names (rand.SafeEncodeString). */
export function safeEncode(text: string): string {
  return [...text].map((char) => ALPHABET[char.charCodeAt(0) % ALPHABET.length]).join('');
}
