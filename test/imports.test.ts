// Holds the direction of imports: the folders of src/ are the architecture, and each may import only what lies below it.

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const SRC = resolve(import.meta.dirname, '../src');

/** Top to bottom; folders of one row may not import each other. */
const LAYERS = [
  ['main-node.ts', 'main-worker.ts', 'main-cli.ts', 'main-dev.ts', 'worker-entry.ts', 'library'],
  ['node', 'worker', 'cli', 'sandbox'],
  ['app.ts'],
  ['ui'],
  ['webhook', 'api'],
  // Who asks, and what that one may do.
  ['account'],
  ['operation'],
  ['sync', 'compare', 'health', 'source'],
  ['application'],
  // A fetcher as git is; it takes git's HTTP and render's YAML, which its indexes are written in.
  ['charts', 'git-host', 'notify'],
  // Interpreters that know nothing of clusters; Go's formats, which Lua's string library follows, are render's.
  ['lua', 'expr'],
  ['git', 'render', 'kube'],
  // The Go types of the built-in kinds: what decoding, defaulting and merging need to know of them.
  ['typed'],
  ['platform.ts'],
  ['base'],
] as const;

/** The same inside render/, top to bottom. */
const RENDER_LAYERS = [
  ['kustomize'],
  ['helm', 'jsonnet', 'directory'],
  ['gotemplate'],
  ['sprig'],
  ['yaml'],
  ['go', 'tree.ts'],
] as const;

/** Imports between folders of one row that are meant: composition roots' helpers. */
const NODE_FREE = (file: string) =>
  !/^(node|cli)\//.test(file) && !/^main-(node|cli|dev)\.ts$/.test(file) && !file.startsWith('sandbox/listen/');

interface Import {
  readonly from: string;
  readonly to: string;
}

function* walk(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* walk(path);
    else if (/\.tsx?$/.test(entry.name)) yield path;
  }
}

function readImports(): Import[] {
  const found: Import[] = [];
  for (const file of walk(SRC)) {
    const text = readFileSync(file, 'utf8');
    for (const match of text.matchAll(/(?:\bfrom\s+|\bimport\s*\(\s*|^import\s+)['"]([^'"]+)['"]/gm)) {
      const specifier = match[1] ?? '';
      const to = specifier.startsWith('.') ? relative(SRC, resolve(dirname(file), specifier)) : specifier;
      found.push({ from: relative(SRC, file), to });
    }
  }
  return found;
}

function rankIn(layers: readonly (readonly string[])[], part: string): number {
  return layers.findIndex((layer) => layer.includes(part));
}

function breaksLayers(layers: readonly (readonly string[])[], from: string, to: string): boolean {
  if (from === to) return false;
  // Composition roots may load one another.
  if (from.startsWith('main-') && to.startsWith('main-')) return false;
  return rankIn(layers, to) <= rankIn(layers, from);
}

const imports = readImports();
const partOf = (path: string, depth: number) => path.split('/')[depth] ?? '';

describe('the direction of imports', () => {
  it('finds the imports at all', () => {
    expect(imports.length).toBeGreaterThan(50);
  });

  it('knows every folder and file at the top of src', () => {
    const known: string[] = LAYERS.flat();
    const unknown = [...new Set([...walk(SRC)].map((file) => partOf(relative(SRC, file), 0)))].filter(
      (part) => !known.includes(part),
    );
    expect(unknown).toEqual([]);
  });

  it('goes down only', () => {
    const up = imports.filter(
      ({ from, to }) => rankIn(LAYERS, partOf(to, 0)) >= 0 && breaksLayers(LAYERS, partOf(from, 0), partOf(to, 0)),
    );
    expect(up.map(({ from, to }) => `${from} -> ${to}`)).toEqual([]);
  });

  it('keeps render below everything, and its own folders in order', () => {
    const inside = imports.filter(({ from, to }) => from.startsWith('render/') && rankIn(LAYERS, partOf(to, 0)) >= 0);
    const wrong = inside.filter(({ from, to }) => {
      if (!to.startsWith('render/')) return !to.startsWith('base/');
      return breaksLayers(RENDER_LAYERS, partOf(from, 1), partOf(to, 1));
    });
    expect(wrong.map(({ from, to }) => `${from} -> ${to}`)).toEqual([]);
  });

  it('keeps kube free of everything but base and platform', () => {
    const wrong = imports.filter(
      ({ from, to }) =>
        from.startsWith('kube/') && rankIn(LAYERS, partOf(to, 0)) >= 0 && !/^(kube|base|platform\.ts)/.test(to),
    );
    expect(wrong.map(({ from, to }) => `${from} -> ${to}`)).toEqual([]);
  });

  it('keeps node:* in the Node adapters', () => {
    const wrong = imports.filter(({ from, to }) => NODE_FREE(from) && to.startsWith('node:'));
    expect(wrong.map(({ from, to }) => `${from} -> ${to}`)).toEqual([]);
  });
});
