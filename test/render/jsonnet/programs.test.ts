// Programs by families: what they give, and how they fail.

import { describe, expect, it } from 'vitest';
import { evaluateProgram } from '../../../src/render/jsonnet/evaluate.ts';
import { type Failure, formatFailure, isFailure } from '../../../src/render/jsonnet/failures.ts';
import { LANGUAGE_ERRORS, LANGUAGE_VALUES } from './language-cases.ts';

const run = (text: string) => evaluateProgram({ name: 'p.jsonnet', path: '', text });

function failureOf(work: () => unknown): Failure {
  try {
    work();
  } catch (error) {
    if (isFailure(error)) return error;
    throw error;
  }
  throw new Error('it does not fail');
}

describe('the language', () => {
  it.each(LANGUAGE_VALUES)('%j gives what go-jsonnet gives', (program, wanted) => {
    expect(run(program).json().trimEnd()).toBe(wanted);
  });
  it.each(LANGUAGE_ERRORS)('%j fails as it does there, with the same trace', (program, wanted) => {
    const text = formatFailure(failureOf(() => run(program).json()));
    expect(text.trimEnd().replace(/[ \t]+$/gm, '')).toBe(wanted);
  });
});
