// pkt-line, the framing of every Git protocol message: four hex digits of length, then that many bytes less four.

import { HawserError } from '../base/errors.ts';

/** A packet's bytes, or one of the three special packets: end of message, end of section, end of response. */
export type Packet = Uint8Array | 'flush' | 'delimiter' | 'end';

export const FLUSH = '0000';
export const DELIMITER = '0001';

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const SPECIAL = ['flush', 'delimiter', 'end'] as const;
const LENGTH_DIGITS = 4;

/** One line as a packet, with the line feed that Git's own client sends. */
export function formatPacket(line: string): string {
  return `${formatPacketLength(encoder.encode(line).length + 1) + line}\n`;
}

/** The four digits before a packet of `size` bytes. */
export function formatPacketLength(size: number): string {
  return (size + LENGTH_DIGITS).toString(16).padStart(LENGTH_DIGITS, '0');
}

/**
 * The packets of a whole message, one after another. `rest` of the last yielded value is where it ended, so that a
 * caller can stop at bytes that are no packets any more (a pack without a side band). Throws `GitFailed` on broken
 * framing.
 */
export function* parsePackets(bytes: Uint8Array, start = 0): Generator<{ packet: Packet; end: number }> {
  for (let offset = start; offset < bytes.length; ) {
    const length = parseLength(bytes, offset);
    const special = SPECIAL[length];
    if (special) {
      offset += LENGTH_DIGITS;
      yield { packet: special, end: offset };
      continue;
    }
    const end = offset + length;
    if (Number.isNaN(length) || length < LENGTH_DIGITS || end > bytes.length) {
      throw new HawserError('GitFailed', 'the Git server sent a broken or cut off message', {
        data: { protocol: true, offset },
      });
    }
    yield { packet: bytes.subarray(offset + LENGTH_DIGITS, end), end };
    offset = end;
  }
}

/** The text of a packet without its line feed. */
export function packetText(packet: Uint8Array): string {
  const end = packet.at(-1) === 0x0a ? packet.length - 1 : packet.length;
  return decoder.decode(packet.subarray(0, end));
}

function parseLength(bytes: Uint8Array, offset: number): number {
  let length = 0;
  for (let i = offset; i < offset + LENGTH_DIGITS; i++) {
    const digit = hexDigit(bytes[i]);
    if (digit === undefined) return Number.NaN;
    length = length * 16 + digit;
  }
  return length;
}

function hexDigit(byte: number | undefined): number | undefined {
  if (byte === undefined) return undefined;
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : undefined;
}
