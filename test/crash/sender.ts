// The Git server's side of webhooks: signed Gogs deliveries, each sent again until it is answered with 202.

import { createHmac, randomUUID } from 'node:crypto';
import type { CrashRepository } from './repositories.ts';

export interface CrashDelivery {
  readonly id: string;
  readonly body: string;
}

export interface Sender {
  /** Resolves when it was taken. */
  send(delivery: CrashDelivery): Promise<void>;
  readonly answered: {
    readonly id: string;
    /** Of the attempt that was answered. */
    readonly ms: number;
    readonly attempts: number;
    readonly verdicts: readonly string[];
  }[];
  /** Answers other than 202, and what else went wrong: how often. */
  readonly failures: Map<string, number>;
}

/** As Gogs' DELIVER_TIMEOUT. */
const TIMEOUT_MS = 5_000;
const PAUSE_MS = 200;
const GIVE_UP_MS = 120_000;

export function deliveryOf(
  repository: CrashRepository,
  gitUrl: string,
  { from, to }: { readonly from: number; readonly to: number },
): CrashDelivery {
  const address = `${gitUrl}/${repository.name}`;
  return {
    id: randomUUID(),
    body: JSON.stringify({
      ref: 'refs/heads/main',
      before: repository.commits[from],
      after: repository.commits[to],
      commits: [],
      repository: {
        name: repository.name,
        full_name: repository.name,
        html_url: address,
        clone_url: `${address}.git`,
        ssh_url: `git@127.0.0.1:${repository.name}.git`,
        default_branch: 'main',
      },
      pusher: { login: 'kim', username: 'kim' },
    }),
  };
}

export function createSender(url: string, secret: string): Sender {
  const answered: Sender['answered'] = [];
  const failures: Sender['failures'] = new Map();
  const count = (what: string) => failures.set(what, (failures.get(what) ?? 0) + 1);
  return {
    answered,
    failures,
    send: async ({ id, body }) => {
      const headers = {
        'content-type': 'application/json',
        'x-gogs-event': 'push',
        'x-gogs-delivery': id,
        'x-gogs-signature': createHmac('sha256', secret).update(body).digest('hex'),
      };
      const giveUpAt = performance.now() + GIVE_UP_MS;
      for (let attempts = 1; ; attempts++) {
        const begin = performance.now();
        try {
          const signal = AbortSignal.timeout(TIMEOUT_MS);
          const response = await fetch(`${url}/api/webhook`, { method: 'POST', headers, body, signal });
          const text = await response.text();
          if (response.status === 202) {
            const verdicts = [...text.matchAll(/"verdict":"([^"]*)"/g)].map((match) => match[1] ?? '');
            answered.push({ id, ms: performance.now() - begin, attempts, verdicts });
            return;
          }
          count(`${response.status} ${text.slice(0, 200)}`);
        } catch (error) {
          const cause = error instanceof Error ? (error.cause ?? error) : error;
          count(cause instanceof Error ? ((cause as NodeJS.ErrnoException).code ?? cause.name).toString() : 'unknown');
        }
        if (performance.now() > giveUpAt) throw new Error(`the delivery ${id} was not taken within ${GIVE_UP_MS} ms`);
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      }
    },
  };
}
