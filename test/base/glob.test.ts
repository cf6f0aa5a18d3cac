import { describe, expect, it } from 'vitest';
import { matchesGlob } from '../../src/base/glob.ts';

const CASES: readonly [pattern: string, text: string, separator: string, expected: boolean][] = [
  ['*', 'anything/at all', '', true],
  ['https://git.example.com/*', 'https://git.example.com/a/b', '', true],
  ['https://git.example.com/*', 'https://git.example.com/a/b', '/', false],
  ['https://git.example.com/**', 'https://git.example.com/a/b', '/', true],
  ['dev-?', 'dev-1', '', true],
  ['dev-?', 'dev-12', '', false],
  ['{dev,prd}-nginx', 'prd-nginx', '', true],
  ['{dev,prd}-nginx', 'stg-nginx', '', false],
  ['[a-c]x', 'bx', '', true],
  ['[!a-c]x', 'bx', '', false],
  ['a.b', 'axb', '', false],
  ['\\*', '*', '', true],
  ['\\*', 'a', '', false],
  ['{open', '{open', '', false],
  ['[', '[', '', false],
  ['[a-cx]', 'b', '', false],
  ['[]', 'a', '', false],
  ['[z-a]', 'm', '', false],
  ['[\\]]', ']', '', true],
  ['[^a]', '^', '', true],
  ['{a,{b,c}d}e', 'cde', '', true],
  ['{a,b', 'b', '', true],
  ['a}', 'a}', '', true],
  ['a,b', 'a,b', '', true],
  ['a\\', 'a', '', true],
  ['?', '😀', '', true],
  ['*.{yaml,json}', 'dir/a.json', '', true],
  ['*.{yaml,json}', 'dir/a.json', '/', false],
];

describe('matchesGlob', () => {
  it.each(CASES)('%s against %s with separator "%s": %s', (pattern, text, separator, expected) => {
    expect(matchesGlob(pattern, text, separator)).toBe(expected);
  });

  it('answers at once for a pattern that makes regular expressions backtrack', () => {
    expect(matchesGlob(`${'*a'.repeat(40)}b`, 'a'.repeat(2000))).toBe(false);
    expect(matchesGlob(`${'{*,*}'.repeat(30)}b`, 'a'.repeat(200))).toBe(false);
  });
});
