// A sync of 200 objects in which nothing has changed, in turns with `kubectl diff --server-side` of the same.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openBenchGround } from './cluster-ground.ts';
import { findKubectl } from './kubectl.ts';
import { configMaps } from './manifests.ts';
import { formatMs, type Row, summarise } from './measure.ts';

const OBJECTS = 200;
const TURNS = Number(process.env.HAWSER_BENCH_TURNS ?? 9);
const GOAL = 10;
/** hawser is a server that runs for long; kubectl is a process of its own each time. */
const WARM_SYNCS = 20;

export async function benchNoChange(): Promise<readonly Row[]> {
  const kubectl = findKubectl();
  const opened = kubectl ? await openBenchGround() : 'no kubectl';
  if (typeof opened === 'string' || !kubectl) {
    return [
      { what: `sync of ${OBJECTS} unchanged objects`, figure: `SKIPPED: ${String(opened)} (.ci/peers.sh builds them)` },
    ];
  }
  const { ground, plane } = opened;
  const folder = mkdtempSync(join(tmpdir(), 'hawser-bench-'));
  const file = join(folder, 'all.yaml');
  const manifests = configMaps(OBJECTS);
  writeFileSync(file, manifests);
  const namespace = 'no-change';
  const syncs: number[] = [];
  const diffs: number[] = [];
  try {
    await ground.client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
    const repository = await ground.createRepository('bench/no-change', { 'all.yaml': manifests });
    await ground.createApplication({
      name: namespace,
      path: '.',
      repository,
      destinationNamespace: namespace,
      syncOptions: [],
    });
    for (let warm = 0; warm < WARM_SYNCS; warm++) await ground.sync(namespace);
    for (let turn = 0; turn < TURNS; turn++) {
      const begin = performance.now();
      await ground.request('POST', `/api/v1/applications/${namespace}/sync`, {});
      await ground.hawser.idle();
      syncs.push(performance.now() - begin);
      const { status } = await ground.application(namespace);
      const { phase, syncResult } = status.operationState ?? {};
      const isUnchanged = syncResult?.resources?.every(({ message }) => message?.endsWith(' unchanged'));
      if (phase !== 'Succeeded' || !isUnchanged)
        throw new Error(`the sync did not leave everything as it was: ${phase}`);
      // What kubectl's own manager would come to own is no difference to it.
      const args = ['diff', '--server-side', '--namespace', namespace, '-f', file];
      diffs.push(await kubectl.time(plane.tokenKubeconfig, args));
    }
  } finally {
    await opened.close();
    rmSync(folder, { recursive: true, force: true });
  }
  const [ours, theirs] = [summarise(syncs), summarise(diffs)];
  const ratio = theirs.median / ours.median;
  return [
    { what: `hawser: sync of ${OBJECTS} unchanged objects`, figure: formatMs(ours) },
    { what: `kubectl ${kubectl.version} diff --server-side`, figure: formatMs(theirs) },
    { what: 'ratio of medians', figure: `${ratio.toFixed(1)} × faster`, goal: `≥ ${GOAL} ×`, holds: ratio >= GOAL },
  ];
}
