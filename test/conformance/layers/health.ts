// Runs health/cases.jsonl of the corpus: the built-in checks, and those of custom kinds, on upstream's own test objects.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { HealthStatus } from '../../../src/application/types.ts';
import { isObject } from '../../../src/base/json.ts';
import { familyCheck } from '../../../src/health/families.ts';
import { resourceHealth } from '../../../src/health/health.ts';
import { groupOf, type KubeObject } from '../../../src/kube/object.ts';
import { isKubeObject } from '../../../src/kube/parse.ts';
import { yamlToJson } from '../../../src/render/yaml/decode.ts';
import { splitDocuments } from '../../../src/render/yaml/documents.ts';
import { type Case, type LayerResult, readCases, runCases } from '../layer.ts';

/** Origin of a case → its check. What upstream's health_test.yaml records is the answer of the script alone: an object that is being deleted is asked too. */
export const HEALTH_CHECKS = {
  builtin: resourceHealth,
  customization: (object) => familyCheck(groupOf(object.apiVersion), object.kind)?.(object),
} as const satisfies Readonly<Record<string, (object: KubeObject) => HealthStatus | undefined>>;

export async function runHealthLayer(corpusDir: string): Promise<LayerResult[]> {
  const folder = join(corpusDir, 'health');
  const cases = readCases(join(folder, 'cases.jsonl'));
  const results: LayerResult[] = [];
  for (const [origin, check] of Object.entries(HEALTH_CHECKS)) {
    const own = cases.filter((entry) => entry.origin === origin);
    const checkCase = (entry: Case) =>
      checkHealth(entry, readFileSync(join(folder, String(entry.input)), 'utf8'), check);
    results.push(await runCases(`health/${origin}`, own, checkCase));
  }
  return results;
}

/** What is wrong with the health of a case's object; `text` is its file. */
export function checkHealth(
  { input, expect }: Case,
  text: string,
  check: (object: KubeObject) => HealthStatus | undefined,
): string | undefined {
  const [first] = splitDocuments(text);
  const read: unknown = JSON.parse(yamlToJson(first?.text ?? ''));
  const object = isObject(read) ? { metadata: {}, ...read } : read;
  if (!isKubeObject(object)) return `${String(input)} holds no object`;
  const found = check(object);
  const actual = found ? { status: found.status, message: found.message ?? '' } : null;
  const expected = isObject(expect) ? { message: '', ...expect } : null;
  return isDeepStrictEqual(actual, expected)
    ? undefined
    : `expected ${JSON.stringify(expected)}, got ${JSON.stringify(actual)}`;
}
