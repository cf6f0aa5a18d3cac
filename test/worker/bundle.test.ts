// What the Worker is made of: its size, and what it asks of Node.

import type { Metafile } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildWorker, gzipBytes, MOST_GZIP_BYTES, type WorkerBundle } from '../../src/node/worker-bundle.ts';

let bundle: WorkerBundle;

beforeAll(async () => {
  bundle = await buildWorker();
});

/** The sources from which a module is imported, through packages alone. */
function sourcesThatNeed(path: string, { inputs }: Metafile): readonly string[] {
  const sources = new Set<string>();
  const looked = new Set<string>();
  const open = [path];
  for (const wanted of open) {
    for (const [file, { imports }] of Object.entries(inputs)) {
      if (looked.has(file) || !imports.some((imported) => imported.path === wanted)) continue;
      looked.add(file);
      if (file.startsWith('src/')) sources.add(file);
      else open.push(file);
    }
  }
  return [...sources].sort();
}

describe('the bundle of the Worker', () => {
  it('is at most 1 MB, compressed', () => {
    expect(MOST_GZIP_BYTES).toBe(1_000_000);
    expect(gzipBytes(bundle.code)).toBeLessThanOrEqual(MOST_GZIP_BYTES);
  });

  it('asks Node for node:buffer alone, and that for isomorphic-git', () => {
    const wanted = Object.values(bundle.metafile.outputs).flatMap(({ imports }) => imports.map(({ path }) => path));
    expect([...new Set(wanted)].filter((path) => !path.startsWith('cloudflare:'))).toEqual(['node:buffer']);
    expect(sourcesThatNeed('node:buffer', bundle.metafile)).toEqual(['src/git/isomorphic-git.ts']);
  });

  it('has nothing of the command line, the sandbox, Node and the browser', () => {
    const files = Object.keys(bundle.metafile.inputs);
    expect(files.length).toBeGreaterThan(500);
    expect(files.filter((file) => /^src\/(cli|sandbox|node|library|ui\/web)\//.test(file))).toEqual([]);
  });
});
