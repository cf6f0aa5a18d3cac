import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { at, stringAt } from '../../src/base/json.ts';
import {
  normaliseRepositoryUrl,
  repositoryMatcher,
  repositoryPattern,
  sameRepository,
  withoutUserinfo,
} from '../../src/git/repository-url.ts';

const CORPUS = process.env.HAWSER_CORPUS ?? resolve(import.meta.dirname, '../../../shared/corpus');
const CASES = join(CORPUS, 'webhooks/cases.jsonl');
const isThere = existsSync(CASES);
if (!isThere)
  console.warn(`no corpus at ${CORPUS} (HAWSER_CORPUS): the webhook patterns are not tested against Argo CD's`);

describe('addresses of repositories', () => {
  it.each([
    ['git@GITHUB.com:argoproj/test', 'git@github.com:argoproj/test.git'],
    ['git@GITHUB.com:test.git', 'git@github.com:test.git'],
    ['https://GITHUB.com/argoproj/test', 'https://github.com/argoproj/test.git'],
    ['https://github.com/FOO', 'https://github.com/foo'],
    ['https://github.com:4443/TEST', 'https://github.com:4443/TEST.git'],
    ['ssh://git@GITHUB.com/argoproj/test', 'git@github.com:argoproj/test.git'],
    ['ssh://git@github.com/test', 'git@github.com:test.git'],
    [' https://github.com/argoproj/test ', 'https://github.com/argoproj/test.git'],
    ['\thttps://github.com/argoproj/test\n', 'https://github.com/argoproj/test.git'],
    ['https://dev.azure.com/1234/myproj/_git/myrepo', 'https://dev.azure.com/1234/myproj/_git/myrepo'],
  ])('%j is the same repository as %j', (a, b) => {
    expect(sameRepository(a, b)).toBe(true);
  });

  it.each([
    ['http://git.example.com/a', 'https://git.example.com/a'],
    ['https://git.example.com/a', 'https://git.example.com:8443/a'],
    ['https://git.example.com/a', 'https://git.example.com/b'],
    ['', ''],
  ])('%j is another repository than %j', (a, b) => {
    expect(sameRepository(a, b)).toBe(false);
  });

  it('have no form where they are no addresses', () => {
    expect(normaliseRepositoryUrl('')).toBeUndefined();
    expect(normaliseRepositoryUrl('not an address')).toBeUndefined();
  });

  it.each([
    ['https://user:p@ss@github.com/org/repo', 'https://github.com/org/repo'],
    ['https://token@github.com/org/repo', 'https://github.com/org/repo'],
    ['git@github.com:org/repo.git', 'git@github.com:org/repo.git'],
    ['https://github.com/org/repo', 'https://github.com/org/repo'],
  ])('%s is shown as %s', (url, shown) => {
    expect(withoutUserinfo(url)).toBe(shown);
  });
});

describe('the repository that a webhook names', () => {
  const matches = repositoryMatcher(['https://gogs.example.com/alice/moonlanding']);

  it.each([
    'https://gogs.example.com/alice/moonlanding',
    'http://gogs.example.com:3000/Alice/moonlanding.git',
    'git@gogs.example.com:alice/moonlanding.git',
    'ssh://git@gogs.example.com:2222/alice/moonlanding',
    'https://user@gogs.example.com/alice/moonlanding',
  ])('is %s', (url) => {
    expect(matches(url)).toBe(true);
  });

  it.each([
    'https://gogs.example.com/alice/moonlanding/',
    'https://user:password@gogs.example.com/alice/moonlanding',
    'https://gogs.example.com/alice/moonlanding2',
    'https://gogsXexample.com/alice/moonlanding',
    'https://evil.example.com/gogs.example.com/alice/moonlanding',
    ' https://gogs.example.com/alice/moonlanding',
  ])('is not %s', (url) => {
    expect(matches(url)).toBe(false);
  });
});

describe('the pattern of a web address', () => {
  it.each([
    ['git@git.example.com:o/r.git', 'https://git.example.com/o/r.git', true],
    ['git@git.example.com:o/r.git', 'https://git.example.com/o/other.git', false],
    ['git@git.example.com:o/r.git', '/', false],
    ['https://dev.example.com/My Project/_git/r', 'https://dev.example.com/My%20Project/_git/r', true],
    ['https://dev.example.com/My%20Project/_git/r', 'https://dev.example.com/My%20Project/_git/r', true],
    ['https://dev.example.com/ü/r', 'https://dev.example.com/%C3%BC/r', true],
    ['https://[::1]:3000/o/r', 'ssh://git@::1:22/o/r', true],
  ])('%s matches %s: %s', (webUrl, repoUrl, expected) => {
    expect(repositoryMatcher([webUrl])(repoUrl)).toBe(expected);
  });
});

describe.skipIf(!isThere)("Argo CD's patterns and matches", () => {
  const cases: unknown[] = isThere
    ? readFileSync(CASES, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))
    : [];

  it('are the same for every web address of the corpus', () => {
    let compared = 0;
    for (const one of cases) {
      const urls = at(one, 'expect', 'push', 'webURLs');
      const patterns = at(one, 'expect', 'repoRegex');
      if (!Array.isArray(urls) || !Array.isArray(patterns) || urls.length !== patterns.length) continue;
      for (const [index, url] of urls.entries()) {
        const pattern = repositoryPattern(String(url)).source.replaceAll('\\/', '/');
        expect(`(?i)${pattern}`, String(url)).toBe(patterns[index]);
        compared++;
      }
    }
    expect(compared).toBeGreaterThan(20);
  });

  it('are the same for every form of an address', () => {
    const one = cases.find((row) => stringAt(row, 'id') === 'affected/url-forms');
    const urls = at(one, 'expect', 'push', 'webURLs');
    const refreshed = at(one, 'expect', 'refreshed');
    const apps = at(one, 'apps');
    if (!Array.isArray(urls) || !Array.isArray(apps) || !Array.isArray(refreshed))
      throw new Error('the case has another form');
    const matches = repositoryMatcher(urls.map(String));
    const names = apps
      .filter((app) => matches(stringAt(app, 'spec', 'source', 'repoURL') ?? ''))
      .map((app) => stringAt(app, 'metadata', 'name'));
    expect(names).toEqual(refreshed.map((row) => stringAt(row, 'name')));
  });
});
