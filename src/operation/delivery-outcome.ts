// What an outcome makes of a delivery's record.

import { withoutUserinfo } from '../git/repository-url.ts';
import { countVerdicts, type VerdictCounts } from './delivery-bounds.ts';
import type { KeptRecord } from './delivery-config-map.ts';
import type { DeliveryOutcome, DeliveryRecord } from './delivery-store.ts';
import type { AnyPush, Verdict, VerdictKind } from './push.ts';

/** Verdicts take the place of earlier ones of the same Application. */
export function applyOutcome(record: DeliveryRecord, outcome: DeliveryOutcome): DeliveryRecord {
  const { applications = [], notes = [], left = record.left } = outcome;
  const { reason: _reason, left: _left, ...rest } = record;
  const isDone = outcome.left?.length === 0;
  // Nothing is waited for any more.
  const reason = isDone ? outcome.reason : (outcome.reason ?? record.reason);
  return {
    ...rest,
    state: isDone ? 'done' : record.state,
    ...(reason !== undefined && { reason }),
    ...(left !== undefined && !isDone && { left }),
    notes: [...record.notes, ...notes.filter((note) => !record.notes.includes(note))],
    ...mergeVerdicts(record, applications),
  };
}

/** Counts what the record has no room for as well. */
function mergeVerdicts(
  record: DeliveryRecord,
  verdicts: readonly Verdict[],
): Pick<DeliveryRecord, 'applications' | 'counts'> {
  if (verdicts.length === 0) return { applications: record.applications, counts: record.counts };
  const merged = new Map(record.applications.map((verdict) => [verdict.name, verdict]));
  const omitted = subtract(record.counts, countVerdicts(record.applications));
  for (const verdict of verdicts) {
    if (!merged.has(verdict.name)) takeOne(omitted);
    merged.set(verdict.name, verdict);
  }
  const applications = [...merged.values()];
  return { applications, counts: add(countVerdicts(applications), omitted) };
}

type Counts = Map<VerdictKind, number>;

function subtract(counts: VerdictCounts, known: VerdictCounts): Counts {
  const rest: Counts = new Map();
  for (const kind of kindsOf(counts)) {
    const count = (counts[kind] ?? 0) - (known[kind] ?? 0);
    if (count > 0) rest.set(kind, count);
  }
  return rest;
}

/** An Application that the record had no room for is named again: which verdict it had is not known; pending ones are the likeliest. */
function takeOne(omitted: Counts): void {
  const kind = omitted.has('pending') ? 'pending' : [...omitted].sort(([, a], [, b]) => b - a)[0]?.[0];
  if (kind === undefined) return;
  const count = (omitted.get(kind) ?? 0) - 1;
  if (count > 0) omitted.set(kind, count);
  else omitted.delete(kind);
}

function add(counts: VerdictCounts, more: Counts): VerdictCounts {
  const sum = { ...counts };
  for (const [kind, count] of more) sum[kind] = (sum[kind] ?? 0) + count;
  return sum;
}

function kindsOf(counts: VerdictCounts): readonly VerdictKind[] {
  return Object.keys(counts) as VerdictKind[];
}

/** As people see it: with how often it came again. */
export function shownRecord({ record, again }: KeptRecord): DeliveryRecord {
  if (!again) return record;
  const times = again.times === 1 ? 'once more' : `${again.times} times more`;
  return { ...record, notes: [...record.notes, `the Git server sent it ${times}, last at ${again.last}`] };
}

/** No address with a user or password goes into a record. */
export function recordedPush(push: AnyPush): AnyPush {
  if (push.kind === 'artifact') return { ...push, repository: withoutUserinfo(push.repository) };
  const { files: _files, ...kept } = push;
  return { ...kept, webUrls: push.webUrls.map(withoutUserinfo), otherUrls: push.otherUrls.map(withoutUserinfo) };
}
