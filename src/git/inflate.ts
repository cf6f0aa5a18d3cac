// zlib (RFC 1950, 1951) for data that ends somewhere inside a larger buffer, as each object of a pack does: the
// result tells where it ended. DecompressionStream and fflate inflate faster than this but cannot tell, and the pack
// holds no lengths.

import { HawserError } from '../base/errors.ts';

/** Codes of up to this many bits are found by one look-up, longer ones bit by bit. */
const FAST_BITS = 9;
const MAX_BITS = 15;

interface Codes {
  /** Index: the next FAST_BITS bits; value: symbol << 4 | length, 0 for a longer code. */
  readonly fast: Uint16Array;
  /** How many codes there are of each length, and the symbols in the order of their codes. */
  readonly counts: Uint16Array;
  readonly symbols: Uint16Array;
}

const LENGTH_BASE = [
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258,
];
const LENGTH_EXTRA = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
const DISTANCE_BASE = [
  1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145,
  8193, 12289, 16385, 24577,
];
const DISTANCE_EXTRA = [
  0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13,
];
const CODE_LENGTH_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
const ADLER_BYTES = 4;

let fixedCodes: { lengths: Codes; distances: Codes } | undefined;

/**
 * Inflates the zlib stream that begins at `start` and must give exactly `size` bytes; `end` is the offset after it.
 * The checksum is not checked: the object's id is. Throws `GitFailed` on data that is no such stream.
 */
export function inflateAt(source: Uint8Array, start: number, size: number): { data: Uint8Array; end: number } {
  const header = ((source[start] ?? 0) << 8) | (source[start + 1] ?? 0);
  if ((header & 0x0f00) !== 0x0800 || header % 31 !== 0 || header & 0x20) throw broken();
  const reader = new BitReader(source, start + 2);
  const data = new Uint8Array(size);
  let filled = 0;
  for (let last = false; !last; ) {
    last = reader.bits(1) === 1;
    const type = reader.bits(2);
    if (type === 0) filled = copyStored(reader, data, filled);
    else if (type === 1) filled = inflateBlock(reader, data, filled, fixed());
    else if (type === 2) filled = inflateBlock(reader, data, filled, readDynamicCodes(reader));
    else throw broken();
  }
  const end = reader.alignedOffset() + ADLER_BYTES;
  if (filled !== size || end > source.length) throw broken();
  return { data, end };
}

/** Bits of a byte buffer, least significant first. */
class BitReader {
  readonly source: Uint8Array;
  offset: number;
  hold = 0;
  held = 0;

  constructor(source: Uint8Array, offset: number) {
    this.source = source;
    this.offset = offset;
  }

  /** Makes at least `count` (at most 24) bits held, with zeros after the end of the data. */
  need(count: number): void {
    while (this.held < count) {
      this.hold |= (this.source[this.offset++] ?? 0) << this.held;
      this.held += 8;
    }
  }

  bits(count: number): number {
    if (count === 0) return 0;
    this.need(count);
    const value = this.hold & ((1 << count) - 1);
    this.hold >>>= count;
    this.held -= count;
    return value;
  }

  symbol(codes: Codes): number {
    this.need(MAX_BITS);
    const entry = codes.fast[this.hold & ((1 << FAST_BITS) - 1)] ?? 0;
    if (entry !== 0) {
      const length = entry & 15;
      this.hold >>>= length;
      this.held -= length;
      return entry >>> 4;
    }
    let code = 0;
    let first = 0;
    let index = 0;
    for (let length = 1; length <= MAX_BITS; length++) {
      code |= (this.hold >>> (length - 1)) & 1;
      const count = codes.counts[length] ?? 0;
      if (code - count < first) {
        this.hold >>>= length;
        this.held -= length;
        return codes.symbols[index + code - first] ?? 0;
      }
      index += count;
      first = (first + count) << 1;
      code <<= 1;
    }
    throw broken();
  }

  /** The offset of the first byte of which no bit was used. */
  alignedOffset(): number {
    return this.offset - (this.held >>> 3);
  }

  align(): void {
    this.offset = this.alignedOffset();
    this.hold = 0;
    this.held = 0;
  }
}

function copyStored(reader: BitReader, data: Uint8Array, filled: number): number {
  reader.align();
  const length = reader.bits(16);
  if (reader.bits(16) !== (~length & 0xffff)) throw broken();
  const end = filled + length;
  reader.align();
  if (end > data.length || reader.offset + length > reader.source.length) throw broken();
  data.set(reader.source.subarray(reader.offset, reader.offset + length), filled);
  reader.offset += length;
  return end;
}

