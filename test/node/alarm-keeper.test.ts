// Which alarms a process keeps in the cluster, and what it leaves there when it ends.

import { describe, expect, it } from 'vitest';
import { createAlarmKeeper } from '../../src/node/alarm-keeper.ts';
import { createAlarms } from '../../src/node/alarms.ts';
import type { AlarmJob } from '../../src/operation/alarm-job.ts';

const NOW_MS = 1_000_000_000;

function ground() {
  const kept: (number | undefined)[] = [];
  const job: AlarmJob = {
    keep: async (atMs) => {
      kept.push(atMs === undefined ? undefined : atMs - NOW_MS);
    },
    forgetDue: async () => undefined,
  };
  const clock = { now: () => NOW_MS };
  const alarms = createAlarms(
    clock,
    () => undefined,
    () => keeper.changed(),
  );
  const keeper = createAlarmKeeper(alarms, clock, job);
  return { alarms, keeper, kept };
}

describe('the alarms that are kept in the cluster', () => {
  it('are those more than a minute ahead that outlive the process, the earliest', async () => {
    const { alarms, kept } = ground();
    await alarms.set('window/argocd/a', NOW_MS + 600_000);
    await alarms.set('health/argocd/a', NOW_MS + 120_000);
    await alarms.set('retry/argocd/b', NOW_MS + 300_000);
    await alarms.cancel('retry/argocd/b');
    expect(kept).toEqual([600_000, 600_000, 300_000, 600_000]);
    alarms.close();
  });

  it('leave out what the process does within the minute', async () => {
    const { alarms, kept } = ground();
    await alarms.set('continue/argocd/a', NOW_MS + 5_000);
    expect(kept).toEqual([undefined]);
    alarms.close();
  });

  it('have all that is to come when the process ends, and the next minute where work is left', async () => {
    const { alarms, keeper, kept } = ground();
    await keeper.beforeEnd(false);
    await alarms.set('continue/argocd/a', NOW_MS + 5_000);
    await keeper.beforeEnd(false);
    await keeper.beforeEnd(true);
    expect(kept).toEqual([undefined, undefined, 5_000, 0]);
    alarms.close();
  });
});
