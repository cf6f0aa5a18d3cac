// Go's regular expressions, as kustomizations use them in selectors. re2js is RE2 itself, but to load it takes longer than to build a small
// kustomization: what means the same in JavaScript, and cannot take long there, is matched by its own.

import { RE2JS } from 're2js';
import { failure } from '../node/fail.ts';

export type TextMatcher = (text: string) => boolean;

/** Texts, dots and alternatives of such. */
const PLAIN = /^(?:[\w/:@ |-]|\.[*+]?)*$/;
/** Backtracking over more of them could take long. */
const MAX_REPETITIONS = 2;

/** A search for a pattern; throws for what is none. */
export function compilePattern(pattern: string): TextMatcher {
  const plain = plainPattern(pattern);
  return plain === undefined ? compileRe2(pattern) : searchOf(plain);
}

/** True for texts that match from end to end; the empty pattern matches everything. */
export function compileWholePattern(pattern: string): TextMatcher {
  if (pattern === '') return () => true;
  if (/^[\w-]+$/.test(pattern)) return (text) => text === pattern;
  const plain = plainPattern(pattern);
  return plain === undefined ? compileRe2(`^(?:${pattern})$`) : searchOf(`^(?:${plain})$`);
}

/** A pattern at the start of a text, with a part of our own behind it that reaches to its end and means the same in both. */
export function compilePatternWithEnd(pattern: string, end: string): TextMatcher {
  const plain = plainPattern(pattern);
  return plain === undefined ? compileRe2(`^${pattern}${end}$`) : searchOf(`^${plain}${end}$`);
}

/** The pattern for JavaScript, where it is simple enough. Go's dot leaves out the line feed alone. */
function plainPattern(pattern: string): string | undefined {
  if (!PLAIN.test(pattern) || (pattern.match(/[*+]/g)?.length ?? 0) > MAX_REPETITIONS) return undefined;
  return pattern.replaceAll('.', '[^\\n]');
}

function searchOf(pattern: string): TextMatcher {
  const compiled = new RegExp(pattern, 'u');
  return (text) => compiled.test(text);
}

function compileRe2(pattern: string): TextMatcher {
  try {
    const compiled = RE2JS.compile(pattern);
    return (text) => compiled.matcher(text).find();
  } catch (error) {
    throw failure(`'${pattern}' is no regular expression: ${error instanceof Error ? error.message : String(error)}`);
  }
}
