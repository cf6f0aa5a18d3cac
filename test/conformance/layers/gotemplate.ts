// The checks of corpus/gotemplate, a file each. They touch no disk, so that they run in workerd too.

import type { Case } from '../layer.ts';
import { CHART_CHECKS } from './charts.ts';
import { checkSemver, createFunctionCheck } from './functions.ts';
import { createTemplateCheck } from './template.ts';
import { checkYamlDecode, checkYamlEncode } from './yaml.ts';

type CreateCheck = (readJson: (name: string) => unknown) => (record: Case) => string | undefined;

/** The file's name without its ending → its check; `readJson` gives the content of another file of the folder. */
export const GOTEMPLATE_CHECKS = {
  template: (readJson) => createTemplateCheck(readJson('template-data.json')),
  functions: (readJson) => createFunctionCheck(readJson('functions-chart.json')),
  semver: () => checkSemver,
  strvals: () => CHART_CHECKS.strvals,
  manifests: () => CHART_CHECKS.manifests,
  values: () => CHART_CHECKS.values,
  dependencies: () => CHART_CHECKS.dependencies,
  render: () => CHART_CHECKS.render,
  yaml_decode: () => told(checkYamlDecode),
  yaml_encode: () => told(checkYamlEncode),
} as const satisfies Readonly<Record<string, CreateCheck>>;

/** The further files that a check reads. */
export const GOTEMPLATE_DATA = ['template-data.json', 'functions-chart.json'] as const;

function told(check: (record: Case) => readonly string[]): (record: Case) => string | undefined {
  return (record) => check(record).join('; ') || undefined;
}
