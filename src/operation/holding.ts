// Who works on an Application: at most one process, and in it one work after the other. The types; Leases are another file's.

export interface Taken {
  /** Nobody else can have worked on it since this turn began, so that what was read of it counts. */
  readonly isUntouched: boolean;
}

export interface Held {
  /** Aborted when another process may have taken the Application over, because this one could not renew its Lease in time. */
  readonly signal: AbortSignal;
  /** Throws `Conflict` then. Called before every write that must not come from two processes. */
  assertMine(): void;
  /**
   * Takes the Application against other processes: once, before the first write; begun early, it costs no time of its own. Waits while
   * another process holds it. `owner`: the Application's metadata, with which its Lease goes.
   */
  take(owner?: { readonly uid?: string | undefined }): Promise<Taken>;
}

export interface Holdings {
  /** Names this process in Leases and records; a process that starts anew with the same data folder has the same name. */
  readonly identity: string;
  /**
   * Runs `work` when every earlier work of this process on the Application has ended, in order of arrival. Other processes are kept out
   * from `Held.take` on: it waits by a watch on the Lease, and takes it over when its holder did not renew it for its duration on this
   * process' clock. Rejects with what `work` rejects with.
   */
  hold<T>(key: string, work: (held: Held) => Promise<T>): Promise<T>;
  /** This process works until the function that it gives is called: other processes are told, so that one of them notices its death. */
  busy(): () => void;
  /** No work of this process holds the Application or waits for it. */
  isFree(key: string): boolean;
  /** The process of this name has not renewed its Lease for its duration on this process' clock, or was this process before it started anew. */
  isDead(identity: string): boolean;
  /** Tells the process that holds an Application of a newer commit, so that it gives way between two steps. Never rejects. */
  announce(key: string, after: string): Promise<void>;
}
