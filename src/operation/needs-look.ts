// Which Applications a process has to look at when it starts, whatever Git says. Pure.

import { isAutomated } from '../application/parse.ts';
import type { Application } from '../application/types.ts';
import { isAwaited } from './judge.ts';
import { isOfThisSpec } from './status.ts';

/**
 * Something was asked for or begun and is not finished, it was never compared with what its spec says now, the last comparison failed, or
 * an automated sync should have followed it. All others are as the last process left them.
 */
export function needsLook(app: Application): boolean {
  const { sync } = app.status;
  if (app.metadata.deletionTimestamp !== undefined || isAwaited(app)) return true;
  if (sync === undefined || sync.status === 'Unknown' || !isOfThisSpec(app)) return true;
  return sync.status === 'OutOfSync' && isAutomated(app);
}
