// npm run fuzz: HAWSER_FUZZ_RUNS runs (100,000) of the properties in a thread, watched from here: an input that takes too long is a failure.
// `-- SEED` repeats a run.

import { fileURLToPath } from 'node:url';
import { isMainThread, Worker, workerData } from 'node:worker_threads';
import { createCoverage, familyCounts, formatCoverage, NODE_KINDS } from './coverage.ts';
import { fuzz } from './properties.ts';

const HANG_MS = 10_000;
const INPUT_BYTES = 1 << 16;

if (isMainThread) watch();
else work();

/** Two numbers (how many inputs were begun, the length of the last) and its text. */
interface Shared {
  readonly counts: Int32Array;
  readonly text: Uint8Array;
}

function sharedOver(buffer: SharedArrayBuffer): Shared {
  return { counts: new Int32Array(buffer, 0, 2), text: new Uint8Array(buffer, 8) };
}

function watch(): void {
  const buffer = new SharedArrayBuffer(8 + INPUT_BYTES);
  const { counts, text } = sharedOver(buffer);
  const runs = Number(process.env.HAWSER_FUZZ_RUNS ?? 100_000);
  const seed = Number(process.argv[2] ?? Date.now() % 2 ** 31);
  process.stdout.write(`${runs} runs with the seed ${seed}\n`);
  const worker = new Worker(fileURLToPath(import.meta.url), { workerData: { buffer, runs, seed } });
  let last = { begun: 0, at: performance.now() };
  const timer = setInterval(() => {
    const begun = counts[0] ?? 0;
    if (begun !== last.begun) last = { begun, at: performance.now() };
    else if (begun > 0 && performance.now() - last.at > HANG_MS) {
      const input = new TextDecoder().decode(text.slice(0, counts[1]));
      process.stderr.write(`input ${begun} did not end within ${HANG_MS} ms: ${JSON.stringify(input)}\n`);
      process.exit(1);
    }
  }, 1_000);
  worker.on('error', (error) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  });
  worker.on('exit', (code) => {
    clearInterval(timer);
    process.stdout.write(`${counts[0]} inputs\n`);
    if (code !== 0) process.exitCode = code;
  });
}

function work(): void {
  const { buffer, runs, seed }: { buffer: SharedArrayBuffer; runs: number; seed: number } = workerData;
  const { counts, text } = sharedOver(buffer);
  const encoder = new TextEncoder();
  const coverage = createCoverage();
  const onInput = (input: string) => {
    // encodeInto refuses shared memory.
    const bytes = encoder.encode(input).subarray(0, INPUT_BYTES);
    text.set(bytes);
    counts[1] = bytes.length;
    counts[0] = (counts[0] ?? 0) + 1;
  };
  fuzz({ runs, seed, coverage, onInput });
  process.stdout.write(formatCoverage(coverage));
  const missed = [
    ...NODE_KINDS.filter((kind) => !coverage.nodes.has(kind)),
    ...[...familyCounts(coverage)].filter(([, { calls }]) => calls === 0).map(([family]) => family),
  ];
  if (missed.length > 0) throw new Error(`never reached: ${missed.join(', ')}`);
}
