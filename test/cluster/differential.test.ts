// A real API server still answers what was recorded of it, to which the sandbox is held.
//
// HAWSER_RECORD=1 records its answers anew.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readRecorded, writeRecorded } from '../sandbox/kube/differential/recorded.ts';
import { newNamespace, runScenario } from '../sandbox/kube/differential/run.ts';
import { SCENARIOS } from '../sandbox/kube/differential/scenarios.ts';
import { missingCluster, type RealCluster, startRealCluster } from '../support/real-cluster.ts';

const isRecording = process.env.HAWSER_RECORD !== undefined;
const missing = missingCluster();
if (missing) console.warn(`SKIPPED: recorded answers against a real API server: ${missing}`);

describe.skipIf(missing !== undefined)('a real API server answers as it was recorded', () => {
  let cluster: RealCluster;
  beforeAll(async () => {
    cluster = await startRealCluster();
  });
  afterAll(async () => cluster?.stop());

  for (const [topic, scenarios] of Object.entries(SCENARIOS)) {
    it.each(scenarios)(`${topic}: $title`, async (scenario) => {
      const answers = await runScenario(cluster.transport.fetch, scenario, newNamespace(topic));
      if (isRecording) {
        const known = { ...readRecorded(topic), [scenario.title]: answers };
        const kept = scenarios.flatMap(({ title }) => (known[title] ? [[title, known[title]]] : []));
        writeRecorded(topic, Object.fromEntries(kept));
      }
      expect(answers).toEqual(readRecorded(topic)[scenario.title]);
    });
  }
});
