// Who works on an Application: at most one process, and in it one work after the other. The types; Leases are another file's.

export interface Held {
  /** Aborted when another process may have taken the Application over, because this one could not renew its Lease in time. */
  readonly signal: AbortSignal;
  /** Throws `Conflict` then. Called before every write that must not come from two processes. */
  assertMine(): void;
}

export interface Holdings {
  /** Names this process in Leases and records; a process that starts anew with the same data folder has the same name. */
  readonly identity: string;
  /**
   * Runs `work` when every earlier work of this process on the Application has ended and no other process holds it; in order of arrival.
   * Waits by a watch on the Lease, and takes it over when its holder did not renew it for its duration on this process' clock. Rejects
   * with what `work` rejects with, and with the cluster's errors before it has begun.
   */
  hold<T>(key: string, work: (held: Held) => Promise<T>): Promise<T>;
  /** No work of this process holds the Application or waits for it. */
  isFree(key: string): boolean;
  /** The process of this name has not renewed its Lease for its duration on this process' clock, or was this process before it started anew. */
  isDead(identity: string): boolean;
  /** Tells the process that holds an Application of a newer commit, so that it gives way between two steps. Never rejects. */
  announce(key: string, after: string): Promise<void>;
}
