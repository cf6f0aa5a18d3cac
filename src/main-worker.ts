// Composition root for workerd: a Worker that hands every request to one Durable Object, in which hawser runs.

import { createApp } from './app.ts';
import { createHawser } from './operation/create.ts';
import type { Platform } from './platform.ts';
import { createSourceReaders } from './source/reader.ts';
import { createBeginning } from './worker/beginning.ts';
import type { DurableState, DurableStorage, WorkerEnvironment } from './worker/bindings.ts';
import { answerMisconfigured } from './worker/configuration.ts';
import type { Events } from './worker/events.ts';
import { beginLife, type Inhabitant } from './worker/life.ts';
import type { Limits } from './worker/limits.ts';

/** An alarm that finds hawser misconfigured is for the one that will be configured. */
const LATER_MS = 5 * 60_000;

export class HawserObject {
  readonly #storage: DurableStorage;
  readonly #live: () => Promise<Events>;

  constructor(state: DurableState, environment: WorkerEnvironment) {
    this.#storage = state.storage;
    this.#live = createBeginning(() => beginLife(state, environment, runHawser));
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

function runHawser(platform: Platform, { waitMs }: Limits): Inhabitant {
  const hawser = createHawser({ platform, readSources: createSourceReaders(platform), waitMs });
  const app = createApp(hawser, platform);
  platform.background(hawser.registerNotices());
  // Known from now on: a webhook can be checked while the cluster is away, even the first one.
  hawser.webhookSettings().catch(() => undefined);
  // What an earlier life left unfinished.
  platform.background(hawser.resume());
  return { answer: async (request) => app.fetch(request), wake: hawser.alarm };
}
