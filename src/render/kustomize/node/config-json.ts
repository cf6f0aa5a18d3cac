// kustomize's own files and plugin configurations as JSON: read with YAML 1.1 rules (`yes` is true), unlike resources
// (sigs.k8s.io/yaml: YAMLToJSON over go-yaml v2).

import type { Json } from '../../../base/json.ts';
import { yamlToJson } from '../../yaml/decode.ts';
import { malformed } from './fail.ts';

/** The first document of a text as JSON; null where it is empty. `strict`: no mapping may have a key twice. */
export function parseConfig(text: string, strict = false): Json {
  try {
    return JSON.parse(yamlToJson(text, strict));
  } catch (error) {
    throw malformed(error, 0);
  }
}
