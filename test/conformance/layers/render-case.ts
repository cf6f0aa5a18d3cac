// A case of the corpus of real charts through the library alone. It touches no disk, so that it runs in any runtime.

import { HawserError, isHawserError } from '../../../src/base/errors.ts';
import {
  DEFAULT_CAPABILITIES,
  loadChart,
  mergeValueSources,
  parseKubeVersion,
  renderChart,
  type SprigEnvironment,
  type Tree,
  warningsOf,
} from '../../../src/library/helm.ts';
import type { Case } from '../layer.ts';
import { compareErrors, compareExit, compareOutput, compareWarnings, type Outcome } from './chart-outcome.ts';

/** Whether the case has a release name: `--name-template` is the command line's own. */
export function isForLibrary(record: Case): boolean {
  return record.release !== '';
}

/** What is wrong with the outcome of a case in all that can be told of it; `read` gives the corpus' files. */
export function compareCase(record: Case, outcome: Outcome, read: (name: string) => string): string | undefined {
  const expected = read(String(record.expected));
  if (record.exit !== 0) return compareExit(record, outcome) ?? compareErrors(record, expected, outcome);
  const warnings = typeof record.warnings === 'string' ? read(record.warnings) : '';
  return compareOutput(record, expected, outcome) ?? compareWarnings(warnings, outcome);
}

/** What the command line would make of the library's answer; `tree` is the folder of the corpus. */
export function renderCase(record: Case, tree: Tree, environment: SprigEnvironment): Outcome {
  const warnings: string[] = [];
  const lines = (texts: readonly string[]) => texts.map((text) => `${text}\n`).join('');
  try {
    const rendered = render(record, tree, environment, warnings);
    return { exit: 0, stdout: rendered.text, stderr: lines([...warnings, ...rendered.warnings]) };
  } catch (error) {
    if (!isHawserError(error)) throw error;
    const advice = error.data.rendering === true ? ['', 'Use --debug flag to render out invalid YAML'] : [];
    const told = [`Error: ${error.message}`, ...advice];
    return { exit: 1, stdout: '', stderr: lines([...warnings, ...warningsOf(error), ...told]) };
  }
}

function render(record: Case, tree: Tree, environment: SprigEnvironment, warnings: string[]) {
  const flags = strings(record.flags);
  const sets = Array.isArray(record.set) ? record.set : [];
  const argumentsOf = (option: string) => sets.filter(([name]) => name === option).map((pair) => String(pair[1]));
  const readFile = (name: string) => {
    const content = tree.readFile(name);
    if (content === undefined) throw new HawserError('NotFound', `open ${name}: no such file or directory`);
    return content;
  };
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
  const warn = (message: string) => {
    warnings.push(message);
  };
  return renderChart({
    chart: loadChart(tree, String(record.chart), { warn }),
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
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
