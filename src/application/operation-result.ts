// What became of one object in an operation, in one word.

import type { ResourceResult } from './types.ts';

/** That a hook was made says nothing of how it ended: its phase does. undefined for one that was not judged yet. */
export function outcomeOf({
  status,
  hookType,
  hookPhase,
}: Pick<ResourceResult, 'status' | 'hookType' | 'hookPhase'>): string | undefined {
  return hookType && hookPhase && status !== 'SyncFailed' ? hookPhase : status;
}
