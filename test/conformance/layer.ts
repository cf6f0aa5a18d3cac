// What a layer of the corpus reports, and how one of JSON Lines is run.

import { readFileSync } from 'node:fs';
import { isObject, stringAt } from '../../src/base/json.ts';

export interface LayerResult {
  readonly layer: string;
  readonly cases: number;
  readonly passed: number;
  readonly failures: { id: string; message: string }[];
}

export type Case = Readonly<Record<string, unknown>>;

/** The lines of a JSON Lines file. */
export function readCases(path: string): Case[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const value: unknown = JSON.parse(line);
      if (!isObject(value)) throw new Error(`${path}: not an object: ${line}`);
      return value;
    });
}

/** What is wrong with a case's result; undefined where nothing is. */
export type Check = (record: Case) => string | undefined | Promise<string | undefined>;

/** Counts the cases for which `differenceOf` finds none; a crash is a failure of its case. */
export async function runCases(layer: string, cases: readonly Case[], differenceOf: Check): Promise<LayerResult> {
  const failures: { id: string; message: string }[] = [];
  for (const entry of cases) {
    const message = await guarded(differenceOf, entry);
    const id = [stringAt(entry, 'id'), stringAt(entry, 'test') ?? stringAt(entry, 'name')].filter(Boolean).join(' ');
    if (message !== undefined) failures.push({ id, message });
  }
  return { layer, cases: cases.length, passed: cases.length - failures.length, failures };
}

async function guarded(differenceOf: Check, entry: Case): Promise<string | undefined> {
  try {
    return await differenceOf(entry);
  } catch (error) {
    return `crashed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
  }
}
