// What kube-apiserver v1.36.3 answered to the scenarios: one file of test/fixtures/kube-apiserver a topic.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Answer } from './run.ts';

const FOLDER = join(import.meta.dirname, '../../../fixtures/kube-apiserver');

/** The answers to every scenario of a topic, by its title. */
export function readRecorded(topic: string): Record<string, Answer[]> {
  return JSON.parse(readFileSync(join(FOLDER, `${topic}.json`), 'utf8'));
}

export function writeRecorded(topic: string, answers: Readonly<Record<string, readonly Answer[]>>): void {
  writeFileSync(join(FOLDER, `${topic}.json`), `${JSON.stringify(answers, null, 1)}\n`);
}
