// jq's regular expressions are Go's here, as in gojq: linear in time, without looking around.

import { messageOf } from '../../base/errors.ts';
import type { Json } from '../../base/json.ts';
import { allMatches, compileRegexp, type Match, matchesRegexp, type Regexp } from '../../render/go/regexp.ts';
import { describeValue, JqError } from './error.ts';
import { preview } from './value.ts';

const compiled = new Map<string, Regexp>();
const CACHE_LIMIT = 128;

export function testMatch(input: Json, pattern: Json, flags: Json): boolean {
  const { regexp, text } = prepare('test', input, pattern, flags);
  return matchesRegexp(regexp, text);
}

/** Every match as an object: offset, length, string, captures; only the first without the flag `g`. */
export function matchAll(input: Json, pattern: Json, flags: Json): Json {
  const { regexp, text, isGlobal } = prepare('match', input, pattern, flags);
  const names = new Map(Object.entries(regexp.compiled.namedGroups()).map(([name, group]) => [group, name]));
  return allMatches(regexp, text, isGlobal ? -1 : 1).map((match) => {
    const captures: Json[] = [];
    for (let group = 1; group < match.length / 2; group++) {
      captures.push({ ...part(text, match, group), name: names.get(group) ?? null });
    }
    return { ...part(text, match, 0), captures };
  });
}

function part(text: string, match: Match, group: number): { offset: number; length: number; string: string | null } {
  const [from = -1, to = -1] = [match[2 * group], match[2 * group + 1]];
  if (from < 0) return { offset: -1, length: 0, string: null };
  const string = text.slice(from, to);
  return { offset: [...text.slice(0, from)].length, length: [...string].length, string };
}

function prepare(name: string, input: Json, pattern: Json, flags: Json) {
  if (typeof input !== 'string' || typeof pattern !== 'string' || (flags !== null && typeof flags !== 'string')) {
    throw new JqError(`${name}(${preview(pattern)}; ${preview(flags)}) cannot be applied to: ${describeValue(input)}`);
  }
  const letters = flags ?? '';
  if (/[^gim]/.test(letters)) throw new JqError(`unsupported regular expression flag: ${JSON.stringify(letters)}`);
  // What jq calls m is Go's s: a dot matches the end of a line as well.
  const mode = `${letters.includes('i') ? 'i' : ''}${letters.includes('m') ? 's' : ''}`;
  return {
    regexp: compile(mode === '' ? pattern : `(?${mode})${pattern}`),
    text: input,
    isGlobal: letters.includes('g'),
  };
}

function compile(pattern: string): Regexp {
  const known = compiled.get(pattern);
  if (known) return known;
  try {
    const regexp = compileRegexp(pattern);
    if (compiled.size >= CACHE_LIMIT) compiled.clear();
    compiled.set(pattern, regexp);
    return regexp;
  } catch (error) {
    throw new JqError(`invalid regular expression ${JSON.stringify(pattern)}: ${messageOf(error)}`);
  }
}
