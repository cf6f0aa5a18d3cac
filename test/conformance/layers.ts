// The layers of the corpus: which files each reads, who runs it, and the bars that its results must reach.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type LayerResult, readCases, runCases } from './layer.ts';
import { GOTEMPLATE_CHECKS, GOTEMPLATE_DATA } from './layers/gotemplate.ts';

export interface Layer {
  readonly name: string;
  /** What it reads, relative to the corpus; without one of them it is skipped. */
  readonly files: readonly string[];
  run(corpusDir: string): Promise<readonly LayerResult[]>;
}

const gotemplate: readonly Layer[] = Object.entries(GOTEMPLATE_CHECKS).map(([file, createCheck]) => ({
  name: `gotemplate/${file}`,
  files: [`gotemplate/${file}.jsonl`, ...GOTEMPLATE_DATA.map((name) => `gotemplate/${name}`)],
  run: async (corpusDir) => {
    const folder = join(corpusDir, 'gotemplate');
    const check = createCheck((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')));
    return [await runCases(`gotemplate/${file}`, readCases(join(folder, `${file}.jsonl`)), check)];
  },
}));

const inFolder = (folder: string, ...names: readonly string[]) => names.map((name) => `${folder}/${name}`);

export const LAYERS: readonly Layer[] = [
  ...gotemplate,
  {
    name: 'helm',
    files: ['helm/cases.jsonl'],
    run: async (corpusDir) => (await import('./layers/helm.ts')).runHelmLayer(corpusDir),
  },
  {
    name: 'helm/library',
    files: ['helm/cases.jsonl'],
    run: async (corpusDir) => (await import('./layers/helm-library.ts')).runHelmLibraryLayer(corpusDir),
  },
  {
    name: 'kustomize',
    files: ['kustomize/cases.jsonl'],
    run: async (corpusDir) => (await import('./layers/kustomize.ts')).runKustomizeLayer(corpusDir),
  },
  {
    name: 'kustomize/library',
    files: ['kustomize/cases.jsonl'],
    run: async (corpusDir) => (await import('./layers/kustomize-library.ts')).runKustomizeLibraryLayer(corpusDir),
  },
  {
    name: 'kustomize/remote',
    files: ['kustomize/remote.jsonl'],
    run: async (corpusDir) => (await import('./layers/kustomize-remote.ts')).runKustomizeRemoteLayer(corpusDir),
  },
  {
    name: 'jsonnet',
    files: ['jsonnet/index.jsonl'],
    run: async (corpusDir) => (await import('./layers/jsonnet.ts')).runJsonnetLayer(corpusDir),
  },
  {
    name: 'health',
    files: ['health/cases.jsonl'],
    run: async (corpusDir) => (await import('./layers/health.ts')).runHealthLayer(corpusDir),
  },
  {
    name: 'sync',
    files: inFolder('sync', 'order.json', 'recorded-plans.jsonl', 'recorded-steps.jsonl', 'scenarios.jsonl'),
    run: async (corpusDir) => (await import('./layers/sync.ts')).runSyncLayer(corpusDir),
  },
  {
    name: 'diff',
    files: inFolder(
      'diff',
      'tracking.jsonl',
      'hide-secret-data.jsonl',
      'normalize-secret.jsonl',
      'normalize.jsonl',
      'ignore-differences.jsonl',
      'known-types.jsonl',
      'remarshal.jsonl',
      'diff.jsonl',
      'extra.jsonl',
      'structured-merge.jsonl',
      'server-side.jsonl',
    ),
    run: async (corpusDir) => (await import('./layers/diff.ts')).runDiffLayer(corpusDir),
  },
  {
    name: 'webhooks',
    files: ['webhooks/cases.jsonl'],
    run: async (corpusDir) => (await import('./layers/webhooks.ts')).runWebhooksLayer(corpusDir),
  },
];

/** The percent that a result must reach, by the start of its name; the first that fits holds. */
const BARS: readonly (readonly [string, number])[] = [
  ['gotemplate/', 100],
  ['helm/output', 99.5],
  ['helm/library', 99.5],
  ['helm/failing', 100],
  ['helm/', 95],
  ['kustomize/remote', 100],
  ['kustomize', 99],
  ['jsonnet/errors', 97],
  ['jsonnet/traces', 90],
  ['jsonnet', 100],
  ['sync/', 100],
  ['diff/', 97],
  ['webhooks', 100],
  ['health/builtin', 100],
  ['health/customization', 95],
];

/** Undefined where no bar is set yet. */
export function barOf(layer: string): number | undefined {
  return BARS.find(([start]) => layer.startsWith(start))?.[1];
}

/** Whether a layer, or a part of it, is what `--only` names. */
export function isChosen(layer: string, only: string): boolean {
  return layer === only || layer.startsWith(`${only}/`) || layer.endsWith(`/${only}`);
}
