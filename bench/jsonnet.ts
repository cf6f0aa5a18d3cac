// `hawser jsonnet` against `jsonnet` (go-jsonnet): whole processes in turns, on programs of the corpus and on one in the style of
// kube-prometheus; then a process that is warm, on those programs of the corpus that take jsonnet longest.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { evaluateJsonnetFile } from '../src/library/jsonnet.ts';
import { diskTree } from '../src/node/disk-tree.ts';
import { readCases } from '../test/conformance/layer.ts';
import { findPeer } from '../test/support/peers.ts';
import { formatProcess, type Measured, measureInTurns, ourPrograms, type Program } from './in-turns.ts';
import { type Row, summarise } from './measure.ts';

const ROUNDS = Number(process.env.HAWSER_BENCH_ROUNDS ?? 15);
const WARM_UP_ROUNDS = 8;
const MEMORY_ROUNDS = 3;
const WARM_ROUNDS = 40;

/** Programs that take jsonnet so long are compared as whole processes. */
const LONG_MS = 20;
const SLOWEST = 10;
const LONG_GOAL = 1.5;

const MONITORING = join(import.meta.dirname, 'jsonnet/monitoring.jsonnet');

interface Timed {
  readonly name: string;
  /** Of the real command, beyond what it takes to start. */
  readonly ms: number;
}

export async function benchJsonnet(): Promise<readonly Row[]> {
  const corpus = process.env.HAWSER_CORPUS ?? resolve(import.meta.dirname, '../../shared/corpus');
  const jsonnet = findPeer('jsonnet');
  if (jsonnet === undefined) return [{ what: 'hawser jsonnet against jsonnet', figure: 'SKIPPED: no jsonnet' }];
  const scratch = mkdtempSync(join(tmpdir(), 'hawser-bench-jsonnet-'));
  try {
    const folder = join(corpus, 'jsonnet/testdata');
    const rows = benchProcess('monitoring', MONITORING, jsonnet, scratch, 1);
    if (!existsSync(folder)) return [...rows, { what: 'programs of the corpus', figure: 'SKIPPED: no corpus' }];
    const timed = slowest(corpus, jsonnet);
    const long = timed.filter(({ ms }) => ms > LONG_MS);
    const [first] = timed;
    const none = `none takes jsonnet over ${LONG_MS} ms; the slowest, ${first?.name}: ${first?.ms.toFixed(1)} ms`;
    return [
      ...rows,
      ...(long.length === 0 ? [{ what: 'programs of the corpus, whole processes', figure: none }] : []),
      ...long.flatMap(({ name }) => benchProcess(name, join(folder, `${name}.jsonnet`), jsonnet, scratch, LONG_GOAL)),
      ...timed.slice(0, SLOWEST).map((one) => warmRow(one, folder)),
    ];
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Those that give a value without variables and host functions, by what they take the real command. */
function slowest(corpus: string, jsonnet: string): readonly Timed[] {
  const folder = join(corpus, 'jsonnet/testdata');
  const names = readCases(join(corpus, 'jsonnet/index.jsonl'))
    .filter(({ kind, name }) => kind === 'value' && !/^(extvar_|native)/.test(String(name)))
    .map(({ name }) => String(name))
    .filter((name) => peerMs(join(folder, `${name}.jsonnet`), jsonnet, 1) !== undefined);
  const start = summarise(Array.from({ length: 20 }, () => peerMs(undefined, jsonnet, 1) ?? 0)).median;
  const first = names
    .map((name) => ({ name, ms: peerMs(join(folder, `${name}.jsonnet`), jsonnet, 2) ?? 0 }))
    .sort((a, b) => b.ms - a.ms)
    .slice(0, 3 * SLOWEST);
  // A single run may have been held up by anything.
  return first
    .map(({ name }) => ({ name, ms: (peerMs(join(folder, `${name}.jsonnet`), jsonnet, 9) ?? 0) - start }))
    .sort((a, b) => b.ms - a.ms);
}

/** The median of some runs; undefined where it fails. Without a path, of a program that is nothing. */
function peerMs(path: string | undefined, jsonnet: string, runs: number): number | undefined {
  const times: number[] = [];
  for (let run = 0; run < runs; run++) {
    const begin = performance.now();
    const { status } = spawnSync(jsonnet, path === undefined ? ['-e', '0'] : [path], { maxBuffer: 1 << 28 });
    if (status !== 0) return undefined;
    times.push(performance.now() - begin);
  }
  return summarise(times).median;
}

function benchProcess(label: string, path: string, jsonnet: string, scratch: string, goal: number): Row[] {
  const peer: Program = { name: 'jsonnet', command: [jsonnet, path] };
  const empty: Program = { name: 'node', command: [process.execPath, '-e', '0'] };
  const ours = ourPrograms(scratch).map(({ name, command }) => ({ name, command: [...command, 'jsonnet', path] }));
  for (const { command } of ours) checkSame(command, peer.command);
  const measured = measureInTurns([peer, empty, ...ours], {
    rounds: ROUNDS,
    warmUpRounds: WARM_UP_ROUNDS,
    memoryRounds: MEMORY_ROUNDS,
    env: { ...process.env, XDG_CACHE_HOME: join(scratch, 'cache') },
  });
  const figuresOf = (program: Program): Measured => {
    const figures = measured.get(program);
    if (!figures) throw new Error(`${program.name} was not measured`);
    return figures;
  };
  const [theirs, start] = [figuresOf(peer), figuresOf(empty)];
  return [
    { what: `${label}: jsonnet`, figure: formatProcess(theirs) },
    { what: `${label}: node -e 0`, figure: formatProcess(start) },
    ...ours.map((program, index) => {
      const own = figuresOf(program);
      const net = (own.wall.median - start.wall.median) / theirs.wall.median;
      const cpu = (own.cpuMs - start.cpuMs) / theirs.cpuMs;
      const what = `${label}: ${program.name}`;
      const figure = `${formatProcess(own)}; net of node's start: time ${net.toFixed(2)} ×, CPU ${cpu.toFixed(2)} ×`;
      if (index > 0) return { what, figure };
      return { what, figure, goal: `time net of node's start ≤ ${goal.toFixed(1)} × jsonnet`, holds: net <= goal };
    }),
  ];
}

function checkSame(ours: readonly string[], theirs: readonly string[]): void {
  const outputOf = ([program = '', ...args]: readonly string[]) =>
    spawnSync(program, args, { maxBuffer: 1 << 28, encoding: 'utf8' }).stdout;
  if (outputOf(ours) !== outputOf(theirs)) throw new Error(`${ours.at(-1)}: the bytes are not jsonnet's`);
}

/** One process, every program from the files on the disk: the code is warm, no result is kept. */
function warmRow({ name, ms }: Timed, folder: string): Row {
  const tree = diskTree(folder);
  const times: number[] = [];
  for (let round = 0; round < 2 * WARM_ROUNDS; round++) {
    const begin = performance.now();
    evaluateJsonnetFile(tree, `${name}.jsonnet`).json();
    if (round >= WARM_ROUNDS) times.push(performance.now() - begin);
  }
  const warm = summarise(times);
  const ratio = warm.median / ms;
  return {
    what: `${name}: warm process, from the disk each time`,
    figure: `median ${warm.median.toFixed(2)} ms, p95 ${warm.p95.toFixed(2)} ms (n = ${warm.n}); jsonnet ${ms.toFixed(2)} ms beyond its start; ${ratio.toFixed(2)} ×`,
    goal: '≤ 1.0 × jsonnet, net of its start',
    holds: ratio <= 1,
  };
}
