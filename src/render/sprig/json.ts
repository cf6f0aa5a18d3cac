// Sprig's functions of JSON (Sprig v3.3.0: defaults.go). Helm replaces toJson and fromJson by its own.

import { decodeJson, decodeJsonLeniently, encodeJson } from '../go/json.ts';
import type { GoValue } from '../go/value.ts';
import { contentFunction, type FunctionTable, parsingFunction } from './function.ts';

const INDENT = '  ';

export function jsonFunctions(): FunctionTable {
  return {
    fromJson: parsingFunction('interface {}', (text) => orElse(() => decodeJsonLeniently(text).value, null)),
    mustFromJson: parsingFunction('interface {}', decodeJson),
    toJson: contentFunction((value) => orElse(() => encodeJson(value), '')),
    mustToJson: contentFunction((value) => encodeJson(value)),
    toPrettyJson: contentFunction((value) => orElse(() => encodeJson(value, { indent: INDENT }), '')),
    mustToPrettyJson: contentFunction((value) => encodeJson(value, { indent: INDENT })),
    toRawJson: contentFunction((value) => encodeJson(value, { escapeHtml: false })),
    mustToRawJson: contentFunction((value) => encodeJson(value, { escapeHtml: false })),
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
