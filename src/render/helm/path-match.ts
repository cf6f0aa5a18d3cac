// Go's path/filepath.Match: `*` and `?` stop at `/`, `[a-z]`, `[^a]`, `\` escapes. `.helmignore` and `--show-only` speak it.

import { HawserError } from '../../base/errors.ts';

/** Whether the whole `path` matches `pattern`. Throws `InvalidInput` with Go's text for a pattern that cannot be read. */
export function matchesPath(pattern: string, path: string): boolean {
  return compilePathPattern(pattern).test(path);
}

/** Takes one character, given as its code point. */
type Step = (code: number) => boolean;

/** What follows a star (or begins the pattern): characters that have to stand there one after the other. */
interface Chunk {
  readonly star: boolean;
  readonly steps: readonly Step[];
}

const SLASH = 0x2f;
const NOT_SLASH: Step = (code) => code !== SLASH;

/** The pattern for repeated use. Its time is bounded by pattern times path: as in Go, a chunk that fits stays where it fits first. */
export function compilePathPattern(pattern: string): { test(path: string): boolean } {
  const chunks: { star: boolean; steps: Step[] }[] = [];
  let index = 0;
  let steps: Step[] | undefined;
  while (index < pattern.length) {
    const char = pattern.charAt(index);
    if (char === '*') {
      while (pattern.charAt(index) === '*') index++;
      steps = [];
      chunks.push({ star: true, steps });
      continue;
    }
    if (steps === undefined) {
      steps = [];
      chunks.push({ star: false, steps });
    }
    if (char === '?') {
      steps.push(NOT_SLASH);
      index++;
    } else if (char === '[') {
      const bracket = readClass(pattern, index);
      steps.push(bracket.step);
      index = bracket.end;
    } else {
      const { code, end } = readChar(pattern, index, false);
      steps.push((other) => other === code);
      index = end;
    }
  }
  return { test: (path) => matchesChunks(chunks, codePoints(path)) };
}

/** Go: path/filepath/match.go, Match. */
function matchesChunks(chunks: readonly Chunk[], path: readonly number[]): boolean {
  let start = 0;
  for (const [index, { star, steps }] of chunks.entries()) {
    const isLast = index === chunks.length - 1;
    if (star && steps.length === 0) return !path.includes(SLASH, start);
    let end = endOf(steps, path, start);
    while (end === undefined || (isLast && end < path.length)) {
      // A star takes one more character, and never a slash.
      if (!star || start >= path.length || path[start] === SLASH) return false;
      start++;
      end = endOf(steps, path, start);
    }
    start = end;
  }
  return start === path.length;
}

function endOf(steps: readonly Step[], path: readonly number[], start: number): number | undefined {
  for (const [offset, takes] of steps.entries()) {
    const code = path[start + offset];
    if (code === undefined || !takes(code)) return undefined;
  }
  return start + steps.length;
}

function codePoints(text: string): number[] {
  return Array.from(text, (char) => char.codePointAt(0) ?? 0);
}

function readClass(pattern: string, start: number): { step: Step; end: number } {
  let index = start + 1;
  const negated = pattern.charAt(index) === '^';
  if (negated) index++;
  const ranges: (readonly [low: number, high: number])[] = [];
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
    ranges.push([low.code, high]);
  }
  // Go's classes may match a slash: only `*` and `?` stop at it.
  const step: Step = (code) => ranges.some(([low, high]) => low <= code && code <= high) !== negated;
  return { step, end: index + 1 };
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

function badPattern(): HawserError {
  return new HawserError('InvalidInput', 'syntax error in pattern');
}
