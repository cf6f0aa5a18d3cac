// JSON text as Go's encoding/json writes it: keys sorted by their bytes, HTML characters escaped.

import type { Json } from '../../../base/json.ts';
import { compareBytes } from '../../go/strings.ts';

const ESCAPES: Readonly<Record<string, string>> = {
  '<': '\\u003c',
  '>': '\\u003e',
  '&': '\\u0026',
  '\u2028': '\\u2028',
  '\u2029': '\\u2029',
};

/** `json.Marshal`. */
export function goJson(value: Json): string {
  if (value === null || typeof value === 'boolean' || typeof value === 'number') return String(value);
  if (typeof value === 'string') return quoteJson(value);
  if (Array.isArray(value)) return `[${value.map(goJson).join(',')}]`;
  const keys = Object.keys(value).sort(compareBytes);
  return `{${keys.map((key) => `${quoteJson(key)}:${goJson(value[key] ?? null)}`).join(',')}}`;
}

/** `json.MarshalIndent` with two blanks. */
export function goJsonIndented(value: Json, indent = ''): string {
  if (value === null || typeof value !== 'object') return goJson(value);
  const below = `${indent}  `;
  const isList = Array.isArray(value);
  const items = isList
    ? value.map((item) => goJsonIndented(item, below))
    : Object.keys(value)
        .sort(compareBytes)
        .map((key) => `${quoteJson(key)}: ${goJsonIndented(value[key] ?? null, below)}`);
  const [open, close] = isList ? '[]' : '{}';
  return items.length === 0 ? `${open}${close}` : `${open}\n${below}${items.join(`,\n${below}`)}\n${indent}${close}`;
}

function quoteJson(text: string): string {
  return JSON.stringify(text).replace(/[<>&\u2028\u2029]/g, (character) => ESCAPES[character] ?? character);
}
