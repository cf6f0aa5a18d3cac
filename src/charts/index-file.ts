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

export interface IndexFile {
  /** The versions of a chart, the newest first; empty where the repository has no such chart. */
  entries(chart: string): readonly IndexEntry[];
  /** The names of all charts, sorted. */
  names(): readonly string[];
}

const decoder = new TextDecoder();

/**
 * An index of which only the asked-for chart is parsed where its form allows it: indexes of 20 MB exist, and parsed they are too much for
 * a small isolate. Entries that Helm would skip (no version, no URL) are left out. Throws `ChartFailed` for what is no index.
 */
export function readIndexFile(bytes: Uint8Array, url: string): IndexFile {
  const text = decoder.decode(bytes);
  const known = new Map<string, readonly IndexEntry[]>();
  let whole: Readonly<Record<string, unknown>> | undefined;
  const read = (chart: string): unknown => {
    const own = whole ? undefined : parseOwnEntries(text, chart);
    if (own !== undefined) return own;
    whole ??= parseWhole(text, url);
    return Object.hasOwn(whole, chart) ? whole[chart] : undefined;
  };
  if (!/^apiVersion:[ \t]*[^\s#]/m.test(text)) whole = parseWhole(text, url);
  return {
    entries: (chart) => {
      const entries = known.get(chart) ?? toEntries(read(chart));
      known.set(chart, entries);
      return entries;
    },
    names: () => {
      whole ??= parseWhole(text, url);
      return Object.keys(whole).sort();
    },
  };
}

function parseWhole(text: string, url: string): Readonly<Record<string, unknown>> {
  const index = parseText(text, url);
  if (!isObject(index) || typeof index.apiVersion !== 'string' || index.apiVersion === '') {
    throw new HawserError('ChartFailed', `${url} is no index of charts: no API version specified`);
  }
  return isObject(index.entries) ? index.entries : {};
}

/** The list below `  CHART:` as Helm writes an index; undefined where there is none, or where it cannot be read by itself. */
function parseOwnEntries(text: string, chart: string): unknown {
  const start = text.startsWith('entries:\n') ? 0 : text.indexOf('\nentries:\n') + 1;
  const head = `\n  ${chart}:\n`;
  const at = text.startsWith('entries:\n', start) ? text.indexOf(head, start + 'entries:'.length) : -1;
  if (at < 0) return undefined;
  const from = at + head.length;
  // The list's own dashes stand below the name, without a further indentation.
  const end = /\n(?! *(?:\n|$)| {3}| {2}- )/g;
  end.lastIndex = from;
  const block = text.slice(from, end.exec(text)?.index ?? text.length);
  // What refers to another part of the file cannot be understood alone.
  if (/(?:^|[\s[{,:-])[*&]\w/m.test(block)) return undefined;
  try {
    return parseDocument(block);
  } catch (error) {
    if (error instanceof HawserError) return undefined;
    throw error;
  }
}

function toEntries(value: unknown): readonly IndexEntry[] {
  const versions = (Array.isArray(value) ? value : []).flatMap(readEntry);
  return versions.sort(newestFirst).map(({ entry }) => entry);
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
