// The platform in workerd as a Worker that runs programs: hawser's own (src/main-worker.ts), in which something else lives.

import type { Platform } from '../../../src/platform.ts';
import { createBeginning } from '../../../src/worker/beginning.ts';
import type { DurableState, WorkerEnvironment } from '../../../src/worker/bindings.ts';
import type { Events } from '../../../src/worker/events.ts';
import { beginLife, type Inhabitant } from '../../../src/worker/life.ts';
import type { Fired } from '../ports/programs/program.ts';
import { answerProgram } from '../ports/programs/programs.ts';

export class HawserObject {
  readonly #live: () => Promise<Events>;

  constructor(state: DurableState, environment: WorkerEnvironment) {
    this.#live = createBeginning(() => beginLife(state, environment, runPrograms));
  }

  async fetch(request: Request): Promise<Response> {
    return (await this.#live()).fetch(request);
  }

  async alarm(): Promise<void> {
    await (await this.#live()).alarm();
  }
}

function runPrograms(platform: Platform): Inhabitant {
  const fired: Fired[] = [];
  return {
    answer: (request) => answerProgram({ platform, fired }, request),
    wake: async (name) => void fired.push({ name, atMs: platform.clock.now() }),
  };
}

export default {
  fetch(request: Request, { HAWSER }: WorkerEnvironment): Promise<Response> {
    return HAWSER.get(HAWSER.idFromName('hawser')).fetch(request);
  },
};
