// What a life of the Worker fetched and rendered serves the next one: from R2, or from the Cache API.

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { WorkerOptions } from '../../src/node/miniflare.ts';
import { createWorkerGround, type GroundWorker, type WorkerGround } from './support/worker-ground.ts';

const CHART = {
  'chart/Chart.yaml': 'apiVersion: v2\nname: app\nversion: 1.0.0\n',
  'chart/values.yaml': 'key: one\n',
  'chart/templates/settings.yaml':
    'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\ndata:\n  key: {{ .Values.key }}\n',
};

const CASES: readonly (readonly [
  string,
  Partial<WorkerOptions>,
  { readonly isKept: boolean; readonly kind: string },
])[] = [
  ['R2', { r2: true, cache: false }, { isKept: true, kind: 'R2' }],
  ['the Cache API', {}, { isKept: true, kind: 'Cache API' }],
  ['neither', { cache: false }, { isKept: false, kind: 'Cache API' }],
];

describe('Git objects in a Worker', () => {
  let ground: WorkerGround;
  beforeAll(async () => {
    ground = await createWorkerGround();
  });
  afterAll(() => ground?.close());

  /** Renders and applies, whatever is known. */
  async function sync(worker: GroundWorker, name: string): Promise<void> {
    const answer = await worker.post(`/api/v1/applications/${name}/sync`, {});
    expect([answer.status, await answer.text()]).toMatchObject([200, expect.any(String)]);
    const succeeded = () => worker.lines.some(({ message }) => /^Sync operation to .* succeeded$/.test(message));
    await expect.poll(succeeded, { timeout: 30_000 }).toBe(true);
  }

  it.each(CASES)('serve the life after a restart with %s', async (_, options, { isKept, kind }) => {
    const name = `app-${kind === 'R2' ? 'r2' : isKept ? 'edge' : 'none'}`;
    await ground.commit(`devops/${name}`, CHART);
    await ground.createApplication(name, `devops/${name}`, 'chart');
    const first = await ground.start(options);
    const before = ground.fetches();
    await sync(first, name);
    const fetched = ground.fetches() - before;
    expect(fetched).toBeGreaterThan(0);
    expect(first.lines).toContainEqual(expect.objectContaining({ message: 'hawser serves', cache: kind }));
    // What is written goes on after the answer: the commit, the chart's folder, the read set.
    const values = () => valuesIn(join(ground.storage, kind === 'R2' ? 'r2' : 'cache'));
    if (isKept) await expect.poll(values, { timeout: 30_000 }).toBeGreaterThanOrEqual(3);
    await first.close();

    const second = await ground.start(options);
    await sync(second, name);
    expect(ground.fetches() - before - fetched).toBe(isKept ? 0 : fetched);
    expect(second.lines.filter(({ level }) => level === 'error')).toEqual([]);
    await second.close();
  });
});

/** What lies below the folder of R2 or of the Cache API. */
async function valuesIn(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile() && entry.parentPath.endsWith('blobs')).length;
}
