import { describe, expect, it } from 'vitest';
import { hydratedSource, watchedSources } from '../../src/application/watched-sources.ts';

const repoURL = 'https://git.example.com/o/r';

describe('watchedSources', () => {
  it('are the sources of an Application', () => {
    const [one, two] = [
      { repoURL, path: 'a' },
      { repoURL, path: 'b' },
    ];
    expect(watchedSources({ source: one })).toEqual([one]);
    expect(watchedSources({ source: one, sources: [one, two] })).toEqual([one, two]);
    expect(hydratedSource({ source: one })).toBeUndefined();
  });

  it('are what is synced and what is rendered from where a hydrator is set', () => {
    const sourceHydrator = {
      drySource: { repoURL, path: 'apps', targetRevision: 'main' },
      syncSource: { targetBranch: 'env/dev', path: 'out' },
    };
    expect(watchedSources({ sourceHydrator })).toEqual([
      { repoURL, path: 'out', targetRevision: 'env/dev' },
      { repoURL, path: 'apps', targetRevision: 'main' },
    ]);
  });
});
