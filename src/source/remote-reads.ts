// What a render read of other repositories than its own: remote bases of kustomizations, kept with the read set of their source.

import { isObject } from '../base/json.ts';
import { isObjectId, type ObjectId, ZERO_ID } from '../git/object.ts';
import { parseReadSet, type ReadSet } from '../git/read-set.ts';

/** Whose rights a repository was read with: those of its Secret, nobody's, or those of a password in its URL, which is not kept. */
export type RemoteAccess = 'secret' | 'anonymous' | 'url';

export interface RemoteRead {
  /** What was fetched from, without user and password. */
  readonly url: string;
  /** As the kustomization has it; empty for the default branch. */
  readonly ref: string;
  /** The commit that it meant. */
  readonly sha: ObjectId;
  readonly tree: ObjectId;
  readonly reads: ReadSet['reads'];
  readonly access: RemoteAccess;
}

/** The remote reads of a source's read set that was stored as JSON; none in those of earlier versions. */
export function parseRemoteReads(readSet: unknown): readonly RemoteRead[] {
  if (!isObject(readSet) || !Array.isArray(readSet.remotes)) return [];
  return readSet.remotes.flatMap((value) => parseRemoteRead(value) ?? []);
}

function parseRemoteRead(value: unknown): RemoteRead | undefined {
  if (!isObject(value)) return undefined;
  const { url, ref, sha, tree, reads, access } = value;
  const read = parseReadSet({ commit: sha, tree, reads });
  if (!read || typeof url !== 'string' || typeof ref !== 'string') return undefined;
  const known = access === 'anonymous' || access === 'url' ? access : 'secret';
  return { url, ref, sha: read.commit, tree: read.tree, reads: read.reads, access: known };
}

/** Of something that could not be read: it always counts as changed. */
export function unknownRead(url: string): RemoteRead {
  return { url, ref: '', sha: ZERO_ID, tree: ZERO_ID, reads: {}, access: 'url' };
}

/** A source's read set together with those of the repositories that its kustomizations name. */
export function withRemoteReads(readSet: unknown, remotes: readonly RemoteRead[]): unknown {
  return isObject(readSet) && remotes.length > 0 ? { ...readSet, remotes } : readSet;
}

/** A commit by its whole id cannot move. */
export function isPinned({ ref }: Pick<RemoteRead, 'ref'>): boolean {
  return isObjectId(ref.toLowerCase());
}

export function readSetOf({ sha, tree, reads }: RemoteRead): ReadSet {
  return { commit: sha, tree, reads };
}
