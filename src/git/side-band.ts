// The side band: in a pack's packets the first byte says whether it is data, progress or the server's last words.

import { HawserError } from '../base/errors.ts';
import { concatBytes } from './http.ts';
import { packetText } from './pkt-line.ts';

const DATA = 1;
const PROGRESS = 2;
const FAILURE = 3;

/** Whether a packet belongs to the side band; text lines never begin with these bytes. */
export function isSideBand(packet: Uint8Array): boolean {
  const band = packet[0];
  return band === DATA || band === PROGRESS || band === FAILURE;
}

/** Joins the data of side-band packets. Throws `GitFailed` with the server's words where it reports a failure. */
export function joinSideBand(packets: readonly Uint8Array[]): Uint8Array {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (const packet of packets) {
    if (packet[0] === FAILURE) throw remoteFailure(packetText(packet.subarray(1)));
    if (packet[0] !== DATA) continue;
    chunks.push(packet.subarray(1));
    size += packet.length - 1;
  }
  return concatBytes(chunks, size);
}

/** What the server itself said went wrong; `data.remote` has its words. */
export function remoteFailure(words: string): HawserError {
  const remote = words.trim();
  return new HawserError('GitFailed', `the Git server says: ${remote}`, { data: { remote } });
}
