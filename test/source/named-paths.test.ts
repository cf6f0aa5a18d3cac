import { describe, expect, it } from 'vitest';
import { namePaths } from '../../src/source/named-paths.ts';

const repoURL = 'https://git.example.com/a';

describe('changed paths', () => {
  it('of one source are told as they are, sorted', () => {
    expect(namePaths([{ source: { repoURL, ref: 'values' } }], [['b', 'a', 'b']])).toEqual(['a', 'b']);
  });
  it('of several sources tell their source', () => {
    const sources = [
      { repoURL, path: 'x' },
      { repoURL, ref: 'values' },
      { repoURL, path: 'y', name: 'web' },
    ];
    const resolved = sources.map((source) => ({ source }));
    expect(namePaths(resolved, [['a.yaml'], ['a.yaml'], ['a.yaml']])).toEqual([
      '$values/a.yaml',
      'sources[0]: a.yaml',
      'web: a.yaml',
    ]);
  });
  it('of several sources are none where nothing changed', () => {
    expect(namePaths([{ source: { repoURL } }, { source: { repoURL } }], [[], []])).toEqual([]);
  });
});
