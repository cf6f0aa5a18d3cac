// What was last seen of each repository's refs, so that a push that never arrived is found by the next one. The types.

import { short } from './judge.ts';
import type { Push } from './push.ts';

/** A push does not begin where the last one that was seen ended. */
export interface Gap {
  readonly ref: string;
  /** The commit of the last push that was seen. */
  readonly seen: string;
  /** Where this push begins. */
  readonly before: string;
}

export interface ComparedListing {
  /** The refs that had moved since they were last seen, are gone, or were not seen before. */
  readonly moved: readonly string[];
  /** Notes that all was seen and followed: not before that is so, for a process may end at any moment. */
  note(): void;
}

export interface RefsSeen {
  /**
   * Notes what a push says, and tells the gap before it, if there is one. None for a new ref, a ref that was never seen, a push that comes
   * late (its `after` was seen already). Where there seems to be one, it waits for a moment: deliveries overtake each other.
   */
  note(push: Push): Promise<Gap | undefined>;
  /** Compares what the Git server itself listed with what was seen. */
  compareListing(repoURL: string, refs: ReadonlyMap<string, string>): Promise<ComparedListing>;
  /**
   * Repositories (a repoURL each) of these whose refs were not `listed` for an hour, or of which nothing was `seen` for as long: what was
   * heard of for the first time just now is not yet due.
   */
  due(repoURLs: readonly string[], what?: 'listed' | 'seen'): Promise<readonly string[]>;
  /** When the refs of a repository were listed last, in milliseconds since the Unix epoch, and which Git server its pushes came from. */
  lastLook(repoURL: string): Promise<{ readonly listedMs?: number; readonly provider?: string }>;
  /** Whether a fact about what all renders depend on (the version of the settings) is another than what was noted last. */
  isNewFact(fact: string): Promise<boolean>;
  noteFact(fact: string): void;
  /** Drops the repositories that no Application uses. */
  prune(): Promise<void>;
  /** Resolves when all that was noted is in the cluster, or could not be written. */
  flush(): Promise<void>;
}

/** As the record of a delivery and the log say it. */
export function describeGap({ ref, seen, before }: Gap): string {
  return `${ref} was last seen at ${short(seen)}, this push begins at ${short(before)}: at least one push was missed`;
}
