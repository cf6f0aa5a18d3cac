// What a build prints.

import type { BuildBudget } from './limits.ts';
import { decodeObject, type Form } from './node/decode.ts';
import { dumpValue } from './node/dump.ts';
import { within } from './node/fail.ts';
import { formatId } from './resource/res-id.ts';
import type { ResMap } from './resource/res-map.ts';
import { currentId, type Resource } from './resource/resource.ts';

/** The YAML of one resource, keys sorted. `form`: whether kustomize writes and reads the node before (it does but for individual files). */
export function dumpResource(resource: Resource, form: Form = 'block'): string {
  return within(
    () => `writing ${formatId(currentId(resource))}`,
    () => dumpValue(decodeObject(resource.root, form)),
  );
}

/** All resources as documents. */
export function dumpResources(map: ResMap, budget: BuildBudget): string {
  const texts = map.resources.map((resource) => {
    const text = dumpResource(resource);
    budget.spend('outputLength', text.length);
    budget.checkTime();
    return text;
  });
  return texts.join('---\n');
}
