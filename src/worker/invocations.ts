// The invocations of the Durable Object: each event (a request, an alarm) has its share of outgoing requests. What needs more waits for
// the next event, which is asked for, so that work of any length is cut between two requests.

import { createMetrics, type MetricFamily } from '../base/metrics.ts';
import type { AsyncStorage } from './async-storage.ts';
import { createFairLines } from './fair-lines.ts';
import type { Passing } from './gate.ts';
import type { Limits } from './limits.ts';

export type EventKind = 'fetch' | 'alarm';

export interface Invocation {
  readonly event: EventKind;
  /** Outgoing ones, so far. */
  requests: number;
}

/** Whether it was given. Work that goes on after it has no precedence any more. */
export interface Answer {
  isGiven: boolean;
}

export interface InvocationsOptions {
  readonly limits: Pick<Limits, 'connections' | 'requests'>;
  /** The share is used up, and somebody waits: another event is wanted at once. */
  readonly wakeSoon: () => void;
  /** The next one begins. */
  readonly ended?: (invocation: Invocation) => void;
  /** Which answer a request is for; without it nobody has precedence. */
  readonly answers?: AsyncStorage<Answer> | undefined;
}

export interface Place extends Passing {
  /** Whom it is for; each has its turns, so that a small sync does not wait for the end of a large one. */
  readonly line?: string | undefined;
}

export interface Invocations {
  /** At once. */
  readonly connections: number;
  /** An event begins: its share is a new one, for whatever waits. Nothing is sent before the first one. */
  begin(event: EventKind): void;
  /** Requests that `work` makes until it is done go before those of the background. */
  answer<T>(work: () => Promise<T>): Promise<T>;
  /**
   * Sends a request in its turn. `send` resolves with the head of an answer: its body holds up nobody. Rejects with the signal's reason when
   * that is aborted while the request waits.
   */
  run<T>(send: () => Promise<T>, place?: Place): Promise<T>;
  metricFamilies(): readonly MetricFamily[];
}

const METRICS = [
  {
    name: 'hawser_worker_invocation_requests',
    type: 'histogram',
    help: 'Outgoing requests of each event of the Durable Object that has ended.',
    labels: ['event'],
    buckets: [1, 6, 10, 25, 50, 100, 250, 500, 1_000, 10_000],
  },
  {
    name: 'hawser_worker_shares_used_up_total',
    type: 'counter',
    help: 'Events whose share of outgoing requests was used up, so that an alarm had to go on.',
    labels: [],
  },
] as const;

export function createInvocations({ limits, wakeSoon, ended, answers }: InvocationsOptions): Invocations {
  const metrics = createMetrics(METRICS);
  /** Each lets its request go. */
  const urgent = createFairLines<() => void>();
  const others = createFairLines<() => void>();
  let current: Invocation | undefined;
  let open = 0;
  let isWoken = false;

  /** Lets go whatever may: answers first. */
  function letGo(): void {
    while (current && urgent.size + others.size > 0) {
      if (current.requests >= limits.requests) {
        wake();
        return;
      }
      if (open >= limits.connections) return;
      current.requests++;
      open++;
      const go = urgent.take() ?? others.take();
      go?.();
    }
  }

  function wake(): void {
    if (isWoken) return;
    isWoken = true;
    metrics.count('hawser_worker_shares_used_up_total', {});
    wakeSoon();
  }

  function takeTurn({ signal, line = '', isUrgent = false, turn }: Place): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const answer = answers?.getStore();
      const lines = isUrgent || (answer && !answer.isGiven) ? urgent : others;
      const leave = lines.add(line, () => {
        signal?.removeEventListener('abort', abort);
        turn?.comes();
        resolve();
      });
      const abort = () => {
        leave();
        reject(signal?.reason);
      };
      signal?.addEventListener('abort', abort, { once: true });
      turn?.waits();
      letGo();
    });
  }

  return {
    connections: limits.connections,
    begin: (event) => {
      if (current) {
        metrics.observe('hawser_worker_invocation_requests', { event: current.event }, current.requests);
        ended?.(current);
      }
      current = { event, requests: 0 };
      isWoken = false;
      letGo();
    },
    answer: async (work) => {
      const answer: Answer = { isGiven: false };
      try {
        return await (answers ? answers.run(answer, work) : work());
      } finally {
        answer.isGiven = true;
      }
    },
    run: async (send, place = {}) => {
      await takeTurn(place);
      try {
        return await send();
      } finally {
        open--;
        letGo();
      }
    },
    metricFamilies: () => metrics.families(),
  };
}
