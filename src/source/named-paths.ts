// The changed paths of an Application's sources in one list, each telling of which source it is where there are several.

import type { ResolvedSource } from './source.ts';

/**
 * `changed` has the paths of each source, in their order. Of several sources a path is told as `$ref/path` where the source has a `ref`,
 * `name: path` where it has a name, and `sources[1]: path` otherwise.
 */
export function namePaths(
  resolved: readonly Pick<ResolvedSource, 'source'>[],
  changed: readonly (readonly string[])[],
): readonly string[] {
  const named = changed.flatMap((paths, index) => {
    const source = resolved[index]?.source;
    if (resolved.length < 2 || !source) return paths;
    const prefix = source.ref ? `$${source.ref}/` : `${source.name || `sources[${index}]`}: `;
    return paths.map((path) => prefix + path);
  });
  return [...new Set(named)].sort();
}
