import { describe, expect, it } from 'vitest';
import { memoryTree } from '../../src/render/tree.ts';
import { resolveValueFiles } from '../../src/source/value-files.ts';

const TREE = memoryTree({
  'apps/web/values.yaml': '',
  'apps/web/values-a.yaml': '',
  'apps/web/values-b.yaml': '',
  'apps/web/values-c.yml': '',
  'apps/web/envs/dev.yaml': '',
  'apps/web/envs/eu/prod.yaml': '',
  'common/base.yaml': '',
  'common/1.yaml': '',
  'common/2.yaml': '',
  'common/.hidden.yaml': '',
});
const OTHER = memoryTree({ 'envs/dev.yaml': '', 'envs/prod.yaml': '', 'apps/web/own.yaml': '' });

function resolve(names: readonly string[], ignoreMissing = false): string[] {
  return resolveValueFiles(names, ignoreMissing, {
    tree: TREE,
    path: 'apps/web',
    refs: new Map([['$values', OTHER]]),
    expand: (text) => text.replaceAll('$ENV', 'dev'),
  }).map(({ name }) => name);
}

describe('the values files that are meant', () => {
  it.each<[title: string, names: string[], files: string[]]>([
    ['lie beside the chart', ['values-a.yaml'], ['apps/web/values-a.yaml']],
    ['may lie elsewhere in the repository', ['../../common/base.yaml'], ['common/base.yaml']],
    ['are named from the root with a slash', ['/common/base.yaml'], ['common/base.yaml']],
    ['are named with the build environment', ['envs/$ENV.yaml'], ['apps/web/envs/dev.yaml']],
    ['come from another source', ['$values/envs/dev.yaml'], ['$values/envs/dev.yaml']],
    ['come from the root of another source, also without being there', ['$values/none.yaml'], ['$values/none.yaml']],
    ['of another source are named with the build environment', ['$values/envs/$ENV.yaml'], ['$values/envs/dev.yaml']],
    ['are matched by *', ['values-*.yaml'], ['apps/web/values-a.yaml', 'apps/web/values-b.yaml']],
    ['are matched by ?', ['values-?.y?ml'], ['apps/web/values-a.yaml', 'apps/web/values-b.yaml']],
    ['are matched by a range', ['/common/[0-9].yaml'], ['common/1.yaml', 'common/2.yaml']],
    ['are matched by what is in no range', ['/common/[^0-9.]*.yaml'], ['common/base.yaml']],
    ['are matched by ! as by ^', ['/common/[!0-9.]*.yaml'], ['common/base.yaml']],
    ['are matched by several stars', ['*a*u*-*.yaml'], ['apps/web/values-a.yaml', 'apps/web/values-b.yaml']],
    ['are matched by alternatives', ['values-{a,c}.y*ml'], ['apps/web/values-a.yaml', 'apps/web/values-c.yml']],
    ['are matched in any depth by **', ['envs/**/*.yaml'], ['apps/web/envs/dev.yaml', 'apps/web/envs/eu/prod.yaml']],
    ['are matched by ** at the end', ['envs/**'], ['apps/web/envs/dev.yaml', 'apps/web/envs/eu/prod.yaml']],
    ['are matched in folders', ['/apps/*/envs/*.yaml'], ['apps/web/envs/dev.yaml']],
    ['are matched in another source', ['$values/envs/*.yaml'], ['$values/envs/dev.yaml', '$values/envs/prod.yaml']],
    [
      'stand where they are named, not where a glob matches them',
      ['values-*.yaml', 'values-a.yaml'],
      ['apps/web/values-b.yaml', 'apps/web/values-a.yaml'],
    ],
    [
      'stand where the first glob matches them',
      ['/common/[12].yaml', '/common/*.yaml'],
      ['common/1.yaml', 'common/2.yaml', 'common/.hidden.yaml', 'common/base.yaml'],
    ],
  ])('%s', (_, names, files) => {
    expect(resolve(names)).toEqual(files);
  });

  it('are left out where they are missing and that is to be ignored', () => {
    expect(resolve(['none.yaml', 'values.yaml', '$values/none.yaml', 'none-*.yaml'], true)).toEqual([
      'apps/web/values.yaml',
    ]);
  });

  it('may be at URLs, which no glob matches, which stay where missing ones are ignored, and whose secrets are not shown', () => {
    const urls = ['https://user:pass@example.com/a.yaml?sign=secret*', 'http://example.com/$ENV.yaml'];
    expect(resolve([...urls, 'none.yaml'], true)).toEqual([
      'https://example.com/a.yaml',
      'http://example.com/dev.yaml',
    ]);
  });

  it.each([
    ['climb out of the repository', '../../../etc/passwd', 'PathEscapes'],
    ['climb out of another source', '$values/../secret.yaml', 'PathEscapes'],
    ['climb out by a glob', '../../../*/x.yaml', 'PathEscapes'],
    ['match nothing', 'none-*.yaml', 'RenderFailed'],
  ])('are refused where they %s', (_, name, code) => {
    expect(() => resolve([name])).toThrow(expect.objectContaining({ code }));
  });

  it('that match nothing are told as they are written', () => {
    expect(() => resolve(['$values/none-*.yaml'])).toThrow('values file glob "$values/none-*.yaml" matched no files');
  });
});
