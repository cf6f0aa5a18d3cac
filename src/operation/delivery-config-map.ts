// A delivery's record as a ConfigMap: `kubectl get configmaps -l hawser.dev/record=delivery` shows them. Its name is made of the push's key,
// so that of two replicas that receive the same delivery at once only one can make it.

import { sha256Hex } from '../base/hex.ts';
import { isObject } from '../base/json.ts';
import type { KubeObject } from '../kube/object.ts';
import { boundVerdicts, cutText } from './delivery-bounds.ts';
import type { DeliveryRecord } from './delivery-store.ts';
import type { AnyPush, Verdict } from './push.ts';

export const RECORD_SELECTOR = 'hawser.dev/record=delivery';
export const STATE_LABEL = 'hawser.dev/state';
export const ID_LABEL = 'hawser.dev/delivery-id';
/** Milliseconds since the epoch: names say nothing about the order. */
export const RECEIVED_LABEL = 'hawser.dev/received';
/** Records that were made one after another by one process; they are dropped together. */
export const BATCH_LABEL = 'hawser.dev/batch';

const MAX_NOTES = 20;
/** Of the keys that are left, as JSON. Without them the record means all that the push concerns, which costs a look at each and is right. */
const MAX_LEFT_BYTES = 256 << 10;
const LABEL_VALUE = /^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$/i;

/** A record beside what only the cluster's copy needs. */
export interface KeptRecord {
  readonly record: DeliveryRecord;
  /** Tells an object that this process made, whose answer was lost, from one that another replica made. */
  readonly opening: string;
  readonly batch: string;
  /** How often the Git server sent it again. */
  readonly again?: { readonly times: number; readonly last: string };
}

export function recordName(key: string): string {
  return `hawser-delivery-${key}`;
}

export function recordRef(namespace: string, key: string) {
  return { apiVersion: 'v1', kind: 'ConfigMap', namespace, name: recordName(key) };
}

/** The value of the label for a delivery id, which may be any text. */
export async function idLabel(deliveryId: string): Promise<string> {
  if (LABEL_VALUE.test(deliveryId)) return deliveryId;
  return `sha256-${sha256Hex(deliveryId).slice(0, 40)}`;
}

export async function toConfigMap(namespace: string, kept: KeptRecord): Promise<KubeObject> {
  const { push, receivedAt, state } = kept.record;
  return {
    ...recordRef(namespace, push.key),
    metadata: {
      name: recordName(push.key),
      namespace,
      labels: {
        'app.kubernetes.io/part-of': 'hawser',
        'hawser.dev/record': 'delivery',
        [STATE_LABEL]: state,
        [ID_LABEL]: await idLabel(push.deliveryId),
        [RECEIVED_LABEL]: String(Date.parse(receivedAt)),
        [BATCH_LABEL]: kept.batch,
      },
    },
    data: { push: JSON.stringify(push), receivedAt, opening: kept.opening, ...withoutNulls(changingData(kept)) },
  };
}

/** The merge patch that brings an object, whatever it says, to this record. */
export function toPatch(kept: KeptRecord, resourceVersion: string | undefined) {
  return {
    metadata: {
      labels: { [STATE_LABEL]: kept.record.state },
      ...(resourceVersion !== undefined && { resourceVersion }),
    },
    data: changingData(kept),
  };
}

/** undefined for an object that hawser did not write, or that somebody has edited beyond recognition. */
export function fromConfigMap(object: KubeObject): KeptRecord | undefined {
  const data = isObject(object.data) ? object.data : {};
  const text = (key: string) => (typeof data[key] === 'string' ? data[key] : undefined);
  try {
    return parseKept(
      {
        push: JSON.parse(text('push') ?? ''),
        receivedAt: text('receivedAt') ?? object.metadata.creationTimestamp ?? '',
        state: object.metadata.labels?.[STATE_LABEL] === 'done' ? 'done' : 'open',
        holder: text('holder') ?? '',
        reason: text('reason'),
        left: JSON.parse(text('left') ?? 'null'),
        notes: JSON.parse(text('notes') ?? '[]'),
        applications: JSON.parse(text('verdicts') ?? '[]'),
        counts: JSON.parse(text('counts') ?? '{}'),
      },
      text('opening') ?? '',
      object.metadata.labels?.[BATCH_LABEL] ?? '',
      JSON.parse(text('again') ?? 'null'),
    );
  } catch {
    return undefined;
  }
}

