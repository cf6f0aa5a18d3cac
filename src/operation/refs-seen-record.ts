// What was seen of the refs, kept in the ConfigMap `hawser-repositories`: a key for each repository that Applications use. It is written by
// and by, a second after something was noted: what a killed process did not write is found again by the next listing of the refs.

import { sha1 } from '@noble/hashes/legacy.js';
import { delay } from '../base/delay.ts';
import { messageOf } from '../base/errors.ts';
import { toHex } from '../base/hex.ts';
import { normaliseRepositoryUrl } from '../git/repository-url.ts';
import type { KubeClient } from '../kube/client.ts';
import { isAlreadyExists, isConflict, isNotFound } from '../kube/refusal.ts';
import type { Clock, Log } from '../platform.ts';
import type { Push } from './push.ts';
import type { Gap, RefsSeen } from './refs-seen.ts';
import { isFollowed, type RepositoriesInUse, repositoriesOf, type UsedRepository } from './repositories-in-use.ts';
import {
  formatSeen,
  gapBefore,
  keepRefs,
  mergeSeen,
  movedSince,
  parseSeen,
  type SeenRepository,
  seeListing,
  seePush,
} from './seen-repository.ts';
import { configData } from './settings.ts';

export const REPOSITORIES = 'hawser-repositories';

/** Of each repository; the others together are one entry. */
export const MOST_REFS = 200;

const HOUR_MS = 3_600_000;
const WRITE_AFTER_MS = 1_000;
/** Twice that at most: as long as deliveries may overtake each other, and as another replica may take to write down what it saw. */
const PATIENCE_MS = 1_250;
const TRIES = 5;
/** Another replica wrote, made or removed the ConfigMap meanwhile. */
const OVERTAKEN = [isConflict, isAlreadyExists, isNotFound];
/** An object of Kubernetes has 1.5 MB at most; the repositories that were listed longest ago are dropped for that. */
const MOST_BYTES = 900_000;
/** The key of the fact about settings. No hash of an address is as short. */
const SURROUNDINGS = 'surroundings';

export interface RefsSeenParts {
  readonly home: Pick<KubeClient, 'get' | 'patch' | 'create'>;
  readonly namespace: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Work that a process waits for before it ends. */
  readonly background: (work: Promise<unknown>) => void;
  /** What the Applications of the last list use. */
  readonly inUse: () => RepositoriesInUse;
  /** Every address of the repository that a push is to. */
  readonly addressesOf: (push: Push) => readonly string[];
  readonly stopping: AbortSignal;
  /** Instead of a second and a quarter. */
  readonly patienceMs?: number;
}

