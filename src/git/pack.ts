// A pack: many objects in one file, each whole or as a delta against another. (Git: Documentation/gitformat-pack)

import { sha1 } from '@noble/hashes/legacy.js';
import { zlibSync } from 'fflate';
import { HawserError } from '../base/errors.ts';
import { toHex } from '../base/hex.ts';
import { applyDelta } from './delta.ts';
import { inflateAt } from './inflate.ts';
import { type GitObject, hashObject, type ObjectId, type ObjectType } from './object.ts';

export interface PackLimits {
  /** All objects of a pack together, inflated. */
  readonly maxBytes: number;
}

/** Finds an object that a delta of the pack stands on and that is not in the pack (a thin pack). */
export type FindObject = (id: ObjectId) => GitObject | undefined;

interface PendingDelta {
  readonly offset: number;
  readonly base: number | ObjectId;
  readonly delta: Uint8Array;
}

const TYPES: Readonly<Record<number, ObjectType>> = { 1: 'commit', 2: 'tree', 3: 'blob', 4: 'tag' };
const TYPE_NUMBERS: Readonly<Record<ObjectType, number>> = { commit: 1, tree: 2, blob: 3, tag: 4 };
const OFFSET_DELTA = 6;
const ID_DELTA = 7;
const HEADER_BYTES = 12;
const TRAILER_BYTES = 20;
const SIGNATURE = 0x5041434b;

/**
 * Every object of `pack`, by id. Deltas may stand on objects that `findBase` gives. Throws `GitFailed` on a pack that
 * is broken or that stands on objects nobody has, `LimitExceeded` on one that is too large.
 */
export function readPack(
  pack: Uint8Array,
  { maxBytes }: PackLimits,
  findBase: FindObject = () => undefined,
): Map<ObjectId, GitObject> {
  const view = new DataView(pack.buffer, pack.byteOffset, pack.byteLength);
  if (pack.length < HEADER_BYTES + TRAILER_BYTES || view.getUint32(0) !== SIGNATURE) throw broken('has no header');
  if (view.getUint32(4) !== 2) throw broken(`has version ${view.getUint32(4)}`);
  const count = view.getUint32(8);
  const objects = new Map<ObjectId, GitObject>();
  const byOffset = new Map<number, GitObject>();
  let pending: PendingDelta[] = [];
  let total = 0;
  const grow = (size: number) => {
    total += size;
    if (total > maxBytes) {
      throw new HawserError('LimitExceeded', `the Git server sent more than ${maxBytes} bytes of objects`);
    }
  };
  const add = (offset: number, object: GitObject) => {
    byOffset.set(offset, object);
    objects.set(hashObject(object.type, object.content), object);
  };
  const resolve = ({ offset, base, delta }: PendingDelta): boolean => {
    const on = typeof base === 'number' ? byOffset.get(base) : (objects.get(base) ?? findBase(base));
    if (!on) return false;
    const content = applyDelta(on.content, delta, maxBytes);
    grow(content.length);
    add(offset, { type: on.type, content });
    return true;
  };

  let offset = HEADER_BYTES;
  for (let i = 0; i < count; i++) {
    const start = offset;
    const { type, size, next } = readEntryHeader(pack, offset);
    offset = next;
    let base: number | ObjectId = 0;
    if (type === OFFSET_DELTA) {
      const read = readBaseOffset(pack, offset);
      base = start - read.distance;
      offset = read.next;
    } else if (type === ID_DELTA) {
      base = toHex(pack.subarray(offset, offset + 20));
      offset += 20;
    }
    grow(size);
    const { data, end } = inflateAt(pack, offset, size);
    offset = end;
    const plain = TYPES[type];
    if (plain) add(start, { type: plain, content: data });
    else if (type !== OFFSET_DELTA && type !== ID_DELTA) throw broken(`holds an object of type ${type}`);
    else if (!resolve({ offset: start, base, delta: data })) pending.push({ offset: start, base, delta: data });
  }
  while (pending.length > 0) {
    const left = pending.filter((delta) => !resolve(delta));
    if (left.length === pending.length) throw broken(`stands on objects that are not there (${left.length} deltas)`);
    pending = left;
  }
  return objects;
}

/** A pack of whole objects. `level` is zlib's, 0 for none. */
export function writePack(objects: Iterable<GitObject>, level: 0 | 1 | 6 = 1): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = [];
  for (const { type, content } of objects) {
    parts.push(entryHeader(TYPE_NUMBERS[type], content.length), zlibSync(content, { level }));
  }
  const body = parts.reduce((size, part) => size + part.length, HEADER_BYTES);
  const pack = new Uint8Array(body + TRAILER_BYTES);
  const view = new DataView(pack.buffer);
  view.setUint32(0, SIGNATURE);
  view.setUint32(4, 2);
  view.setUint32(8, parts.length / 2);
  let offset = HEADER_BYTES;
  for (const part of parts) {
    pack.set(part, offset);
    offset += part.length;
  }
  pack.set(sha1(pack.subarray(0, body)), body);
  return pack;
}

function readEntryHeader(pack: Uint8Array, start: number): { type: number; size: number; next: number } {
  let offset = start;
  let byte = pack[offset++] ?? 0;
  const type = (byte >> 4) & 7;
  let size = byte & 15;
  for (let scale = 16; byte & 0x80; scale *= 128) {
    byte = pack[offset++] ?? 0;
    size += (byte & 0x7f) * scale;
  }
  return { type, size, next: offset };
}

/** Seven bits a byte, most significant first, where each further byte adds one (so that no number has two forms). */
function readBaseOffset(pack: Uint8Array, start: number): { distance: number; next: number } {
  let offset = start;
  let byte = pack[offset++] ?? 0;
  let distance = byte & 0x7f;
  while (byte & 0x80) {
    byte = pack[offset++] ?? 0;
    distance = (distance + 1) * 128 + (byte & 0x7f);
  }
  return { distance, next: offset };
}

function entryHeader(type: number, size: number): Uint8Array {
  const bytes: number[] = [];
  let rest = Math.floor(size / 16);
  bytes.push((type << 4) | (size & 15) | (rest > 0 ? 0x80 : 0));
  while (rest > 0) {
    const more = Math.floor(rest / 128);
    bytes.push((rest & 0x7f) | (more > 0 ? 0x80 : 0));
    rest = more;
  }
  return Uint8Array.from(bytes);
}

function broken(how: string): HawserError {
  return new HawserError('GitFailed', `the pack ${how}`, { data: { protocol: true } });
}
