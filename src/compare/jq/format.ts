// jq's formats: `@base64`, `@json` … (gojq: func.go, funcToHTML and on).

import type { Json } from '../../base/json.ts';
import { JqError, typeError } from './error.ts';
import { isJsonObject, preview, toJson } from './value.ts';

const FORMATS: Readonly<Record<string, (value: Json) => string>> = {
  text: toText,
  json: toJson,
  html: (value) => toText(value).replace(/[<>&'"]/g, (sign) => HTML[sign] ?? sign),
  uri: (value) => encodeURIComponent(toText(value).toWellFormed()).replace(/[!'()*]/g, percent),
  urid: decodeUri,
  csv: (value) => formatRow('csv', value, ',', (text) => `"${text.replaceAll('"', '""').replaceAll('\0', '\\0')}"`),
  tsv: (value) => formatRow('tsv', value, '\t', (text) => text.replace(/[\t\r\n\\\0]/g, (sign) => TSV[sign] ?? sign)),
  sh: (value) =>
    formatRow('sh', Array.isArray(value) ? value : [value], ' ', (text) => {
      return `'${text.replaceAll("'", "'\\''").replaceAll('\0', '\\0')}'`;
    }),
  base64: (value) => {
    const bytes = new TextEncoder().encode(toText(value));
    return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
  },
  base64d: decodeBase64,
};

const HTML: Readonly<Record<string, string>> = {
  '<': '&lt;',
  '>': '&gt;',
  '&': '&amp;',
  "'": '&apos;',
  '"': '&quot;',
};
const TSV: Readonly<Record<string, string>> = { '\t': '\\t', '\r': '\\r', '\n': '\\n', '\\': '\\\\', '\0': '\\0' };

export function isFormat(name: string): boolean {
  return Object.hasOwn(FORMATS, name);
}

export function applyFormat(name: string, value: Json): string {
  const format = isFormat(name) ? FORMATS[name] : undefined;
  if (!format) throw new JqError(`format not defined: @${name}`);
  return format(value);
}

function toText(value: Json): string {
  return typeof value === 'string' ? value : toJson(value);
}

function percent(sign: string): string {
  return `%${sign.charCodeAt(0).toString(16).toUpperCase()}`;
}

function decodeUri(value: Json): string {
  try {
    return decodeURIComponent(toText(value));
  } catch {
    throw new JqError(`@urid cannot be applied to ${preview(value)}`);
  }
}

function decodeBase64(value: Json): string {
  const written = toText(value).replace(/=.*$/s, '');
  try {
    return new TextDecoder().decode(Uint8Array.from(atob(written), (char) => char.charCodeAt(0)));
  } catch {
    throw new JqError(`@base64d cannot be applied to ${preview(value)}`);
  }
}

function formatRow(name: string, value: Json, separator: string, quote: (text: string) => string): string {
  if (!Array.isArray(value)) throw typeError(`@${name} cannot be applied to`, value);
  return value
    .map((cell) => {
      if (typeof cell === 'string') return quote(cell);
      if (Array.isArray(cell) || isJsonObject(cell)) throw typeError(`@${name} cannot format an array including`, cell);
      return cell === null && name !== 'sh' ? '' : toJson(cell);
    })
    .join(separator);
}
