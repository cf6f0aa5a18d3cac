// What one event of the Durable Object (a request, an alarm) may use. The defaults lie under what Cloudflare documents for Workers and
// Durable Objects (Workers: "Limits"; Durable Objects: "Limits", "Lifecycle"); workerd itself has none of these limits.

import { HawserError } from '../base/errors.ts';

/** [vars] of wrangler.toml; what is typed in .dev.vars is a text. */
export type LimitVariables = Readonly<
  Partial<
    Record<
      'HAWSER_CONNECTIONS' | 'HAWSER_EVENT_REQUESTS' | 'HAWSER_EVENT_SECONDS' | 'HAWSER_WAIT_SECONDS',
      string | number
    >
  >
>;

export interface Limits {
  /** Requests that wait for the head of their answers at once. Documented: 6; a seventh waits inside the runtime, where nobody sees it. */
  readonly connections: number;
  /** Requests that one event makes. Documented: 10,000, and 50 in the free plan. */
  readonly requests: number;
  /** How long an event of an alarm lasts at most, in ms; with that its share of CPU time is bounded (documented: 30 s). */
  readonly eventMs: number;
  /** How long a sync waits for hooks and health before it records, and an alarm goes on with it, in ms. */
  readonly waitMs: number;
}

const DEFAULTS: Limits = { connections: 6, requests: 500, eventMs: 10_000, waitMs: 10 * 60_000 };

/** Throws `InvalidInput` for what is no whole number above 0. */
export function readLimits(variables: LimitVariables): Limits {
  const { HAWSER_CONNECTIONS, HAWSER_EVENT_REQUESTS, HAWSER_EVENT_SECONDS, HAWSER_WAIT_SECONDS } = variables;
  return {
    connections: readCount('HAWSER_CONNECTIONS', HAWSER_CONNECTIONS) ?? DEFAULTS.connections,
    requests: readCount('HAWSER_EVENT_REQUESTS', HAWSER_EVENT_REQUESTS) ?? DEFAULTS.requests,
    eventMs: inMs(readCount('HAWSER_EVENT_SECONDS', HAWSER_EVENT_SECONDS)) ?? DEFAULTS.eventMs,
    waitMs: inMs(readCount('HAWSER_WAIT_SECONDS', HAWSER_WAIT_SECONDS)) ?? DEFAULTS.waitMs,
  };
}

function readCount(name: string, value: string | number | undefined): number | undefined {
  if (value === undefined || value === '') return undefined;
  const count = Number(value);
  if (Number.isSafeInteger(count) && count > 0) return count;
  throw new HawserError('InvalidInput', `${name} has to be a whole number above 0, not ${value}`);
}

function inMs(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : seconds * 1000;
}
