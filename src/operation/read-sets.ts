// What the render of each Application that was compared last has read: kept in memory within a bound, and in the cache for the next process.

import type { Application } from '../application/types.ts';
import { HawserError } from '../base/errors.ts';
import { isObject } from '../base/json.ts';
import type { Cache } from '../platform.ts';
import type { ReadSets } from '../source/source.ts';
import type { KeptLookup } from './lookups.ts';

export interface KeptReadSets {
  /** Of what it was a render: the spec's sources, destination and ignored differences. */
  readonly comparedTo: unknown;
  /** One a source. */
  readonly revisions: readonly string[];
  readonly readSets: ReadSets;
  readonly lookups?: readonly KeptLookup[];
  /** The version of the destination cluster, where charts may ask for it, and a digest of the kinds that it serves. */
  readonly kubeVersion?: string;
  readonly kinds?: string;
  /** What argocd-cm and argocd-cmd-params-cm said about rendering, as JSON. */
  readonly settings?: string;
  /** The render failed: what its Application was told. */
  readonly failure?: string;
}

export interface ReadSetStore {
  /** undefined when there is none (any more): the Application is then rendered, never missed. */
  read(app: Application): Promise<KeptReadSets | undefined>;
  /** Counts at once; resolves when the next process will find it, too. */
  write(app: Application, kept: KeptReadSets): Promise<void>;
}

/** As JSON; some thousand Applications. Of more, those that were asked for last. */
const MEMORY_CHARACTERS = 16 << 20;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export function createReadSetStore(cache: Cache): ReadSetStore {
  /** The one used longest ago comes first. */
  const memory = new Map<string, { readonly kept: KeptReadSets; readonly size: number }>();
  let total = 0;

  function remember(key: string, kept: KeptReadSets, size: number): void {
    total += size - (memory.get(key)?.size ?? 0);
    memory.delete(key);
    memory.set(key, { kept, size });
    for (const [oldest, entry] of memory) {
      if (total <= MEMORY_CHARACTERS) return;
      memory.delete(oldest);
      total -= entry.size;
    }
  }

  return {
    read: async (app) => {
      const key = keyOf(app);
      const known = memory.get(key);
      if (known) {
        memory.delete(key);
        memory.set(key, known);
        return known.kept;
      }
      const bytes = await cache.get(key);
      const kept = bytes && parseKept(bytes);
      // What was written while it was read is newer.
      if (kept && !memory.has(key)) remember(key, kept, bytes.byteLength);
      return memory.get(key)?.kept ?? kept;
    },
    write: async (app, kept) => {
      const key = keyOf(app);
      const text = JSON.stringify(kept);
      remember(key, kept, text.length);
      await cache.put(key, encoder.encode(text));
    },
  };
}

/** A cache may hold anything, a cut-short file too. */
function parseKept(bytes: Uint8Array): KeptReadSets | undefined {
  let value: unknown;
  try {
    value = JSON.parse(decoder.decode(bytes));
  } catch {
    return undefined;
  }
  if (!isObject(value) || !Array.isArray(value.revisions) || !Array.isArray(value.readSets)) return undefined;
  const { comparedTo, revisions, readSets, lookups, kubeVersion, kinds, settings, failure } = value;
  return {
    comparedTo,
    revisions: revisions.map(String),
    readSets,
    ...(Array.isArray(lookups) && { lookups: lookups.filter(isKeptLookup) }),
    ...(typeof kubeVersion === 'string' && { kubeVersion }),
    ...(typeof kinds === 'string' && { kinds }),
    ...(typeof settings === 'string' && { settings }),
    ...(typeof failure === 'string' && { failure }),
  };
}

function isKeptLookup(value: unknown): value is KeptLookup {
  if (!isObject(value) || typeof value.digest !== 'string' || !isObject(value.query)) return false;
  const { apiVersion, kind, namespace, name } = value.query;
  return [apiVersion, kind, namespace, name].every((part) => typeof part === 'string');
}

function keyOf({ metadata }: Application): string {
  if (!metadata.uid) throw new HawserError('Internal', `Application ${metadata.name} has no uid`);
  return `read-sets/${metadata.uid}`;
}
