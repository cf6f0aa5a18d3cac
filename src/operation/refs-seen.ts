// What was last seen of each repository's refs, so that a push that never arrived is found by the next one. The types.

import type { Push } from './push.ts';

/** A push does not begin where the last one that was seen ended. */
export interface Gap {
  readonly ref: string;
  /** The commit of the last push that was seen. */
  readonly seen: string;
  /** Where this push begins. */
  readonly before: string;
}

export interface RefsSeen {
  /**
   * Notes what a push says, and tells the gap before it, if there is one. None for a new ref, a ref that was never seen, a push that comes
   * late (its `after` was seen already).
   */
  note(push: Push): Promise<Gap | undefined>;
  /** Notes what the Git server itself listed; gives the refs that had moved since they were last seen. */
  noteListing(repoURL: string, refs: ReadonlyMap<string, string>): Promise<readonly string[]>;
  /** Repositories (a repoURL each) of these whose refs were not listed for an hour. */
  due(repoURLs: readonly string[]): Promise<readonly string[]>;
}
