// Bytes and time until the files of one chart are here, against `git clone --depth 1` of the same repository, in turns, both through the real
// `git http-backend`; and how they grow with the repository.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGitClient, type GitClient } from '../src/git/client.ts';
import type { ReadSet } from '../src/git/read-set.ts';
import { createConnectedFetch } from '../src/node/connected-fetch.ts';
import { git, hasGit } from '../test/support/git-cli.ts';
import { type HttpBackend, startHttpBackend } from '../test/support/git-http-backend.ts';
import { type Row, type Summary, summarise } from './measure.ts';
import { FILES_PER_CHART, type LargeRepository, makeRepository, manifest } from './repositories.ts';

const TURNS = Number(process.env.HAWSER_BENCH_ROUNDS ?? 7);
const SIZES = [4_000, 40_000] as const;
const CLONE_GOAL = 10;
const GROWTH_GOAL = 1.5;

/**
 * A repository grows by more folders, none of which gets many entries: the tree of a folder names all that is in it, and no protocol can give
 * a part of it.
 */
const LAYOUTS = {
  wide: (chart: number) => `team-${Math.floor(chart / 40)}/app-${chart % 40}`,
  deep: (chart: number) =>
    `area-${Math.floor(chart / 200)}/team-${Math.floor(chart / 40) % 5}/env-${Math.floor(chart / 8) % 5}/apps/app-${chart % 8}`,
} as const;

type Layout = keyof typeof LAYOUTS;

interface Fetched {
  readonly bytes: number;
  readonly requests: number;
  readonly wall: Summary;
}

export async function benchFetch(): Promise<readonly Row[]> {
  if (!hasGit()) return [{ what: 'fetch of one chart', figure: 'SKIPPED: no git' }];
  const root = mkdtempSync(join(tmpdir(), 'hawser-bench-fetch-'));
  const backend = await startHttpBackend(root);
  const rows: Row[] = [];
  try {
    for (const allowFilter of [true, false]) {
      for (const layout of ['wide', 'deep'] as const)
        rows.push(...(await benchLayout(root, backend, layout, allowFilter)));
    }
    return rows;
  } finally {
    await backend.close();
    rmSync(root, { recursive: true, force: true });
  }
}

async function benchLayout(root: string, backend: HttpBackend, layout: Layout, allowFilter: boolean): Promise<Row[]> {
  const rows: Row[] = [];
  const bytes: number[] = [];
  for (const size of SIZES) {
    const name = `${layout}-${size}-${allowFilter ? 'filter' : 'plain'}.git`;
    const repository = await makeRepository(root, name, filesOf(layout, size), {
      'uploadpack.allowFilter': String(allowFilter),
    });
    const url = `${backend.url}/${name}`;
    // In the middle of the repository.
    const chart = LAYOUTS[layout](size / FILES_PER_CHART / 2 + 3);
    const [ours, clone] = await fetchInTurns(root, backend, url, chart);
    const push = await fetchAfterPush(backend, repository, url, chart);
    const label = `${layout}, ${size} files, ${allowFilter ? 'filters' : 'no filters'}`;
    const factor = clone.bytes / ours.bytes;
    rows.push(
      { what: `${label}: git clone --depth 1 --no-checkout`, figure: formatFetched(clone) },
      {
        what: `${label}: one chart of ${FILES_PER_CHART} files`,
        figure: `${formatFetched(ours)}; ${factor.toFixed(1)} × fewer bytes, time ${(ours.wall.median / clone.wall.median).toFixed(2)} ×`,
        ...(allowFilter && { goal: `≥ ${CLONE_GOAL} × fewer bytes`, holds: factor >= CLONE_GOAL }),
      },
      { what: `${label}: after a push to it`, figure: formatFetched(push) },
    );
    bytes.push(ours.bytes);
    rmSync(repository.folder, { recursive: true, force: true });
  }
  const growth = (bytes.at(-1) ?? Number.NaN) / (bytes[0] ?? Number.NaN);
  rows.push({
    what: `${layout}, ${allowFilter ? 'filters' : 'no filters'}: bytes of one chart, ${SIZES.join(' → ')} files`,
    figure: `${growth.toFixed(2)} ×`,
    ...(allowFilter && { goal: `≤ ${GROWTH_GOAL} ×`, holds: growth <= GROWTH_GOAL }),
  });
  return rows;
}

