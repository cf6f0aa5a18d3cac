// Who works on an Application where there is but one process: turns inside it, and no Lease.

import type { Locks } from '../platform.ts';
import type { Held, Holdings } from './holding.ts';

export function createLocalHoldings(locks: Locks, identity: string): Holdings {
  const held: Held = {
    signal: new AbortController().signal,
    assertMine: () => undefined,
    take: async () => ({ isUntouched: true }),
  };
  return {
    identity,
    hold: (key, work) => locks.run(key, () => work(held)),
    busy: () => () => undefined,
    isFree: (key) => locks.isFree(key),
    isDead: () => false,
    announce: async () => undefined,
  };
}
