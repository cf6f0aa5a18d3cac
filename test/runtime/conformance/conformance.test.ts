// A fixed part of the corpus in the runtime under test, by the checks of `npm run conformance`: what the real tools gave, and byte by byte
// what this very process gives. HAWSER_SAMPLE=all runs all of it, and HAWSER_SAMPLE=N the N cases of each layer that come first.

import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { barOf } from '../../conformance/layers.ts';
import { type HostedModule, hostModule } from '../support/module-host.ts';
import entry, { type Batch } from './entry.ts';
import { PROGRAMS, type Ran } from './programs.ts';
import { batchesOf, sampleOf } from './sample.ts';

const CORPUS = resolve(process.env.HAWSER_CORPUS ?? resolve(import.meta.dirname, '../../../../shared/corpus'));

/** Charts and kustomizations take as long as a hundred cases of another layer. */
const COUNTS: Readonly<Record<string, number>> = { 'helm/library': 40, 'kustomize/library': 60 };
const COUNT = 60;

const { HAWSER_SAMPLE: asked } = process.env;

function countOf(name: string): number {
  if (asked !== undefined) return asked === 'all' ? Number.POSITIVE_INFINITY : Number(asked);
  return COUNTS[name] ?? COUNT;
}

/** All of one of the layers that take long. */
const LIMIT_MS = 900_000;

const there = Object.entries(PROGRAMS).filter(([, { cases }]) => existsSync(join(CORPUS, cases)));
const missing = Object.keys(PROGRAMS).filter((name) => !there.some(([found]) => found === name));
if (missing.length > 0) console.warn(`SKIPPED: ${missing.join(', ')}: not in a corpus at ${CORPUS} (HAWSER_CORPUS)`);

describe.skipIf(there.length === 0)('of the corpus', () => {
  let hosted: HostedModule;
  beforeAll(async () => {
    hosted = await hostModule(new URL('./entry.ts', import.meta.url));
  });
  afterAll(() => hosted?.close());

  const runThere = async (batch: Batch) => (await hosted.ask(batch)) as Ran[];
  const runHere = async (batch: Batch) => {
    const response = await entry.fetch(new Request('http://here/', { method: 'POST', body: JSON.stringify(batch) }));
    return (await response.json()) as Ran[];
  };

  it.each(there)(
    '%s gives what the real tools gave, and what this process gives',
    { timeout: LIMIT_MS },
    async (name, program) => {
      const cases = sampleOf(program, CORPUS, countOf(name));
      expect(cases.length).toBeGreaterThan(0);
      const wrong: string[] = [];
      const differing: string[] = [];
      for (const batch of batchesOf(name, program, cases, CORPUS)) {
        const [answers, own] = await Promise.all([runThere(batch), runHere(batch)]);
        for (const [index, { id }] of batch.cases.entries()) {
          const [answer, wanted] = [answers[index], own[index]];
          if (answer?.problem !== undefined) wrong.push(`${id}: ${answer.problem}`);
          const difference = firstDifference(JSON.stringify(wanted), JSON.stringify(answer));
          if (difference !== undefined) differing.push(`${id}: ${difference}`);
        }
      }
      if (asked !== undefined) console.info(`${name}: ${cases.length} cases, ${cases.length - wrong.length} passed`);
      expect(differing).toEqual([]);
      // As many as the bar of the layer lets fail.
      const allowed = Math.ceil((cases.length * (100 - (barOf(name) ?? 100))) / 100);
      expect(wrong.length, wrong.join('\n')).toBeLessThanOrEqual(allowed);
    },
  );

  it('tell what is wrong', async () => {
    const wrong = { id: 'semver/compare/wrong', a: '1.2.3', b: '1.3.0', compare: 1 };
    const batch = { program: 'gotemplate/semver', cases: [wrong], files: {} };
    expect(await runThere(batch)).toEqual([{ problem: expect.stringContaining('wanted') }]);
  });
});

/** What stands where two texts part; undefined for equal ones. */
function firstDifference(here: string | undefined, there: string | undefined): string | undefined {
  if (here === there) return undefined;
  const [left = '', right = ''] = [here, there];
  let at = 0;
  while (at < left.length && left[at] === right[at]) at++;
  const shown = (text: string) => text.slice(Math.max(0, at - 40), at + 80);
  return `at ${at}: here ${shown(left)}, there ${shown(right)}`;
}
