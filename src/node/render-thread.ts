// A thread for renders that take long, so that a webhook is answered while they run (design 5.6). There is one, started when it is first
// needed, and ended when it was not needed for a while: idle, it costs nothing.

import { MessageChannel, Worker } from 'node:worker_threads';
import { HawserError } from '../base/errors.ts';
import { errorOf, thrownValue } from '../base/thrown-value.ts';
import type { RenderElsewhere, RenderedElsewhere, RenderJob } from '../source/render-job.ts';
import type { Answered, Asked, DoneJob, GivenJob } from './render-thread-entry.ts';

/** What workerData tells the file of the whole program, so that it becomes the thread (build.js). */
export const RENDER_THREAD = 'hawser-render-thread';

export interface RenderThreadOptions {
  /** How long a thread that has nothing to do is kept. */
  readonly keepMs?: number;
  /** Of all that templates and manifests make; a render that needs more ends, and the process goes on. */
  readonly maxMegabytes?: number;
  /** The engines have bounds of their own; this holds where one has none. */
  readonly maxMs?: number;
}

export interface RenderThread extends RenderElsewhere {
  /** Whether there is a thread now. */
  isRunning(): boolean;
  close(): Promise<void>;
}

const KEEP_MS = 30_000;
const MAX_MEGABYTES = 384;
const MAX_MS = 180_000;

/** Young objects of a render are many; V8's own choice for a thread would let them take a third of what the process may have. */
const YOUNG_MEGABYTES = 12;

/** `failed` is the render's own error; `ended` is what the thread ends with. */
type Run = { readonly rendered: RenderedElsewhere } | { readonly failed: Error } | { readonly ended: Error };

export function createRenderThread(options: RenderThreadOptions = {}): RenderThread {
  const { keepMs = KEEP_MS, maxMegabytes = MAX_MEGABYTES, maxMs = MAX_MS } = options;
  let worker: Worker | undefined;
  let idleTimer: NodeJS.Timeout | undefined;
  let last: Promise<unknown> = Promise.resolve();
  let isClosed = false;

  function start(): Worker {
    const started = new Worker(entryFile(), {
      workerData: RENDER_THREAD,
      resourceLimits: { maxOldGenerationSizeMb: maxMegabytes, maxYoungGenerationSizeMb: YOUNG_MEGABYTES },
    });
    // Between two jobs, it keeps nobody from ending.
    started.unref();
    // An error of its own ends it; the job that runs then is told by its own listeners.
    started.on('error', () => undefined);
    started.on('exit', () => {
      if (worker === started) worker = undefined;
    });
    return started;
  }

  async function end(): Promise<void> {
    clearTimeout(idleTimer);
    const ended = worker;
    worker = undefined;
    await ended?.terminate();
  }

  async function run(job: RenderJob, answer: Answer, signal: AbortSignal | undefined): Promise<RenderedElsewhere> {
    signal?.throwIfAborted();
    if (isClosed) throw new HawserError('Unavailable', 'hawser is ending');
    clearTimeout(idleTimer);
    worker ??= start();
    const done = await carryOut(worker, job, answer, { maxMs, maxMegabytes, signal });
    if ('ended' in done) {
      await end();
      throw done.ended;
    }
    // The next render may come soon.
    idleTimer = setTimeout(() => void end(), keepMs).unref();
    if ('failed' in done) throw done.failed;
    return done.rendered;
  }

  return {
    render: (job, answer, signal) => {
      const rendered = last.then(() => run(job, answer, signal));
      last = rendered.catch(() => undefined);
      return rendered;
    },
    isRunning: () => worker !== undefined,
    close: async () => {
      isClosed = true;
      await end();
    },
  };
}

type Answer = (name: string, args: readonly unknown[]) => unknown;

interface Bounds {
  readonly maxMs: number;
  readonly maxMegabytes: number;
  readonly signal: AbortSignal | undefined;
}

function carryOut(worker: Worker, job: RenderJob, answer: Answer, bounds: Bounds): Promise<Run> {
  const { maxMs, maxMegabytes, signal } = bounds;
  const { port1: port, port2 } = new MessageChannel();
  const bell = new Int32Array(new SharedArrayBuffer(4));
  return new Promise<Run>((resolve) => {
    const settle = (run: Run) => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      worker.off('message', onDone).off('error', onError).off('exit', onExit).unref();
      port.close();
      resolve(run);
    };
    const end = (error: Error) => settle({ ended: error });
    const onAbort = () => end(reasonOf(signal));
    const onError = (error: Error) => end(explain(error, maxMegabytes));
    const onExit = () => end(new HawserError('Internal', 'the thread that renders has ended'));
    const onDone = (done: DoneJob) => settle('thrown' in done ? { failed: errorOf(done.thrown) } : done);
    const timer = setTimeout(
      () => end(new HawserError('LimitExceeded', `the source took longer than ${maxMs / 1000} s to render`)),
      maxMs,
    );
    signal?.addEventListener('abort', onAbort, { once: true });
    worker.on('message', onDone).on('error', onError).on('exit', onExit).ref();
    port.on('message', ({ name, args }: Asked) => {
      port.postMessage(answerTo(answer, name, args));
      Atomics.store(bell, 0, 1);
      Atomics.notify(bell, 0);
    });
    const given: GivenJob = { job, port: port2, bell };
    worker.postMessage(given, [port2]);
  });
}

function answerTo(answer: Answer, name: string, args: readonly unknown[]): Answered {
  try {
    return { value: answer(name, args) };
  } catch (error) {
    return { thrown: thrownValue(error) };
  }
}

function reasonOf(signal: AbortSignal | undefined): Error {
  const reason: unknown = signal?.reason;
  return reason instanceof Error ? reason : new Error(String(reason));
}

function explain(error: Error, megabytes: number): Error {
  if (!('code' in error) || error.code !== 'ERR_WORKER_OUT_OF_MEMORY') return error;
  return new HawserError('LimitExceeded', `the source needs more than ${megabytes} MB of memory to render`, {
    cause: error,
  });
}

/** From the sources, a file of its own; in a package there is one file, which becomes the thread when it is told so. */
function entryFile(): URL {
  return import.meta.url.endsWith('.ts')
    ? new URL('./render-thread-main.ts', import.meta.url)
    : new URL(import.meta.url);
}