function* filesOf(layout: Layout, size: number): Generator<readonly [string, string]> {
  for (let index = 0; index < size; index++) {
    const chart = Math.floor(index / FILES_PER_CHART);
    const file = index % FILES_PER_CHART;
    const name = file === 0 ? 'Chart.yaml' : file === 1 ? 'values.yaml' : `templates/object-${file}.yaml`;
    yield [`${LAYOUTS[layout](chart)}/${name}`, manifest(`c${chart}-f${file}`)];
  }
}

/** Each time a client that knows nothing yet, and a clone into a new folder; without files on the disk, which hawser writes none of either. */
async function fetchInTurns(
  root: string,
  backend: HttpBackend,
  url: string,
  chart: string,
): Promise<readonly [Fetched, Fetched]> {
  const ours: Once[] = [];
  const clones: Once[] = [];
  for (let turn = 0; turn <= TURNS; turn++) {
    const one = await once(backend, () => openChart(createClient(), url, chart));
    const folder = join(root, 'clone');
    const other = await once(backend, () =>
      git(root, 'clone', '--quiet', '--depth', '1', '--no-checkout', url, folder),
    );
    rmSync(folder, { recursive: true, force: true });
    // The first turn warms both.
    if (turn === 0) continue;
    ours.push(one);
    clones.push(other);
  }
  return [summariseFetches(ours), summariseFetches(clones)];
}

/** The client that has rendered the chart before learns what a push to it changed. */
async function fetchAfterPush(
  backend: HttpBackend,
  repository: LargeRepository,
  url: string,
  chart: string,
): Promise<Fetched> {
  const client = createClient();
  let readSet = await openChart(client, url, chart);
  const times: Once[] = [];
  for (let turn = 0; turn < TURNS; turn++) {
    await repository.commit(`${chart}/values.yaml`, manifest(`change-${turn}`));
    times.push(
      await once(backend, async () => {
        readSet = await openChart(client, url, chart, readSet);
      }),
    );
  }
  return summariseFetches(times);
}

function createClient(): GitClient {
  return createGitClient({ fetch: createConnectedFetch() });
}

/** From the name of the branch to the bytes of every file, as a render reads them. */
async function openChart(client: GitClient, url: string, chart: string, readSet?: ReadSet): Promise<ReadSet> {
  const refs = await client.listRefs({ url }, { prefixes: ['refs/heads/main'] });
  const head = refs.byName.get('refs/heads/main');
  if (!head) throw new Error('there is no branch');
  const tree = await client.openCommit({ url }, head.id, { paths: [chart], readSet });
  let files = 0;
  const read = (folder: string) => {
    for (const { name, kind } of tree.list(folder) ?? []) {
      if (kind === 'directory') read(`${folder}/${name}`);
      else if (tree.readFile(`${folder}/${name}`)) files++;
    }
  };
  read(chart);
  if (files !== FILES_PER_CHART) throw new Error(`${chart} has ${files} files`);
  return tree.readSet();
}

interface Once {
  readonly bytes: number;
  readonly requests: number;
  readonly ms: number;
}

async function once(backend: HttpBackend, work: () => Promise<unknown>): Promise<Once> {
  backend.requests.length = 0;
  const begin = performance.now();
  await work();
  const ms = performance.now() - begin;
  const bytes = backend.requests.reduce((sum, { sent, received }) => sum + sent + received, 0);
  return { bytes, requests: backend.requests.length, ms };
}

function summariseFetches(times: readonly Once[]): Fetched {
  return {
    bytes: summarise(times.map(({ bytes }) => bytes)).median,
    requests: summarise(times.map(({ requests }) => requests)).median,
    wall: summarise(times.map(({ ms }) => ms)),
  };
}

function formatFetched({ bytes, requests, wall }: Fetched): string {
  return `${(bytes / 1000).toFixed(1)} kB in ${requests} requests, ${wall.median.toFixed(0)} ms (p95 ${wall.p95.toFixed(0)})`;
}
