// JSON Schema's equality: numbers by value, whatever their Go type, objects whatever their order.

import { GoNumber, type GoValue } from '../../go/value.ts';

export function equalValues(a: GoValue, b: GoValue): boolean {
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item, index) => equalValues(item, b[index] ?? null));
  }
  if (a instanceof Map) {
    if (!(b instanceof Map) || a.size !== b.size) return false;
    for (const [key, item] of a) {
      const other = b.get(key);
      if (other === undefined || !equalValues(item, other)) return false;
    }
    return true;
  }
  return plain(a) === plain(b);
}

function plain(value: GoValue): unknown {
  return value instanceof GoNumber ? Number(value.value) : value;
}
