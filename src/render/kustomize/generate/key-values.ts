// The entries of generated ConfigMaps and Secrets: literals, files and env files (kustomize: api/kv/kv.go, api/internal/generators).

import { type Loader, loadFile, pathOf } from '../load/loader.ts';
import { failure, inFile } from '../node/fail.ts';

export interface KeyValueSources {
  readonly literals: readonly string[];
  readonly files: readonly string[];
  readonly envs: readonly string[];
}

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The entries of all sources; a key that is there twice is an error. */
export function loadKeyValues(sources: KeyValueSources, loader: Loader, name: string): Map<string, Uint8Array> {
  const entries = new Map<string, Uint8Array>();
  const add = (key: string, value: Uint8Array): void => {
    if (entries.has(key)) throw failure(`'${name}' has the key '${key}' twice`);
    entries.set(key, value);
  };
  for (const file of sources.envs) {
    inFile(pathOf(loader, file), () => readEnvFile(loadFile(loader, file), add));
  }
  for (const literal of sources.literals) {
    const { key, value } = parseLiteral(literal);
    add(key, encoder.encode(value));
  }
  for (const source of sources.files) {
    const { key, path } = parseFileSource(source);
    add(key, loadFile(loader, path));
  }
  return entries;
}

function parseLiteral(source: string): { readonly key: string; readonly value: string } {
  const equals = source.indexOf('=');
  if (equals < 1) throw failure(`the literal '${source}' must be of the form key=value`);
  return { key: source.slice(0, equals), value: stripQuotes(source.slice(equals + 1)) };
}

function stripQuotes(text: string): string {
  const isQuoted = text.length >= 2 && text[0] === text.at(-1) && (text[0] === '"' || text[0] === "'");
  return isQuoted ? text.slice(1, -1) : text;
}

function parseFileSource(source: string): { readonly key: string; readonly path: string } {
  const parts = source.split('=');
  const [first = '', second] = parts;
  if (second === undefined) return { key: baseName(source), path: source };
  if (parts.length > 2) throw failure(`the file source '${source}' has more than one '='`);
  if (first === '') throw failure(`the file source '${source}' has no key before its '='`);
  if (second === '') throw failure(`the file source '${source}' has no path after its '='`);
  return { key: first, path: second };
}

/** Go: path.Base. */
function baseName(path: string): string {
  if (path === '') return '.';
  const trimmed = path.replace(/\/+$/, '');
  return trimmed === '' ? '/' : trimmed.slice(trimmed.lastIndexOf('/') + 1);
}

/** Lines of `KEY=value`; a byte order mark, empty lines and comments do not count. */
function readEnvFile(bytes: Uint8Array, add: (key: string, value: Uint8Array) => void): void {
  const lines = splitLines(bytes);
  for (const [index, raw] of lines.entries()) {
    const line = trimStart(index === 0 ? withoutMark(decodeLine(raw, index)) : decodeLine(raw, index));
    if (line === '' || line.startsWith('#')) continue;
    const equals = line.indexOf('=');
    const key = equals < 0 ? line : line.slice(0, equals);
    if (key !== '') add(key, encoder.encode(equals < 0 ? '' : line.slice(equals + 1)));
  }
}

/** Go: bufio.Scanner, which drops one carriage return before a line feed. */
function splitLines(bytes: Uint8Array): Uint8Array[] {
  const lines: Uint8Array[] = [];
  let from = 0;
  for (let at = 0; at <= bytes.length; at++) {
    if (at < bytes.length && bytes[at] !== 0x0a) continue;
    if (at === bytes.length && from === at) break;
    lines.push(bytes.subarray(from, at > from && bytes[at - 1] === 0x0d ? at - 1 : at));
    from = at + 1;
  }
  return lines;
}

function decodeLine(line: Uint8Array, index: number): string {
  try {
    return decoder.decode(line);
  } catch {
    throw failure('the line is no UTF-8 text', undefined, index + 1);
  }
}

function withoutMark(line: string): string {
  return line.startsWith('\ufeff') ? line.slice(1) : line;
}

/** Go: unicode.IsSpace, which does not count the byte order mark as JavaScript does. */
function trimStart(line: string): string {
  return line.replace(/^[\t\n\v\f\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/, '');
}
