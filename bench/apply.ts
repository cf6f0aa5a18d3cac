// 1,000 ConfigMaps that are not there yet: hawser's apply step and its whole sync, in turns with `kubectl apply --server-side`.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openBenchGround } from './cluster-ground.ts';
import { findKubectl } from './kubectl.ts';
import { configMaps } from './manifests.ts';
import { formatMs, type Row, type Summary, summarise } from './measure.ts';

const OBJECTS = 1_000;
/** hawser is a server that runs for long; kubectl is a process of its own each time. */
const WARM_SYNCS = 3;
const TURNS = Number(process.env.HAWSER_BENCH_TURNS ?? 5);

export async function benchApply(): Promise<readonly Row[]> {
  const kubectl = findKubectl();
  const opened = kubectl ? await openBenchGround() : 'no kubectl';
  if (typeof opened === 'string' || !kubectl) {
    return [
      { what: `apply of ${OBJECTS} ConfigMaps`, figure: `SKIPPED: ${String(opened)} (.ci/peers.sh builds them)` },
    ];
  }
  const { ground, plane, requests } = opened;
  const folder = mkdtempSync(join(tmpdir(), 'hawser-bench-'));
  const file = join(folder, 'all.yaml');
  const manifests = configMaps(OBJECTS);
  writeFileSync(file, manifests);
  const times = { step: [] as number[], sync: [] as number[], plain: [] as number[], validated: [] as number[] };

  const makeNamespace = async (name: string) => {
    await ground.client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
    return name;
  };
  const applyByKubectl = (namespace: string, ...flags: string[]) =>
    kubectl.time(plane.tokenKubeconfig, ['apply', '--server-side', ...flags, '--namespace', namespace, '-f', file]);
  const syncByHawser = async (name: string) => {
    const destinationNamespace = await makeNamespace(name);
    const app = { name, path: '.', repository, destinationNamespace, syncOptions: [], automated: {} };
    await ground.createApplication(app);
    requests.clear();
    const begin = performance.now();
    // As after a push: it is compared, found OutOfSync, and synced.
    await ground.refresh(name);
    const sync = performance.now() - begin;
    const { status } = await ground.application(name);
    const { phase, message } = status.operationState ?? {};
    if (phase !== 'Succeeded' || status.sync?.status !== 'Synced') throw new Error(`${name}: ${phase} ${message}`);
    const applies = requests.all().filter(({ method, path }) => {
      return method === 'PATCH' && path.includes('/configmaps/') && !path.includes('dryRun=All');
    });
    if (applies.length !== OBJECTS) throw new Error(`${name}: ${applies.length} applies`);
    const step = Math.max(...applies.map(({ endMs }) => endMs)) - Math.min(...applies.map(({ beginMs }) => beginMs));
    return { sync, step };
  };

  const repository = await ground.createRepository('bench/apply', { 'all.yaml': manifests });
  try {
    await applyByKubectl(await makeNamespace('warm-kubectl'), '--validate=false');
    for (let warm = 0; warm < WARM_SYNCS; warm++) await syncByHawser(`warm-hawser-${warm}`);
    for (let turn = 0; turn < TURNS; turn++) {
      const { sync, step } = await syncByHawser(`hawser-${turn}`);
      times.sync.push(sync);
      times.step.push(step);
      times.plain.push(await applyByKubectl(await makeNamespace(`plain-${turn}`), '--validate=false'));
      times.validated.push(await applyByKubectl(await makeNamespace(`validated-${turn}`)));
    }
  } finally {
    await opened.close();
    rmSync(folder, { recursive: true, force: true });
  }
  const [step, sync] = [summarise(times.step), summarise(times.sync)];
  const [plain, validated] = [summarise(times.plain), summarise(times.validated)];
  return [
    { what: `hawser: apply step, ${OBJECTS} ConfigMaps`, figure: formatMs(step) },
    { what: 'hawser: whole sync (render, dry run, apply, status)', figure: formatMs(sync) },
    { what: `kubectl ${kubectl.version} apply --server-side --validate=false`, figure: formatMs(plain) },
    { what: `kubectl ${kubectl.version} apply --server-side`, figure: formatMs(validated) },
    faster('apply step, against --validate=false', step, plain, 3),
    faster('apply step, against the default', step, validated, 25),
    faster('whole sync, against --validate=false', sync, plain, 1.7),
  ];
}

function faster(what: string, ours: Summary, theirs: Summary, goal: number): Row {
  const ratio = theirs.median / ours.median;
  return { what, figure: `${ratio.toFixed(1)} × faster`, goal: `≥ ${goal} ×`, holds: ratio >= goal };
}
