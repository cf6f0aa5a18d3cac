// A tree object: one directory's entries, as bytes and as a map.

import { HawserError } from '../base/errors.ts';
import { fromHex, toHex } from '../base/hex.ts';
import type { ObjectId } from './object.ts';

/** Octal, without a leading zero, as tree objects write it. */
export type Mode = '100644' | '100755' | '120000' | '40000' | '160000';

/** The mode of an entry that names a commit of another repository. */
export const SUBMODULE = '160000' satisfies Mode;

export interface TreeObjectEntry {
  readonly mode: Mode;
  readonly id: ObjectId;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const ID_BYTES = 20;
const SPACE = 0x20;
/** Names with which Git checks nothing out either (read-cache.c, verify_path): they would lead elsewhere. */
const NO_NAMES = new Set(['', '.', '..', '.git']);

/** The entries by name, in the order of the object. Throws `GitFailed` on bytes that are no tree. */
export function parseTreeObject(content: Uint8Array): Map<string, TreeObjectEntry> {
  const entries = new Map<string, TreeObjectEntry>();
  for (let offset = 0; offset < content.length; ) {
    const space = content.indexOf(SPACE, offset);
    const nul = content.indexOf(0, space);
    const end = nul + 1 + ID_BYTES;
    if (space < 0 || nul < 0 || end > content.length) throw new HawserError('GitFailed', 'a tree object is broken');
    const mode = parseMode(decoder.decode(content.subarray(offset, space)));
    const name = decoder.decode(content.subarray(space + 1, nul));
    if (NO_NAMES.has(name) || name.includes('/')) {
      throw new HawserError('GitFailed', `a tree object holds an entry of the name '${name}', which no file can have`);
    }
    entries.set(name, { mode, id: toHex(content.subarray(nul + 1, end)) });
    offset = end;
  }
  return entries;
}

/** The object's bytes: sorted as Git sorts, where a directory's name counts as if it ended in `/`. */
export function formatTreeObject(entries: ReadonlyMap<string, TreeObjectEntry>): Uint8Array<ArrayBuffer> {
  const rows = [...entries]
    .map(([name, entry]) => ({ key: encoder.encode(entry.mode === '40000' ? `${name}/` : name), name, entry }))
    .sort((a, b) => compareBytes(a.key, b.key))
    .map(({ name, entry }) => ({ head: encoder.encode(`${entry.mode} ${name}\0`), id: fromHex(entry.id) }));
  const content = new Uint8Array(rows.reduce((size, { head }) => size + head.length + ID_BYTES, 0));
  let offset = 0;
  for (const { head, id } of rows) {
    content.set(head, offset);
    content.set(id, offset + head.length);
    offset += head.length + ID_BYTES;
  }
  return content;
}

/** Old repositories hold modes like 100664; Git reads them as one of the five. */
function parseMode(text: string): Mode {
  const bits = Number.parseInt(text, 8);
  const type = bits & 0o170000;
  if (type === 0o040000) return '40000';
  if (type === 0o120000) return '120000';
  if (type === 0o160000) return '160000';
  return bits & 0o100 ? '100755' : '100644';
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}
