// Sprig's functions of regular expressions (Sprig v3.3.0: regex.go). The plain ones panic on a bad pattern, with other words than
// the error of their `must…` twins.

import {
  compileRegexp,
  findAll,
  findFirst,
  matchesRegexp,
  mustCompileRegexp,
  quoteMeta,
  type Regexp,
  replaceAll,
  replaceAllLiteral,
  splitByRegexp,
} from '../go/regexp.ts';
import { type GoSlice, nilSlice } from '../go/value.ts';
import { stringSlice } from './elements.ts';
import { type FunctionTable, goFunction, intOf } from './function.ts';

/** Compiled patterns that are kept; charts use few, but a pattern may be made of values. */
const KEPT_PATTERNS = 500;

export function regexFunctions(): FunctionTable {
  const compiled = new Map<string, Regexp>();
  const compileWith = (compile: (pattern: string) => Regexp) => (pattern: string) => {
    const known = compiled.get(pattern);
    if (known) return known;
    const fresh = compile(pattern);
    if (compiled.size >= KEPT_PATTERNS) compiled.clear();
    compiled.set(pattern, fresh);
    return fresh;
  };
  const plain = compileWith(mustCompileRegexp);
  const must = compileWith(compileRegexp);
  return {
    regexMatch: goFunction(['string', 'string'], 'bool', (pattern, text) => matchesOrNot(must, pattern, text)),
    mustRegexMatch: goFunction(['string', 'string'], 'bool', (pattern, text) => matchesRegexp(must(pattern), text)),
    ...family('regexFindAll', plain, must, (compile) =>
      goFunction(['string', 'string', 'int'], '[]string', (pattern, text, limit) =>
        strings(findAll(compile(pattern), text, intOf(limit))),
      ),
    ),
    ...family('regexFind', plain, must, (compile) =>
      goFunction(['string', 'string'], 'string', (pattern, text) => findFirst(compile(pattern), text)),
    ),
    ...family('regexReplaceAll', plain, must, (compile) =>
      goFunction(['string', 'string', 'string'], 'string', (pattern, text, replacement) =>
        replaceAll(compile(pattern), text, replacement),
      ),
    ),
    ...family('regexReplaceAllLiteral', plain, must, (compile) =>
      goFunction(['string', 'string', 'string'], 'string', (pattern, text, replacement) =>
        replaceAllLiteral(compile(pattern), text, replacement),
      ),
    ),
    ...family('regexSplit', plain, must, (compile) =>
      goFunction(['string', 'string', 'int'], '[]string', (pattern, text, limit) =>
        strings(splitByRegexp(compile(pattern), text, intOf(limit))),
      ),
    ),
    regexQuoteMeta: goFunction(['string'], 'string', quoteMeta),
  };
}

type Compile = (pattern: string) => Regexp;

function family(
  name: string,
  plain: Compile,
  must: Compile,
  declare: (compile: Compile) => FunctionTable[string],
): FunctionTable {
  return { [name]: declare(plain), [`mustR${name.slice(1)}`]: declare(must) };
}

/** regexMatch drops the error of a bad pattern. */
function matchesOrNot(compile: Compile, pattern: string, text: string): boolean {
  let regexp: Regexp;
  try {
    regexp = compile(pattern);
  } catch {
    return false;
  }
  return matchesRegexp(regexp, text);
}

function strings(found: readonly string[] | undefined): GoSlice {
  return found ? stringSlice(found) : nilSlice('[]string');
}
