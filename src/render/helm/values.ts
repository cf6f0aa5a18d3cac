// The values that a user gives: files and `--set…` flags in Helm's order (Helm: pkg/cli/values/options.go), and reading them by path
// (Helm: pkg/chartutil/values.go).

import { HawserError, isHawserError } from '../../base/errors.ts';
import { quote } from '../go/quote.ts';
import { utf8Decode } from '../go/strings.ts';
import { GoMap, type GoValue } from '../go/value.ts';
import type { Values } from './chart.ts';
import { decodeMap } from './decode.ts';
import { applySet, applySetFile, applySetJson, applySetLiteral, applySetString } from './strvals.ts';

export interface ValueSources {
  /** `-f`: names of values files, the last one winning. */
  readonly files?: readonly string[];
  readonly setJson?: readonly string[];
  readonly set?: readonly string[];
  readonly setString?: readonly string[];
  readonly setFile?: readonly string[];
  readonly setLiteral?: readonly string[];
}

/**
 * User values from all sources: files first, then --set-json, --set, --set-string, --set-file, --set-literal, whatever their order on the
 * command line. `readFile` gives a file's bytes or throws. Throws `InvalidInput` with Helm's text.
 */
export function mergeValueSources(sources: ValueSources, readFile: (name: string) => Uint8Array): Values {
  let values: Values = new Map();
  for (const name of sources.files ?? []) values = mergeMaps(values, readValuesFile(name, readFile(name)));
  for (const line of sources.setJson ?? []) {
    try {
      applySetJson(line, values);
    } catch (error) {
      if (!isHawserError(error, 'InvalidInput')) throw error;
      throw new HawserError('InvalidInput', `failed parsing --set-json data ${line}`, { cause: error });
    }
  }
  for (const line of sources.set ?? []) explain('--set', () => applySet(line, values));
  for (const line of sources.setString ?? []) explain('--set-string', () => applySetString(line, values));
  for (const line of sources.setFile ?? []) {
    explain('--set-file', () => applySetFile(line, values, (name) => utf8Decode(readFile(name))));
  }
  for (const line of sources.setLiteral ?? []) explain('--set-literal', () => applySetLiteral(line, values));
  return values;
}

function readValuesFile(name: string, content: Uint8Array): Values {
  try {
    return decodeMap(utf8Decode(content));
  } catch (error) {
    if (!isHawserError(error, 'RenderFailed')) throw error;
    throw new HawserError('InvalidInput', `failed to parse ${name}: ${error.message}`, { cause: error });
  }
}

/** Says which flag is wrong; a file of `--set-file` may be missing as well. */
function explain(flag: string, apply: () => void): void {
  try {
    apply();
  } catch (error) {
    if (!isHawserError(error, 'InvalidInput') && !isHawserError(error, 'NotFound')) throw error;
    throw new HawserError(error.code, `failed parsing ${flag} data: ${error.message}`, { cause: error });
  }
}

/** `over` on top of `base`, tables merged, nulls kept. */
export function mergeMaps(base: Values, over: Values): Values {
  const merged = new Map(base);
  for (const [key, value] of over) {
    const below = merged.get(key);
    merged.set(key, value instanceof Map && below instanceof Map ? mergeMaps(below, value) : value);
  }
  return merged;
}

/** Why a path gives no table or value (Helm: ErrNoTable, ErrNoValue). */
export class MissingPath extends Error {
  readonly kind: 'table' | 'value';
  constructor(kind: 'table' | 'value', key: string) {
    super(`${quote(key)} is not a ${kind}`);
    this.kind = kind;
  }
}

/** The table at a dotted path. Throws MissingPath. */
export function tableAt(values: Values, path: string): Values {
  let table = values;
  for (const key of path.split('.')) {
    const found = table.get(key);
    if (found instanceof Map) table = found;
    else if (found instanceof GoMap) table = found.entries;
    else throw new MissingPath('table', key);
  }
  return table;
}

/** The value at a dotted path, which must be no table. Throws MissingPath. */
export function valueAt(values: Values, path: string): GoValue {
  const keys = path.split('.');
  const key = keys.pop() ?? '';
  let table = values;
  try {
    if (keys.length > 0) table = tableAt(values, keys.join('.'));
  } catch (error) {
    if (error instanceof MissingPath) throw new MissingPath('value', key);
    throw error;
  }
  const found = table.get(key);
  if (found === undefined || found instanceof Map) throw new MissingPath('value', key);
  return found;
}
