// What somebody has changed and not committed: texts of files over those of the revision. It stays with the tab.

import type { ChangeableSource, ChangeInput } from '../../../operation/application-changes.ts';
import type { SourceEdits } from '../../../source/render-input.ts';

/** A file of one of the sources. */
export interface FileName {
  readonly source: number;
  readonly path: string;
}

export interface DraftFile {
  readonly text: string;
  /** What it stood over when it was begun. */
  readonly before: string;
}

/** By `keyOf`. Files that are as they were are not among them. */
export type Draft = Readonly<Record<string, DraftFile>>;

export function keyOf({ source, path }: FileName): string {
  return `${source}:${path}`;
}

/** As the address has it; undefined for what is none. */
export function parseKey(key: string): FileName | undefined {
  const [, source, path] = /^(\d+):(.+)$/.exec(key) ?? [];
  return source === undefined || path === undefined ? undefined : { source: Number(source), path };
}

/** The text at the revision; empty for a file that is new. */
export function textAtRevision({ sources }: ChangeInput, { source, path }: FileName): string {
  const texts = sources[source]?.tree.texts ?? {};
  return Object.hasOwn(texts, path) ? (texts[path] ?? '') : '';
}

export function withText(draft: Draft, input: ChangeInput, file: FileName, text: string): Draft {
  const key = keyOf(file);
  const now = textAtRevision(input, file);
  const { [key]: known, ...others } = draft;
  return text === now ? others : { ...others, [key]: { text, before: known?.before ?? now } };
}

/** Without what the revision has by now. */
export function withoutCommitted(draft: Draft, input: ChangeInput): Draft {
  return Object.fromEntries(
    Object.entries(draft).filter(([key, { text }]) => {
      const file = parseKey(key);
      return file !== undefined && input.sources[file.source] && textAtRevision(input, file) !== text;
    }),
  );
}

/** Files that somebody else has changed since the draft was begun: the draft would take that back. */
export function overtaken(draft: Draft, input: ChangeInput): readonly FileName[] {
  return Object.entries(draft).flatMap(([key, { before }]) => {
    const file = parseKey(key);
    return file && textAtRevision(input, file) !== before ? [file] : [];
  });
}

/** For a render: sources that read the same commit see the same files. */
export function editsOf(
  draft: Draft,
  { sources }: Pick<ChangeInput, 'sources'>,
): Record<string, Record<string, string>> {
  const edits: Record<string, Record<string, string>> = {};
  for (const [key, { text }] of Object.entries(draft)) {
    const file = parseKey(key);
    const own = file && sources[file.source];
    if (!file || !own) continue;
    sources.forEach((other, index) => {
      if (index !== file.source && !isSameCommit(own, other)) return;
      edits[index] = { ...edits[index], [file.path]: text };
    });
  }
  return edits;
}

function isSameCommit(a: ChangeableSource, b: ChangeableSource): boolean {
  return !a.source.chart && !b.source.chart && a.source.repoURL === b.source.repoURL && a.revision === b.revision;
}

const encoder = new TextEncoder();

export function encodeEdits(edits: Readonly<Record<string, Readonly<Record<string, string>>>>): SourceEdits {
  return Object.fromEntries(
    Object.entries(edits).map(([index, files]) => [
      Number(index),
      Object.fromEntries(Object.entries(files).map(([path, text]) => [path, encoder.encode(text)])),
    ]),
  );
}

/** The changed files of one source, by their paths. */
export function filesOf(draft: Draft, source: number): Record<string, string> {
  return Object.fromEntries(
    Object.entries(draft).flatMap(([key, { text }]) => {
      const file = parseKey(key);
      return file?.source === source ? [[file.path, text]] : [];
    }),
  );
}

/** A draft that was kept as JSON; what is none is nothing. */
export function parseDraft(text: string | undefined): Draft {
  try {
    const value: unknown = JSON.parse(text ?? '{}');
    if (typeof value !== 'object' || value === null) return {};
    return Object.fromEntries(
      Object.entries(value).flatMap(([key, file]: [string, unknown]) => {
        if (!parseKey(key) || typeof file !== 'object' || file === null) return [];
        if (!('text' in file) || !('before' in file)) return [];
        const { text: now, before } = file;
        return typeof now === 'string' && typeof before === 'string' ? [[key, { text: now, before }]] : [];
      }),
    );
  } catch {
    return {};
  }
}
