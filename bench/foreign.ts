// What a refresh costs beside 10,000 objects of others, in turns with the same refresh on a cluster without them.

import { mapConcurrent } from '../src/base/concurrency.ts';
import { type BenchGround, openBenchGround } from './cluster-ground.ts';
import { configMaps } from './manifests.ts';
import { formatMs, type Row, summarise } from './measure.ts';

const FOREIGN = 10_000;
const OWN = 200;
const TURNS = 20;
const GOAL = 1.15;
const SIZES = [100, 200, 400, 800] as const;

export async function benchForeign(): Promise<readonly Row[]> {
  const opened: BenchGround[] = [];
  try {
    for (let count = 0; count < 2; count++) {
      const one = await openBenchGround();
      if (typeof one === 'string')
        return [{ what: 'refresh beside foreign objects', figure: `SKIPPED: ${one} (.ci/peers.sh builds them)` }];
      opened.push(one);
    }
    const [alone, crowded] = opened;
    if (!alone || !crowded) throw new Error('there are two clusters');
    for (const one of opened) await makeApplication(one, 'own', OWN);
    await addForeign(crowded);
    return [...(await compareRefreshes(alone, crowded)), ...(await measureGrowth(crowded))];
  } finally {
    for (const one of opened) await one.close();
  }
}

async function makeApplication({ ground }: BenchGround, name: string, objects: number): Promise<void> {
  await ground.client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  const repository = await ground.createRepository(`bench/${name}`, { 'all.yaml': configMaps(objects) });
  await ground.createApplication({ name, path: '.', repository, destinationNamespace: name, syncOptions: [] });
  const { status } = await ground.sync(name);
  if (status.sync?.status !== 'Synced') throw new Error(`${name} is ${status.sync?.status}`);
}

/** Half of them in the Application's own namespace. */
async function addForeign({ ground }: BenchGround): Promise<void> {
  await ground.client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'foreign' } });
  await mapConcurrent(Array.from({ length: FOREIGN }), 48, (_, index) => {
    const metadata = { name: `foreign-${index}`, namespace: index % 2 === 0 ? 'own' : 'foreign' };
    return ground.client.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { index: String(index) } });
  });
}

async function compareRefreshes(alone: BenchGround, crowded: BenchGround): Promise<readonly Row[]> {
  const times = { alone: [] as number[], crowded: [] as number[] };
  for (const one of [alone, crowded]) for (let warm = 0; warm < 3; warm++) await refresh(one, 'own');
  for (const one of [alone, crowded]) one.requests.clear();
  for (let turn = 0; turn < TURNS; turn++) {
    times.alone.push(await refresh(alone, 'own'));
    times.crowded.push(await refresh(crowded, 'own'));
  }
  const lines = ({ requests }: BenchGround) =>
    requests
      .all()
      .map(({ method, path }) => `${method} ${path}`)
      .sort();
  const [before, after] = [lines(alone), lines(crowded)];
  const isSame = before.length === after.length && before.every((line, index) => line === after[index]);
  const [first, second] = [summarise(times.alone), summarise(times.crowded)];
  const ratio = second.median / first.median;
  return [
    { what: `refresh of ${OWN} objects, alone`, figure: formatMs(first) },
    { what: `refresh of ${OWN} objects beside ${FOREIGN} of others`, figure: formatMs(second) },
    { what: 'ratio of medians', figure: `${ratio.toFixed(2)} ×`, goal: `≤ ${GOAL} ×`, holds: ratio <= GOAL },
    {
      what: `requests of ${TURNS} refreshes`,
      figure: `${before.length} and ${after.length}`,
      goal: 'the same ones',
      holds: isSame,
    },
  ];
}

/** Linear in its own objects: the time an object does not grow with their number. */
async function measureGrowth(opened: BenchGround): Promise<readonly Row[]> {
  const medians: { readonly size: number; readonly median: number; readonly requests: number }[] = [];
  for (const size of SIZES) {
    const name = `own-${size}`;
    await makeApplication(opened, name, size);
    for (let warm = 0; warm < 2; warm++) await refresh(opened, name);
    opened.requests.clear();
    const times: number[] = [];
    for (let turn = 0; turn < 5; turn++) times.push(await refresh(opened, name));
    medians.push({ size, median: summarise(times).median, requests: opened.requests.all().length / 5 });
  }
  const [small, large] = [medians[0], medians.at(-1)];
  if (!small || !large) return [];
  const growth = large.median / large.size / (small.median / small.size);
  return [
    {
      what: `refresh of ${SIZES.join(', ')} objects`,
      figure: medians.map(({ median, requests }) => `${median.toFixed(0)} ms (${requests} requests)`).join(', '),
    },
    {
      what: 'time an object, the most against the least',
      figure: `${growth.toFixed(2)} ×`,
      goal: '≤ 1.2 ×',
      holds: growth <= 1.2,
    },
  ];
}

async function refresh({ ground }: BenchGround, name: string): Promise<number> {
  const begin = performance.now();
  await ground.refresh(name);
  return performance.now() - begin;
}
