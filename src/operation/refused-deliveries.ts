// What was sent to the webhook and refused: a wrong secret, or something that is no push. Nobody who is not known may fill the record of
// deliveries, so that only this is remembered, in this process alone: who claimed to send, why it was refused, how often, and when.

import type { HawserError } from '../base/errors.ts';
import type { Clock } from '../platform.ts';

export interface RefusedDelivery {
  /** As which the sender has presented itself; `unknown` where as none. */
  readonly provider: string;
  /** Of HawserError. */
  readonly code: string;
  /** Of the newest one, and what can be done about it. */
  readonly reason: string;
  readonly hint?: string;
  readonly times: number;
  /** RFC 3339. */
  readonly firstAt: string;
  readonly lastAt: string;
}

export interface RefusedDeliveries {
  note(provider: string, error: HawserError): void;
  /** The newest first. */
  list(): readonly RefusedDelivery[];
}

/** There are no more providers and codes than this; what comes beyond counts with the oldest. */
const MOST = 64;
const LONGEST_REASON = 300;

export function createRefusedDeliveries(clock: Clock): RefusedDeliveries {
  const refused = new Map<string, RefusedDelivery>();
  return {
    note: (provider, { code, message, hint }) => {
      const key = `${provider} ${code}`;
      const before = refused.get(key);
      const lastAt = new Date(clock.now()).toISOString();
      refused.delete(key);
      refused.set(key, {
        ...{ provider, code, reason: message.slice(0, LONGEST_REASON) },
        ...(hint !== undefined && { hint }),
        ...{ times: (before?.times ?? 0) + 1, firstAt: before?.firstAt ?? lastAt, lastAt },
      });
      const [oldest] = refused.keys();
      if (refused.size > MOST && oldest !== undefined) refused.delete(oldest);
    },
    list: () => [...refused.values()].reverse(),
  };
}
