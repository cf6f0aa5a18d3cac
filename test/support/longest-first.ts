// The order of test files: those that take longest begin first, so that the others fill the time beside them. vitest goes by earlier runs, which a
// clean checkout has none of, and by the size of files, which says nothing here: a file of three lines runs a third of all behaviours.

import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** What takes half a minute and more, the longest of each suite first. */
const LONG = [
  'cluster/behaviours-',
  'cluster/scale-to-zero.',
  'cluster/manifests.',
  'sandbox/behaviours-',
  'sandbox/kube/kubectl.',
  'cli/demo.',
  'cli/serve.',
  'cli/admin/corpus-import.',
  'git/cost.',
  'operation/holding',
  'render/helm/corpus.',
  'browser/views.',
  'browser/applications.',
] as const;

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted
      .map((file) => ({ file, rank: rankOf(file) }))
      .sort((a, b) => a.rank - b.rank)
      .map(({ file }) => file);
  }
}

function rankOf({ moduleId }: TestSpecification): number {
  const found = LONG.findIndex((part) => moduleId.includes(`/test/${part}`));
  return found < 0 ? LONG.length : found;
}
