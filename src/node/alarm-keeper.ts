// The alarms of this process that must fire even where it has been scaled to zero by then: the earliest is kept in the cluster.

import { deadlineAfter } from '../base/deadline.ts';
import { type AlarmJob, outlivesProcess } from '../operation/alarm-job.ts';
import type { Clock } from '../platform.ts';
import type { NodeAlarms } from './alarms.ts';

export interface AlarmKeeper {
  /** An alarm was set, moved or cancelled, or has fired. */
  changed(): void;
  /** Everything has been looked at. */
  lookedAtAll(): Promise<void>;
  /** The process ends: whatever is to come, and at once what is left undone, is for another. Gives up after a while. */
  beforeEnd(isBusy: boolean): Promise<void>;
}

/** What comes sooner, this process does; nobody ends it within that time without telling it. */
const AHEAD_MS = 60_000;
const LAST_WRITE_MS = 4_000;

export function createAlarmKeeper(alarms: Pick<NodeAlarms, 'earliest'>, clock: Clock, job: AlarmJob): AlarmKeeper {
  const earliest = () => alarms.earliest(outlivesProcess);
  return {
    changed: () => {
      const at = earliest();
      void job.keep(at !== undefined && at - clock.now() > AHEAD_MS ? at : undefined);
    },
    lookedAtAll: () => job.forgetDue(),
    beforeEnd: async (isBusy) => {
      const at = isBusy ? clock.now() : earliest();
      const written = job.keep(at === undefined ? undefined : Math.max(at, clock.now()));
      const tooLate = deadlineAfter(LAST_WRITE_MS);
      await Promise.race([written, tooLate.passed]);
      tooLate.end();
    },
  };
}
