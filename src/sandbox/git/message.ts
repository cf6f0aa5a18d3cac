// Requests and answers of the services as packets.

import { FLUSH, formatPacketLength, packetText, parsePackets } from '../../git/pkt-line.ts';

/** A line, or the end of a section (`''` for a delimiter or flush). */
export interface RequestLines {
  /** Each section's lines. */
  readonly sections: readonly (readonly string[])[];
  /** Where the packets ended: a pack may follow. */
  readonly rest: Uint8Array;
}

const encoder = new TextEncoder();
/** A side-band packet holds at most 65520 bytes, its length and band included. */
const BAND_BYTES = 65_515;

/** Reads sections of lines, each ended by a flush or delimiter; `limit` of them at most. */
export function readSections(body: Uint8Array, limit = Number.POSITIVE_INFINITY): RequestLines {
  const sections: string[][] = [];
  let lines: string[] = [];
  let end = 0;
  for (const { packet, end: next } of parsePackets(body)) {
    end = next;
    if (typeof packet !== 'string') lines.push(packetText(packet));
    else {
      sections.push(lines);
      lines = [];
      if (sections.length >= limit) break;
    }
  }
  if (lines.length > 0) sections.push(lines);
  return { sections, rest: body.subarray(end) };
}

/** `data` in the side band's first channel, without the flush that ends it. */
export function formatSideBand(data: Uint8Array): Uint8Array[] {
  const parts: Uint8Array[] = [];
  for (let offset = 0; offset < data.length; offset += BAND_BYTES) {
    const chunk = data.subarray(offset, offset + BAND_BYTES);
    parts.push(encoder.encode(`${formatPacketLength(chunk.length + 1)}\x01`), chunk);
  }
  return parts;
}

/** Joins text and bytes into one body. */
export function joinBody(...parts: readonly (string | Uint8Array)[]): Uint8Array<ArrayBuffer> {
  const bytes = parts.map((part) => (typeof part === 'string' ? encoder.encode(part) : part));
  const body = new Uint8Array(bytes.reduce((size, part) => size + part.length, 0));
  let offset = 0;
  for (const part of bytes) {
    body.set(part, offset);
    offset += part.length;
  }
  return body;
}

/** A pack in the side band, to the end of the answer. */
export function formatPackAnswer(pack: Uint8Array): (string | Uint8Array)[] {
  return [...formatSideBand(pack), FLUSH];
}
