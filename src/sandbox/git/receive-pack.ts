// Taking a push: commands for refs, then a pack with what they need.

import { messageOf } from '../../base/errors.ts';
import { ZERO_ID } from '../../git/object.ts';
import { readPack } from '../../git/pack.ts';
import { FLUSH, formatPacket } from '../../git/pkt-line.ts';
import { formatSideBand, joinBody, readSections } from './message.ts';
import { isComplete } from './reachable.ts';
import { peel, type RefUpdate, type SandboxRepository } from './repository.ts';

export interface ReceivedPush {
  readonly answer: Uint8Array<ArrayBuffer>;
  /** What changed; empty where everything was refused. */
  readonly updates: readonly RefUpdate[];
}

const MAX_PACK_BYTES = 2 ** 28;

/** Applies a push. Each command succeeds or fails alone, unless the client wants all or nothing. */
export function receivePack(repository: SandboxRepository, body: Uint8Array): ReceivedPush {
  const { sections, rest } = readSections(body, 1);
  const lines = sections[0] ?? [];
  // A shallow clone first says where its history is cut.
  const capabilities = (lines.find((line) => line.includes('\0'))?.split('\0')[1] ?? '').split(' ');
  const commands = lines.map(parseCommand).filter((command) => command !== undefined);
  if (commands.length === 0) return { answer: joinBody(''), updates: [] };
  const unpacked = unpack(repository, rest);
  const failures = commands.map((command) =>
    unpacked === 'ok' ? checkCommand(repository, command) : 'unpacker error',
  );
  const isAtomic = capabilities.includes('atomic');
  const anyFailed = failures.some((failure) => failure !== undefined);
  const report = commands.map(({ ref }, index) => {
    const failure = failures[index] ?? (isAtomic && anyFailed ? 'atomic push failed' : undefined);
    return { ref, failure };
  });
  const updates = commands.filter((_, index) => report[index]?.failure === undefined);
  for (const { ref, after } of updates) {
    if (after === ZERO_ID) repository.refs.delete(ref);
    else repository.refs.set(ref, after);
  }
  return { answer: formatReport(unpacked, report, capabilities), updates };
}

function parseCommand(line: string): RefUpdate | undefined {
  const match = /^([0-9a-f]{40}) ([0-9a-f]{40}) ([^\0]+)/.exec(line);
  if (!match) return undefined;
  const [, before = '', after = '', ref = ''] = match;
  return { before, after, ref };
}

/** A push of deletions brings no pack. */
function unpack(repository: SandboxRepository, pack: Uint8Array): string {
  if (pack.length === 0) return 'ok';
  try {
    const objects = readPack(pack, { maxBytes: MAX_PACK_BYTES }, (id) => repository.objects.get(id));
    for (const [id, object] of objects) repository.objects.set(id, object);
    return 'ok';
  } catch (error) {
    return messageOf(error);
  }
}

function checkCommand(repository: SandboxRepository, { ref, before, after }: RefUpdate): string | undefined {
  if (!/^refs\/(heads|tags|notes|changes)\/[^\s~^:?*[\\]+$/.test(ref) || ref.includes('..')) return 'funny refname';
  if ((repository.refs.get(ref) ?? ZERO_ID) !== before) return 'fetch first';
  if (after === ZERO_ID) return ref === repository.head ? 'deletion of the current branch prohibited' : undefined;
  if (!repository.objects.has(after)) return 'missing necessary objects';
  if (ref.startsWith('refs/heads/') && repository.objects.get(peel(repository, after))?.type !== 'commit') {
    return 'a branch must name a commit';
  }
  return isComplete(repository, after) ? undefined : 'missing necessary objects';
}

function formatReport(
  unpacked: string,
  rows: readonly { readonly ref: string; readonly failure: string | undefined }[],
  capabilities: readonly string[],
): Uint8Array<ArrayBuffer> {
  if (!capabilities.includes('report-status')) return joinBody('');
  const lines = rows.map(({ ref, failure }) => (failure === undefined ? `ok ${ref}` : `ng ${ref} ${failure}`));
  const report = [`unpack ${unpacked}`, ...lines].map(formatPacket).join('') + FLUSH;
  if (!capabilities.includes('side-band-64k')) return joinBody(report);
  return joinBody(...formatSideBand(joinBody(report)), FLUSH);
}
