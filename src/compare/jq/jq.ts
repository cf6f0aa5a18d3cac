// The places that a jq expression names in an object, and the object without them: what jqPathExpressions of ignoreDifferences
// mean (Argo CD: diff_normalizer.go, `del(<expression>)` by gojq).

import { HawserError } from '../../base/errors.ts';
import { isObject, type Json } from '../../base/json.ts';
import { boundsOf, deletePaths, getPath, sliceOf } from './access.ts';
import { checkNames } from './check.ts';
import { JqBreak, JqError } from './error.ts';
import { evaluate, type Item, type Run } from './evaluate.ts';
import { invalid } from './lex.ts';
import { parseJq } from './parse.ts';
import type { Query } from './syntax.ts';
import { isJsonObject } from './value.ts';

export interface JqExpression {
  /**
   * The object without what the expression names, and the object itself where it fails at it: an error at run time skips the rule, as
   * in Argo CD.
   */
  without(value: unknown): unknown;
  /** The same places as plain paths, last ones of a list first. */
  pathsIn(value: unknown): readonly (readonly (string | number)[])[];
}

/**
 * The work of one run: about a second's (Argo CD: 1 s), but counted in steps, so that the same expression passes everywhere.
 */
const MOST_WORK = 2_000_000;

/** Throws InvalidInput in gojq's words for what is no jq. */
export function compileJqExpression(expression: string): JqExpression {
  const query = parseJq(`del(${expression})`);
  checkNames(query);
  const places = expressionOf(query);
  return {
    without: (value) => {
      const paths = findPaths(places, value);
      return paths === undefined || paths.length === 0
        ? value
        : (tryTo(() => deletePaths(asJson(value), paths)) ?? value);
    },
    pathsIn: (value) => {
      const found = (findPaths(places, value) ?? []).flatMap((path) => plainPaths(asJson(value), path));
      return found.filter((path) => path.length > 0).reverse();
    },
  };
}

/** All outputs of a jq program. Throws InvalidInput for what is none, and JqError for what fails at the value. */
export function runJq(program: string, value: Json): readonly Json[] {
  const query = parseJq(program);
  checkNames(query);
  return [...evaluate(query, { value }, createRun())].map((item) => item.value);
}

/** `del(a; b)` is none. */
function expressionOf(query: Query): Query {
  const argument = query.type === 'call' && query.name === 'del' ? query.args : [];
  if (argument.length !== 1 || !argument[0]) throw invalid('the expression must be one that names places');
  return argument[0];
}

function findPaths(query: Query, value: unknown): Json[][] | undefined {
  return tryTo(() => {
    const start: Item = { value: asJson(value), path: [] };
    return Array.from(evaluate(query, start, createRun()), ({ path, value: found }) => {
      if (!path) throw new JqError(`invalid path against: ${typeof found}`);
      return [...path];
    });
  });
}

/** undefined where the rule has to be skipped: the program fails, goes on for too long, or deeper than the stack. */
function tryTo<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    const isOfProgram = error instanceof JqError || error instanceof JqBreak || error instanceof RangeError;
    if (isOfProgram || (error instanceof HawserError && error.code === 'LimitExceeded')) return undefined;
    throw error;
  }
}

function createRun(): Run {
  let left = MOST_WORK;
  return {
    spend: (work) => {
      left -= work;
      if (left < 0) throw new HawserError('LimitExceeded', 'the jq expression takes too long');
    },
  };
}

/** Names and positions instead of slices and positions from the end; nothing for what is not there. */
function plainPaths(value: Json, path: readonly Json[]): (string | number)[][] {
  const [part, ...rest] = path;
  if (part === undefined) return [[]];
  if (typeof part === 'string') {
    if (!isJsonObject(value) || !Object.hasOwn(value, part)) return [];
    return plainPaths(value[part] ?? null, rest).map((inner) => [part, ...inner]);
  }
  if (!Array.isArray(value)) return [];
  if (typeof part === 'number') {
    const at = part < 0 ? Math.trunc(part) + value.length : Math.trunc(part);
    if (at < 0 || at >= value.length) return [];
    return plainPaths(value[at] ?? null, rest).map((inner) => [at, ...inner]);
  }
  if (part === null || !isJsonObject(part)) return [];
  const [start, end] = boundsOf(value.length, ...sliceOf(part), 'an array');
  if (rest.length === 0) return value.slice(start, end).map((_, offset) => [start + offset]);
  const inside = getPath(value, [part]);
  return plainPaths(inside, rest).map(([first, ...others]) => [Number(first) + start, ...others]);
}

/** Objects of the cluster and of Git are JSON; their type does not say so. */
function asJson(value: unknown): Json {
  return isObject(value) || Array.isArray(value) ? (value as Json) : null;
}
