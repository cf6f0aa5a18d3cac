// Composition root for workerd: a Worker that hands every request to one Durable Object, in which hawser runs.

import { createBeginning } from './worker/beginning.ts';
import type { DurableState, DurableStorage, WorkerEnvironment } from './worker/bindings.ts';
import { answerMisconfigured } from './worker/configuration.ts';
import type { Events } from './worker/events.ts';
import { beginLife } from './worker/life.ts';

/** An alarm that finds hawser misconfigured is for the one that will be configured. */
const LATER_MS = 5 * 60_000;

export class HawserObject {
  readonly #storage: DurableStorage;
  readonly #live: () => Promise<Events>;

  constructor(state: DurableState, environment: WorkerEnvironment) {
    this.#storage = state.storage;
    this.#live = createBeginning(() => beginLife(state, environment));
  }

  async fetch(request: Request): Promise<Response> {
    let life: Events;
    try {
      life = await this.#live();
    } catch (error) {
      return answerMisconfigured(error);
    }
    return life.fetch(request);
  }

  async alarm(): Promise<void> {
    let life: Events;
    try {
      life = await this.#live();
    } catch {
      await this.#storage.setAlarm(Date.now() + LATER_MS);
      return;
    }
    await life.alarm();
  }
}

export default {
  fetch(request: Request, { HAWSER }: WorkerEnvironment): Promise<Response> {
    return HAWSER.get(HAWSER.idFromName('hawser')).fetch(request);
  },
};
