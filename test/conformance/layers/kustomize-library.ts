// The corpus of kustomizations through the library alone: no command line.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isHawserError } from '../../../src/base/errors.ts';
import { type BuildOptions, buildKustomization, createHelmPort } from '../../../src/library/kustomize.ts';
import { diskTree } from '../../../src/node/disk-tree.ts';
import { type Case, type LayerResult, readCases, runCases } from '../layer.ts';
import { firstDifference } from './kustomize.ts';

/** Runs all cases of `kustomize/cases.jsonl`; a case that fails must fail with the library's own error. */
export async function runKustomizeLibraryLayer(corpusDir: string): Promise<LayerResult[]> {
  const folder = join(corpusDir, 'kustomize');
  const cases = readCases(join(folder, 'cases.jsonl'));
  return [await runCases('kustomize/library', cases, (record) => checkCase(record, folder))];
}

function checkCase(record: Case, folder: string): string | undefined {
  const expected = readFileSync(join(folder, String(record.expected)), 'utf8');
  const tree = diskTree(join(folder, String(record.dir)));
  const flags = Array.isArray(record.flags) ? record.flags.map(String) : [];
  try {
    const output = buildKustomization(tree, cleanPath(String(record.root)), optionsOf(flags));
    return record.exit === 0 ? firstDifference(expected, output) : 'succeeds, and should fail';
  } catch (error) {
    if (!isHawserError(error)) throw error;
    return record.exit === 0 ? `fails: ${error.message}` : undefined;
  }
}

function cleanPath(root: string): string {
  return root
    .split('/')
    .filter((part) => part !== '.' && part !== '')
    .join('/');
}

function optionsOf(flags: readonly string[]): BuildOptions {
  const valuesOf = (name: string) =>
    flags.flatMap((flag, index) =>
      flag === name ? (flags[index + 1] ?? []) : flag.startsWith(`${name}=`) ? flag.slice(name.length + 1) : [],
    );
  const last = (name: string) => valuesOf(name).at(-1);
  const environment = {
    now: () => Date.now(),
    random: (length: number) => crypto.getRandomValues(new Uint8Array(length)),
  };
  return {
    ...(last('--reorder') === 'none' && { reorder: 'none' }),
    loadRestrictor: last('--load-restrictor') === 'LoadRestrictionsNone' ? 'none' : 'rootOnly',
    enableHelm: flags.includes('--enable-helm') || flags.includes('--enable-alpha-plugins'),
    helmApiVersions: valuesOf('--helm-api-versions'),
    helmKubeVersion: last('--helm-kube-version') ?? '',
    managedByLabel: flags.includes('--enable-managedby-label'),
    helm: createHelmPort(environment),
  };
}
