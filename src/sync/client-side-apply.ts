// kubectl's client-side apply: a patch worked out from the last-applied annotation, Git and live (kubectl: pkg/cmd/apply/{apply,patcher}.go).

import { HawserError } from '../base/errors.ts';
import type { JsonObject } from '../base/json.ts';
import { threeWayMergePatch } from '../base/three-way-merge-patch.ts';
import type { PatchType, WriteOptions } from '../kube/client.ts';
import { lastApplied, withLastApplied } from '../kube/last-applied.ts';
import { groupOf, type KubeObject, versionOf } from '../kube/object.ts';
import { isAlreadyExists } from '../kube/refusal.ts';
import { refOf } from '../kube/resource.ts';
import { createThreeWayPatch } from '../typed/strategic-diff.ts';
import { PatchError } from '../typed/strategic-merge.ts';
import { typeOfKind } from '../typed/types.ts';
import { writeGuarded } from './conflict.ts';
import type { WriteContext } from './write-object.ts';

export interface ClientSidePatch {
  /** Built-in kinds have lists that are merged by a key; of custom ones every list is whole. */
  readonly type: PatchType & ('strategic' | 'merge');
  readonly patch: JsonObject;
}

/** undefined when there is nothing to send. Throws `InvalidInput` for what does not fit the kind. */
export function clientSidePatch(target: KubeObject, live: KubeObject): ClientSidePatch | undefined {
  const modified = withLastApplied(target);
  const original = lastApplied(live) ?? {};
  const struct = typeOfKind(groupOf(target.apiVersion), versionOf(target.apiVersion), target.kind);
  if (!struct) return filled('merge', threeWayMergePatch(original, modified, live));
  try {
    return filled('strategic', createThreeWayPatch(struct, original, modified, live));
  } catch (error) {
    if (error instanceof PatchError) throw new HawserError('InvalidInput', error.message, { cause: error });
    throw error;
  }
}

function filled(type: ClientSidePatch['type'], patch: Readonly<Record<string, unknown>>): ClientSidePatch | undefined {
  return Object.keys(patch).length > 0 ? { type, patch: JSON.parse(JSON.stringify(patch)) } : undefined;
}

/** Creates what is missing, patches what is there; gives live back where nothing is to do. */
export async function applyClientSide(
  target: KubeObject,
  live: KubeObject | undefined,
  { client, signal }: WriteContext,
  options: Pick<WriteOptions, 'dryRun' | 'fieldValidation'>,
): Promise<KubeObject> {
  const create = () => client.create(withLastApplied(target), { ...options, signal });
  let current = live;
  if (!current) {
    try {
      return await create();
    } catch (error) {
      current = isAlreadyExists(error) ? await client.get(refOf(target), { signal }) : undefined;
      if (!current) throw error;
    }
  }
  const patched = await writeGuarded(
    client,
    current,
    async (now) => {
      const made = clientSidePatch(target, now);
      return made ? client.patch(refOf(target), made.patch, { type: made.type, ...options, signal }) : now;
    },
    signal,
  );
  return patched ?? create();
}
