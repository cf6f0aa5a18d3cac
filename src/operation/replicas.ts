// What hawser's processes tell and ask of each other, beside holding Applications (holding.ts).

import type { Holdings } from './holding.ts';

export type PeerMessage =
  /** The sender works, and its Lease is at this version now: should it stay so for this long, the sender is dead. */
  | { readonly kind: 'busy'; readonly identity: string; readonly version: string; readonly forMs: number }
  /** The sender waits for this Application, to bring it to this commit (or to look at it): its holder may give way. */
  | { readonly kind: 'application'; readonly identity: string; readonly application: string; readonly after?: string }
  /** The sender ends in good order; the alarms that it had set are somebody else's now. */
  | { readonly kind: 'leaving'; readonly identity: string };

/** Holdings that are shared with other processes. */
export interface SharedHoldings extends Holdings {
  /** There is work until the function is called that it gives: peers look whether this process still lives. */
  busy(): () => void;
  /**
   * At start: reads all Leases, frees those of this process' earlier lives, and sees to it that processes which work now are looked at
   * again. Gives who answers for nothing any more: every process but this one that does not work now.
   */
  survey(): Promise<(identity: string) => boolean>;
  /** A peer works. */
  heardOf(message: PeerMessage & { readonly kind: 'busy' }): Promise<void>;
  /** A peer has ended in good order. Where it does not come back soon, it is dead. */
  hasLeft(identity: string): Promise<void>;
  /** A peer waits for an Application: it is let go after the work at hand, even where more of this process waits for it. */
  giveWay(key: string): void;
  /** Looks whether a peer still lives, and sets the alarm for the next look. True: it is dead, and this process is its heir. */
  look(identity: string): Promise<boolean>;
  /** Keys of the Applications that the dead had in work, and that nobody has taken since. */
  leftBy(identity: string): Promise<readonly string[]>;
  /** Everything that the dead left is done: its Leases go. */
  forget(identity: string): Promise<void>;
}

const LOOK = 'lease/';

/** The name of the alarm at which a peer's Lease is looked at. */
export function lookAlarm(identity: string): string {
  return `${LOOK}${identity}`;
}

/** The peer that the alarm is about; undefined for every other alarm. */
export function parseLookAlarm(alarm: string): string | undefined {
  return alarm.startsWith(LOOK) ? alarm.slice(LOOK.length) : undefined;
}
