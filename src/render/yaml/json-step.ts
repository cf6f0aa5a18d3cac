// What a YAML document may hold that JSON cannot: keys that are no text, and numbers that are none. sigs.k8s.io/yaml v1.6.0 meets
// them while it converts to JSON, after the whole document was decoded.

import { HawserError } from '../../base/errors.ts';
import { formatFloat } from '../go/strconv.ts';
import { compareBytes } from '../go/strings.ts';
import { describeNode, describeScalar, isUnsigned } from './describe.ts';
import { type Entry, entriesOf } from './entries.ts';
import { NODE, type YamlNode } from './node.ts';
import type { Scalar } from './resolve.ts';
import { scalarOf } from './scalar.ts';

/** A key's text in JSON; undefined for null and for an integer beyond int64, which have none. */
export function keyText(key: Scalar): string | undefined {
  if (typeof key === 'string') return key;
  if (typeof key === 'number') return formatKeyFloat(key);
  if (key === null || (typeof key === 'bigint' && isUnsigned(key))) return undefined;
  return String(key);
}

function formatKeyFloat(key: number): string {
  if (Number.isNaN(key)) return '.nan';
  if (!Number.isFinite(key)) return key > 0 ? '.inf' : '-.inf';
  // Go formats it as a float32.
  const text = formatFloat(key, 'g', -1, 32);
  return text === '+Inf' ? '.inf' : text === '-Inf' ? '-.inf' : text;
}

/** Throws the error of the conversion to JSON, if the document has one. */
export function refuseWhatJsonLacks(root: YamlNode): void {
  refuseBadKeys(root);
  refuseNonFinite(root);
}

function refuseBadKeys(node: YamlNode): void {
  if (node.target !== undefined) refuseBadKeys(node.target);
  if (node.kind === NODE.sequence) for (const child of node.children) refuseBadKeys(child);
  if (node.kind !== NODE.mapping) return;
  for (const entry of entriesOf(node).values()) {
    const key = scalarBehind(entry.key);
    if (keyText(key) === undefined) throw badKey(key, entry);
    refuseBadKeys(entry.value);
  }
}

function badKey(key: Scalar, entry: Entry): HawserError {
  const type = key === null ? '%!s(<nil>)' : 'uint64';
  const message = `unsupported map key of type: ${type}, key: ${describeScalar(key, false)}, value: ${describeNode(entry.value, false)}`;
  return new HawserError('RenderFailed', message, { data: { line: entry.key.line + 1 } });
}

function scalarBehind(node: YamlNode): Scalar {
  return node.kind === NODE.alias && node.target !== undefined ? scalarBehind(node.target) : scalarOf(node);
}

/** encoding/json writes keys in order, and stops at the first number that it cannot write. */
function refuseNonFinite(node: YamlNode): void {
  if (node.target !== undefined) refuseNonFinite(node.target);
  else if (node.kind === NODE.sequence) for (const child of node.children) refuseNonFinite(child);
  else if (node.kind === NODE.mapping) {
    const entries = [...entriesOf(node).values()].map(({ key, value }) => ({
      text: keyText(scalarBehind(key)) ?? '',
      value,
    }));
    for (const { value } of entries.sort((a, b) => compareBytes(a.text, b.text))) refuseNonFinite(value);
  } else {
    const value = scalarOf(node);
    if (typeof value === 'number' && !Number.isFinite(value)) {
      const message = `json: unsupported value: ${formatFloat(value, 'g', -1)}`;
      throw new HawserError('RenderFailed', message, { data: { line: node.line + 1 } });
    }
  }
}
