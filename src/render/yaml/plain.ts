// YAML ↔ plain JSON values, for manifests outside the template world: read as kubectl and Argo CD read them, written as
// sigs.k8s.io/yaml v1.6.0 writes them. A JavaScript number holds both of Go's kinds; an integer beyond 2^53 is rounded.

import { HawserError, isHawserError } from '../../base/errors.ts';
import type { Json, JsonObject } from '../../base/json.ts';
import { type Builder, construct } from './construct.ts';
import { type DocumentText, splitDocuments } from './documents.ts';
import { emitDocument, type Shape } from './emitter.ts';
import { formatJsonFloat, isEvenKey, isEvenText } from './encode.ts';
import { yamlProblem } from './problem.ts';
import { readDocument } from './reader.ts';

const PLAIN: Builder<JsonObject, Json> = {
  createMap: () => ({}),
  set: setOwn,
  createList: (items) => items,
  createScalar: (value) => {
    if (typeof value === 'bigint') return Number(value);
    return typeof value === 'string' ? value.toWellFormed() : value;
  },
};

function setOwn(map: JsonObject, rawKey: string, value: Json): void {
  const key = rawKey.toWellFormed();
  if (key !== '__proto__') map[key] = value;
  else Object.defineProperty(map, key, { value, enumerable: true, configurable: true, writable: true });
}

/** A document's value, and the line of the stream on which it begins, counted from 1. */
export interface PlainDocument {
  readonly value: Json;
  readonly line: number;
}

/**
 * The documents of a stream; empty ones are left out. A stream of JSON objects is one too. Throws `RenderFailed` with Go's text,
 * `data.line` being the line in the stream where it is known.
 */
export function parseDocuments(stream: string): Json[] {
  return Array.from(readDocuments(stream), ({ value }) => value);
}

/** The same, one after the other: those before a broken one come before its error. */
export function* readDocuments(stream: string): Generator<PlainDocument> {
  const objects = stream.trimStart().startsWith('{') ? parseJsonStream(stream) : undefined;
  if (objects !== undefined) return yield* objects;
  for (const document of splitDocuments(stream)) {
    const value = parseAt(document);
    if (value !== null) yield { value, line: document.line };
  }
}

/** The first document of `text`; null where there is none. */
export function parseDocument(text: string): Json {
  return parseAt({ text, line: 1 });
}

function parseAt({ text, line }: DocumentText): Json {
  try {
    return construct(readDocument(text), PLAIN, false);
  } catch (error) {
    if (!isHawserError(error, 'RenderFailed')) throw error;
    const offset = typeof error.data.line === 'number' ? error.data.line - 1 : 0;
    const message = `error converting YAML to JSON: ${error.message}`;
    throw new HawserError('RenderFailed', message, { data: { line: line + offset }, cause: error });
  }
}

/** JSON objects behind one another; undefined where the text is something else. */
function parseJsonStream(stream: string): PlainDocument[] | undefined {
  const objects: PlainDocument[] = [];
  let line = 1;
  for (let at = 0; at < stream.length; ) {
    const start = stream.slice(at).search(/\S/);
    if (start < 0) break;
    const end = stream.startsWith('{', at + start) ? endOfObject(stream, at + start) : undefined;
    if (end === undefined) return undefined;
    line += countLines(stream, at, at + start);
    try {
      const value: Json = JSON.parse(stream.slice(at + start, end));
      objects.push({ value, line });
    } catch {
      return undefined;
    }
    line += countLines(stream, at + start, end);
    at = end;
  }
  return objects;
}

function countLines(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = text.indexOf('\n', from); at >= 0 && at < to; at = text.indexOf('\n', at + 1)) count++;
  return count;
}

/** Where the object that begins at `start` ends, by its braces. */
function endOfObject(text: string, start: number): number | undefined {
  let depth = 0;
  let inString = false;
  for (let at = start; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (inString) {
      if (unit === 0x5c) at++;
      else if (unit === 0x22) inString = false;
    } else if (unit === 0x22) inString = true;
    else if (unit === 0x7b) depth++;
    else if (unit === 0x7d && --depth === 0) return at + 1;
  }
  return undefined;
}

/** The YAML of a JSON value with its last line break: the bytes of sigs.k8s.io/yaml `JSONToYAML`. */
export function dumpYaml(value: Json): string {
  return emitDocument(value, { dialect: 'v2', shapeOf, formatFloat: formatJsonFloat });
}

function shapeOf(value: Json): Shape<Json> {
  if (typeof value === 'string') return isEvenText(value) ? value : reread(value);
  if (typeof value === 'number' && !Number.isFinite(value)) throw yamlProblem(`${value} is no JSON number`);
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  const keys = Object.keys(value);
  if (!keys.every(isEvenKey)) return reread(value);
  return new Map(Object.entries(value));
}

/** What go-yaml reads from the JSON of a value with unusual characters. */
function reread(value: Json): Shape<Json> {
  const read = construct(readDocument(JSON.stringify(value)), PLAIN, false);
  return read !== null && typeof read === 'object' && !Array.isArray(read) ? new Map(Object.entries(read)) : read;
}
