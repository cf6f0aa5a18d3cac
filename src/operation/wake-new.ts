// Applications that nobody has looked at yet: the API server tells of each that is made, but such a notice may be lost. Whoever lists the
// Applications anyway finds them.

import { isSuspended } from '../application/suspended.ts';
import type { Application } from '../application/types.ts';
import { keyOfApplication, type Road } from './road.ts';

/** Beyond, they are forgotten, and perhaps looked at once more. */
const MOST_KNOWN = 10_000;

export interface NewcomerWork {
  readonly holdings: Pick<Road['holdings'], 'isFree'>;
  /** Has those with these keys looked at, all by one delivery. */
  refresh(keys: readonly string[]): Promise<{ readonly isDone: Promise<boolean> }>;
  background(work: Promise<unknown>): void;
}

/** Has all of a list looked at that were never compared and are not in work: once for each version of them, unless that was in vain. */
export function createNewcomers({ holdings, refresh, background }: NewcomerWork): Road['wakeNew'] {
  const woken = new Set<string>();

  async function look(versions: readonly string[], keys: readonly string[]): Promise<void> {
    let isDone = false;
    try {
      isDone = await (await refresh(keys)).isDone;
    } finally {
      if (!isDone) for (const version of versions) woken.delete(version);
    }
  }

  return (apps) => {
    const found = apps.filter(
      (app) =>
        app.status.sync === undefined &&
        !woken.has(versionOf(app)) &&
        !isSuspended(app) &&
        holdings.isFree(keyOfApplication(app)),
    );
    if (found.length === 0) return;
    if (woken.size >= MOST_KNOWN) woken.clear();
    const versions = found.map(versionOf);
    for (const version of versions) woken.add(version);
    background(look(versions, found.map(keyOfApplication)));
  };
}

function versionOf({ metadata }: Application): string {
  return `${metadata.uid} ${metadata.resourceVersion}`;
}
