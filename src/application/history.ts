// The history of an Application: one entry for each successful full sync, ids that only grow, the newest kept.

import type { RevisionHistory } from './types.ts';

const DEFAULT_LIMIT = 10;

/** Appends `entry` under the next id and keeps the newest `limit` entries (Argo CD: `revisionHistoryLimit`, default 10, 0 keeps none). */
export function appendHistory(
  history: readonly RevisionHistory[],
  entry: Omit<RevisionHistory, 'id'>,
  limit: number = DEFAULT_LIMIT,
): readonly RevisionHistory[] {
  const id = history.reduce((highest, { id }) => Math.max(highest, id + 1), 0);
  const all = [...history, { id, ...entry }];
  return limit <= 0 ? [] : all.slice(-limit);
}
