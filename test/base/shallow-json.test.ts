import { describe, expect, it } from 'vitest';
import { MOST_LEVELS, parseShallowJson } from '../../src/base/shallow-json.ts';

const nested = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;

describe('JSON from outside', () => {
  it('is read to a bound of levels', () => {
    expect(Array.isArray(parseShallowJson(nested(MOST_LEVELS)))).toBe(true);
    expect(() => parseShallowJson(nested(MOST_LEVELS + 1))).toThrow('JSON of more than 1000 levels is not taken');
    expect(() => parseShallowJson(`${'{"a":'.repeat(200_000)}1${'}'.repeat(200_000)}`)).toThrow('levels');
  });

  it.each([
    { what: 'brackets in strings', text: JSON.stringify({ a: '['.repeat(5_000), b: `\\"${'{'.repeat(5_000)}` }) },
    { what: 'many values side by side', text: JSON.stringify(Array.from({ length: 5_000 }, () => [{}])) },
  ])('counts no $what', ({ text }) => {
    expect(parseShallowJson(text)).toEqual(JSON.parse(text));
  });

  it('tells what is no JSON', () => {
    expect(() => parseShallowJson('{')).toThrow(SyntaxError);
  });
});
