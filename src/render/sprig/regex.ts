// Sprig's functions of regular expressions (Sprig v3.3.0: regex.go). The plain ones panic on a bad pattern, with other words than
// the error of their `must…` twins.

import { isHawserError } from '../../base/errors.ts';
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
import type { Work } from '../go/work.ts';
import { stringSlice } from './elements.ts';
import { countedFunction, type FunctionTable, goFunction, intOf } from './function.ts';

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
    regexMatch: countedFunction(['string', 'string'], 'bool', (work, pattern, text) =>
      matchesOrNot(counting(must, work, text), pattern, text),
    ),
    mustRegexMatch: countedFunction(['string', 'string'], 'bool', (work, pattern, text) =>
      matchesRegexp(counting(must, work, text)(pattern), text),
    ),
    ...family('regexFindAll', plain, must, (compile) =>
      countedFunction(['string', 'string', 'int'], '[]string', (work, pattern, text, limit) =>
        strings(findAll(counting(compile, work, text)(pattern), text, intOf(limit))),
      ),
    ),
    ...family('regexFind', plain, must, (compile) =>
      countedFunction(['string', 'string'], 'string', (work, pattern, text) =>
        findFirst(counting(compile, work, text)(pattern), text),
      ),
    ),
    ...family('regexReplaceAll', plain, must, (compile) =>
      countedFunction(['string', 'string', 'string'], 'string', (work, pattern, text, replacement) =>
        replaceAll(counting(compile, work, text)(pattern), text, replacement),
      ),
    ),
    ...family('regexReplaceAllLiteral', plain, must, (compile) =>
      countedFunction(['string', 'string', 'string'], 'string', (work, pattern, text, replacement) =>
        replaceAllLiteral(counting(compile, work, text)(pattern), text, replacement),
      ),
    ),
    ...family('regexSplit', plain, must, (compile) =>
      countedFunction(['string', 'string', 'int'], '[]string', (work, pattern, text, limit) =>
        strings(splitByRegexp(counting(compile, work, text)(pattern), text, intOf(limit))),
      ),
    ),
    regexQuoteMeta: goFunction(['string'], 'string', quoteMeta),
  };
}

type Compile = (pattern: string) => Regexp;

/** Characters times instructions of a pattern that are gone through in one operation. */
const STEPS_AN_OPERATION = 16;

/** The pattern that is compiled next is run over the text, which takes as long as both together are. */
function counting(compile: Compile, work: Work, text: string): Compile {
  return (pattern) => {
    const regexp = compile(pattern);
    work.spend(Math.ceil(((text.length + 1) * regexp.compiled.programSize()) / STEPS_AN_OPERATION));
    return { ...regexp, work };
  };
}

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
  } catch (error) {
    if (isHawserError(error, 'LimitExceeded')) throw error;
    return false;
  }
  return matchesRegexp(regexp, text);
}

function strings(found: readonly string[] | undefined): GoSlice {
  return found ? stringSlice(found) : nilSlice('[]string');
}
