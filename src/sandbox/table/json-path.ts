// The part of JSONPath that printer columns and scale paths use: `.spec.x`, `.items[0].y`, `.conditions[?(@.type=="Ready")].status`.

import { isObject } from '../../base/json.ts';

/** The first value at a path, or undefined. */
export function readJsonPath(object: unknown, path: string): unknown {
  let found: unknown[] = [object];
  const pattern =
    /\.([A-Za-z0-9_\-$]+)|\['([^']+)'\]|\["([^"]+)"\]|\[(\d+)\]|\[\*\]|\[\?\(@\.([^=!<>\s]+)\s*==\s*(?:"([^"]*)"|'([^']*)'|([^)]+))\)\]/g;
  for (const match of path.matchAll(pattern)) {
    const [text, dotted, single, double, index, filterPath, ...values] = match;
    const key = dotted ?? single ?? double;
    if (key !== undefined) found = found.flatMap((value) => (isObject(value) && key in value ? [value[key]] : []));
    else if (index !== undefined)
      found = found.flatMap((value) => (Array.isArray(value) ? value.slice(Number(index)).slice(0, 1) : []));
    else if (text === '[*]') found = found.flatMap((value) => (Array.isArray(value) ? value : []));
    else if (filterPath !== undefined) {
      const wanted = values.find((value) => value !== undefined) ?? '';
      found = found
        .flatMap((value) => (Array.isArray(value) ? value : []))
        .filter((item) => String(readJsonPath(item, `.${filterPath}`)) === wanted);
    }
  }
  return found[0];
}
