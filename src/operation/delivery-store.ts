// The record of the pushes received: what came, when, what it meant for each Application, and whether that is done. The types; where they
// are kept is another file's.

import type { AnyPush, Verdict, VerdictKind } from './push.ts';

export interface DeliveryRecord {
  readonly push: AnyPush;
  /** RFC 3339. */
  readonly receivedAt: string;
  /** `open` until everything that the push meant is done: such a record is never dropped. */
  readonly state: 'open' | 'done';
  /** The process that answers for it while it is open (Holdings.identity). */
  readonly holder: string;
  /** Of an open one: keys of the Applications for which it is still to be done; without it, all that it concerns. */
  readonly left?: readonly string[];
  /** Why no Application is concerned, or what is waited for. */
  readonly reason?: string;
  /** What was found out beside the verdicts: a gap in the chain of pushes, a forced push, how often it came again. */
  readonly notes: readonly string[];
  /** As many as a record has room for, the interesting ones first. */
  readonly applications: readonly Verdict[];
  /** How many Applications got which verdict, all of them. */
  readonly counts: Readonly<Partial<Record<VerdictKind, number>>>;
}

export interface DeliveryFilter {
  /** The name of an Application that it concerned. */
  readonly application?: string;
  /** An address of the repository. */
  readonly repository?: string;
  /** `refs/heads/main`, `main`, or the tag of an artifact. */
  readonly ref?: string;
  /** At least one Application got this one. */
  readonly verdict?: VerdictKind;
  readonly state?: 'open' | 'done';
}

export type Opened =
  /** Or an open one of this process' own that nobody works on. */
  | { readonly isNew: true }
  /** The same push came before; the record as it is now. */
  | { readonly isNew: false; readonly record: DeliveryRecord };

/** What became of a delivery; what is absent stays as it is. Verdicts take the place of earlier ones of the same Application. */
export interface DeliveryOutcome {
  readonly applications?: readonly Verdict[];
  /** Absent in the last outcome: there is none; what was waited for is told no more. */
  readonly reason?: string;
  /** Added to those that are there. */
  readonly notes?: readonly string[];
  /** Empty: all is done, and the record may be dropped one day. */
  readonly left?: readonly string[];
}

export interface DeliveryStore {
  /**
   * Durable when it resolves: in the cluster, or in the platform's journal while the cluster does not answer within half a second. Throws
   * `Unavailable` when neither can be written; then the Git server must be told so.
   */
  open(push: AnyPush): Promise<Opened>;
  /**
   * Rejects only where nothing could be written; an open record is then found again at the next wake. An outcome with `left` says that this
   * process works on it no longer: unless `left` is empty, `takeUnfinished` gives it again.
   */
  update(key: string, outcome: DeliveryOutcome): Promise<void>;
  /** By its key, or all of the Git server's delivery id: a delivery that tells of several refs has a record for each. */
  find(id: string): Promise<readonly DeliveryRecord[]>;
  /** Newest first. While the cluster does not answer, those that this process still has to write there. */
  list(limit: number, filter?: DeliveryFilter): Promise<readonly DeliveryRecord[]>;
  /**
   * Open records that no live process answers for, oldest first: those of this identity that this process does not work on, those of
   * holders that are `isDead`, and what only the journal has. They are this process' from then on.
   */
  takeUnfinished(isDead: (holder: string) => boolean): Promise<readonly DeliveryRecord[]>;
}
