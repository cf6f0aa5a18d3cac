// The text that a build prints for a value (sigs.k8s.io/yaml: JSONToYAML).

import type { GoValue } from '../../go/value.ts';
import { toYaml } from '../../yaml/encode.ts';

/** YAML with sorted keys, ending in a line break. */
export function dumpValue(value: GoValue): string {
  return toYaml(value);
}
