// How long Leases last.

export interface LeaseTimes {
  /** A replica that was not seen to renew its Lease for so long is dead. */
  readonly durationMs: number;
  /** Its Lease is renewed after so long while it works. */
  readonly renewMs: number;
  /** It stops working when it could not renew for so long: well before others may take it for dead. */
  readonly deadlineMs: number;
}

export const LEASE_TIMES: LeaseTimes = { durationMs: 15_000, renewMs: 5_000, deadlineMs: 10_000 };
