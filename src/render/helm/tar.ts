// A synchronous reader of tar archives: ustar, pax and GNU long names, as Go's archive/tar reads them.

import { HawserError } from '../../base/errors.ts';

export interface TarEntry {
  readonly name: string;
  /** The type flag: '0' a file, '5' a directory, '2' a symlink, … */
  readonly type: string;
  readonly data: Uint8Array;
}

const BLOCK = 512;
const decoder = new TextDecoder();

/** The entries of an archive in order, without the headers that only describe the next entry. Throws `RenderFailed`. */
export function* readTar(archive: Uint8Array): Generator<TarEntry> {
  let offset = 0;
  let pax = new Map<string, string>();
  let longName: string | undefined;
  while (offset + BLOCK <= archive.length) {
    const header = archive.subarray(offset, offset + BLOCK);
    if (header.every((byte) => byte === 0)) return;
    if (!hasValidChecksum(header)) throw new HawserError('RenderFailed', 'archive/tar: invalid tar header');
    const type = String.fromCharCode(header[156] || 0x30);
    const ownSize = readNumber(header, 124, 12);
    const size = type === 'x' || type === 'g' ? ownSize : Number(pax.get('size') ?? ownSize);
    const start = offset + BLOCK;
    if (!Number.isSafeInteger(size) || size < 0 || start + size > archive.length) {
      throw new HawserError('RenderFailed', 'unexpected EOF');
    }
    const hasData = !'123456'.includes(type);
    const data = hasData ? archive.subarray(start, start + size) : archive.subarray(start, start);
    offset = start + (hasData ? Math.ceil(size / BLOCK) * BLOCK : 0);
    if (type === 'x') pax = readPax(data);
    else if (type === 'L') longName = readText(data, 0, data.length);
    else if (type !== 'K') {
      const name = pax.get('path') ?? longName ?? headerName(header);
      const isDirectory = type === '0' && name.endsWith('/');
      yield { name, type: isDirectory ? '5' : type, data };
      pax = new Map();
      longName = undefined;
    }
  }
}

function headerName(header: Uint8Array): string {
  const name = readText(header, 0, 100);
  const isPosix = readText(header, 257, 6) === 'ustar' && header[263] === 0x30;
  const prefix = isPosix ? readText(header, 345, 155) : '';
  return prefix === '' ? name : `${prefix}/${name}`;
}

/** Pax records: `LENGTH KEY=VALUE\n`, the length counting itself. */
function readPax(data: Uint8Array): Map<string, string> {
  const records = new Map<string, string>();
  let offset = 0;
  while (offset < data.length) {
    const space = data.indexOf(0x20, offset);
    const length = space < 0 ? Number.NaN : Number(decoder.decode(data.subarray(offset, space)));
    if (!(length > space - offset) || offset + length > data.length) {
      throw new HawserError('RenderFailed', 'archive/tar: invalid tar header');
    }
    const record = decoder.decode(data.subarray(space + 1, offset + length - 1));
    const equals = record.indexOf('=');
    if (equals > 0) records.set(record.slice(0, equals), record.slice(equals + 1));
    offset += length;
  }
  return records;
}

function readText(block: Uint8Array, offset: number, length: number): string {
  const field = block.subarray(offset, offset + length);
  const end = field.indexOf(0);
  return decoder.decode(end < 0 ? field : field.subarray(0, end));
}

/** An octal number, or a base-256 one where its first bit is set. */
function readNumber(block: Uint8Array, offset: number, length: number): number {
  const first = block[offset] ?? 0;
  if (first & 0x80) {
    let value = first & 0x7f;
    for (let index = 1; index < length; index++) value = value * 256 + (block[offset + index] ?? 0);
    return value;
  }
  const text = readText(block, offset, length).trim();
  return text === '' ? 0 : Number.parseInt(text, 8);
}

function hasValidChecksum(header: Uint8Array): boolean {
  let sum = 0;
  for (let index = 0; index < BLOCK; index++) sum += index >= 148 && index < 156 ? 0x20 : (header[index] ?? 0);
  return sum === readNumber(header, 148, 8);
}
