// The sandbox against a real API server: the same requests, the same answers.
//
// `truth/` holds what kube-apiserver v1.36.3 answered. With HAWSER_TEST_KUBECONFIG the same requests also go to that server;
// with HAWSER_RECORD besides, its answers become the truth.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createSandbox } from '../../../src/sandbox/sandbox.ts';
import { transportOfKubeconfig } from './differential/real-server.ts';
import { type Answer, runScenario, type Transport } from './differential/run.ts';
import { SCENARIOS } from './differential/scenarios.ts';

const TRUTH = join(import.meta.dirname, 'differential/truth');
const kubeconfig = process.env.HAWSER_TEST_KUBECONFIG;
const isRecording = process.env.HAWSER_RECORD !== undefined;

function sandboxTransport(): Transport {
  const sandbox = createSandbox({
    clock: { now: () => Date.now() },
    random: (length) => crypto.getRandomValues(new Uint8Array(length)),
    readyDelayMs: 1,
  });
  return (path, init) => sandbox.fetch(new Request(`http://sandbox.test${path}`, init));
}

function readTruth(topic: string): Record<string, Answer[]> {
  try {
    return JSON.parse(readFileSync(join(TRUTH, `${topic}.json`), 'utf8'));
  } catch (error) {
    if (isRecording) return {};
    throw error;
  }
}

for (const [topic, scenarios] of Object.entries(SCENARIOS)) {
  describe(`the sandbox answers as kube-apiserver does: ${topic}`, () => {
    const truth = readTruth(topic);
    for (const [index, scenario] of scenarios.entries()) {
      const namespace = `diff-${topic}-${index}-${Math.random().toString(36).slice(2, 8)}`;
      it.runIf(kubeconfig !== undefined)(`${scenario.title}, on the real server`, async () => {
        const answers = await runScenario(transportOfKubeconfig(kubeconfig ?? ''), scenario, namespace);
        if (isRecording) {
          truth[scenario.title] = answers;
          const kept = scenarios.map(({ title }) => [title, truth[title]]);
          writeFileSync(join(TRUTH, `${topic}.json`), `${JSON.stringify(Object.fromEntries(kept), null, 1)}\n`);
        }
        expect(answers).toEqual(truth[scenario.title]);
      });

      it(scenario.title, async () => {
        const expected = truth[scenario.title];
        if (!expected) throw new Error(`no truth is recorded for ${JSON.stringify(scenario.title)}`);
        const answers = await runScenario(sandboxTransport(), scenario, namespace);
        for (const [step, answer] of answers.entries()) expect(answer).toEqual(expected[step]);
        expect(answers.length).toBe(expected.length);
      });
    }
  });
}
