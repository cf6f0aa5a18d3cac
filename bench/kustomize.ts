// `hawser build` against `kustomize build` over kustomizations of the corpus: whole processes in turns, then a process that is warm.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { buildKustomization } from '../src/library/kustomize.ts';
import { diskTree } from '../src/node/disk-tree.ts';
import { type Case, readCases } from '../test/conformance/layer.ts';
import { findPeer } from '../test/support/peers.ts';
import { formatProcess, type Measured, measureInTurns, ourPrograms, type Program } from './in-turns.ts';
import { type Row, summarise } from './measure.ts';

const ROUNDS = Number(process.env.HAWSER_BENCH_ROUNDS ?? 15);
const WARM_UP_ROUNDS = 8;
const MEMORY_ROUNDS = 3;
const WARM_ROUNDS = 150;

/** Cases of each size: by what they take kustomize, as it is there that the sizes are told apart. */
const SMALL_MS = 150;
const LARGE_MS = 300;
const CASES = 2;

/** Beyond what Node takes to start. */
const SMALL_GOAL_MS = 30;

interface Kustomization {
  readonly id: string;
  readonly folder: string;
  readonly expected: string;
}

interface Sized extends Kustomization {
  readonly size: 'small' | 'medium' | 'large';
  /** What is promised of a warm process. */
  readonly warmRatio: number | undefined;
}

