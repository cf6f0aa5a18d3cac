import { describe, expect, it } from 'vitest';
import { parseIgnoreRules } from '../../../src/render/helm/ignore.ts';
import { matchesPath } from '../../../src/render/helm/path-match.ts';
import { selectManifests } from '../../../src/render/helm/show-only.ts';
import { splitManifests } from '../../../src/render/helm/split-manifests.ts';

describe('Go’s filepath.Match', () => {
  it.each([
    ['*.txt', 'a.txt', true],
    ['*.txt', 'a/b.txt', false],
    ['a/*/c', 'a/b/c', true],
    ['?', 'é', true],
    ['[a-c]x', 'bx', true],
    ['[^a-c]x', 'bx', false],
    ['[c-a]', 'b', false],
    ['a\\*b', 'a*b', true],
    ['a[', 'a', 'syntax error in pattern'],
    ['a\\', 'a', 'syntax error in pattern'],
  ])('%s on %s', (pattern, path, expected) => {
    if (typeof expected === 'string') expect(() => matchesPath(pattern, path)).toThrow(expected);
    else expect(matchesPath(pattern, path)).toBe(expected);
  });
});

describe('.helmignore', () => {
  const cases: [rules: string, path: string, isDirectory: boolean, isIgnored: boolean][] = [
    ['', 'templates/.hidden', false, true],
    ['', 'templates/a.yaml', false, false],
    ['*.bak', 'templates/deep/x.bak', false, true],
    ['/*.bak', 'templates/x.bak', false, false],
    ['/x.bak', 'x.bak', false, true],
    ['ci/', 'ci', true, true],
    ['ci/', 'ci', false, false],
    ['charts/*/ci', 'charts/a/ci', true, true],
    ['# comment\n\n  README.md  ', 'README.md', false, true],
    ['!keep.txt', 'keep.txt', false, false],
    ['!keep.txt', 'other.txt', false, true],
  ];
  it.each(cases)('%j on %s (directory: %s) ignores: %s', (rules, path, isDirectory, isIgnored) => {
    expect(parseIgnoreRules(rules)(path, isDirectory)).toBe(isIgnored);
  });

  it('refuses a double star', () => {
    expect(() => parseIgnoreRules('a/**')).toThrow('double-star (**) syntax is not supported');
  });
});

describe('splitting rendered files', () => {
  it('takes time in proportion to the length of a run of blanks', () => {
    const blanks = '\n '.repeat(200_000);
    expect(splitManifests(`a${blanks}b\n---\nc`)).toEqual([`a${blanks}b`, 'c']);
  });
});

describe('--show-only', () => {
  const text = '---\n# Source: demo/templates/a.yaml\na: 1\n---\n# Source: demo/charts/sub/templates/b.yaml\nb: 1\n';
  it.each([
    [['templates/a.yaml'], '---\n# Source: demo/templates/a.yaml\na: 1\n'],
    [['charts/*/templates/*'], '---\n# Source: demo/charts/sub/templates/b.yaml\nb: 1\n'],
  ])('selects %j', (patterns, expected) => {
    expect(selectManifests(text, patterns)).toBe(expected);
  });

  it('refuses a path that names nothing', () => {
    expect(() => selectManifests(text, ['templates/c.yaml'])).toThrow(
      'could not find template templates/c.yaml in chart',
    );
  });
});
