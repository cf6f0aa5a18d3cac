// The thread that renders: it takes jobs one after the other, and waits for the answers to what they ask without going on.

import { type MessagePort, parentPort, receiveMessageOnPort } from 'node:worker_threads';
import { errorOf, type ThrownValue, thrownValue } from '../base/thrown-value.ts';
import { doRenderJob, type RenderedElsewhere, type RenderJob } from '../source/render-job.ts';
import type { AskNeed, RenderNeeds } from '../source/render-needs.ts';

/** To the thread. */
export interface GivenJob {
  readonly job: RenderJob;
  /** Where it asks. */
  readonly port: MessagePort;
  /** Its first number is 1 once an answer is there. */
  readonly bell: Int32Array<SharedArrayBuffer>;
}

export interface Asked {
  readonly name: string;
  readonly args: readonly unknown[];
}

export type Answered = { readonly value: unknown } | { readonly thrown: ThrownValue };

/** From the thread. */
export type DoneJob = { readonly rendered: RenderedElsewhere } | { readonly thrown: ThrownValue };

/** Called by the file that the thread was started with. */
export function runRenderThread(): void {
  if (!parentPort) throw new Error('this is no thread');
  const jobs = parentPort;
  jobs.on('message', ({ job, port, bell }: GivenJob) => {
    const ask: AskNeed = <Name extends keyof RenderNeeds>(name: Name, ...args: Parameters<RenderNeeds[Name]>) => {
      Atomics.store(bell, 0, 0);
      port.postMessage({ name, args } satisfies Asked);
      Atomics.wait(bell, 0, 0);
      const answered = receiveMessageOnPort(port)?.message as Answered;
      if ('thrown' in answered) throw errorOf(answered.thrown);
      return answered.value as ReturnType<RenderNeeds[Name]>;
    };
    jobs.postMessage(carryOut(job, ask));
    port.close();
  });
}

function carryOut(job: RenderJob, ask: AskNeed): DoneJob {
  try {
    return { rendered: doRenderJob(job, ask) };
  } catch (error) {
    return { thrown: thrownValue(error) };
  }
}
