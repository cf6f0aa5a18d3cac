// Lists of field specs: which field of which kind a transformer touches (kustomize: api/types/fieldspec.go).

import { failure } from '../node/fail.ts';
import { compareGvk, type Gvk, isSelectedBy } from '../resource/gvk.ts';
import type { FieldSpec } from './kustomization.ts';

/** Adds specs that are not there yet; the same field of the same kind with another `create` is an error. */
export function mergeFieldSpecs(specs: readonly FieldSpec[], added: readonly FieldSpec[]): readonly FieldSpec[] {
  const result = [...specs];
  for (const spec of added) {
    const found = result.find((other) => other.path === spec.path && isSelectedBy(other, spec));
    if (found === undefined) result.push(spec);
    else if (found.create !== spec.create) {
      throw failure(`conflicting field specs for '${spec.path}': one creates the field, the other does not`);
    }
  }
  return result;
}

export function sortFieldSpecs(specs: readonly FieldSpec[]): readonly FieldSpec[] {
  return [...specs].sort(compareGvk);
}

/** `+group/version/kind path` of the default table. */
export function parseFieldSpec(line: string): FieldSpec {
  const create = line.startsWith('+');
  const space = line.indexOf(' ');
  return { ...parseGvk(line.slice(create ? 1 : 0, space)), path: line.slice(space + 1), create };
}

/** `group/version/kind`; every part may be empty. */
export function parseGvk(text: string): Gvk {
  const [group = '', version = '', kind = ''] = text.split('/');
  return { group, version, kind };
}
