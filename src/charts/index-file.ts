// The index.yaml of a chart repository (Helm: pkg/repo/index.go).

import { HawserError, messageOf } from '../base/errors.ts';
import { isObject, type Json } from '../base/json.ts';
import { compareVersions, parseVersion, type Version } from '../base/semver.ts';
import { parseDocument } from '../render/yaml/plain.ts';

/** One version of a chart that can be downloaded. */
export interface IndexEntry {
  readonly version: string;
  readonly url: string;
  /** SHA-256 of the archive, 64 hex digits; undefined where the index names none. */
  readonly digest?: string;
}

/** By the charts' names, the newest version first. */
export type IndexFile = ReadonlyMap<string, readonly IndexEntry[]>;

const decoder = new TextDecoder();

/** Entries that Helm would skip (no version, no URL) are left out. Throws `ChartFailed` for what is no index. */
export function parseIndexFile(bytes: Uint8Array, url: string): IndexFile {
  const index = parseText(decoder.decode(bytes), url);
  if (!isObject(index) || typeof index.apiVersion !== 'string' || index.apiVersion === '') {
    throw new HawserError('ChartFailed', `${url} is no index of charts: no API version specified`);
  }
  const charts = new Map<string, readonly IndexEntry[]>();
  for (const [name, entries] of Object.entries(isObject(index.entries) ? index.entries : {})) {
    charts.set(
      name,
      (Array.isArray(entries) ? entries : [])
        .flatMap(readEntry)
        .sort(newestFirst)
        .map(({ entry }) => entry),
    );
  }
  return charts;
}

interface Versioned {
  readonly parsed: Version;
  readonly entry: IndexEntry;
}

function parseText(text: string, url: string): Json {
  try {
    return text.trimStart().startsWith('{') ? JSON.parse(text) : parseDocument(text);
  } catch (error) {
    throw new HawserError('ChartFailed', `${url} is no index of charts: ${messageOf(error)}`, { cause: error });
  }
}

function readEntry(value: unknown): Versioned[] {
  if (!isObject(value) || typeof value.version !== 'string') return [];
  const { version, urls, digest } = value;
  const url = Array.isArray(urls) ? urls[0] : undefined;
  const parsed = versionOf(version);
  if (!parsed || typeof url !== 'string' || url === '') return [];
  const hex = typeof digest === 'string' ? digest.toLowerCase().replace(/^sha256:/, '') : '';
  return [{ parsed, entry: { version, url, ...(/^[0-9a-f]{64}$/.test(hex) && { digest: hex }) } }];
}

function versionOf(text: string): Version | undefined {
  try {
    return parseVersion(text);
  } catch (error) {
    if (error instanceof HawserError) return undefined;
    throw error;
  }
}

function newestFirst(a: Versioned, b: Versioned): number {
  return compareVersions(b.parsed, a.parsed);
}
