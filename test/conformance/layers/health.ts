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
import { type LayerResult, readCases, runCases } from '../layer.ts';

export async function runHealthLayer(corpusDir: string): Promise<LayerResult[]> {
  const folder = join(corpusDir, 'health');
  const cases = readCases(join(folder, 'cases.jsonl'));
  const layer = (name: string, origin: string, check: (object: KubeObject) => HealthStatus | undefined) =>
    runCases(
      `health/${name}`,
      cases.filter((entry) => entry.origin === origin),
      ({ input, expect }) => runCase(join(folder, String(input)), expect, check),
    );
  return [
    await layer('builtin', 'builtin', resourceHealth),
    // What upstream's health_test.yaml records is the answer of the script alone: an object that is being deleted is asked too.
    await layer('customization', 'customization', (object) =>
      familyCheck(groupOf(object.apiVersion), object.kind)?.(object),
    ),
  ];
}

function runCase(
  file: string,
  expect: unknown,
  check: (object: KubeObject) => HealthStatus | undefined,
): string | undefined {
  const [first] = splitDocuments(readFileSync(file, 'utf8'));
  const read: unknown = JSON.parse(yamlToJson(first?.text ?? ''));
  const object = isObject(read) ? { metadata: {}, ...read } : read;
  if (!isKubeObject(object)) return `${file} holds no object`;
  const found = check(object);
  const actual = found ? { status: found.status, message: found.message ?? '' } : null;
  const expected = isObject(expect) ? { message: '', ...expect } : null;
  return isDeepStrictEqual(actual, expected)
    ? undefined
    : `expected ${JSON.stringify(expected)}, got ${JSON.stringify(actual)}`;
}
