// The corpus of real charts through the library alone, from files in memory: no disk, no command line.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SprigEnvironment, Tree } from '../../../src/library/helm.ts';
import {
  DEFAULT_CAPABILITIES,
  loadChart,
  mergeValueSources,
  parseKubeVersion,
  renderChart,
} from '../../../src/library/helm.ts';
import { diskTree } from '../../../src/node/disk-tree.ts';
import { type Case, type LayerResult, readCases, runCases } from '../layer.ts';
import { compareOutput } from './helm.ts';

/** Runs the cases of `helm/cases.jsonl` that succeed, as far as the library's options reach. */
export async function runHelmLibraryLayer(corpusDir: string): Promise<LayerResult[]> {
  const folder = join(corpusDir, 'helm');
  const tree = diskTree(folder);
  const cases = readCases(join(folder, 'cases.jsonl')).filter(isForLibrary);
  const environment: SprigEnvironment = {
    now: () => Date.now(),
    random: (length) => crypto.getRandomValues(new Uint8Array(length)),
  };
  const result = await runCases('helm/library', cases, (record) => {
    const expected = readFileSync(join(folder, String(record.expected)), 'utf8');
    return compareOutput(record, expected, { exit: 0, stdout: renderCase(record, tree, environment), stderr: '' });
  });
  return [result];
}

/** Whether the case succeeds and has a release name: `--name-template` is the command line's own. */
export function isForLibrary(record: Case): boolean {
  return record.exit === 0 && record.release !== '';
}

/** What the library gives for a case; `tree` is the folder of the corpus. */
export function renderCase(record: Case, tree: Tree, environment: SprigEnvironment): string {
  const flags = strings(record.flags);
  const sets = Array.isArray(record.set) ? record.set : [];
  const argumentsOf = (option: string) => sets.filter(([name]) => name === option).map((pair) => String(pair[1]));
  const readFile = (name: string) => tree.readFile(name) ?? new Uint8Array();
  const values = mergeValueSources(
    {
      files: strings(record.values),
      setJson: argumentsOf('--set-json'),
      set: argumentsOf('--set'),
      setString: argumentsOf('--set-string'),
      setFile: argumentsOf('--set-file'),
      setLiteral: argumentsOf('--set-literal'),
    },
    readFile,
  );
  const kubeVersion = typeof record.kubeVersion === 'string' ? record.kubeVersion : '';
  const { text } = renderChart({
    chart: loadChart(tree, String(record.chart)),
    values,
    release: {
      name: String(record.release),
      namespace: String(record.namespace),
      isUpgrade: flags.includes('--is-upgrade'),
    },
    capabilities: {
      ...(kubeVersion !== '' && { kubeVersion: parseKubeVersion(kubeVersion) }),
      apiVersions: [...DEFAULT_CAPABILITIES.apiVersions, ...strings(record.apiVersions)],
    },
    environment,
    includeCrds: record.includeCrds === true,
    noHooks: flags.includes('--no-hooks'),
    skipTests: flags.includes('--skip-tests'),
    skipSchemaValidation: flags.includes('--skip-schema-validation'),
    showOnly: flags.filter((_, index) => flags[index - 1] === '--show-only'),
  });
  return text;
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
