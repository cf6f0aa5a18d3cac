// kustomize's own files and plugin configurations as JSON: read with YAML 1.1 rules (`yes` is true), unlike resources
// (sigs.k8s.io/yaml: YAMLToJSON over go-yaml v2).

import type { Json } from '../../../base/json.ts';
import { yamlToJson } from '../../yaml/decode.ts';
import { malformed } from './fail.ts';

/** The first document of a text as JSON; null where it is empty. */
export function parseConfig(text: string): Json {
  try {
    return JSON.parse(yamlToJson(text));
  } catch (error) {
    throw malformed(error, 0);
  }
}
