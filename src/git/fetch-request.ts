// Asking upload-pack for objects, in protocol version 2 and in version 0. One request, one answer: `done` is always
// said at once.
//
// Any object can be wanted by its id: version 2 allows it, and version 0 does over HTTP (Git: upload-pack.c,
// check_non_tip). A tree in `haves` leaves out all that is below it, whatever its commit is to the wanted one: the
// negotiation about commits is not needed.

import { HawserError } from '../base/errors.ts';
import type { Endpoint } from './endpoint.ts';
import type { ObjectId } from './object.ts';
import { DELIMITER, FLUSH, formatPacket, type Packet, packetText, parsePackets } from './pkt-line.ts';
import { isSideBand, joinSideBand, remoteFailure } from './side-band.ts';

export interface FetchRequest {
  readonly wants: readonly ObjectId[];
  readonly haves?: readonly ObjectId[];
  /** Commits without their ancestors. */
  readonly shallow?: boolean;
  /** `tree:0`, `blob:none` … (Git: rev-list --filter) */
  readonly filter?: string | undefined;
}

const AGENT = 'agent=git/hawser';

/** Whether the server can leave objects out (`uploadpack.allowFilter`). */
export function offersFilter({ version, capabilities }: Endpoint): boolean {
  return version === 2 ? words(capabilities.get('fetch')).includes('filter') : capabilities.has('filter');
}

/** Whether the server can leave ancestors out. */
export function offersShallow({ version, capabilities }: Endpoint): boolean {
  return version === 2 ? words(capabilities.get('fetch')).includes('shallow') : capabilities.has('shallow');
}

export function formatFetchRequest(endpoint: Endpoint, request: FetchRequest): string {
  return endpoint.version === 2 ? formatVersion2(endpoint, request) : formatVersion0(endpoint, request);
}

/** The pack in an answer of either version. Throws `GitFailed` with the server's words where it refused. */
export function parseFetchAnswer(answer: Uint8Array): Uint8Array {
  const band: Uint8Array[] = [];
  let end = 0;
  for (const { packet, end: next } of parsePacketsUntilPack(answer)) {
    end = next;
    if (typeof packet === 'string') continue;
    if (isSideBand(packet)) band.push(packet);
    else {
      const line = packetText(packet);
      if (line.startsWith('ERR ')) throw remoteFailure(line.slice('ERR '.length));
    }
  }
  const pack = band.length > 0 ? joinSideBand(band) : answer.subarray(end);
  if (pack.length > 0) return pack;
  throw new HawserError('GitFailed', 'the Git server sent no pack', { data: { protocol: true } });
}

function formatVersion2({ capabilities }: Endpoint, { wants, haves = [], shallow, filter }: FetchRequest): string {
  return [
    formatPacket('command=fetch'),
    formatPacket(AGENT),
    ...(capabilities.has('object-format') ? [formatPacket('object-format=sha1')] : []),
    DELIMITER,
    formatPacket('no-progress'),
    formatPacket('ofs-delta'),
    ...wants.map((id) => formatPacket(`want ${id}`)),
    ...(shallow ? [formatPacket('deepen 1')] : []),
    ...(filter ? [formatPacket(`filter ${filter}`)] : []),
    ...haves.map((id) => formatPacket(`have ${id}`)),
    formatPacket('done'),
    FLUSH,
  ].join('');
}

function formatVersion0({ capabilities }: Endpoint, { wants, haves = [], shallow, filter }: FetchRequest): string {
  const wished = ['multi_ack_detailed', 'side-band-64k', 'ofs-delta', 'no-progress'];
  if (filter) wished.push('filter');
  const chosen = [...wished.filter((name) => capabilities.has(name)), AGENT].join(' ');
  return [
    ...wants.map((id, index) => formatPacket(index === 0 ? `want ${id} ${chosen}` : `want ${id}`)),
    ...(shallow ? [formatPacket('deepen 1')] : []),
    ...(filter ? [formatPacket(`filter ${filter}`)] : []),
    FLUSH,
    ...haves.map((id) => formatPacket(`have ${id}`)),
    formatPacket('done'),
  ].join('');
}

/** Without a side band the pack follows the last packet as it is. */
function* parsePacketsUntilPack(answer: Uint8Array): Generator<{ packet: Packet; end: number }> {
  let end = 0;
  const isPack = () => answer[end] === 0x50 && answer[end + 1] === 0x41 && answer[end + 2] === 0x43;
  if (isPack()) return;
  for (const step of parsePackets(answer)) {
    end = step.end;
    yield step;
    if (isPack()) return;
  }
}

function words(value: string | undefined): string[] {
  return value?.split(' ') ?? [];
}
