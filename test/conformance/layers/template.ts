// The corpus layer `template`: plain text/template, output or error with the output before it.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { HawserError } from '../../../src/base/errors.ts';
import { isObject } from '../../../src/base/json.ts';
import { mendUtf8 } from '../../../src/render/go/strings.ts';
import type { GoMethod, GoValue } from '../../../src/render/go/value.ts';
import { createTemplateSet, type MissingKey, outputBeforeError } from '../../../src/render/gotemplate/gotemplate.ts';
import { sprigFunctions } from '../../../src/render/sprig/sprig.ts';
import { type Case, type LayerResult, readCases } from '../layer.ts';
import { fromTyped, textField } from '../typed-values.ts';

/** Runs every case of `gotemplate/template.jsonl`. */
export function runTemplateLayer(corpusDir: string): LayerResult[] {
  const folder = join(corpusDir, 'gotemplate');
  const check = createTemplateCheck(JSON.parse(readFileSync(join(folder, 'template-data.json'), 'utf8')));
  const failures: { id: string; message: string }[] = [];
  const cases = readCases(join(folder, 'template.jsonl'));
  for (const record of cases) {
    const message = check(record);
    if (message !== undefined) failures.push({ id: String(record.id), message });
  }
  return [{ layer: 'template', cases: cases.length, passed: cases.length - failures.length, failures }];
}

/** The check of one case; `references` is the content of template-data.json. */
export function createTemplateCheck(references: unknown): (record: Case) => string | undefined {
  const sprig = sprigFunctions({ now: () => 0, random: (length) => new Uint8Array(length) });
  return (record) => checkCase(record, references, record.funcs === 'sprig' ? sprig : {});
}

/** What is wrong with a case's result; undefined where nothing is. */
function checkCase(
  record: Case,
  references: unknown,
  functions: Readonly<Record<string, GoMethod>>,
): string | undefined {
  const actual = runCase(record, dataOf(record, references), functions);
  const expected = textField(record, 'expected');
  const error = textField(record, 'error');
  if (error === undefined) {
    if ('output' in actual && mendUtf8(actual.output) === expected) return undefined;
    return `expected ${JSON.stringify(expected)}, got ${JSON.stringify(actual)}`;
  }
  if (!('error' in actual)) return `expected error ${JSON.stringify(error)}, got ${JSON.stringify(actual)}`;
  if (actual.error !== error) return `expected error ${JSON.stringify(error)}, got ${JSON.stringify(actual.error)}`;
  if (actual.stage !== record.stage) return `expected stage ${String(record.stage)}, got ${String(actual.stage)}`;
  const before = textField(record, 'output_before_error');
  if (before !== undefined && mendUtf8(actual.before ?? '') !== before) {
    return `expected output before the error ${JSON.stringify(before)}, got ${JSON.stringify(actual.before)}`;
  }
  return undefined;
}

function dataOf(record: Case, references: unknown): GoValue {
  if (typeof record.data_ref !== 'string') return fromTyped(record.data ?? null);
  return fromTyped(isObject(references) ? references[record.data_ref] : null);
}

type Outcome = { output: string } | { error: string; stage: unknown; before: string | undefined };

function runCase(record: Case, data: GoValue, functions: Readonly<Record<string, GoMethod>>): Outcome {
  try {
    const set = createTemplateSet({ functions });
    for (const template of Array.isArray(record.templates) ? record.templates : []) {
      set.parse(String(template.name), textField(template, 'text') ?? '');
    }
    return { output: set.execute(String(record.execute), data, { missingKey: missingKeyOf(record.missingkey) }) };
  } catch (error) {
    if (!(error instanceof HawserError)) throw error;
    return { error: error.message, stage: error.data.stage, before: outputBeforeError(error) };
  }
}

function missingKeyOf(value: unknown): MissingKey {
  return value === 'zero' || value === 'error' ? value : 'default';
}
