// Sprig's functions of dicts (Sprig v3.3.0: dict.go).

import { typeName } from '../go/type-name.ts';
import { type GoMethod, type GoValue, NilMap } from '../go/value.ts';
import { deepCopy } from './copy.ts';
import { stringSlice } from './elements.ts';
import { countedFunction, type Dict, type FunctionTable, fail, goFunction } from './function.ts';
import { mergeInto } from './merge.ts';
import { textOf } from './text.ts';

const DICT = 'map[string]interface {}';

export function dictFunctions(): FunctionTable {
  const copy = countedFunction(['interface {}'], 'interface {}', deepCopy);
  return {
    dict: goFunction(['...interface {}'], DICT, (...pairs) => makeDict(pairs)),
    get: goFunction([DICT, 'string'], 'interface {}', (dict, key) => {
      const value = dict.get(key);
      return value === undefined ? '' : value;
    }),
    set: goFunction([DICT, 'string', 'interface {}'], DICT, (dict, key, value) => {
      dict.set(key, value);
      return dict;
    }),
    unset: goFunction([DICT, 'string'], DICT, (dict, key) => {
      dict.delete(key);
      return dict;
    }),
    hasKey: goFunction([DICT, 'string'], 'bool', (dict, key) => dict.has(key)),
    pluck: goFunction(['string', `...${DICT}`], '[]interface {}', (key, ...dicts) => pluck(key, dicts)),
    keys: goFunction([`...${DICT}`], '[]string', (...dicts) => stringSlice(dicts.flatMap((dict) => [...dict.keys()]))),
    values: goFunction([DICT], '[]interface {}', (dict) => [...dict.values()]),
    pick: goFunction([DICT, '...string'], DICT, (dict, ...keys) => pick(dict, keys)),
    omit: goFunction([DICT, '...string'], DICT, (dict, ...keys) => omit(dict, keys)),
    merge: mergeFunction(false, () => ''),
    mustMerge: mergeFunction(false, fail),
    mergeOverwrite: mergeFunction(true, () => ''),
    mustMergeOverwrite: mergeFunction(true, fail),
    deepCopy: copy,
    mustDeepCopy: copy,
    dig: goFunction(['...interface {}'], 'interface {}', (...args) => dig(args)),
  };
}

/** Keys and values by turns; a key without a value has the empty string. */
function makeDict(pairs: readonly GoValue[]): Map<string, GoValue> {
  const dict = new Map<string, GoValue>();
  for (let index = 0; index < pairs.length; index += 2) {
    const value = pairs[index + 1];
    dict.set(textOf(pairs[index] ?? null), value === undefined ? '' : value);
  }
  return dict;
}

function pluck(key: string, dicts: readonly Dict[]): GoValue[] {
  const found: GoValue[] = [];
  for (const dict of dicts) {
    const value = dict.get(key);
    if (value !== undefined) found.push(value);
  }
  return found;
}

function pick(dict: Dict, keys: readonly string[]): Map<string, GoValue> {
  const picked = new Map<string, GoValue>();
  for (const key of keys) {
    const value = dict.get(key);
    if (value !== undefined) picked.set(key, value);
  }
  return picked;
}

function omit(dict: Dict, keys: readonly string[]): Map<string, GoValue> {
  const omitted = new Set(keys);
  return new Map([...dict].filter(([key]) => !omitted.has(key)));
}

/** The functions without `must` give the empty string where the library returns an error. */
function mergeFunction(overwrite: boolean, onProblem: (problem: string) => GoValue): GoMethod {
  return countedFunction([DICT, `...${DICT}`], 'interface {}', (work, target, ...sources) => {
    // A nil map cannot be written: mergo makes a new one.
    const merged = target instanceof NilMap ? new Map() : target;
    for (const source of sources) {
      const problem = mergeInto(work, merged, source, overwrite);
      if (problem !== undefined) return onProblem(problem);
    }
    return merged;
  });
}

/** `dig KEY… DEFAULT DICT`: the value below the keys; fails where a step is no dict. */
function dig(args: readonly GoValue[]): GoValue {
  if (args.length < 3) fail('dig needs at least three arguments');
  const keys = args.slice(0, -2);
  const missing = args.at(-2) ?? null;
  let dict = requireDict(args.at(-1) ?? null);
  const names = keys.map(requireString);
  for (const [index, name] of names.entries()) {
    const step = dict.get(name);
    if (step === undefined) return missing;
    if (index === names.length - 1) return step;
    dict = requireDict(step);
  }
  return missing;
}

/** Go's assertion `.(map[string]interface{})`, which chartutil.Values does not meet. */
function requireDict(value: GoValue): Map<string, GoValue> {
  return value instanceof Map ? value : failAssertion(value, DICT);
}

function requireString(value: GoValue): string {
  return typeof value === 'string' ? value : failAssertion(value, 'string');
}

function failAssertion(value: GoValue, wanted: string): never {
  fail(`interface conversion: interface {} is ${value === null ? 'nil' : typeName(value)}, not ${wanted}`);
}
