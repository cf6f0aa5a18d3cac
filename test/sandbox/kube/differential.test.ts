// The sandbox against what a real API server answered to the same requests.
//
// test/cluster/differential.test.ts sends them to a real one, and records its answers.

import { describe, expect, it } from 'vitest';
import { createSandbox } from '../../../src/sandbox/sandbox.ts';
import { readRecorded } from './differential/recorded.ts';
import { newNamespace, runScenario, type Transport } from './differential/run.ts';
import { SCENARIOS } from './differential/scenarios.ts';

function connectSandbox(): Transport {
  const sandbox = createSandbox({
    clock: { now: () => Date.now() },
    random: (length) => crypto.getRandomValues(new Uint8Array(length)),
    readyDelayMs: 1,
  });
  return (path, init) => sandbox.fetch(new Request(`http://sandbox.test${path}`, init));
}

for (const [topic, scenarios] of Object.entries(SCENARIOS)) {
  describe(`the sandbox answers as kube-apiserver does: ${topic}`, () => {
    const recorded = readRecorded(topic);
    it.each(scenarios)('$title', async (scenario) => {
      const expected = recorded[scenario.title];
      if (!expected) throw new Error(`no answers are recorded for ${JSON.stringify(scenario.title)}`);
      const answers = await runScenario(connectSandbox(), scenario, newNamespace(topic));
      for (const [step, answer] of answers.entries()) expect(answer).toEqual(expected[step]);
      expect(answers.length).toBe(expected.length);
    });
  });
}
