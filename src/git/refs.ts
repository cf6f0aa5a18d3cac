// The refs of a repository: what its branches, tags and HEAD name at this moment.

import { HawserError } from '../base/errors.ts';
import { callService, type Endpoint } from './endpoint.ts';
import type { HttpSettings } from './http.ts';
import { isObjectId, type ObjectId, ZERO_ID } from './object.ts';
import { DELIMITER, FLUSH, formatPacket, packetText, parsePackets } from './pkt-line.ts';
import { remoteFailure } from './side-band.ts';

export interface Ref {
  /** What the ref names: a commit, or an annotated tag. */
  readonly id: ObjectId;
  /** The commit, where `id` is an annotated tag. */
  readonly peeled?: ObjectId;
}

export interface Refs {
  /** By full name: `HEAD`, `refs/heads/main`, `refs/tags/v1`. Empty for an empty repository. */
  readonly byName: ReadonlyMap<string, Ref>;
  /** The branch that HEAD names (`refs/heads/main`), which may have no commit yet. */
  readonly head?: string;
}

/** The commit that a ref leads to. */
export function commitOf({ id, peeled }: Ref): ObjectId {
  return peeled ?? id;
}

/** The short names of the tags at `commit`, as `git tag --points-at` lists them. */
export function tagsAt(refs: Refs, commit: ObjectId): string[] {
  return [...refs.byName]
    .filter(([name, ref]) => name.startsWith(TAGS) && commitOf(ref) === commit)
    .map(([name]) => name.slice(TAGS.length))
    .sort();
}

const TAGS = 'refs/tags/';
const PEELED = '^{}';

/** The refs that a server of version 0 sent when it was found. */
export function parseAdvertisedRefs({ advertised, symrefs }: Endpoint): Refs {
  const byName = new Map<string, Ref>();
  for (const line of advertised) {
    const [id = '', name = ''] = splitAtSpace(line);
    if (!isObjectId(id) || id === ZERO_ID || name === '') continue;
    if (!name.endsWith(PEELED)) byName.set(name, { id });
    else {
      const tag = name.slice(0, -PEELED.length);
      byName.set(tag, { id: byName.get(tag)?.id ?? id, peeled: id });
    }
  }
  const head = symrefs.find((symref) => symref.startsWith('HEAD:'))?.slice('HEAD:'.length);
  return { byName, ...(head && { head }) };
}

/** Asks a server of version 2 for its refs; only those that begin with one of `prefixes`, where any are given. */
export async function requestRefs(
  settings: HttpSettings,
  endpoint: Endpoint,
  prefixes: readonly string[],
  signal: AbortSignal | undefined,
): Promise<Refs> {
  const unborn = endpoint.capabilities.get('ls-refs')?.split(' ').includes('unborn');
  const body = [
    formatPacket('command=ls-refs'),
    ...(endpoint.capabilities.has('object-format') ? [formatPacket('object-format=sha1')] : []),
    DELIMITER,
    formatPacket('peel'),
    formatPacket('symrefs'),
    ...(unborn ? [formatPacket('unborn')] : []),
    ...prefixes.map((prefix) => formatPacket(`ref-prefix ${prefix}`)),
    FLUSH,
  ].join('');
  return parseRefs(await callService(settings, endpoint, body, signal));
}

/** `<id> <name>[ symref-target:<name>][ peeled:<id>]`, or `unborn HEAD symref-target:<name>`. */
function parseRefs(answer: Uint8Array): Refs {
  const byName = new Map<string, Ref>();
  let head: string | undefined;
  let ended = false;
  for (const { packet } of parsePackets(answer)) {
    if (typeof packet === 'string') {
      ended ||= packet === 'flush';
      continue;
    }
    const line = packetText(packet);
    if (line.startsWith('ERR ')) throw remoteFailure(line.slice('ERR '.length));
    const [id = '', name = '', ...attributes] = line.split(' ');
    const value = (key: string) => attributes.find((attribute) => attribute.startsWith(key))?.slice(key.length);
    if (name === 'HEAD') head = value('symref-target:');
    if (!isObjectId(id)) continue;
    const peeled = value('peeled:');
    byName.set(name, { id, ...(peeled && { peeled }) });
  }
  if (!ended) throw new HawserError('GitFailed', 'the list of refs is cut off', { data: { protocol: true } });
  return { byName, ...(head && { head }) };
}

function splitAtSpace(line: string): [string, string] {
  const space = line.indexOf(' ');
  return space < 0 ? [line, ''] : [line.slice(0, space), line.slice(space + 1)];
}
