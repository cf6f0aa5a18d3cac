// Composition root for workerd: a Worker that hands every request to one Durable Object, in which hawser runs.

import { createApp } from './app.ts';
import { createHawser } from './operation/create.ts';
import type { Hawser } from './operation/hawser.ts';
import { createSourceReaders } from './source/reader.ts';
import type { DurableState, WorkerEnvironment } from './worker/bindings.ts';
import { createWorkerPlatform, takeDueAlarms } from './worker/platform.ts';

export class HawserObject {
  readonly #state: DurableState;
  readonly #hawser: Hawser;
  readonly #fetch: (request: Request) => Response | Promise<Response>;

  constructor(state: DurableState, environment: WorkerEnvironment) {
    const platform = createWorkerPlatform(state, environment);
    const hawser = createHawser({ platform, readSources: createSourceReaders(platform) });
    const app = createApp(hawser, platform);
    this.#state = state;
    this.#hawser = hawser;
    this.#fetch = (request) => app.fetch(request);
    // The first request after a start finds what an earlier life left unfinished.
    platform.background(hawser.resume());
  }

  fetch(request: Request): Response | Promise<Response> {
    return this.#fetch(request);
  }

  async alarm(): Promise<void> {
    for (const name of await takeDueAlarms(this.#state.storage, Date.now())) await this.#hawser.alarm(name);
  }
}

export default {
  fetch(request: Request, { HAWSER }: WorkerEnvironment): Promise<Response> {
    return HAWSER.get(HAWSER.idFromName('hawser')).fetch(request);
  },
};
