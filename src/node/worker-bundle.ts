// The Worker's code as one ES module: what the build puts into dist/, what `npm run dev` runs and what the tests start.

import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { Metafile } from 'esbuild';
import { bcryptWithoutNode } from './bcrypt-without-node.ts';
import { lazyPackages } from './lazy-packages.ts';
import { workerBuiltins } from './worker-builtins.ts';

const ENTRY = new URL('../main-worker.ts', import.meta.url);
const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Of the compressed code: a third of what the smallest of Cloudflare's plans takes. */
export const MOST_GZIP_BYTES = 1_000_000;

export interface WorkerBundle {
  readonly code: string;
  /** What is in it, and from where; paths from the root of the checkout. */
  readonly metafile: Metafile;
}

/** Throws esbuild's own error for sources that cannot be bundled. `entry`: another main module. */
export async function buildWorker(entry: URL = ENTRY): Promise<WorkerBundle> {
  const { build } = await import('esbuild');
  const { outputFiles, metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: [fileURLToPath(entry)],
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'neutral',
    target: 'es2024',
    conditions: ['workerd', 'worker', 'browser'],
    mainFields: ['module', 'main'],
    external: ['node:*', 'cloudflare:*'],
    plugins: [bcryptWithoutNode, lazyPackages(ROOT), workerBuiltins],
    minify: true,
    legalComments: 'none',
    logLevel: 'silent',
  });
  return { code: outputFiles[0]?.text ?? '', metafile };
}

/** The code alone. */
export async function bundleWorker(entry?: URL): Promise<string> {
  return (await buildWorker(entry)).code;
}

/** As Cloudflare counts it. */
export function gzipBytes(code: string): number {
  return gzipSync(code, { level: 9 }).length;
}
