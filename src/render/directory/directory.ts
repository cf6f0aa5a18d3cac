// A folder of plain manifests → objects, as Argo CD's directory source has it (reposerver/repository/repository.go, findManifests).

import { HawserError, isHawserError, messageOf } from '../../base/errors.ts';
import { isObject, type Json, type JsonObject } from '../../base/json.ts';
import { decodeJson } from '../go/json.ts';
import { utf8Decode } from '../go/strings.ts';
import type { Tree } from '../tree.ts';
import { readDocuments } from '../yaml/plain.ts';
import { findManifestFiles, type ManifestFile } from './files.ts';

export interface DirectoryOptions {
  /** Folders below count too. */
  readonly recurse?: boolean;
  /** Glob over paths relative to the folder: only these files; '' means all. */
  readonly include?: string;
  /** Glob over paths relative to the folder: not these, whatever `include` says. */
  readonly exclude?: string;
  /** Files of any name are tried, not only those that end as YAML, JSON and Jsonnet do. */
  readonly disableExtensionFilter?: boolean;
  /** `*.jsonnet` files are left out. */
  readonly withoutJsonnet?: boolean;
  /** The JSON that the program in a `*.jsonnet` file gives; without it such files are refused. */
  readonly evaluate?: (file: string) => string;
  /** The most that all files together may have; 0 means no limit. */
  readonly maxBytes?: number;
}

export interface DirectoryObject {
  readonly object: JsonObject;
  /** The path of its file in the tree. */
  readonly file: string;
}

/** Argo CD's default, the quantity `10M`. */
const MAX_BYTES = 10_000_000;

/** A file that holds this anywhere is left out. */
const SKIP_MARKER = '+argocd:skip-file-rendering';

/**
 * The objects of the manifests in the folder at `path`, in the order of their files; Lists are expanded. YAML that is no manifest
 * is left out. Throws `RenderFailed` with the file (and line, where known) for a manifest that cannot be read, `LimitExceeded`
 * when the files are too large, and for a Jsonnet file what `evaluate` throws, or `Unsupported` without it.
 */
export function renderDirectory(tree: Tree, path: string, options: DirectoryOptions = {}): DirectoryObject[] {
  const files = findManifestFiles(tree, path, options).map(({ file, bytes }) => ({
    file,
    size: bytes.length,
    text: textOf(bytes),
  }));
  const rendered = files.filter(({ text }) => !text.includes(SKIP_MARKER));
  checkSize(rendered, options.maxBytes ?? MAX_BYTES);
  return rendered.flatMap(({ file, text }) =>
    objectsOf(file, text, options.evaluate).map((object) => ({ object, file })),
  );
}

/** Windows tools write byte order marks and UTF-16; Argo CD reads both. */
function textOf(bytes: ManifestFile['bytes']): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  const text = utf8Decode(bytes);
  return text.startsWith('\ufeff') ? text.slice(1) : text;
}

function checkSize(files: readonly { file: string; size: number }[], maxBytes: number): void {
  if (maxBytes === 0) return;
  let total = 0;
  for (const { file, size } of files) {
    if (file.endsWith('.jsonnet')) continue;
    total += size;
    if (total > maxBytes) {
      throw new HawserError('LimitExceeded', `exceeded max combined manifest file size of ${maxBytes} bytes`, {
        place: { file },
        hint: 'Leave files out with directory.exclude, or split the folder.',
      });
    }
  }
}

function objectsOf(file: string, text: string, evaluate: DirectoryOptions['evaluate']): JsonObject[] {
  return documentsOf(file, text, evaluate).flatMap((document) => expandList(file, document));
}

function documentsOf(file: string, text: string, evaluate: DirectoryOptions['evaluate']): JsonObject[] {
  if (file.endsWith('.jsonnet')) return jsonnetObjects(file, evaluate);
  return file.endsWith('.json') ? jsonObjects(file, text) : yamlObjects(file, text);
}

