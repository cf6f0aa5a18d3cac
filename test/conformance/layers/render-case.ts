// A case of the corpus of real charts through the library alone. It touches no disk, so that it runs in workerd too.

import {
  DEFAULT_CAPABILITIES,
  loadChart,
  mergeValueSources,
  parseKubeVersion,
  renderChart,
  type SprigEnvironment,
  type Tree,
} from '../../../src/library/helm.ts';
import type { Case } from '../layer.ts';

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
