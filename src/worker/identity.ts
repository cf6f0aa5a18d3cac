// The name of this object among the replicas of hawser, kept in its storage: its next life is the same replica, and goes on at once with what
// it had begun. The object's id alone would not do: it is made of the names of the Worker and the object, and every Worker that somebody
// runs on a machine of his own has the same.

import { toHex } from '../base/hex.ts';
import type { DurableState, DurableStorage } from './bindings.ts';

const KEY = 'identity';

/** Reads the name, or makes one of the object's id and chance. */
export async function readIdentity(
  { id, storage }: { readonly id: DurableState['id']; readonly storage: Pick<DurableStorage, 'get' | 'put' | 'sync'> },
  random: (length: number) => Uint8Array,
): Promise<string> {
  const kept = await storage.get<string>(KEY);
  if (kept !== undefined) return kept;
  const name = `worker-${String(id).slice(0, 8)}-${toHex(random(4))}`;
  await storage.put(KEY, name);
  // Not before it is on the disk may anybody hear of it.
  await storage.sync();
  return name;
}
