// The text that a build prints for a value (sigs.k8s.io/yaml: JSONToYAML).

import { stringify } from 'yaml';
import type { GoValue } from '../../go/value.ts';
import { jsonOf } from './json.ts';

export function dumpValue(value: GoValue): string {
  return stringify(jsonOf(value));
}
