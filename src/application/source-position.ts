// Which of an Application's sources a flag is for: `--source-position` (from 1) or `--source-name`.

import { HawserError } from '../base/errors.ts';
import { isObject } from '../base/json.ts';

/**
 * The position, from 1; undefined where there is but one source. Throws `InvalidInput` where one must be named and is not, or is none of
 * theirs.
 */
export function sourcePosition(
  spec: Readonly<Record<string, unknown>>,
  { position, name }: { readonly position?: string | undefined; readonly name?: string | undefined },
): number | undefined {
  const sources = Array.isArray(spec.sources) ? spec.sources : [];
  if (position !== undefined && name !== undefined) {
    throw new HawserError('InvalidInput', 'Only one of source-position and source-name can be specified.');
  }
  if (name !== undefined) {
    const index = sources.findIndex((source) => isObject(source) && source.name === name);
    if (index >= 0) return index + 1;
    throw new HawserError('InvalidInput', `Unknown source name '${name}'`, {
      hint: `the sources are ${namesOf(sources)}`,
    });
  }
  if (sources.length === 0) return undefined;
  const number = Number(position ?? 0);
  if (Number.isInteger(number) && number >= 1 && number <= sources.length) return number;
  throw new HawserError(
    'InvalidInput',
    `Source position should be specified and must be between 1 and ${sources.length} for this application with multiple sources`,
    { hint: '--source-position or --source-name' },
  );
}

function namesOf(sources: readonly unknown[]): string {
  const names = sources.map((source, index) =>
    isObject(source) && typeof source.name === 'string' ? source.name : `number ${index + 1}`,
  );
  return names.join(', ') || 'without names';
}
