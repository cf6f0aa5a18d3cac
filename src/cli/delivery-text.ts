// What `hawser deliveries` prints of pushes that came.

import { at, isObject, stringAt } from '../base/json.ts';
import { isZeroCommit } from '../operation/push.ts';
import { formatTable } from './table.ts';

const HEADER = ['TIME', 'ID', 'PROVIDER', 'REPOSITORY', 'REF', 'STATE', 'VERDICTS'];
const WIDE_HEADER = [...HEADER.slice(0, -1), 'COMMIT', 'PUSHER', 'VERDICTS'];

/** One line a delivery, as the API gives them. */
export function formatDeliveries(items: readonly unknown[], isWide: boolean): string {
  const rows = items.map((item) => {
    const text = (key: string) => stringAt(item, key) ?? '';
    const repository = text('repository');
    return [
      formatInstant(text('receivedAt')),
      text('deliveryId'),
      text('provider'),
      isWide ? repository : pathOf(repository),
      isWide ? text('ref') : shortRef(text('ref')),
      text('state'),
      ...(isWide ? [commitsOf(undefined, text('after')) ?? '', text('pusher')] : []),
      verdictsOf(item),
    ];
  });
  return formatTable(isWide ? WIDE_HEADER : HEADER, rows);
}

/** All of one delivery. */
export function formatDelivery(item: unknown): string {
  const text = (key: string) => stringAt(item, key);
  const { before, after } = { before: text('before'), after: text('after') };
  const facts: readonly (readonly [name: string, value: string | undefined])[] = [
    ['Id', text('deliveryId')],
    ['Received', formatInstant(text('receivedAt') ?? '')],
    ['Provider', text('provider')],
    ['Repository', text('repository')],
    ['Ref', text('ref')],
    ['Commits', commitsOf(before, after)],
    ['Pusher', text('pusher')],
    ['State', text('state')],
    ['Verdicts', verdictsOf(item)],
    ['Left to do', textsAt(item, 'left').join(', ')],
  ];
  const lines = facts.filter(([, value]) => value).map(([name, value]) => `${`${name}:`.padEnd(13)}${value}`);
  const remarks = [text('reason'), ...textsAt(item, 'notes')].filter((remark) => remark !== undefined);
  const others = at(item, 'otherRefs');
  for (const other of Array.isArray(others) ? others : []) {
    remarks.push(`It told of ${stringAt(other, 'ref')}, too: hawser deliveries ${stringAt(other, 'key')}`);
  }
  const applications = at(item, 'applications');
  const rows = (Array.isArray(applications) ? applications : []).map((entry) => [
    stringAt(entry, 'name') ?? '',
    stringAt(entry, 'verdict') ?? '',
    stringAt(entry, 'reason') ?? '',
  ]);
  const omitted = at(item, 'omitted');
  const more = typeof omitted === 'number' ? `… and ${omitted} more, whose verdicts the record has no room for\n` : '';
  const table = rows.length > 0 ? `\n${formatTable(['APPLICATION', 'VERDICT', 'REASON'], rows)}${more}` : '';
  return `${[...lines, ...(remarks.length > 0 ? ['', ...remarks] : [])].join('\n')}\n${table}`;
}

/** A commit of zeros is none: the ref is new, or was deleted. */
function commitsOf(before: string | undefined, after: string | undefined): string | undefined {
  if (!after) return undefined;
  const [from, to] = [before?.slice(0, 7), after.slice(0, 7)];
  if (isZeroCommit(after)) return from ? `${from}, deleted` : 'deleted';
  if (!from) return to;
  return isZeroCommit(before) ? `${to}, the first` : `${from} to ${to}`;
}

/** `sync 2, unaffected 3`; why there are none, where that is known. */
function verdictsOf(item: unknown): string {
  const counts = at(item, 'counts');
  const parts = Object.entries(isObject(counts) ? counts : {}).map(([kind, count]) => `${kind} ${count}`);
  return parts.length > 0 ? parts.join(', ') : '-';
}

function textsAt(item: unknown, key: string): readonly string[] {
  const value = at(item, key);
  return Array.isArray(value) ? value.filter((text) => typeof text === 'string') : [];
}

function formatInstant(text: string): string {
  return text.replace(/\.\d+Z$/, 'Z');
}

/** `team/charts` of an address; the address itself where it has no such form. */
function pathOf(repository: string): string {
  if (!URL.canParse(repository)) return repository;
  return new URL(repository).pathname.replace(/^\/+|\/+$|\.git$/g, '') || repository;
}

function shortRef(ref: string): string {
  return ref.replace(/^refs\/(heads|tags)\//, '');
}
