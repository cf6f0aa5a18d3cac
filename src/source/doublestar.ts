// Globs over a tree's files in the dialect of bmatcuk/doublestar, which Argo CD expands valueFiles with.

import { HawserError } from '../base/errors.ts';
import type { Tree } from '../render/tree.ts';

/** Symlinks can make a folder contain itself. */
const MAX_DEPTH = 64;
const MAX_ALTERNATIVES = 256;

/** `*`, `?`, `[a-z_]` (not with `^` or `!`) and `{a,b}` make a glob. */
export function isGlob(path: string): boolean {
  return /[*?[]/.test(path);
}

/**
 * The files that match, sorted: `**` is any number of folders, all else matches within one part of the path. Throws `RenderFailed` for a
 * pattern that cannot be read.
 */
export function expandGlob(tree: Tree, pattern: string): string[] {
  const found = new Set<string>();
  for (const one of expandBraces(pattern)) walk(tree, '', one.split('/').map(parsePart), found, 0);
  return [...found].sort();
}

type Part = '**' | { readonly literal: string } | { readonly tokens: readonly Token[] };
type Token = '*' | ((character: string) => boolean);

function walk(tree: Tree, folder: string, parts: readonly Part[], found: Set<string>, depth: number): void {
  const [part, ...rest] = parts;
  if (part === undefined || depth > MAX_DEPTH) return;
  if (part === '**') {
    walk(tree, folder, rest.length === 0 ? [{ tokens: ['*'] }] : rest, found, depth + 1);
    // A folder behind a symlink is entered by name only.
    for (const { name, kind } of tree.list(folder) ?? []) {
      if (kind === 'directory') walk(tree, below(folder, name), parts, found, depth + 1);
    }
    return;
  }
  const names =
    'literal' in part
      ? [part.literal]
      : (tree.list(folder) ?? []).map(({ name }) => name).filter((name) => matches(part.tokens, [...name]));
  for (const name of names) {
    const path = below(folder, name);
    if (rest.length > 0) walk(tree, path, rest, found, depth + 1);
    else if (tree.readFile(path) !== undefined) found.add(path);
  }
}

function below(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}

/** In time proportional to pattern times text: only the last `*` is ever tried again. */
function matches(tokens: readonly Token[], text: readonly string[]): boolean {
  let [token, at, star, starAt] = [0, 0, -1, 0];
  while (at < text.length) {
    const here = tokens[token];
    if (here === '*') {
      star = token++;
      starAt = at;
    } else if (here?.(text[at] ?? '')) {
      token++;
      at++;
    } else if (star >= 0) {
      token = star + 1;
      at = ++starAt;
    } else return false;
  }
  return tokens.slice(token).every((rest) => rest === '*');
}

function parsePart(part: string): Part {
  if (part === '**') return '**';
  if (!isGlob(part) && !part.includes('\\')) return { literal: part };
  const tokens: Token[] = [];
  const characters = [...part];
  for (let at = 0; at < characters.length; at++) {
    const character = characters[at] ?? '';
    if (character === '*') tokens.push('*');
    else if (character === '?') tokens.push(() => true);
    else if (character === '[') {
      const end = classEnd(characters, at);
      if (end < 0) throw new HawserError('RenderFailed', `values file glob: syntax error in pattern ${part}`);
      tokens.push(parseClass(characters.slice(at + 1, end)));
      at = end;
    } else {
      const literal = character === '\\' ? (characters[++at] ?? '') : character;
      tokens.push((one) => one === literal);
    }
  }
  return { tokens };
}

/** Where the `]` of a class is; one that comes first is a character of it. */
function classEnd(characters: readonly string[], open: number): number {
  const first = characters[open + 1];
  return characters.indexOf(']', open + (first === '^' || first === '!' ? 3 : 2));
}

function parseClass(characters: readonly string[]): (character: string) => boolean {
  const isNegated = characters[0] === '^' || characters[0] === '!';
  const ranges: [string, string][] = [];
  for (let at = isNegated ? 1 : 0; at < characters.length; at++) {
    const low = characters[at] ?? '';
    const isRange = characters[at + 1] === '-' && at + 2 < characters.length;
    ranges.push([low, isRange ? (characters[at + 2] ?? low) : low]);
    if (isRange) at += 2;
  }
  return (character) => ranges.some(([low, high]) => low <= character && character <= high) !== isNegated;
}

/** `a{b,c}d` as `abd` and `acd`, the innermost first. */
function expandBraces(pattern: string): string[] {
  const match = /\{([^{}]*)\}/.exec(pattern);
  if (!match) return [pattern];
  const [all, inner = ''] = match;
  const expanded: string[] = [];
  for (const choice of inner.split(',')) {
    const one = pattern.slice(0, match.index) + choice + pattern.slice(match.index + all.length);
    expanded.push(...expandBraces(one));
    if (expanded.length > MAX_ALTERNATIVES) {
      throw new HawserError('LimitExceeded', `the glob ${pattern} has more than ${MAX_ALTERNATIVES} alternatives`);
    }
  }
  return expanded;
}
