// Which file of the draft a problem of a render is about.

import type { ChangeInput } from '../../../operation/application-changes.ts';
import type { FileName } from './draft.ts';

/**
 * Tools name a file by its path in the repository; Helm by the chart's name and the path in the chart. undefined for what may not be edited
 * here, and for what is in two places.
 */
export function locateProblem(
  { sources }: Pick<ChangeInput, 'sources'>,
  file: string | undefined,
): FileName | undefined {
  if (file === undefined || file === '') return undefined;
  const inChart = file.slice(file.indexOf('/') + 1);
  const found = (isIt: (path: string, folder: string) => boolean): FileName[] =>
    sources.flatMap(({ editable, path: folder }, source) =>
      editable.filter((path) => isIt(path, folder)).map((path) => ({ source, path })),
    );
  const [exact] = found((path) => path === file);
  if (exact) return exact;
  const below = found((path, folder) => path === (folder === '' ? inChart : `${folder}/${inChart}`));
  return below.length === 1 ? below[0] : undefined;
}
