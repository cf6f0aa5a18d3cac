// `hawser template` against `helm template` over charts of the corpus: whole processes in turns, then a process that is warm.

import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import {
  loadChart,
  mergeValueSources,
  parseKubeVersion,
  renderChart,
  type SprigEnvironment,
} from '../src/library/helm.ts';
import { diskTree } from '../src/node/disk-tree.ts';
import type { Values } from '../src/render/helm/chart.ts';
import { type Case, readCases } from '../test/conformance/layer.ts';
import { findPeer } from '../test/support/peers.ts';
import { formatProcess, type Measured, measureInTurns, ourPrograms, type Program } from './in-turns.ts';
import { type Row, summarise } from './measure.ts';

const ROUNDS = Number(process.env.HAWSER_BENCH_ROUNDS ?? 21);
const WARM_UP_ROUNDS = 15;
const MEMORY_ROUNDS = 5;
const WARM_ROUNDS = 50;
const KUBE_VERSION = '1.36.0';

/** Where in the charts of the corpus, sorted by the bytes of their files, each size lies; and what is promised of it. */
const SIZES = [
  { size: 'small', share: 0.25, warmRatio: 20, memoryRatio: 2 },
  { size: 'medium', share: 0.5, warmRatio: undefined, memoryRatio: undefined },
  { size: 'largest', share: 1, warmRatio: 4, memoryRatio: 1.5 },
] as const;

type Size = (typeof SIZES)[number];

export async function benchHelm(): Promise<readonly Row[]> {
  const corpus = process.env.HAWSER_CORPUS ?? resolve(import.meta.dirname, '../../shared/corpus');
  const helm = findPeer('helm');
  if (helm === undefined || !existsSync(join(corpus, 'helm/cases.jsonl'))) {
    return [{ what: 'hawser template against helm template', figure: `SKIPPED: no ${helm ? 'corpus' : 'helm'}` }];
  }
  const folder = mkdtempSync(join(tmpdir(), 'hawser-bench-helm-'));
  try {
    return chartsBySize(join(corpus, 'helm')).flatMap(({ chart, ...size }) => benchChart(size, chart, helm, folder));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Charts that render without any values, by the bytes of their files. */
function chartsBySize(folder: string): (Size & { readonly chart: string })[] {
  const isPlain = ({ id, exit }: Case) => exit === 0 && String(id).endsWith('--default');
  const charts = readCases(join(folder, 'cases.jsonl'))
    .filter(isPlain)
    .map(({ chart }) => join(folder, String(chart)));
  const sorted = charts.map((path) => ({ path, bytes: bytesOf(path) })).sort((a, b) => a.bytes - b.bytes);
  return SIZES.map((size) => ({ ...size, chart: sorted[Math.ceil(size.share * sorted.length) - 1]?.path ?? '' }));
}

function bytesOf(folder: string): number {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
}

function benchChart(size: Size, chart: string, helm: string, folder: string): Row[] {
  const args = ['template', 'rel', chart, '--namespace', 'demo', '--kube-version', KUBE_VERSION];
  const withArguments = ({ name, command }: Program): Program => ({ name, command: [...command, ...args] });
  const peer = withArguments({ name: 'helm', command: [helm] });
  const ours = ourPrograms(folder).map(withArguments);
  const measured = measureInTurns([peer, ...ours], {
    rounds: ROUNDS,
    warmUpRounds: WARM_UP_ROUNDS,
    memoryRounds: MEMORY_ROUNDS,
    env: { ...process.env, XDG_CACHE_HOME: join(folder, 'cache') },
  });
  const theirs = measured.get(peer);
  if (!theirs) throw new Error('helm was not measured');
  const label = `${size.size} (${chart.slice(chart.lastIndexOf('/') + 1)})`;
  return [
    { what: `${label}: helm template`, figure: formatProcess(theirs) },
    ...ours.flatMap((program, index) => {
      const figures = measured.get(program);
      return figures ? compareProcess(`${label}: ${program.name}`, figures, theirs, size, index === 0) : [];
    }),
    warmRow(label, chart, theirs, size),
  ];
}

/** `counts`: the goals hold of this one; the others stand beside it. */
function compareProcess(what: string, ours: Measured, theirs: Measured, size: Size, counts: boolean): Row[] {
  const ratio = ours.wall.median / theirs.wall.median;
  const time: Row = {
    what,
    figure: `${formatProcess(ours)}; ratio ${ratio.toFixed(2)}, CPU ${(ours.cpuMs / theirs.cpuMs).toFixed(2)}`,
    ...(counts && { goal: 'time ≤ 0.8 × helm', holds: ratio <= 0.8 }),
  };
  if (!counts || size.memoryRatio === undefined || !ours.megabytes || !theirs.megabytes) return [time];
  const memory = ours.megabytes / theirs.megabytes;
  return [
    time,
    {
      what: `${what}: peak memory`,
      figure: `${memory.toFixed(2)} × helm`,
      goal: `≤ ${size.memoryRatio} × helm`,
      holds: memory <= size.memoryRatio,
    },
  ];
}

/** One process, the chart loaded once, other values each time: templates stay parsed, no result is kept. */
function warmRow(label: string, chart: string, theirs: Measured, size: Size): Row {
  const environment: SprigEnvironment = {
    now: () => Date.now(),
    random: (length) => crypto.getRandomValues(new Uint8Array(length)),
  };
  const loaded = loadChart(diskTree('/'), chart.slice(1));
  const render = (values: Values) =>
    renderChart({
      chart: loaded,
      values,
      release: { name: 'rel', namespace: 'demo' },
      capabilities: { kubeVersion: parseKubeVersion(KUBE_VERSION) },
      environment,
    });
  const times: number[] = [];
  for (let round = 0; round < 2 * WARM_ROUNDS; round++) {
    const begin = performance.now();
    render(mergeValueSources({ set: [`nameOverride=n${round}`] }, (name) => readFileSync(name)));
    if (round >= WARM_ROUNDS) times.push(performance.now() - begin);
  }
  const warm = summarise(times);
  const factor = theirs.wall.median / warm.median;
  return {
    what: `${label}: warm process, other values each time`,
    figure: `median ${warm.median.toFixed(2)} ms, p95 ${warm.p95.toFixed(2)} ms (n = ${warm.n}); ${factor.toFixed(1)} × faster`,
    ...(size.warmRatio !== undefined && { goal: `≥ ${size.warmRatio} × faster`, holds: factor >= size.warmRatio }),
  };
}
