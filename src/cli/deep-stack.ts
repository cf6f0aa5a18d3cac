// The same command again, in a thread of this process whose stack is as deep as was asked for: the main thread's is what the machine gave.

import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

interface Given {
  readonly isDeep: true;
  readonly stdin: string | undefined;
}

/** No thread gets more; it is the machine's only as far as it is used. */
const MOST_MEGABYTES = 900;

function given(): Given | undefined {
  return !isMainThread && workerData?.isDeep === true ? workerData : undefined;
}

/** What was piped into the process, in such a thread. */
export function deepStdin(): string | undefined {
  return given()?.stdin;
}

/** The exit code; undefined where this is such a thread, or where none can be had: then it is to be done here. */
export function runDeep(megabytes: number, stdin: string | undefined): Promise<number | undefined> {
  const [, program] = process.argv;
  if (!isMainThread || program === undefined) return Promise.resolve(undefined);
  const data: Given = { isDeep: true, stdin };
  const { promise, resolve } = Promise.withResolvers<number | undefined>();
  const worker = new Worker(program, {
    argv: process.argv.slice(2),
    workerData: data,
    resourceLimits: { stackSizeMb: Math.min(Math.ceil(megabytes), MOST_MEGABYTES) },
  });
  let code: number | undefined;
  worker.on('message', (message: number) => {
    code = message;
  });
  worker.on('error', (error) => {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
    code ??= 1;
  });
  worker.on('exit', () => resolve(code));
  return promise;
}

/** In such a thread: what the command ended with. */
export function tellDeep(code: number): void {
  if (given()) parentPort?.postMessage(code);
}
