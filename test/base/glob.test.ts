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
];

describe('matchesGlob', () => {
  it.each(CASES)('%s against %s with separator "%s": %s', (pattern, text, separator, expected) => {
    expect(matchesGlob(pattern, text, separator)).toBe(expected);
  });
});
