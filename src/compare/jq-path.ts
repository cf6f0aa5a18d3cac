// The part of jq that names places in an object: paths, iteration, and select over them. All that ignoreDifferences needs
// most of the time; anything else is refused by name.

import { isEqualJson } from '../base/equal.ts';
import { at, isObject } from '../base/json.ts';

type Step =
  | { readonly kind: 'key'; readonly key: string | number }
  | { readonly kind: 'each' }
  | { readonly kind: 'select'; readonly keep: (value: unknown) => boolean };

/** The places that an expression names in a value, as paths. */
export type JqPath = (value: unknown) => (string | number)[][];

const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]*/;
const TEXT = /^"(?:[^"\\]|\\.)*"/;
const NUMBER = /^-?\d+(?:\.\d+)?/;

/** undefined for an expression outside this part of jq. */
export function parseJqPath(expression: string): JqPath | undefined {
  const steps: Step[] = [];
  for (const part of splitPipes(expression)) {
    const parsed = parseSelect(part) ?? parseSteps(part);
    if (!parsed) return undefined;
    steps.push(...parsed);
  }
  return (value) => findPaths(value, steps, []);
}

function findPaths(value: unknown, steps: readonly Step[], path: (string | number)[]): (string | number)[][] {
  const [step, ...rest] = steps;
  if (!step) return path.length > 0 ? [path] : [];
  if (step.kind === 'select') return step.keep(value) ? findPaths(value, rest, path) : [];
  if (step.kind === 'each') {
    const keys = Array.isArray(value) ? value.map((_, index) => index) : Object.keys(isObject(value) ? value : {});
    return keys.flatMap((key) => findPaths(at(value, key), rest, [...path, key]));
  }
  const found = at(value, step.key);
  return found === undefined ? [] : findPaths(found, rest, [...path, step.key]);
}

/** Splits at `|` outside of brackets and texts. */
function splitPipes(expression: string): string[] {
  const parts: string[] = [''];
  let depth = 0;
  let quoted = false;
  for (let index = 0; index < expression.length; index++) {
    const char = expression.charAt(index);
    if (char === '\\' && quoted) {
      parts.push(`${parts.pop() ?? ''}${char}${expression.charAt(++index)}`);
      continue;
    }
    if (char === '"') quoted = !quoted;
    if (!quoted && (char === '(' || char === '[')) depth++;
    if (!quoted && (char === ')' || char === ']')) depth--;
    if (char === '|' && depth === 0 && !quoted) parts.push('');
    else parts.push(`${parts.pop() ?? ''}${char}`);
  }
  return parts.map((part) => part.trim());
}

/** `.spec.containers[].env["A.B"]?` */
function parseSteps(text: string): Step[] | undefined {
  if (!text.startsWith('.')) return undefined;
  const steps: Step[] = [];
  let rest = text;
  while (rest !== '') {
    let match: RegExpMatchArray | null = null;
    if (rest.startsWith('[]') || rest.startsWith('.[]')) {
      steps.push({ kind: 'each' });
      rest = rest.slice(rest.indexOf(']') + 1);
    } else if (rest.startsWith('[') || rest.startsWith('.[')) {
      rest = rest.slice(rest.indexOf('[') + 1);
      match = rest.match(TEXT) ?? rest.match(/^\d+/);
      const end = match?.[0].length ?? 0;
      if (!match || rest.charAt(end) !== ']') return undefined;
      steps.push({ kind: 'key', key: match[0].startsWith('"') ? String(literal(match[0])) : Number(match[0]) });
      rest = rest.slice(end + 1);
    } else if (rest.startsWith('.')) {
      rest = rest.slice(1);
      match = rest.match(IDENTIFIER) ?? rest.match(TEXT);
      if (!match) return rest === '' && steps.length === 0 ? steps : undefined;
      steps.push({ kind: 'key', key: match[0].startsWith('"') ? String(literal(match[0])) : match[0] });
      rest = rest.slice(match[0].length);
    } else {
      return undefined;
    }
    if (rest.startsWith('?')) rest = rest.slice(1);
  }
  return steps;
}

/** `select(.name == "a")`, `select(.a.b != 1)`, `select(.a)`, joined by `and` or `or`. */
function parseSelect(text: string): Step[] | undefined {
  const inner = text.match(/^select\((.*)\)$/s)?.[1];
  if (inner === undefined) return undefined;
  const keep = parseCondition(inner);
  return keep ? [{ kind: 'select', keep }] : undefined;
}

function parseCondition(text: string): ((value: unknown) => boolean) | undefined {
  for (const [word, all] of [
    ['or', false],
    ['and', true],
  ] as const) {
    const sides = splitWord(text, word);
    if (sides.length < 2) continue;
    const conditions = sides.map(parseCondition);
    if (conditions.some((condition) => condition === undefined)) return undefined;
    const known = conditions.filter((condition) => condition !== undefined);
    return (value) => (all ? known.every((holds) => holds(value)) : known.some((holds) => holds(value)));
  }
  const match = text.trim().match(/^(\.[^=!<>]*?)\s*(?:(==|!=)\s*(.+))?$/s);
  const steps = match?.[1] === undefined ? undefined : parseSteps(match[1].trim());
  if (!match || !steps || steps.some(({ kind }) => kind !== 'key')) return undefined;
  const path = steps.flatMap((step) => (step.kind === 'key' ? [step.key] : []));
  const [, , operator, right] = match;
  if (operator === undefined) return (value) => ![undefined, null, false].some((no) => no === at(value, ...path));
  const expected = right?.trim() ?? '';
  if (!isLiteral(expected)) return undefined;
  const wanted = literal(expected);
  return (value) => isEqualJson(at(value, ...path) ?? null, wanted) === (operator === '==');
}

function splitWord(text: string, word: 'and' | 'or'): string[] {
  const parts = text.split(/("(?:[^"\\]|\\.)*")/);
  const sides: string[] = [''];
  for (const [index, part] of parts.entries()) {
    const pieces = index % 2 === 1 ? [part] : part.split(new RegExp(`\\s${word}\\s`));
    sides.push(`${sides.pop() ?? ''}${pieces[0] ?? ''}`, ...pieces.slice(1));
  }
  return sides;
}

function isLiteral(text: string): boolean {
  return ['true', 'false', 'null'].includes(text) || fullMatch(TEXT, text) || fullMatch(NUMBER, text);
}

function fullMatch(pattern: RegExp, text: string): boolean {
  return text.match(pattern)?.[0].length === text.length;
}

function literal(text: string): unknown {
  return JSON.parse(text);
}