function inflateBlock(
  reader: BitReader,
  data: Uint8Array,
  start: number,
  { lengths, distances }: { lengths: Codes; distances: Codes },
): number {
  let filled = start;
  for (;;) {
    const symbol = reader.symbol(lengths);
    if (symbol < 256) {
      if (filled >= data.length) throw broken();
      data[filled++] = symbol;
      continue;
    }
    if (symbol === 256) return filled;
    const length = lengthOf(reader, symbol - 257);
    const distance = distanceOf(reader, reader.symbol(distances));
    const end = filled + length;
    if (distance > filled || end > data.length) throw broken();
    if (distance >= length) {
      data.copyWithin(filled, filled - distance, end - distance);
      filled = end;
    } else {
      for (; filled < end; filled++) data[filled] = data[filled - distance] ?? 0;
    }
    // Past the end of the data the reader gives zeros for ever; a stream that is cut off must not spin.
    if (reader.offset > reader.source.length + 8) throw broken();
  }
}

function lengthOf(reader: BitReader, index: number): number {
  const base = LENGTH_BASE[index];
  const extra = LENGTH_EXTRA[index];
  if (base === undefined || extra === undefined) throw broken();
  return base + reader.bits(extra);
}

function distanceOf(reader: BitReader, index: number): number {
  const base = DISTANCE_BASE[index];
  const extra = DISTANCE_EXTRA[index];
  if (base === undefined || extra === undefined) throw broken();
  return base + reader.bits(extra);
}

function readDynamicCodes(reader: BitReader): { lengths: Codes; distances: Codes } {
  const lengthCount = reader.bits(5) + 257;
  const distanceCount = reader.bits(5) + 1;
  const codeLengthCount = reader.bits(4) + 4;
  const codeLengths = new Uint8Array(CODE_LENGTH_ORDER.length);
  for (const symbol of CODE_LENGTH_ORDER.slice(0, codeLengthCount)) codeLengths[symbol] = reader.bits(3);
  const codes = buildCodes(codeLengths);
  const all = new Uint8Array(lengthCount + distanceCount);
  for (let index = 0; index < all.length; ) {
    const symbol = reader.symbol(codes);
    if (symbol < 16) {
      all[index++] = symbol;
      continue;
    }
    if (symbol === 16 && index === 0) throw broken();
    const value = symbol === 16 ? (all[index - 1] ?? 0) : 0;
    const times = symbol === 16 ? 3 + reader.bits(2) : symbol === 17 ? 3 + reader.bits(3) : 11 + reader.bits(7);
    if (index + times > all.length) throw broken();
    all.fill(value, index, index + times);
    index += times;
  }
  return { lengths: buildCodes(all.subarray(0, lengthCount)), distances: buildCodes(all.subarray(lengthCount)) };
}

function fixed(): { lengths: Codes; distances: Codes } {
  if (fixedCodes) return fixedCodes;
  const lengths = new Uint8Array(288).fill(8, 0, 144).fill(9, 144, 256).fill(7, 256, 280).fill(8, 280);
  fixedCodes = { lengths: buildCodes(lengths), distances: buildCodes(new Uint8Array(30).fill(5)) };
  return fixedCodes;
}

/** The canonical Huffman codes of symbols with these code lengths (0: no code). */
function buildCodes(lengths: Uint8Array): Codes {
  const counts = new Uint16Array(MAX_BITS + 1);
  for (const length of lengths) counts[length] = (counts[length] ?? 0) + 1;
  counts[0] = 0;
  const nextCode = new Uint16Array(MAX_BITS + 2);
  const nextIndex = new Uint16Array(MAX_BITS + 2);
  for (let length = 1; length <= MAX_BITS; length++) {
    const count = counts[length] ?? 0;
    const code = nextCode[length] ?? 0;
    if (code + count > 1 << length) throw broken();
    nextCode[length + 1] = (code + count) << 1;
    nextIndex[length + 1] = (nextIndex[length] ?? 0) + count;
  }
  const fast = new Uint16Array(1 << FAST_BITS);
  const symbols = new Uint16Array(lengths.length);
  for (let symbol = 0; symbol < lengths.length; symbol++) {
    const length = lengths[symbol] ?? 0;
    if (length === 0) continue;
    const index = nextIndex[length] ?? 0;
    nextIndex[length] = index + 1;
    symbols[index] = symbol;
    const code = nextCode[length] ?? 0;
    nextCode[length] = code + 1;
    if (length > FAST_BITS) continue;
    const entry = (symbol << 4) | length;
    for (let at = reverseBits(code, length); at < fast.length; at += 1 << length) fast[at] = entry;
  }
  return { fast, counts, symbols };
}

function reverseBits(value: number, count: number): number {
  let reversed = 0;
  for (let i = 0; i < count; i++) reversed |= ((value >>> i) & 1) << (count - 1 - i);
  return reversed;
}

function broken(): HawserError {
  return new HawserError('GitFailed', 'the Git server sent a pack with broken compressed data', {
    data: { protocol: true },
  });
}
