// No push is lost: signed deliveries while hawser is killed at any instant, and the API server and the Git server are restarted.
// HAWSER_CRASH_SEED repeats a run; HAWSER_CRASH_DELIVERIES and HAWSER_CRASH_KILLS make it shorter or longer;
// HAWSER_CRASH_SKEW_S lets the clocks of replicas differ by that many seconds.

import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ControlPlane, missingControlPlane, startControlPlane } from '../support/control-plane.ts';
import { hasGit } from '../support/git-cli.ts';
import { type Campaign, runCampaign } from './campaign.ts';

const DELIVERIES = Number(process.env.HAWSER_CRASH_DELIVERIES ?? 1_000);
const KILLS = Number(process.env.HAWSER_CRASH_KILLS ?? 30);
const SEED = Number(process.env.HAWSER_CRASH_SEED ?? Date.now() % 2 ** 31);
const SKEW_MS = Number(process.env.HAWSER_CRASH_SKEW_S ?? 0) * 1_000;
const SETTLE_MS = 60_000;

const missing = missingControlPlane() ?? (hasGit() ? undefined : 'no git');
if (missing) console.warn(`SKIPPED: the crash test: ${missing}`);

describe.skipIf(missing)(`${DELIVERIES} deliveries, ${KILLS} kills, seed ${SEED}`, () => {
  let plane: ControlPlane;
  beforeAll(async () => {
    plane = await startControlPlane();
  });
  afterAll(async () => {
    await plane?.stop();
  });

  describe.each([
    { name: 'one', replicas: 1 },
    { name: 'three', replicas: 3 },
  ])('with $replicas at once', ({ name, replicas }) => {
    let campaign: Campaign;
    beforeAll(async () => {
      campaign = await runCampaign({
        plane,
        name,
        replicas,
        seed: SEED,
        deliveries: DELIVERIES,
        kills: KILLS,
        applications: 50,
        repositories: 10,
        restarts: KILLS >= 20 ? 3 : 1,
        skewMs: replicas > 1 ? SKEW_MS : 0,
        settleMs: SETTLE_MS,
        say,
      });
      report(name, campaign);
    });
    afterAll(() => {
      // What failed is to be looked at.
      if (campaign && isClean(campaign)) rmSync(campaign.folder, { recursive: true, force: true });
    });

    it('kills as often as it was told to', () => {
      expect(campaign.kills).toBeGreaterThanOrEqual(KILLS);
    });

    it('brings every Application to its newest revision', () => {
      expect(campaign.unsettled).toEqual([]);
    });

    it('has every delivery in the record, and all are done', () => {
      expect(campaign.record).toEqual({ missing: [], open: [] });
    });

    it('syncs no revision of a source twice in a row', () => {
      expect(campaign.histories.repeated).toEqual([]);
    });

    it('syncs only what the ref named while the operation resolved it', () => {
      expect(campaign.histories.notNamed).toEqual([]);
    });
  });
});

function isClean({ unsettled, record, histories }: Campaign): boolean {
  const wrong = [unsettled, record.missing, record.open, histories.repeated, histories.notNamed];
  return wrong.every((found) => found.length === 0);
}

function report(
  name: string,
  { answered, failures, kills, ownEnds, settledAfterMs, recordedAfterMs, histories }: Campaign,
): void {
  const times = answered.map(({ ms }) => ms).sort((a, b) => a - b);
  const at = (share: number) => times[Math.floor(share * (times.length - 1))]?.toFixed(0);
  const again = answered.filter(({ attempts }) => attempts > 1).length;
  const verdicts: Record<string, number> = {};
  for (const verdict of answered.flatMap((one) => one.verdicts)) verdicts[verdict] = (verdicts[verdict] ?? 0) + 1;
  say(
    `${name}: ${answered.length} answers (median ${at(0.5)} ms, p99 ${at(0.99)} ms, longest ${at(1)} ms), ${again} after more than one attempt`,
  );
  say(
    `${name}: ${kills} kills, ${ownEnds} ends of its own, ${histories.entries} syncs, settled after ${settledAfterMs.toFixed(0)} ms, recorded as done after ${recordedAfterMs.toFixed(0)} ms`,
  );
  say(`${name}: verdicts ${JSON.stringify(verdicts)}`);
  for (const [what, times] of failures) say(`${name}: ${times} × ${what}`);
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
