// The answer to info/refs: what the service can do and, in version 0, the refs.

import { type ObjectId, ZERO_ID } from '../../git/object.ts';
import { FLUSH, formatPacket } from '../../git/pkt-line.ts';
import { peel, type SandboxRepository } from './repository.ts';

export type Service = 'git-upload-pack' | 'git-receive-pack';

export interface ServiceOptions {
  /** Whether clients may leave objects out (`uploadpack.allowFilter`). */
  readonly allowFilter: boolean;
}

const AGENT = 'agent=hawser-sandbox';

export function advertise(
  repository: SandboxRepository,
  service: Service,
  version: 0 | 2,
  { allowFilter }: ServiceOptions,
): string {
  const header = formatPacket(`# service=${service}`) + FLUSH;
  if (version === 2 && service === 'git-upload-pack') {
    const fetch = allowFilter ? 'fetch=shallow wait-for-done filter' : 'fetch=shallow wait-for-done';
    const lines = ['version 2', AGENT, 'ls-refs=unborn', fetch, 'object-format=sha1'];
    return header + lines.map(formatPacket).join('') + FLUSH;
  }
  const capabilities =
    service === 'git-receive-pack'
      ? ['report-status', 'delete-refs', 'side-band-64k', 'quiet', 'atomic', 'ofs-delta']
      : [
          'multi_ack_detailed',
          'side-band-64k',
          'ofs-delta',
          'shallow',
          'deepen-relative',
          'no-progress',
          'allow-tip-sha1-in-want',
          'allow-reachable-sha1-in-want',
          ...(allowFilter ? ['filter'] : []),
          ...(repository.refs.has(repository.head) ? [`symref=HEAD:${repository.head}`] : []),
        ];
  const offered = [...capabilities, 'object-format=sha1', AGENT].join(' ');
  const refs = listRefs(repository, { head: service === 'git-upload-pack', peeled: service === 'git-upload-pack' });
  const lines = refs.length === 0 ? [`${ZERO_ID} capabilities^{}`] : refs.map(([name, id]) => `${id} ${name}`);
  return header + lines.map((line, index) => formatPacket(index === 0 ? `${line}\0${offered}` : line)).join('') + FLUSH;
}

/** HEAD first, then by name; annotated tags are followed by what they name. */
export function listRefs(
  repository: SandboxRepository,
  { head, peeled }: { head: boolean; peeled: boolean },
): [string, ObjectId][] {
  const rows: [string, ObjectId][] = [];
  const headId = repository.refs.get(repository.head);
  if (head && headId) rows.push(['HEAD', headId]);
  for (const [name, id] of [...repository.refs].sort(([a], [b]) => (a < b ? -1 : 1))) {
    rows.push([name, id]);
    const target = peel(repository, id);
    if (peeled && target !== id) rows.push([`${name}^{}`, target]);
  }
  return rows;
}
