import { describe, expect, it } from 'vitest';
import { parseRepoUrl, shownSource } from '../../../../src/render/kustomize/load/repo-url.ts';

describe('a URL of a repository', () => {
  it.each([
    ['github.com/org/repo', 'https://github.com/org/repo', '', ''],
    ['github.com/org/repo//dir/sub?ref=v1', 'https://github.com/org/repo', 'dir/sub', 'v1'],
    ['github.com/org/repo/dir?version=v2', 'https://github.com/org/repo', 'dir', 'v2'],
    ['git@github.com:org/repo', 'git@github.com:org/repo', '', ''],
    ['git::https://example.org/org/repo', 'https://example.org/org/repo', '', ''],
    ['https://example.org/group/sub/repo.git/dir?ref=x', 'https://example.org/group/sub/repo.git', 'dir', 'x'],
    ['https://example.org/group/sub/repo//dir', 'https://example.org/group/sub/repo', 'dir', ''],
    ['ssh://git@example.org:22/org/repo//dir', 'ssh://git@example.org:22/org/repo', 'dir', ''],
    ['https://dev.azure.com/org/project/_git/repo//dir', 'https://dev.azure.com/org/project/_git/repo', 'dir', ''],
    ['file:///srv/repo.git//dir?ref=main', 'file:///srv/repo.git', 'dir', 'main'],
  ])('%s', (raw, cloneUrl, path, ref) => {
    expect(parseRepoUrl(raw)).toMatchObject({ raw, cloneUrl, path, ref });
  });

  it.each([
    ['?ref=x', true],
    ['?ref=x&submodules=false', false],
    ['?submodules=0', false],
    ['?submodules=maybe', true],
    ['?submodules=0;x=1', true],
    ['?submodules=0&x=%zz', true],
  ])('says with %s whether submodules belong to it', (query, submodules) => {
    expect(parseRepoUrl(`github.com/org/repo${query}`)?.submodules).toBe(submodules);
  });

  it.each([
    ['a relative path', '../base'],
    ['an absolute path', '/srv/repo'],
    ['a plain name', 'base'],
    ['a host without a repository', 'https://example.org'],
    ['a directory outside the repository', 'github.com/org/repo//../..'],
  ])('is not %s', (_, raw) => {
    expect(parseRepoUrl(raw)).toBeUndefined();
  });
});

describe('a path or URL as errors show it', () => {
  it.each([
    ['../base', '../base'],
    ['github.com/org/repo//dir?ref=v1', 'github.com/org/repo//dir?ref=v1'],
    ['git@github.com:org/repo', 'git@github.com:org/repo'],
    ['https://user:pass@h/org/repo//dir?ref=v1&token=x', 'https://h/org/repo//dir?ref=v1'],
    ['git::https://token@h/org/repo', 'git::https://h/org/repo'],
    ['https://h/file.yaml?sig=x#part', 'https://h/file.yaml'],
    ['https://h/file.yaml?ref=v1&timeout=5', 'https://h/file.yaml?ref=v1&timeout=5'],
  ])('%s', (path, shown) => expect(shownSource(path)).toBe(shown));
});