/** The journal's form. */
export function toJournal(kept: KeptRecord): string {
  const { record } = kept;
  return JSON.stringify({ ...kept, record: { ...record, ...boundRecord(record) } });
}

/** undefined for a text that is none, or of an unknown form. */
export function fromJournal(text: string): KeptRecord | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (!isObject(value) || typeof value.opening !== 'string' || typeof value.batch !== 'string') return undefined;
    return parseKept(value.record, value.opening, value.batch, value.again);
  } catch {
    return undefined;
  }
}

/** Whoever reads it is told how many of the Applications are in `applications`. */
export function boundRecord(
  record: DeliveryRecord,
): Pick<DeliveryRecord, 'applications' | 'notes' | 'left' | 'reason'> {
  const { left, reason } = record;
  const applications = boundVerdicts(record.applications);
  const notes = record.notes.slice(-MAX_NOTES).map(cutText);
  const isLeftKept = left !== undefined && JSON.stringify(left).length <= MAX_LEFT_BYTES;
  return {
    applications,
    notes,
    ...(isLeftKept && { left }),
    ...(reason !== undefined && { reason: cutText(reason) }),
  };
}

/** null removes what an earlier write said. */
function changingData({ record, again }: KeptRecord): Record<string, string | null> {
  const { applications, notes, left, reason } = boundRecord(record);
  return {
    holder: record.holder,
    left: left === undefined || record.state === 'done' ? null : JSON.stringify(left),
    reason: reason ?? null,
    notes: notes.length === 0 ? null : JSON.stringify(notes),
    verdicts: applications.length === 0 ? null : JSON.stringify(applications),
    counts: Object.keys(record.counts).length === 0 ? null : JSON.stringify(record.counts),
    again: again === undefined ? null : JSON.stringify(again),
  };
}

function withoutNulls(data: Record<string, string | null>): Record<string, string> {
  return Object.fromEntries(Object.entries(data).filter((entry): entry is [string, string] => entry[1] !== null));
}

function parseKept(value: unknown, opening: string, batch: string, again: unknown): KeptRecord | undefined {
  if (!isObject(value) || !isPush(value.push) || typeof value.receivedAt !== 'string') return undefined;
  const { push, receivedAt, state, holder, reason, left, notes, applications, counts } = value;
  return {
    record: {
      push,
      receivedAt,
      state: state === 'done' ? 'done' : 'open',
      holder: typeof holder === 'string' ? holder : '',
      ...(typeof reason === 'string' && { reason }),
      ...(isTexts(left) && { left }),
      notes: isTexts(notes) ? notes : [],
      applications: Array.isArray(applications) ? applications.filter(isVerdict) : [],
      counts: isObject(counts) ? counts : {},
    },
    opening,
    batch,
    ...(isObject(again) &&
      typeof again.times === 'number' &&
      typeof again.last === 'string' && { again: { times: again.times, last: again.last } }),
  };
}

function isPush(value: unknown): value is AnyPush {
  if (!isObject(value) || typeof value.key !== 'string' || typeof value.deliveryId !== 'string') return false;
  if (value.kind === 'artifact') return typeof value.repository === 'string' && typeof value.tag === 'string';
  return value.kind === 'git' && isTexts(value.webUrls) && isTexts(value.otherUrls) && typeof value.ref === 'string';
}

function isVerdict(value: unknown): value is Verdict {
  return isObject(value) && typeof value.name === 'string' && typeof value.verdict === 'string' && isTexts(value.paths);
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
