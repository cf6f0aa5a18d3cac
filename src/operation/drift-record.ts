// The record of drift: who changed what of an Application's objects, when. A ConfigMap an Application, which goes with it; the newest last.

import type { Application } from '../application/types.ts';
import { toHex } from '../base/hex.ts';
import { isObject } from '../base/json.ts';
import type { FieldChange } from '../compare/field-changes.ts';
import type { KubeObject } from '../kube/object.ts';
import { isConflict, refusalStatus } from '../kube/refusal.ts';
import type { ObjectRef } from '../kube/resource.ts';
import { applicationRef, keyOfApplication, type Road } from './road.ts';
import { configData } from './settings.ts';

export interface DriftEntry {
  /** RFC 3339. */
  readonly at: string;
  /** The user, as the API server names it. */
  readonly by: string;
  /** By which tool: its field manager, where it names one. */
  readonly manager?: string;
  readonly operation: 'UPDATE' | 'DELETE';
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** What of Git's was changed; values of Secrets are masked. */
  readonly fields: readonly FieldChange[];
  /** More fields than are kept. */
  readonly moreFields?: number;
  /** How often in a row; `at` is the newest time. */
  readonly times?: number;
}

const MOST_ENTRIES = 20;
const MOST_FIELDS = 20;
const LONGEST_VALUE = 300;
const TRIES = 5;
/** Names of ConfigMaps are this long at most. */
const LONGEST_NAME = 253;

/** Adds entries, oldest first. Those that come while others are written are written together; other replicas may write, too. */
export function recordDrift(road: Road, app: Application, added: readonly DriftEntry[]): Promise<void> {
  const key = keyOfApplication(app);
  road.drift.keep(key, added);
  return road.platform.locks.run(`drift/${key}`, async () => {
    const entries = road.drift.takeKept(key);
    if (entries.length === 0) return;
    const ref = await recordRef(app.metadata);
    for (let tries = 1; ; tries++) {
      const found = await road.home.get(ref);
      const kept = entries.reduce(withEntry, parseRecord(configData(found).entries));
      const data = { entries: JSON.stringify(kept) };
      try {
        if (found) {
          const { resourceVersion = '' } = found.metadata;
          await road.home.patch(ref, { data, metadata: { resourceVersion } }, { type: 'merge' });
        } else await road.home.create({ ...emptyRecord(ref, app), data });
        return;
      } catch (error) {
        if (!(isConflict(error) || refusalStatus(error) === 404) || tries === TRIES) throw error;
      }
    }
  });
}

/** The newest first. */
export async function readDrift(
  road: Road,
  metadata: { namespace: string; name: string },
): Promise<readonly DriftEntry[]> {
  return recordedDrift(await road.home.get(await recordRef(metadata)));
}

/** Of a record that is at hand; the newest first. */
export function recordedDrift(record: KubeObject | undefined): readonly DriftEntry[] {
  return parseRecord(configData(record).entries).toReversed();
}

/** One that says the same as the last counts with it; the oldest give way. */
export function withEntry(kept: readonly DriftEntry[], entry: DriftEntry): readonly DriftEntry[] {
  const last = kept.at(-1);
  const isSame =
    last !== undefined &&
    (['by', 'manager', 'operation', 'group', 'kind', 'namespace', 'name'] as const).every(
      (field) => last[field] === entry[field],
    ) &&
    last.fields.map(({ path }) => path).join() === entry.fields.map(({ path }) => path).join();
  const newest = isSame ? { ...entry, times: (last.times ?? 1) + 1 } : entry;
  return [...(isSame ? kept.slice(0, -1) : kept), newest].slice(-MOST_ENTRIES);
}

/** Within the bounds of what is kept of one write. */
export function shortenFields(fields: readonly FieldChange[]): Pick<DriftEntry, 'fields' | 'moreFields'> {
  const kept = fields.slice(0, MOST_FIELDS).map(({ path, before, after }) => ({
    path,
    ...(before === undefined ? {} : { before: shorten(before) }),
    ...(after === undefined ? {} : { after: shorten(after) }),
  }));
  return { fields: kept, ...(fields.length > MOST_FIELDS && { moreFields: fields.length - MOST_FIELDS }) };
}

function shorten(value: unknown): unknown {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : value;
}

function emptyRecord(ref: ObjectRef, { metadata }: Application) {
  const { apiVersion, kind, name } = applicationRef(metadata.namespace, metadata.name);
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name: ref.name,
      ...(ref.namespace && { namespace: ref.namespace }),
      labels: { 'hawser.dev/record': 'drift', 'app.kubernetes.io/part-of': 'hawser' },
      annotations: { 'hawser.dev/application': metadata.name },
      ownerReferences: [{ apiVersion, kind, name, uid: metadata.uid ?? '' }],
    },
  };
}

async function recordRef({ namespace, name }: { readonly namespace: string; readonly name: string }) {
  const plain = `hawser-drift-${name}`;
  const fits = plain.length <= LONGEST_NAME ? plain : `${plain.slice(0, LONGEST_NAME - 41)}-${await digestOf(name)}`;
  return { apiVersion: 'v1', kind: 'ConfigMap', namespace, name: fits };
}

async function digestOf(text: string): Promise<string> {
  return toHex(new Uint8Array(await crypto.subtle.digest('SHA-1', new TextEncoder().encode(text))));
}

function parseRecord(text: string | undefined): readonly DriftEntry[] {
  if (text === undefined) return [];
  try {
    return parseEntries(JSON.parse(text));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return [];
  }
}

/** What is no entry is passed over: anybody may have written there. */
export function parseEntries(items: unknown): readonly DriftEntry[] {
  return Array.isArray(items) ? items.flatMap((entry) => parseEntry(entry) ?? []) : [];
}

function parseEntry(entry: unknown): DriftEntry | undefined {
  if (!isObject(entry) || !Array.isArray(entry.fields)) return undefined;
  const text = (key: string) => (typeof entry[key] === 'string' ? entry[key] : '');
  const { manager, moreFields, times } = entry;
  return {
    at: text('at'),
    by: text('by'),
    ...(typeof manager === 'string' && { manager }),
    operation: entry.operation === 'DELETE' ? 'DELETE' : 'UPDATE',
    group: text('group'),
    kind: text('kind'),
    namespace: text('namespace'),
    name: text('name'),
    fields: entry.fields.filter(isObject).map(({ path, before, after }) => ({
      path: String(path),
      ...(before === undefined ? {} : { before }),
      ...(after === undefined ? {} : { after }),
    })),
    ...(typeof moreFields === 'number' && { moreFields }),
    ...(typeof times === 'number' && { times }),
  };
}
