// Giving objects to a client: ls-refs and fetch of protocol version 2, and the one exchange of version 0.

import type { ObjectId } from '../../git/object.ts';
import { writePack } from '../../git/pack.ts';
import { DELIMITER, FLUSH, formatPacket } from '../../git/pkt-line.ts';
import { listRefs, type ServiceOptions } from './advertisement.ts';
import { formatPackAnswer, joinBody, readSections } from './message.ts';
import { type History, markReachable, type Omit, parseFilter, selectObjects, walkHistory } from './reachable.ts';
import { peel, type SandboxRepository } from './repository.ts';

interface FetchArguments {
  readonly wants: readonly ObjectId[];
  readonly haves: readonly ObjectId[];
  /** Commits whose parents the client does not have. */
  readonly shallows: ReadonlySet<ObjectId>;
  readonly depth: number | undefined;
  readonly relative: boolean;
  readonly filter: string | undefined;
  readonly isDone: boolean;
}

type Answer = Uint8Array<ArrayBuffer>;

const NOWHERE: ReadonlySet<ObjectId> = new Set();

/** Answers a request of version 2. */
export function uploadPackVersion2(repository: SandboxRepository, body: Uint8Array, options: ServiceOptions): Answer {
  const { sections } = readSections(body);
  const command = sections[0]?.find((line) => line.startsWith('command='));
  const lines = sections[1] ?? [];
  if (command === 'command=ls-refs') return joinBody(answerRefs(repository, lines));
  if (command === 'command=fetch') return answerFetch(repository, readArguments(lines), options);
  return refuse(`unknown command '${command ?? ''}'`);
}

/** Answers a request of version 0: wants, an empty line, haves. */
export function uploadPackVersion0(repository: SandboxRepository, body: Uint8Array, options: ServiceOptions): Answer {
  const { sections } = readSections(body);
  // The first want carries what version 2 has as lines of their own.
  const lines = sections.flat().flatMap((line) => {
    const [, want = line, capabilities = ''] = /^(want [0-9a-f]{40}) (.*)$/.exec(line) ?? [];
    return [want, ...capabilities.split(' ')];
  });
  const request = readArguments(lines);
  if (request.wants.length === 0) return joinBody('');
  const failure = checkRequest(repository, request, options);
  if (failure !== undefined) return refuse(failure);
  const history = historyOf(repository, request);
  const shallow = request.depth === undefined ? '' : shallowLines(request, history).map(formatPacket).join('') + FLUSH;
  const common = request.haves.filter((id) => repository.objects.has(id));
  // The client first asks where its history will be cut, then again with what it has.
  if (!request.isDone && request.haves.length === 0) return joinBody(shallow);
  const acks = common.map((id) => formatPacket(`ACK ${id} common`)).join('');
  const last = common.at(-1);
  if (!request.isDone) {
    return joinBody(shallow, acks, ...(last ? [formatPacket(`ACK ${last} ready`)] : []), formatPacket('NAK'));
  }
  const final = formatPacket(last ? `ACK ${last}` : 'NAK');
  return joinBody(shallow, acks, final, ...formatPackAnswer(packFor(repository, request, history, common)));
}

function answerRefs(repository: SandboxRepository, lines: readonly string[]): string {
  const prefixes = lines
    .filter((line) => line.startsWith('ref-prefix '))
    .map((line) => line.slice('ref-prefix '.length));
  const rows = listRefs(repository, { head: true, peeled: false })
    .filter(([name]) => prefixes.length === 0 || prefixes.some((prefix) => name.startsWith(prefix)))
    .map(([name, id]) => {
      const symref = name === 'HEAD' && lines.includes('symrefs') ? ` symref-target:${repository.head}` : '';
      const target = peel(repository, id);
      return `${id} ${name}${symref}${lines.includes('peel') && target !== id ? ` peeled:${target}` : ''}`;
    });
  const isUnborn = lines.includes('unborn') && !repository.refs.has(repository.head);
  if (isUnborn) rows.unshift(`unborn HEAD symref-target:${repository.head}`);
  return rows.map(formatPacket).join('') + FLUSH;
}

function answerFetch(repository: SandboxRepository, request: FetchArguments, options: ServiceOptions): Answer {
  const failure = checkRequest(repository, request, options);
  if (failure !== undefined) return refuse(failure);
  const common = request.haves.filter((id) => repository.objects.has(id));
  const parts: string[] = [];
  if (!request.isDone) {
    parts.push(formatPacket('acknowledgments'));
    if (common.length === 0) return joinBody(...parts, formatPacket('NAK'), FLUSH);
    parts.push(...common.map((id) => formatPacket(`ACK ${id}`)), formatPacket('ready'), DELIMITER);
  }
  const history = historyOf(repository, request);
  const shallow = shallowLines(request, history);
  if (request.depth !== undefined && shallow.length > 0) {
    parts.push(formatPacket('shallow-info'), ...shallow.map(formatPacket), DELIMITER);
  }
  parts.push(formatPacket('packfile'));
  return joinBody(...parts, ...formatPackAnswer(packFor(repository, request, history, common)));
}

function readArguments(lines: readonly string[]): FetchArguments {
  const values = (key: string) => lines.filter((line) => line.startsWith(key)).map((line) => line.slice(key.length));
  const [depth] = values('deepen ');
  return {
    wants: values('want '),
    haves: values('have '),
    shallows: new Set(values('shallow ')),
    depth: depth === undefined ? undefined : Number(depth),
    relative: lines.includes('deepen-relative'),
    filter: values('filter ')[0],
    isDone: lines.includes('done'),
  };
}

function checkRequest(
  repository: SandboxRepository,
  { wants, filter }: FetchArguments,
  { allowFilter }: ServiceOptions,
): string | undefined {
  const unknown = wants.find((id) => !repository.objects.has(id));
  if (unknown !== undefined) return `upload-pack: not our ref ${unknown}`;
  if (filter === undefined) return undefined;
  if (!allowFilter) return 'filtering is not allowed';
  return parseFilter(filter) ? undefined : `invalid filter-spec '${filter}'`;
}

function historyOf(repository: SandboxRepository, { wants, shallows, depth, relative }: FetchArguments): History {
  const starts = wants.map((id) => peel(repository, id));
  if (depth !== undefined)
    return walkHistory(repository, starts, { depth, relative, cut: relative ? shallows : NOWHERE });
  return walkHistory(repository, starts);
}

function shallowLines({ shallows }: FetchArguments, { commits, boundary }: History): string[] {
  return [
    ...[...boundary].map((id) => `shallow ${id}`),
    ...[...shallows].filter((id) => commits.has(id) && !boundary.has(id)).map((id) => `unshallow ${id}`),
  ];
}

function packFor(
  repository: SandboxRepository,
  { wants, shallows, depth, filter }: FetchArguments,
  history: History,
  common: readonly ObjectId[],
): Uint8Array {
  const known = new Set<ObjectId>();
  const had = walkHistory(
    repository,
    common.map((id) => peel(repository, id)),
    { cut: shallows },
  );
  markReachable(repository, [...had.commits, ...common], known);
  // Without a new depth the client's history stays cut where it was.
  const cutAgain = depth === undefined && shallows.size > 0;
  const wanted = cutAgain
    ? walkHistory(
        repository,
        wants.map((id) => peel(repository, id)),
        { cut: shallows },
      )
    : history;
  const omit: Omit | undefined = filter === undefined ? undefined : parseFilter(filter);
  return writePack(selectObjects(repository, wants, wanted, known, omit));
}

function refuse(reason: string): Answer {
  return joinBody(formatPacket(`ERR ${reason}`));
}
