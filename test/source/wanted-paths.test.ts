import { describe, expect, it } from 'vitest';
import type { Source } from '../../src/application/types.ts';
import { wantedPaths } from '../../src/source/wanted-paths.ts';

const repoURL = 'https://git.example.com/a';
const ID = 'a'.repeat(40);
const FILE = `100644 ${ID}`;
const LIST = `40000 ${ID} ${ID}`;
const earlier = (reads: Record<string, string>) => ({ commit: ID, tree: ID, reads });

describe('what is fetched before a first render', () => {
  it.each<[title: string, source: Partial<Source>, path: string, extent: string]>([
    ['a folder with all below it, which a chart needs', { path: 'charts/web' }, 'charts/web', 'whole'],
    ['the files of a directory alone', { path: 'apps', directory: { include: '*.yaml' } }, 'apps', 'files'],
    ['a directory that is searched', { path: 'apps', directory: { recurse: true } }, 'apps', 'whole'],
    ['a repository that is searched', { path: '.', directory: { recurse: true } }, '', 'whole'],
    ['the files at the root of a repository', { path: '.' }, '', 'files'],
    ['a chart at the root of a repository', { path: '.', helm: { releaseName: 'a' } }, '', 'whole'],
  ])('is %s', (_, source, path, extent) => {
    expect(wantedPaths({ repoURL, ...source }, undefined)).toEqual([{ path, extent }]);
  });
});

describe('what is fetched before a later render', () => {
  it.each<[title: string, reads: Record<string, string>, wanted: readonly object[]]>([
    [
      'the files of a folder of which no more was read',
      { 'apps/a.yaml': FILE, apps: LIST, 'apps/kustomization.yaml': '-' },
      [{ path: 'apps', extent: 'files' }],
    ],
    [
      'all of a folder of which files further down were read',
      { 'apps/x/a.yaml': FILE, 'apps/kustomization.yaml': FILE },
      [{ path: 'apps', extent: 'whole' }],
    ],
    [
      'the files and lists elsewhere that were read, too',
      {
        'apps/a.yaml': FILE,
        'base/a.yaml': FILE,
        base: '40000',
        lib: LIST,
        'base/gone.yaml': '-',
        link: `120000 ${ID}`,
      },
      [
        { path: 'apps', extent: 'files' },
        { path: 'base/a.yaml', extent: 'whole' },
        { path: 'lib', extent: 'files' },
      ],
    ],
    [
      'a folder beside it of a name that begins alike',
      { 'apps2/x/a.yaml': FILE },
      [
        { path: 'apps', extent: 'files' },
        { path: 'apps2/x/a.yaml', extent: 'whole' },
      ],
    ],
  ])('is %s', (_, reads, wanted) => {
    expect(wantedPaths({ repoURL, path: 'apps' }, earlier(reads))).toEqual(wanted);
  });

  it('is of the root of a repository what was read there', () => {
    const root = wantedPaths({ repoURL, path: '.' }, earlier({ 'a.yaml': FILE, '': LIST }));
    expect(root).toEqual([{ path: '', extent: 'files' }]);
  });
});