export function createRefsSeen(parts: RefsSeenParts): RefsSeen {
  const { home, namespace, clock, log, background, inUse, addressesOf, stopping, patienceMs = PATIENCE_MS } = parts;
  const ref = { apiVersion: 'v1', kind: 'ConfigMap', namespace, name: REPOSITORIES };
  const known = new Map<string, SeenRepository>();
  const dirty = new Set<string>();
  /** Keys of the ConfigMap, as it was read or written last. */
  let stored: ReadonlySet<string> = new Set();
  let surroundings: string | undefined;
  let version: string | undefined;
  let loading: Promise<void> | undefined;
  let reading: Promise<void> | undefined;
  let round: Promise<void> | undefined;
  let writing: Promise<void> = Promise.resolve();
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function read(): Promise<void> {
    const found = await home.get(ref);
    const data = configData(found);
    version = found?.metadata.resourceVersion;
    stored = new Set(Object.keys(data));
    if (!dirty.has(SURROUNDINGS)) surroundings = data[SURROUNDINGS];
    for (const [key, text] of Object.entries(data)) {
      const theirs = parseSeen(text);
      if (!theirs) continue;
      const mine = known.get(key);
      known.set(key, mine ? mergeSeen(mine, theirs) : theirs);
    }
  }

  /** Once a process; a read that failed is tried again by the next who needs it. */
  function load(): Promise<void> {
    loading ??= read().catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    return loading;
  }

  /** One read for all that wait for it. */
  function readAgain(): Promise<void> {
    reading ??= read().finally(() => {
      reading = undefined;
    });
    return reading;
  }

  /** All that wait for what others have seen read it together, after a while. */
  function nextRound(): Promise<void> {
    round ??= delay(patienceMs, stopping)
      .catch(() => undefined)
      .then(() => {
        round = undefined;
        return stopping.aborted ? undefined : readAgain();
      });
    return round;
  }

  function change(key: string, seen: SeenRepository): void {
    known.set(key, seen);
    dirty.add(key);
    writeLater();
  }

  function writeLater(): void {
    if (stopping.aborted) background(flush());
    // An end of the process does not wait for it: it writes at once.
    else timer ??= setTimeout(() => void flush(), WRITE_AFTER_MS);
  }

  function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    writing = writing.then(write).catch((error: unknown) => {
      log.warn('what was seen of the repositories could not be written; the next push tries again', {
        reason: messageOf(error),
      });
    });
    return writing;
  }

  async function write(): Promise<void> {
    if (dirty.size === 0) return;
    const keys = [...dirty];
    dirty.clear();
    try {
      for (let tries = 1; ; tries++) {
        try {
          return await store(keys);
        } catch (error) {
          // Another replica has written: what it saw counts as well.
          if (tries === TRIES || !OVERTAKEN.some((isThat) => isThat(error))) throw error;
          await readAgain();
        }
      }
    } catch (error) {
      for (const key of keys) dirty.add(key);
      throw error;
    }
  }

  async function store(keys: readonly string[]): Promise<void> {
    makeRoom();
    const entries = keys.map((key) => [key, textOf(key)] as const);
    const there = entries.filter((entry): entry is readonly [string, string] => entry[1] !== undefined);
    if (version === undefined) {
      const labels = { 'app.kubernetes.io/part-of': 'hawser' };
      const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: REPOSITORIES, namespace, labels } };
      const made = await home.create({ ...object, data: Object.fromEntries(there) });
      version = made.metadata.resourceVersion;
      stored = new Set(there.map(([key]) => key));
      return;
    }
    const data = Object.fromEntries(entries.map(([key, text]) => [key, text ?? null]));
    const written = await home.patch(ref, { metadata: { resourceVersion: version }, data }, { type: 'merge' });
    version = written.metadata.resourceVersion;
    stored = new Set(Object.keys(configData(written)));
  }

  function textOf(key: string): string | undefined {
    if (key === SURROUNDINGS) return surroundings;
    const seen = known.get(key);
    if (!seen) return undefined;
    const used = usedOf(seen.url);
    const kept = keepRefs(seen, (name) => name === '*' || !used || isFollowed(used, name), MOST_REFS + 2);
    known.set(key, kept);
    return formatSeen(kept);
  }

  function makeRoom(): void {
    const sizes = [...known].map(([key, seen]) => ({ key, at: seen.listedAt ?? '', size: formatSeen(seen).length }));
    let total = sizes.reduce((sum, { size }) => sum + size, 0);
    for (const { key, size } of sizes.sort((a, b) => (a.at < b.at ? -1 : 1))) {
      if (total <= MOST_BYTES) return;
      known.delete(key);
      dirty.add(key);
      total -= size;
    }
  }

  function usedOf(url: string): UsedRepository | undefined {
    const name = normaliseRepositoryUrl(url);
    return name === undefined ? undefined : (inUse().get(name) ?? inUse().get(`charts ${name}`));
  }

  const now = () => new Date(clock.now()).toISOString();
  const entryOf = (url: string): SeenRepository => known.get(keyOf(url)) ?? { url, since: now(), refs: {} };

  stopping.addEventListener('abort', () => timer !== undefined && background(flush()), { once: true });

  return {
    note: async (push) => {
      await load();
      const urls = repositoriesOf(inUse(), addressesOf(push)).map(({ url }) => url);
      const suspected = urls.flatMap((url) => {
        const gap = noteIn(url, push);
        return gap ? [{ url, gap }] : [];
      });
      if (suspected.length === 0) return undefined;
      await nextRound();
      await nextRound();
      return suspected.find(({ url, gap }) => !entryOf(url).refs[gap.ref]?.includes(gap.before))?.gap;
    },

    compareListing: async (repoURL, refs) => {
      await load();
      const then = entryOf(repoURL);
      const listedAt = now();
      const note = () => change(keyOf(repoURL), seeListing(entryOf(repoURL), refs, listedAt, then));
      return { moved: movedSince(then, refs), note };
    },

    due: async (repoURLs, what = 'listed') => {
      await load();
      return repoURLs.filter((url) => {
        const seen = known.get(keyOf(url));
        if (!seen) {
          if (what === 'seen') change(keyOf(url), entryOf(url));
          return what === 'listed';
        }
        const at = Date.parse(seen.listedAt ?? (what === 'seen' ? seen.since : ''));
        const ageMs = clock.now() - at;
        // A clock that was set back, or another replica's, makes nothing wait for ever.
        return !(ageMs < HOUR_MS && ageMs > -HOUR_MS);
      });
    },

    lastLook: async (repoURL) => {
      await load();
      const { listedAt, provider } = entryOf(repoURL);
      return { ...(listedAt && { listedMs: Date.parse(listedAt) }), ...(provider && { provider }) };
    },

    isNewFact: async (fact) => {
      await load();
      return surroundings !== fact;
    },

    noteFact: (fact) => {
      if (surroundings === fact) return;
      surroundings = fact;
      dirty.add(SURROUNDINGS);
      writeLater();
    },

    prune: async () => {
      await load();
      const used = new Set([...inUse().values()].map(({ url }) => keyOf(url)));
      for (const key of new Set([...known.keys(), ...stored])) {
        if (key === SURROUNDINGS || used.has(key)) continue;
        known.delete(key);
        dirty.add(key);
        writeLater();
      }
    },

    flush,
  };

  function noteIn(url: string, push: Push): Gap | undefined {
    const { ref: name, before, after, provider } = push;
    const pushed = { ref: name, ...(before && { before }), ...(after && { after }) };
    const entry = entryOf(url);
    const seen = gapBefore(entry, pushed);
    change(keyOf(url), { ...seePush(entry, pushed), provider });
    return seen === undefined || before === undefined ? undefined : { ref: name, seen, before };
  }
}

/** What a ConfigMap takes as a key. */
function keyOf(url: string): string {
  return toHex(sha1(new TextEncoder().encode(normaliseRepositoryUrl(url) ?? url)));
}
