// Data as it is, for programs.

import type { Json } from '../base/json.ts';
import { dumpYaml } from '../render/yaml/plain.ts';

/** JSON or YAML; undefined where the format is one for people. */
export function formatData(value: unknown, output: string | undefined): string | undefined {
  if (output === 'json') return `${JSON.stringify(value, null, 2)}\n`;
  // It came as JSON.
  if (output === 'yaml') return dumpYaml(value as Json);
  return undefined;
}
