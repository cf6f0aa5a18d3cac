// Applies that are known to change nothing: what was applied, and the version that it left as it was.

import type { FieldValidation } from './client.ts';
import { formatKey, type KubeObject, keyOf } from './object.ts';

/** Objects of all Applications of one cluster; each takes some 150 bytes. */
const LIMIT = 50_000;

export interface ApplyMemory {
  /** Whether an apply of `target` would leave `live` exactly as it is: the server has said so of this very version. */
  isUnchanged(target: KubeObject, live: KubeObject, validation: FieldValidation | undefined): boolean;
  /** The version that `target` was applied to (or tried on) without a change, or that an apply of it has made. */
  remember(target: KubeObject, live: KubeObject, validation: FieldValidation | undefined): void;
  /** The server now says something else. */
  forget(target: KubeObject): void;
  /** False where nothing is known of an apply of `target`, to whatever version. */
  knows(target: KubeObject): boolean;
  /** The kinds' schemas have changed: an apply may now come to something else. */
  clear(): void;
}

/** Remembers the newest of each object, at most `limit` of them. A lost entry costs one dry run. */
export function createApplyMemory(limit = LIMIT): ApplyMemory {
  const entries = new Map<string, { readonly version: string; readonly digest: string }>();
  return {
    knows: (target) => entries.has(formatKey(keyOf(target))),
    clear: () => entries.clear(),
    forget: (target) => {
      entries.delete(formatKey(keyOf(target)));
    },
    isUnchanged: (target, live, validation) => {
      const entry = entries.get(formatKey(keyOf(target)));
      return entry !== undefined && entry.version === versionOf(live) && entry.digest === digest(target, validation);
    },
    remember: (target, live, validation) => {
      if (!live.metadata.resourceVersion) return;
      const key = formatKey(keyOf(target));
      entries.delete(key);
      entries.set(key, { version: versionOf(live), digest: digest(target, validation) });
      const [oldest] = entries.size > limit ? entries.keys() : [];
      if (oldest !== undefined) entries.delete(oldest);
    },
  };
}

function versionOf({ metadata }: KubeObject): string {
  return `${metadata.uid ?? ''} ${metadata.resourceVersion ?? ''}`;
}

/** Of targets that are looked at again in the same sync; they are values, and do not change. */
const digests = new WeakMap<
  KubeObject,
  { readonly validation: FieldValidation | undefined; readonly digest: string }
>();

function digest(target: KubeObject, validation: FieldValidation | undefined): string {
  const known = digests.get(target);
  if (known && known.validation === validation) return known.digest;
  const made = digestOf(target, validation);
  digests.set(target, { validation, digest: made });
  return made;
}

/** Two 32-bit hashes (MurmurHash3's mixing) and the length: the text itself may hold Secrets, and would take ten times the memory. */
function digestOf(target: KubeObject, validation: FieldValidation | undefined): string {
  const text = `${validation ?? ''} ${JSON.stringify(target)}`;
  let a = 0xdeadbeef;
  let b = 0x41c6ce57;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    a = Math.imul(a ^ code, 2654435761);
    b = Math.imul(b ^ code, 1597334677);
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  return `${(a >>> 0).toString(36)}.${(b >>> 0).toString(36)}.${text.length}`;
}
