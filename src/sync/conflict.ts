// Writes that are guarded by a version: read again and try again, when somebody else was faster.

import type { KubeClient } from '../kube/client.ts';
import type { KubeObject } from '../kube/object.ts';
import { isConflict } from '../kube/refusal.ts';
import { refOf } from '../kube/resource.ts';

const ATTEMPTS = 5;

/**
 * `write` gets what is live; after a conflict it gets what is live then. undefined when the object is gone. `write` may refuse by
 * throwing, and do nothing by returning the object.
 */
export async function writeGuarded(
  client: KubeClient,
  live: KubeObject,
  write: (live: KubeObject) => Promise<KubeObject | undefined>,
  signal?: AbortSignal,
): Promise<KubeObject | undefined> {
  let current: KubeObject | undefined = live;
  for (let attempt = 1; current; attempt++) {
    try {
      return await write(current);
    } catch (error) {
      if (!isConflict(error) || attempt >= ATTEMPTS) throw error;
      current = await client.get(refOf(live), { signal });
    }
  }
  return undefined;
}
