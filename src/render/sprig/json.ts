// Sprig's functions of JSON (Sprig v3.3.0: defaults.go). Helm replaces toJson and fromJson by its own.

import { decodeJson, decodeJsonLeniently, encodeJson } from '../go/json.ts';
import type { GoValue } from '../go/value.ts';
import { type FunctionTable, goFunction } from './function.ts';

const INDENT = '  ';

export function jsonFunctions(): FunctionTable {
  return {
    fromJson: goFunction(['string'], 'interface {}', (text) => orElse(() => decodeJsonLeniently(text).value, null)),
    mustFromJson: goFunction(['string'], 'interface {}', decodeJson),
    toJson: goFunction(['interface {}'], 'string', (value) => orElse(() => encodeJson(value), '')),
    mustToJson: goFunction(['interface {}'], 'string', (value) => encodeJson(value)),
    toPrettyJson: goFunction(['interface {}'], 'string', (value) =>
      orElse(() => encodeJson(value, { indent: INDENT }), ''),
    ),
    mustToPrettyJson: goFunction(['interface {}'], 'string', (value) => encodeJson(value, { indent: INDENT })),
    toRawJson: goFunction(['interface {}'], 'string', (value) => encodeJson(value, { escapeHtml: false })),
    mustToRawJson: goFunction(['interface {}'], 'string', (value) => encodeJson(value, { escapeHtml: false })),
  };
}

/** Some functions drop their errors, as templates could not handle them. */
function orElse(work: () => GoValue, fallback: GoValue): GoValue {
  try {
    return work();
  } catch {
    return fallback;
  }
}
