// Composition root for workerd: a Worker that hands every request to one Durable Object, in which hawser runs.

import { createApp } from './app.ts';
import { messageOf } from './base/errors.ts';
import { createHawser } from './operation/create.ts';
import type { Hawser } from './operation/hawser.ts';
import type { Platform } from './platform.ts';
import { createSourceReaders } from './source/reader.ts';
import type { DurableState, WorkerEnvironment } from './worker/bindings.ts';
import { createWorkerPlatform, takeDueAlarms } from './worker/platform.ts';

/** Work goes on after an answer. Should the object be put away meanwhile, an alarm after this time starts it again. */
const GUARD_MS = 60_000;
const GUARD = 'guard';

export class HawserObject {
  readonly #state: DurableState;
  readonly #platform: Platform;
  readonly #hawser: Hawser;
  readonly #fetch: (request: Request) => Response | Promise<Response>;
  #isGuarded = false;

  constructor(state: DurableState, environment: WorkerEnvironment) {
    const platform = createWorkerPlatform(state, environment);
    const hawser = createHawser({ platform, readSources: createSourceReaders(platform) });
    const app = createApp(hawser, platform);
    this.#state = state;
    this.#platform = platform;
    this.#hawser = hawser;
    this.#fetch = (request) => app.fetch(request);
    // The first request after a start finds what an earlier life left unfinished.
    platform.background(hawser.registerNotices());
    // Known from now on: a webhook can be checked while the cluster is away, even the first one.
    hawser.webhookSettings().catch(() => undefined);
    platform.background(hawser.resume().finally(() => this.#guard()));
  }

  async fetch(request: Request): Promise<Response> {
    if (request.method === 'GET' || request.method === 'HEAD') return this.#fetch(request);
    // The answer may promise work that outlasts this life: it is not given before the guard stands.
    const guarding = this.#isGuarded ? undefined : this.#setGuard();
    const response = await this.#fetch(request);
    await readRest(request);
    await guarding;
    this.#platform.background(this.#guard());
    return response;
  }

  async alarm(): Promise<void> {
    const nowMs = Date.now();
    const due = await takeDueAlarms(this.#state.storage, nowMs, { name: GUARD, atMs: nowMs + GUARD_MS });
    for (const name of due) {
      // What one is for must not be lost because another one failed.
      await this.#wake(name).catch((error: unknown) =>
        this.#platform.log.error('an alarm failed', { alarm: name, error: messageOf(error) }),
      );
    }
    this.#platform.background(this.#guard());
  }

  async #wake(alarm: string): Promise<void> {
    if (alarm !== GUARD) return this.#hawser.alarm(alarm);
    // The work that it guards may go on in this very life.
    if (!this.#isGuarded) await this.#hawser.resume();
  }

  async #guard(): Promise<void> {
    if (this.#isGuarded) return;
    this.#isGuarded = true;
    try {
      await this.#setGuard();
      await this.#hawser.idle();
    } finally {
      this.#isGuarded = false;
    }
    await this.#platform.alarms.cancel(GUARD);
  }

  async #setGuard(): Promise<void> {
    await this.#platform.alarms.set(GUARD, Date.now() + GUARD_MS);
  }
}

export default {
  fetch(request: Request, { HAWSER }: WorkerEnvironment): Promise<Response> {
    return HAWSER.get(HAWSER.idFromName('hawser')).fetch(request);
  },
};

/** What of a body is read to its end though nobody wanted it. */
const MOST_UNREAD_BYTES = 64 << 10;

/** workerd closes a connection on which a body was not read, and the sender's next request on it fails. */
async function readRest(request: Request): Promise<void> {
  const bytes = Number(request.headers.get('content-length') ?? Number.NaN);
  if (request.bodyUsed || !(bytes <= MOST_UNREAD_BYTES)) return;
  await request.arrayBuffer().catch(() => undefined); // The sender has gone.
}
