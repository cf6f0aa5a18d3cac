// Go's path/filepath.Match: `*` and `?` stop at `/`, `[a-z]`, `[^a]`, `\` escapes. `.helmignore` and `--show-only` speak it.

import { HawserError } from '../../base/errors.ts';

/** Whether the whole `path` matches `pattern`. Throws `InvalidInput` with Go's text for a pattern that cannot be read. */
export function matchesPath(pattern: string, path: string): boolean {
  return compilePathPattern(pattern).test(path);
}

/** The pattern as a regular expression without backtracking traps (each `*` is bounded by `/`). */
export function compilePathPattern(pattern: string): RegExp {
  let source = '';
  let index = 0;
  while (index < pattern.length) {
    const char = pattern.charAt(index);
    if (char === '*') {
      while (pattern.charAt(index) === '*') index++;
      source += '[^/]*';
    } else if (char === '?') {
      source += '[^/]';
      index++;
    } else if (char === '[') {
      const bracket = readClass(pattern, index);
      source += bracket.source;
      index = bracket.end;
    } else {
      const { code, end } = readChar(pattern, index, false);
      source += escapeCode(code);
      index = end;
    }
  }
  return new RegExp(`^(?:${source})$`, 'su');
}

function readClass(pattern: string, start: number): { source: string; end: number } {
  let index = start + 1;
  const negated = pattern.charAt(index) === '^';
  if (negated) index++;
  let members = '';
  for (let count = 0; ; count++) {
    if (pattern.charAt(index) === ']' && count > 0) break;
    const low = readChar(pattern, index, true);
    index = low.end;
    let high = low.code;
    if (pattern.charAt(index) === '-') {
      const upper = readChar(pattern, index + 1, true);
      high = upper.code;
      index = upper.end;
    }
    // An empty range matches nothing in Go and is an error in a regular expression.
    if (low.code <= high) members += `${escapeCode(low.code)}-${escapeCode(high)}`;
  }
  // Go's classes may match a slash: only `*` and `?` stop at it.
  const nothing = negated ? '[^]' : '[]';
  const source = members === '' ? nothing : `[${negated ? '^' : ''}${members}]`;
  return { source, end: index + 1 };
}

function readChar(pattern: string, start: number, inClass: boolean): { code: number; end: number } {
  let index = start;
  if (inClass && (index >= pattern.length || /[-\]]/.test(pattern.charAt(index)))) throw badPattern();
  if (pattern.charAt(index) === '\\') index++;
  const code = pattern.codePointAt(index);
  if (code === undefined) throw badPattern();
  const end = index + (code > 0xffff ? 2 : 1);
  if (inClass && end >= pattern.length) throw badPattern();
  return { code, end };
}

function escapeCode(code: number): string {
  return `\\u{${code.toString(16)}}`;
}

function badPattern(): HawserError {
  return new HawserError('InvalidInput', 'syntax error in pattern');
}
