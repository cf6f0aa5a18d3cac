// How an object of an operation ended, in one word.

import { expect, it } from 'vitest';
import { outcomeOf } from '../../src/application/operation-result.ts';

it.each([
  [{ status: 'Synced', hookPhase: 'Running' }, 'Synced'],
  [{ status: 'Synced', hookType: 'PreSync', hookPhase: 'Failed' }, 'Failed'],
  [{ status: 'SyncFailed', hookType: 'PreSync', hookPhase: 'Failed' }, 'SyncFailed'],
  [{ hookType: 'PostSync', hookPhase: 'Running' }, 'Running'],
  [{}, undefined],
] as const)('of %j is %s', (result, outcome) => {
  expect(outcomeOf(result)).toBe(outcome);
});
