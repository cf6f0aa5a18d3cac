// A node as Go's `%#v` prints the value that it becomes; error texts hold such.

import { quote } from '../go/quote.ts';
import { formatFloat } from '../go/strconv.ts';
import { entriesOf } from './entries.ts';
import { NODE, type YamlNode } from './node.ts';
import type { Scalar } from './resolve.ts';
import { scalarOf } from './scalar.ts';

/** `nested` tells that the value stands inside a map or list, where nil shows its type. */
export function describeNode(node: YamlNode, nested: boolean): string {
  if (node.kind === NODE.alias) return node.target === undefined ? '' : describeNode(node.target, nested);
  if (node.kind === NODE.scalar) return describeScalar(scalarOf(node), nested);
  if (node.kind === NODE.sequence) {
    return `[]interface {}{${node.children.map((child) => describeNode(child, true)).join(', ')}}`;
  }
  const entries = [...entriesOf(node).values()].map(
    ({ key, value }) => `${describeNode(key, true)}:${describeNode(value, true)}`,
  );
  return `map[interface {}]interface {}{${entries.sort().join(', ')}}`;
}

export function describeScalar(value: Scalar, nested: boolean): string {
  if (value === null) return nested ? 'interface {}(nil)' : '<nil>';
  if (typeof value === 'string') return quote(value);
  if (typeof value === 'number') return formatFloat(value, 'g', -1);
  return typeof value === 'bigint' && isUnsigned(value) ? `0x${value.toString(16)}` : String(value);
}

/** True for an integer that only Go's uint64 holds. */
export function isUnsigned(value: bigint): boolean {
  return value >= 2n ** 63n;
}