export async function benchKustomize(): Promise<readonly Row[]> {
  const corpus = process.env.HAWSER_CORPUS ?? resolve(import.meta.dirname, '../../shared/corpus');
  const kustomize = findPeer('kustomize');
  if (kustomize === undefined || !existsSync(join(corpus, 'kustomize/cases.jsonl'))) {
    const missing = kustomize ? 'corpus' : 'kustomize';
    return [{ what: 'hawser build against kustomize build', figure: `SKIPPED: no ${missing}` }];
  }
  const folder = mkdtempSync(join(tmpdir(), 'hawser-bench-kustomize-'));
  try {
    return casesBySize(join(corpus, 'kustomize'), kustomize).flatMap((one) => benchCase(one, kustomize, folder));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Of public repositories: those at the middle and at three quarters of all, the slowest and the fastest of medium ones, and the slowest of all. */
function casesBySize(folder: string, kustomize: string): readonly Sized[] {
  const isPlain = ({ exit, flags, kind }: Case) =>
    exit === 0 && kind === 'repo' && Array.isArray(flags) && flags.length === 0;
  const timed = readCases(join(folder, 'cases.jsonl'))
    .filter(isPlain)
    .map(({ id, dir, root, expected }) => ({
      id: String(id),
      folder: resolve(folder, String(dir), String(root)),
      expected: join(folder, String(expected)),
    }))
    .map((one) => ({ one, ms: peerMs(one.folder, kustomize, 1) }))
    .sort((a, b) => a.ms - b.ms);
  const small = [0.5, 0.75].flatMap((share) => timed[Math.floor(share * timed.length)]?.one ?? []);
  // A single run may have been held up by anything.
  const slowest = timed
    .slice(-20)
    .map(({ one }) => ({ one, ms: peerMs(one.folder, kustomize, 5) }))
    .sort((a, b) => b.ms - a.ms);
  const large = slowest.filter(({ ms }) => ms > LARGE_MS).slice(0, CASES);
  const between = slowest.filter(({ ms }) => ms >= SMALL_MS && ms <= LARGE_MS);
  const medium = between.length > CASES ? [...between.slice(0, 1), ...between.slice(-1)] : between;
  return [
    ...small.map((one) => ({ ...one, size: 'small', warmRatio: 10 }) as const),
    ...medium.reverse().map(({ one }) => ({ ...one, size: 'medium', warmRatio: undefined }) as const),
    ...large.reverse().map(({ one }) => ({ ...one, size: 'large', warmRatio: 1 }) as const),
  ];
}

/** The quickest of some runs: whatever else the machine does makes none of them quicker. */
function peerMs(folder: string, kustomize: string, runs: number): number {
  const times = Array.from({ length: runs }, () => {
    const begin = performance.now();
    const { status, stderr } = spawnSync(kustomize, ['build', folder], { maxBuffer: 1 << 28 });
    if (status !== 0) throw new Error(`kustomize build ${folder} failed: ${stderr}`);
    return performance.now() - begin;
  });
  return summarise(times).min;
}

function benchCase(one: Sized, kustomize: string, folder: string): Row[] {
  const build = ({ name, command }: Program): Program => ({ name, command: [...command, 'build', one.folder] });
  const peer = build({ name: 'kustomize', command: [kustomize] });
  const empty: Program = { name: 'node', command: [process.execPath, '-e', '0'] };
  const ours = ourPrograms(folder).map(build);
  const measured = measureInTurns([peer, empty, ...ours], {
    rounds: ROUNDS,
    warmUpRounds: WARM_UP_ROUNDS,
    memoryRounds: MEMORY_ROUNDS,
    env: { ...process.env, XDG_CACHE_HOME: join(folder, 'cache') },
  });
  const figuresOf = (program: Program): Measured => {
    const figures = measured.get(program);
    if (!figures) throw new Error(`${program.name} was not measured`);
    return figures;
  };
  const [theirs, start] = [figuresOf(peer), figuresOf(empty)];
  const label = `${one.size} (${one.id.split('-').slice(1).join('-').slice(-40)})`;
  return [
    { what: `${label}: kustomize build`, figure: formatProcess(theirs) },
    { what: `${label}: node -e 0`, figure: formatProcess(start) },
    ...ours.map((program, index) =>
      compareProcess(`${label}: ${program.name}`, figuresOf(program), { theirs, start }, one, index === 0),
    ),
    warmRow(label, one, theirs),
  ];
}

/** `counts`: the goals hold of this one; the others stand beside it. */
function compareProcess(
  what: string,
  ours: Measured,
  { theirs, start }: { readonly theirs: Measured; readonly start: Measured },
  { size }: Sized,
  counts: boolean,
): Row {
  const cpu = ours.cpuMs / theirs.cpuMs;
  const wall = ours.wall.median / theirs.wall.median;
  const own = ours.cpuMs - start.cpuMs;
  const figure = `${formatProcess(ours)}; CPU ${cpu.toFixed(2)} × kustomize, time ${wall.toFixed(2)} ×, CPU ${own.toFixed(0)} ms over node's start`;
  if (!counts) return { what, figure };
  if (size === 'small') {
    return { what, figure, goal: `CPU ≤ node's start + ${SMALL_GOAL_MS} ms`, holds: own <= SMALL_GOAL_MS };
  }
  const goal = size === 'medium' ? 1 : 0.7;
  return { what, figure, goal: `CPU ≤ ${goal.toFixed(1)} × kustomize`, holds: cpu <= goal };
}

/** One process, every build from the files on the disk: the code is warm, no result is kept. */
function warmRow(label: string, { folder, expected, warmRatio }: Sized, theirs: Measured): Row {
  const root = realpathSync(folder).slice(1);
  const wanted = readFileSync(expected, 'utf8');
  const times: number[] = [];
  for (let round = 0; round < 2 * WARM_ROUNDS; round++) {
    const begin = performance.now();
    const text = buildKustomization(diskTree('/'), root);
    if (round >= WARM_ROUNDS) times.push(performance.now() - begin);
    if (text !== wanted) throw new Error(`${folder}: the bytes are not kustomize's`);
  }
  const warm = summarise(times);
  const factor = theirs.wall.median / warm.median;
  return {
    what: `${label}: warm process, from the disk each time`,
    figure: `median ${warm.median.toFixed(2)} ms, p95 ${warm.p95.toFixed(2)} ms (n = ${warm.n}); ${factor.toFixed(1)} × faster`,
    ...(warmRatio !== undefined && { goal: `≥ ${warmRatio} × faster`, holds: factor >= warmRatio }),
  };
}
