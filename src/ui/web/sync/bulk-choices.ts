// What is chosen for a sync of several Applications, and which of them it is for. Pure.

import type { Application } from '../../../application/types.ts';
import { isRefused } from './plan-label.ts';
import type { Plan, SyncBody } from './plan-types.ts';
import { defaultChoices, OPTION_SWITCHES, type QueryChanges, syncBody, withOption } from './sync-choices.ts';

export interface BulkChoices {
  /** `own`: as each Application is synced by itself. */
  readonly prune: 'own' | 'yes' | 'no';
  readonly dryRun: boolean;
  readonly applyOnly: boolean;
  readonly force: boolean;
  /** What is as Git says is not applied again. */
  readonly outOfSyncOnly: boolean;
}

export function readBulkChoices(get: (key: string) => string | undefined): BulkChoices {
  const prune = get('prune');
  return {
    prune: prune === '1' ? 'yes' : prune === '0' ? 'no' : 'own',
    dryRun: get('dry') === '1',
    applyOnly: get('apply') === '1',
    force: get('force') === '1',
    outOfSyncOnly: get('every') !== '1',
  };
}

export function writeBulkChoices({ prune, dryRun, applyOnly, force, outOfSyncOnly }: BulkChoices): QueryChanges {
  return {
    prune: prune === 'own' ? undefined : prune === 'yes' ? '1' : '0',
    dry: dryRun ? '1' : undefined,
    apply: applyOnly ? '1' : undefined,
    force: force ? '1' : undefined,
    every: outOfSyncOnly ? undefined : '1',
  };
}

/** With the options of its own, which are no less its own for being synced with others. */
export function bulkBody(app: Application, choices: BulkChoices): SyncBody {
  const own = defaultChoices(app);
  const only = OPTION_SWITCHES.find(({ id }) => id === 'outOfSyncOnly');
  return syncBody(app, {
    ...own,
    prune: choices.prune === 'own' ? own.prune : choices.prune === 'yes',
    dryRun: choices.dryRun,
    applyOnly: choices.applyOnly,
    force: choices.force,
    options: choices.outOfSyncOnly && only ? withOption(own.options, only, true) : own.options,
  });
}

/** `idle`: there is nothing to do, and that is to be left out. */
export type BulkVerdict = 'sync' | 'idle' | 'refused';

export function verdictOf({ counts, problems }: Plan, { outOfSyncOnly, dryRun }: BulkChoices): BulkVerdict {
  if (isRefused(problems, { isDryRun: dryRun, isRollback: false, turnsAutomationOff: false })) return 'refused';
  const { create, update, recreate, hooks } = counts;
  // Hooks alone are no reason: they ran when it was synced.
  const isIdle = create + update + recreate + counts.delete === 0;
  return isIdle && (outOfSyncOnly || hooks === 0) ? 'idle' : 'sync';
}