/** An object, or an array of objects, of which null ones are left out: a condition that does not hold gives null. */
function jsonnetObjects(file: string, evaluate: DirectoryOptions['evaluate']): JsonObject[] {
  if (!evaluate) {
    throw new HawserError('Unsupported', `${file} is Jsonnet, for which there is no evaluator here`, {
      place: { file },
      hint: 'Leave it out with directory.exclude.',
    });
  }
  const result: Json = JSON.parse(evaluate(file));
  const refuse = (reason: string): never => {
    const name = baseName(file);
    throw new HawserError('RenderFailed', `Failed to unmarshal generated json "${name}": ${reason}`, {
      place: { file },
      hint: 'The program has to give an object of Kubernetes, or an array of them.',
    });
  };
  return (Array.isArray(result) ? result.filter((one) => one !== null) : [result]).map((one) => {
    if (!isManifestObject(one)) return refuse('it is not an object');
    return typeof one.kind === 'string' && one.kind !== '' ? one : refuse("Object 'Kind' is missing");
  });
}

function unreadable(file: string, reason: string, line: unknown, cause?: unknown): HawserError {
  return new HawserError('RenderFailed', `Failed to unmarshal "${baseName(file)}": ${reason}`, {
    place: { file, ...(typeof line === 'number' && { line }) },
    cause,
  });
}

function baseName(file: string): string {
  return file.slice(file.lastIndexOf('/') + 1);
}

/** One object a file; a JSON file of another kind (a dashboard, a package's description) gives none. */
function jsonObjects(file: string, text: string): JsonObject[] {
  try {
    decodeJson(text);
  } catch (error) {
    if (!isHawserError(error, 'RenderFailed')) throw error;
    if (/ after top-level value$/.test(error.message)) {
      const reason = `Found multiple objects in "${baseName(file)}". Only single objects are allowed in JSON files.`;
      throw new HawserError('RenderFailed', reason, { place: { file }, cause: error });
    }
    throw unreadable(file, error.message, undefined, error);
  }
  const value: Json = JSON.parse(text);
  if (!isManifestObject(value)) throw unreadable(file, 'it is not an object', undefined);
  return typeof value.kind === 'string' && value.kind !== '' ? [value] : [];
}

function yamlObjects(file: string, text: string): JsonObject[] {
  const objects: JsonObject[] = [];
  try {
    for (const { value, line } of readDocuments(text)) objects.push(toObject(value, line));
  } catch (error) {
    if (isHawserError(error, 'LimitExceeded'))
      throw new HawserError(error.code, error.message, { place: { file }, cause: error });
    if (!isHawserError(error, 'RenderFailed')) throw error;
    // A broken file that looks like no manifest is none; the documents before the error tell, too.
    if (objects.length === 0 && !looksLikeManifest(text)) return [];
    throw unreadable(file, `failed to unmarshal manifest: ${messageOf(error)}`, error.data.line, error);
  }
  return objects;
}

function looksLikeManifest(text: string): boolean {
  return text.includes('apiVersion:') && text.includes('kind:') && text.includes('metadata:');
}

function isManifestObject(value: Json): value is JsonObject {
  return isObject(value);
}

function toObject(value: Json, line: number): JsonObject {
  if (!isManifestObject(value)) {
    throw new HawserError('RenderFailed', 'a document is not a mapping', { data: { line } });
  }
  if (typeof value.kind !== 'string' || value.kind === '') {
    throw new HawserError('RenderFailed', "Object 'Kind' is missing", { data: { line } });
  }
  return value;
}

/** An object with `items` stands for these (Unstructured.IsList); one whose items are null stands for nothing. */
function expandList(file: string, object: JsonObject): JsonObject[] {
  const { items } = object;
  if (items === null && !('spec' in object) && !('status' in object)) return [];
  if (!Array.isArray(items)) return [object];
  return items.map((item) => {
    if (!isManifestObject(item)) throw unreadable(file, 'items member should be an object', undefined);
    return item;
  });
}
