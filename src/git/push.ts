// A push: one ref moves to a commit, with the objects that the server does not have yet. (Git: Documentation/gitprotocol-pack, "Pushing Data
// To a Server")

import { HawserError, isHawserError } from '../base/errors.ts';
import { callService, discoverEndpoint, type Endpoint } from './endpoint.ts';
import { concatBytes, type HttpSettings } from './http.ts';
import { type GitObject, type ObjectId, ZERO_ID } from './object.ts';
import { writePack } from './pack.ts';
import { FLUSH, formatPacketLength, packetText, parsePackets } from './pkt-line.ts';
import { commitOf, parseAdvertisedRefs } from './refs.ts';
import type { Remote } from './remote.ts';

export interface PushRequest {
  /** `refs/heads/main` */
  readonly ref: string;
  /** What the ref has to name now; `ZERO_ID` for one that must not be there. */
  readonly before: ObjectId;
  readonly after: ObjectId;
  /** `after` and all that it leads to, but for what `before`, or the base of a new ref, leads to. */
  readonly objects: Iterable<GitObject>;
}

const CAPABILITIES = ['report-status', 'side-band-64k'] as const;
const AGENT = 'agent=git/hawser';

/** Refusals of a ref that somebody else has moved in the meantime: Git's own words, and those of servers. */
const MOVED = /fetch first|non-fast-forward|stale info|cannot lock ref|failed to update ref|already exists/i;

const encoder = new TextEncoder();

/**
 * Throws `Conflict` where the ref does not name what it has to name, `NotFound` where it is gone, `FailedPrecondition` with the server's words
 * where it refuses (a protected branch, a hook), `GitUnauthorized`, and what a request to a Git server throws. It is sent once: where the
 * connection breaks, the server is asked whether it has arrived.
 */
export async function pushRef(
  settings: HttpSettings,
  remote: Remote,
  request: PushRequest,
  signal?: AbortSignal,
): Promise<void> {
  const { ref, after } = request;
  const endpoint = await discoverEndpoint(settings, remote, signal, 'git-receive-pack');
  const now = refNow(endpoint, ref);
  if (now === after) return;
  requireUnmoved(request, now);
  const offered = CAPABILITIES.filter((name) => endpoint.capabilities.has(name));
  const command = `${request.before} ${after} ${ref}\0${[...offered, AGENT].join(' ')}`;
  const head = encoder.encode(formatPacketLength(encoder.encode(command).length) + command + FLUSH);
  const pack = writePack(request.objects, 6);
  const body = new Uint8Array(head.length + pack.length);
  body.set(head);
  body.set(pack, head.length);
  try {
    const answer = await callService(settings, endpoint, body, signal);
    if (offered.includes('report-status')) checkReport(request, readAnswer(answer, offered.includes('side-band-64k')));
  } catch (error) {
    if (!(isHawserError(error, 'Unavailable') || isHawserError(error, 'Timeout'))) throw error;
    const again = await discoverEndpoint(settings, remote, signal, 'git-receive-pack').catch(() => undefined);
    if (!again || refNow(again, ref) !== after) throw error;
  }
}

function refNow(endpoint: Endpoint, ref: string): ObjectId {
  const found = parseAdvertisedRefs(endpoint).byName.get(ref);
  return found ? commitOf(found) : ZERO_ID;
}

function requireUnmoved({ ref, before }: PushRequest, now: ObjectId): void {
  if (now === before) return;
  const branch = shortName(ref);
  if (before === ZERO_ID) {
    throw new HawserError('Conflict', `there is a branch ${branch} already, at ${now.slice(0, 7)}`, {
      hint: 'choose another name, or commit to that branch',
      data: { now },
    });
  }
  if (now === ZERO_ID) throw new HawserError('NotFound', `there is no branch ${branch} any more`);
  throw movedOn(branch, now);
}

function movedOn(branch: string, now?: ObjectId): HawserError {
  return new HawserError('Conflict', `the branch ${branch} has moved on${now ? ` to ${now.slice(0, 7)}` : ''}`, {
    hint: 'nothing was written; load the branch again, or commit to a new one',
    ...(now && { data: { now } }),
  });
}

interface Report {
  readonly lines: readonly string[];
  /** What hooks and the server print for people. */
  readonly said: string;
}

function readAnswer(answer: Uint8Array, isBanded: boolean): Report {
  const decoder = new TextDecoder();
  if (!isBanded) return { lines: linesOf(answer), said: '' };
  const data: Uint8Array[] = [];
  let said = '';
  for (const { packet } of parsePackets(answer)) {
    if (typeof packet === 'string') continue;
    const rest = packet.subarray(1);
    if (packet[0] === 1) data.push(rest);
    else said += decoder.decode(rest);
  }
  const size = data.reduce((sum, { length }) => sum + length, 0);
  return { lines: linesOf(concatBytes(data, size)), said };
}

function linesOf(bytes: Uint8Array): string[] {
  return [...parsePackets(bytes)].flatMap(({ packet }) => (typeof packet === 'string' ? [] : [packetText(packet)]));
}

/** `unpack ok`, then `ok <ref>` or `ng <ref> <why>`. */
function checkReport({ ref }: PushRequest, { lines, said }: Report): void {
  if (lines.includes('unpack ok') && lines.includes(`ok ${ref}`)) return;
  const refused = lines.find((line) => line.startsWith(`ng ${ref} `))?.slice(`ng ${ref} `.length);
  if (refused !== undefined && MOVED.test(refused)) throw movedOn(shortName(ref));
  const unpack = lines.find((line) => line.startsWith('unpack ') && line !== 'unpack ok');
  const why = refused ?? unpack ?? 'it did not say what became of it';
  const words = plainWords(said);
  throw new HawserError('FailedPrecondition', `the Git server refused the push: ${why}${words ? `: ${words}` : ''}`, {
    hint: 'nothing was written; a protected branch takes changes by a merge request: commit to a new branch',
    data: { remote: words || why },
  });
}

/** Without the colours and rulers that hooks print. */
function plainWords(said: string): string {
  return said
    .replace(/\u001b\[[0-9;]*[A-Za-z]/g, '')
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter((line) => /[\p{L}\p{N}]/u.test(line))
    .join(' ')
    .slice(0, 600);
}

function shortName(ref: string): string {
  return ref.replace(/^refs\/heads\//, '');
}
