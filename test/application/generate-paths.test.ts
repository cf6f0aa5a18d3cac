// manifest-generate-paths: which changed files concern an Application. The expectations are what Argo CD's own functions answer.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  concerningFiles,
  filesConcern,
  foldersOfPaths,
  GENERATE_PATHS,
  isConcernedBy,
  refreshPaths,
} from '../../src/application/generate-paths.ts';
import type { Application, Source } from '../../src/application/types.ts';

function application(annotation: string | undefined, ...paths: readonly string[]): Application {
  const sources = paths.map((path): Source => ({ repoURL: 'https://git.example.com/ops.git', path }));
  const [source] = sources;
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: {
      name: 'shop',
      namespace: 'argocd',
      ...(annotation !== undefined && { annotations: { [GENERATE_PATHS]: annotation } }),
    },
    spec: { project: 'default', destination: {}, ...(sources.length > 1 ? { sources } : source && { source }) },
    status: {},
  };
}

describe('manifest-generate-paths', () => {
  it.each([
    [undefined, []],
    ['', []],
    [' ; ;', []],
    ['.', ['guestbook']],
    ['./', ['guestbook']],
    ['..', ['.']],
    ['.;/charts', ['guestbook', 'charts']],
    [' . ; /charts ', ['guestbook', 'charts']],
    ['../charts', ['charts']],
    ['/', ['']],
    ['//guestbook', ['/guestbook']],
    ['/guestbook/', ['guestbook/']],
    ['.;.', ['guestbook']],
  ])('%j below guestbook names %j', (annotation, expected) => {
    expect(refreshPaths(application(annotation, 'guestbook'))).toEqual(expected);
  });

  it('is below the path of each of several sources', () => {
    expect(refreshPaths(application('.;values', 'web', 'db'))).toEqual(['web', 'web/values', 'db', 'db/values']);
  });

  it.each([
    [undefined, true],
    ['', true],
    ['.', true],
    ['./', true],
    ['..', true],
    ['../', true],
    ['/', true],
    ['/guestbook', true],
    ['/guestbook/', true],
    ['guestbook', false],
    ['deployment.yaml', true],
    ['./deployment.yaml', true],
    ['*.yaml', true],
    ['/guestbook/*.yaml', true],
    ['/*/deployment.yaml', true],
    ['/guestbook/**', true],
    ['**', true],
    ['/**/*.yaml', true],
    ['/*.yaml', false],
    ['/**', false],
    ['/guestbook/deploy*', true],
    ['/charts;/guestbook', true],
    ['charts;.', true],
    ['charts;other', false],
    ['.;;', true],
    [';', true],
    ['/guest', false],
    ['/guestbookx', false],
    ['../guestbook', true],
    ['../charts', false],
    ['/guestbook/deployment.yaml', true],
    ['/guestbook/deployment.yaml/', false],
    ['/guestbook/[a-d]*.yaml', true],
    ['/guestbook/[^a-d]*.yaml', false],
    ['/guestbook/{deployment,service}.yaml', false],
    ['/guestbook/[', false],
    ['/GUESTBOOK', false],
    ['guestbook/../../guestbook', true],
    ['/charts,/guestbook', false],
    ['//guestbook', true],
    ['/./guestbook', true],
    ['$HOME', false],
  ])('%j is concerned by guestbook/deployment.yaml: %s', (annotation, expected) => {
    expect(isConcernedBy(application(annotation, 'guestbook'), ['guestbook/deployment.yaml'])).toBe(expected);
  });

  it('needs one of several sources, and one of several files', () => {
    const app = application('.', 'docs', 'guestbook');
    expect(isConcernedBy(app, ['README.md', 'guestbook/a.yaml'])).toBe(true);
    expect(isConcernedBy(app, ['README.md', 'charts/a.yaml'])).toBe(false);
  });

  it('is concerned by a list of files that is empty: nobody has filled it in', () => {
    expect(isConcernedBy(application('.', 'docs'), [])).toBe(true);
    expect(filesConcern(['docs'], [])).toBe(true);
  });

  it('does not hang at a pattern of many stars', () => {
    const pattern = `${'*a'.repeat(40)}b`;
    expect(filesConcern([pattern], ['a'.repeat(4000)])).toBe(false);
  });

  it.each([
    [['guestbook'], ['guestbook']],
    [['.'], ['']],
    [[''], ['']],
    [['..'], ['']],
    [['guestbook/*.yaml', 'guestbook/base/a.yaml'], ['guestbook']],
    [['*/deployment.yaml', 'charts'], ['']],
    [
      ['charts/', '/guestbook', 'charts/app/[ab].yaml'],
      ['charts', 'guestbook'],
    ],
    [
      ['charts-old', 'charts'],
      ['charts', 'charts-old'],
    ],
    [[], []],
  ])('of %j the changes lie in %j', (paths, folders) => {
    expect(foldersOfPaths(paths)).toEqual(folders);
  });

  it('names nothing outside of the folders in which its changes lie', () => {
    const part = fc.constantFrom('a', 'b', 'ab', '.', '..', '*', '?b', '[a-c]', '\\*', 'é', '{a,b}');
    const pattern = fc.array(part, { maxLength: 4 }).map((parts) => parts.join('/'));
    const annotation = fc.array(pattern, { maxLength: 3 }).map((items) => items.map((item) => `/${item}`).join(';'));
    const name = fc.constantFrom('a', 'b', 'ab', 'c', '*', 'é', '{a,b}');
    const file = fc.array(name, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));
    fc.assert(
      fc.property(annotation, fc.array(file, { maxLength: 6 }), (text, files) => {
        const paths = refreshPaths(application(text, 'app'));
        const folders = foldersOfPaths(paths);
        const inside = (one: string) => folders.some((folder) => folder === '' || `${one}/`.startsWith(`${folder}/`));
        expect(concerningFiles(paths, files).filter((one) => !inside(one))).toEqual([]);
      }),
    );
  });
});
