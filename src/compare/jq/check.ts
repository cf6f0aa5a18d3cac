// Whether every name in a jq program means something: found out before it runs, as gojq's compiler does.

import { isFormat } from './format.ts';
import { BY_KEY, functionNamed } from './functions.ts';
import { invalid } from './lex.ts';
import { prelude } from './prelude.ts';
import { SPECIALS } from './special.ts';
import type { Definition, Pattern, Query } from './syntax.ts';

/** What is known at a place: `f/1`, `$x`, and labels as `*out`. */
type Names = ReadonlySet<string>;

/** They would read other inputs, the environment's files or the clock: none of them is in an object. */
const NOT_ALLOWED: ReadonlySet<string> = new Set(['input/0', 'inputs/0', 'now/0', 'localtime/0', 'input_filename/0']);

/** Throws InvalidInput in gojq's words. */
export function checkNames(query: Query, known: Names = new Set()): void {
  switch (query.type) {
    case 'format':
      checkFormat(query.name);
      break;
    case 'string':
      if (query.format !== undefined) checkFormat(query.format);
      break;
    case 'break':
      if (!known.has(`*${query.name}`)) throw invalid(`label not defined: $${query.name}`);
      break;
    case 'variable':
      if (query.name !== 'ENV' && !known.has(`$${query.name}`)) throw invalid(`variable not defined: $${query.name}`);
      break;
    case 'call':
      checkCall(`${query.name}/${query.args.length}`, query, known);
      break;
    case 'define':
      checkDefinition(query.definition, known);
      break;
    default:
  }
  for (const part of partsOf(query)) checkNames(part, known);
  const inner = innerNames(query, known);
  for (const part of innerPartsOf(query)) checkNames(part, inner);
}

/** The queries in it that know what it knows itself. */
function partsOf(query: Query): readonly Query[] {
  switch (query.type) {
    case 'string':
      return query.parts.filter((part) => typeof part !== 'string');
    case 'index':
      return [query.target, query.key];
    case 'slice':
      return some(query.target, query.from, query.to);
    case 'iterate':
      return [query.target];
    case 'try':
      return some(query.body, query.handler);
    case 'array':
      return some(query.items);
    case 'object':
      return query.entries.flatMap(({ key, value }) => some(key, value));
    case 'negate':
    case 'plus':
      return [query.operand];
    case 'pipe':
    case 'comma':
    case 'binary':
    case 'and':
    case 'or':
    case 'alternative':
    case 'update':
      return [query.left, query.right];
    case 'if':
      return some(query.condition, query.then, query.otherwise);
    case 'reduce':
    case 'foreach':
      return [query.source, query.start];
    case 'bind':
      return [query.source];
    case 'call':
      return query.args;
    default:
      return [];
  }
}

/** Those that know more: the names that it gives. */
function innerPartsOf(query: Query): readonly Query[] {
  switch (query.type) {
    case 'reduce':
      return [query.update];
    case 'foreach':
      return some(query.update, query.extract);
    case 'bind':
    case 'label':
    case 'define':
      return [query.body];
    default:
      return [];
  }
}

function innerNames(query: Query, known: Names): Names {
  switch (query.type) {
    case 'reduce':
    case 'foreach':
      return withPatterns(known, [query.pattern]);
    case 'bind':
      return withPatterns(known, query.patterns);
    case 'label':
      return new Set([...known, `*${query.name}`]);
    case 'define':
      return new Set([...known, keyOf(query.definition)]);
    default:
      return known;
  }
}

function some(...queries: readonly (Query | undefined)[]): readonly Query[] {
  return queries.filter((query) => query !== undefined);
}

function checkFormat(name: string): void {
  if (!isFormat(name)) throw invalid(`format not defined: @${name}`);
}

function checkCall(key: string, { name, args }: { name: string; args: readonly Query[] }, known: Names): void {
  if (known.has(key) || prelude().has(key) || SPECIALS.has(key) || functionNamed(name, args.length)) return;
  if (args.length === 1 && Object.hasOwn(BY_KEY, name)) return;
  if (NOT_ALLOWED.has(key)) throw invalid(`${key} is not allowed`);
  throw invalid(`function not defined: ${key}`);
}

function checkDefinition(definition: Definition, known: Names): void {
  const inside = definition.parameters.flatMap((parameter) => {
    // `$x` is a variable, and a function of no arguments as well.
    return parameter.startsWith('$') ? [parameter, `${parameter.slice(1)}/0`] : [`${parameter}/0`];
  });
  checkNames(definition.body, new Set([...known, keyOf(definition), ...inside]));
}

function keyOf({ name, parameters }: Definition): string {
  return `${name}/${parameters.length}`;
}

/** Every variable of every pattern is known behind all of them. */
function withPatterns(known: Names, patterns: readonly Pattern[]): Names {
  const names = new Set(known);
  const visit = (pattern: Pattern) => {
    if (pattern.type === 'name') names.add(`$${pattern.name}`);
    else if (pattern.type === 'array') pattern.items.forEach(visit);
    else {
      for (const { key, name, value } of pattern.entries) {
        checkNames(key, names);
        if (name !== undefined) names.add(`$${name}`);
        if (value) visit(value);
      }
    }
  };
  patterns.forEach(visit);
  return names;
}

/** Of a pattern, without their `$`. */
export function variablesOf(pattern: Pattern): readonly string[] {
  if (pattern.type === 'name') return [pattern.name];
  if (pattern.type === 'array') return pattern.items.flatMap(variablesOf);
  return pattern.entries.flatMap(({ name, value }) => [
    ...(name === undefined ? [] : [name]),
    ...(value ? variablesOf(value) : []),
  ]);
}
