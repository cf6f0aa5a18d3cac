// What holds for all programs: printing and parsing, and that one evaluation leaves nothing to the next.

import { describe, expect, it } from 'vitest';
import { evaluateProgram, type JsonnetOptions } from '../../../src/render/jsonnet/evaluate.ts';
import { isFailure } from '../../../src/render/jsonnet/failures.ts';
import { parse } from '../../../src/render/jsonnet/parser.ts';
import { unparse } from '../../../src/render/jsonnet/unparse.ts';
import { LANGUAGE_ERRORS, LANGUAGE_VALUES } from './language-cases.ts';

const source = (text: string) => ({ name: 'p', path: '', text });

function outcomeOf(text: string, options?: JsonnetOptions): string {
  try {
    return evaluateProgram(source(text), options).json();
  } catch (error) {
    if (isFailure(error)) return error.message;
    throw error;
  }
}

const VALUES = LANGUAGE_VALUES.map(([program]) => program);

describe('a program', () => {
  it.each(VALUES)('%j is the same after printing', (program) => {
    const printed = unparse(parse(source(program)).body);
    expect(unparse(parse(source(printed)).body)).toBe(printed);
    expect(outcomeOf(printed)).toBe(outcomeOf(program));
  });

  it('gives the same again, whatever ran between', () => {
    const programs = [...VALUES, ...LANGUAGE_ERRORS.map(([program]) => program)];
    const first = programs.map((program) => outcomeOf(program));
    expect(programs.toReversed().map((program) => outcomeOf(program))).toEqual(first.toReversed());
  });

  it('finds its whole stack after one that failed in the depth', () => {
    const deep = 'local f(x) = if x == 0 then 0 else 1 + f(x - 1); f(240)';
    const before = outcomeOf(deep);
    outcomeOf('local f(x) = f(x) + 1; f(0)');
    outcomeOf('std.range(1, 100000000)', { bounds: { maxStack: 3, maxSteps: 10 } });
    expect(outcomeOf(deep)).toBe(before);
  });

  it('goes on after a native function that evaluates another program', () => {
    const natives = {
      inner: { parameters: ['text'], run: (text: unknown) => JSON.parse(outcomeOf(String(text))) },
    };
    const text = '[std.native("inner")("local f(x) = if x == 0 then 0 else f(x - 1); f(100)"), 1 + 1]';
    expect(JSON.parse(outcomeOf(text, { natives }))).toEqual([0, 2]);
  });
});
