import { RE2JS } from 're2js';
import { describe, expect, it } from 'vitest';
import {
  compilePattern,
  compilePatternWithEnd,
  compileWholePattern,
} from '../../../../src/render/kustomize/config/pattern.ts';

const PATTERNS = [
  'a',
  'web.*',
  '.*',
  '.+b',
  'a|b',
  '|a',
  'a.b',
  'a.*b.*c.*d',
  'r.example:80/a-b',
  '(a|b)+',
  '^a$',
  '[ab]',
  '',
];
const TEXTS = [
  '',
  'a',
  'b',
  'ab',
  'web-1',
  'xweb',
  'a\nb',
  'a\rb',
  'a\u2028b',
  'a😀b',
  'abcd',
  'r.example:80/a-b',
  'aa',
];

const find = (pattern: string, text: string) => RE2JS.compile(pattern).matcher(text).find();

describe('a pattern of a selector', () => {
  it.each(PATTERNS)('means what RE2 says: %j', (pattern) => {
    const search = compilePattern(pattern);
    expect(TEXTS.map(search)).toEqual(TEXTS.map((text) => find(pattern, text)));
    const whole = compileWholePattern(pattern);
    expect(TEXTS.map(whole)).toEqual(TEXTS.map((text) => pattern === '' || find(`^(?:${pattern})$`, text)));
    const withEnd = compilePatternWithEnd(pattern, '(:[a-z]*)?');
    expect(TEXTS.map(withEnd)).toEqual(TEXTS.map((text) => find(`^${pattern}(:[a-z]*)?$`, text)));
  });

  it.each(['*', '(', '[', 'a**', '+', '(?=a)', '\\'])('is refused where RE2 refuses it: %j', (pattern) => {
    expect(() => compilePattern(pattern)).toThrow('is no regular expression');
    expect(() => compileWholePattern(pattern)).toThrow('is no regular expression');
  });

  it('takes no time that grows with more than the text', () => {
    const matches = compileWholePattern(`${'.*a'.repeat(30)}b`);
    expect(matches('a'.repeat(2000))).toBe(false);
  });
});
