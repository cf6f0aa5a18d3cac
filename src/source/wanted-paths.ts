// What is fetched of a repository before a source is rendered: enough to render it in most cases, and not what lies beside it. The rest
// comes when the render asks for it, in requests of their own.

import { explicitTypes } from '../application/parse.ts';
import type { Source } from '../application/types.ts';
import type { WantedPath } from '../git/needed-objects.ts';
import type { ReadSet } from '../git/read-set.ts';
import { pathOf } from './opened-source.ts';

/** Of what an earlier render read outside its folder; more of it is left to be asked for. */
const MOST_OUTSIDE = 1000;

/** The folder of a source with what an earlier render read elsewhere (an overlay's base, a chart beside). */
export function wantedPaths(source: Source, earlier: ReadSet | undefined): readonly WantedPath[] {
  const path = pathOf(source);
  if (!earlier) return [{ path, extent: isFlat(source, path) ? 'files' : 'whole' }];
  const prefix = path === '' ? '' : `${path}/`;
  const outside: WantedPath[] = [];
  let isDeep = false;
  for (const [read, record] of Object.entries(earlier.reads)) {
    if (read === path) continue;
    if (read.startsWith(prefix)) isDeep ||= record.startsWith('100') && read.includes('/', prefix.length);
    else if (record.startsWith('100')) outside.push({ path: read, extent: 'whole' });
    // A folder that was listed; new files of it are read, too.
    else if (record.startsWith('40000 ')) outside.push({ path: read, extent: 'files' });
  }
  return [{ path, extent: isDeep ? 'whole' : 'files' }, ...outside.slice(0, MOST_OUTSIDE)];
}

/**
 * Whether the files of the folder alone may do: manifests that are not looked for further down; and the root of a repository, below
 * which everything lies, unless it is said to be a chart or to be searched.
 */
function isFlat(source: Source, path: string): boolean {
  const [type] = explicitTypes(source);
  if (type === 'Directory') return !source.directory?.recurse;
  return path === '' && type !== 'Helm';
}
