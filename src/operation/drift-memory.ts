// What is remembered between a notice of drift and the comparison that it causes. Losing it costs the name of whoever it was in a
// condition, never a difference.

import type { Comparison } from '../application/difference.ts';
import type { Application, Condition } from '../application/types.ts';
import { at } from '../base/json.ts';
import { formatKey, type ObjectKey } from '../kube/object.ts';
import type { DriftEntry } from './drift-record.ts';

/** Objects of one Application that are told of in conditions. */
const MOST_TOLD = 5;
/** The record keeps fewer. */
const MOST_KEPT = 50;
const MOST_WORKLOADS = 20_000;

export interface DriftMemory {
  /** Somebody writes to an object: until it is compared again, nobody knows what it is like. */
  suspect(application: string, key: ObjectKey): void;
  isSuspect(application: string, key: ObjectKey): boolean;
  /** Somebody else has come to own fields of it that Git says, without another value: managed fields do not tell any more what is Git's. */
  isTaken(application: string, key: ObjectKey): boolean;
  /** Who changed an object, in a sentence. */
  note(application: string, key: ObjectKey, text: string): void;
  /** Entries of the record that are to be written. */
  keep(application: string, entries: readonly DriftEntry[]): void;
  /** All that were kept since the last time. */
  takeKept(application: string): readonly DriftEntry[];
  /** Whether Git sets the replicas of a workload; undefined where it was not compared yet. */
  setsReplicas(application: string, key: ObjectKey): boolean | undefined;
  /** Learns of what was compared, and says who caused what of it differs. */
  conditionsOf(application: string, app: Application, comparison: Comparison): readonly Condition[];
}

export function createDriftMemory(): DriftMemory {
  const suspects = new Map<string, Set<string>>();
  const taken = new Map<string, ReadonlySet<string>>();
  const notes = new Map<string, Map<string, string>>();
  const kept = new Map<string, readonly DriftEntry[]>();
  const replicas = new Map<string, boolean>();
  const nameOf = (application: string, key: ObjectKey) => `${application} ${formatKey(key)}`;
  return {
    suspect: (application, key) => {
      suspects.set(application, (suspects.get(application) ?? new Set()).add(formatKey(key)));
    },
    isSuspect: (application, key) => suspects.get(application)?.has(formatKey(key)) ?? false,
    isTaken: (application, key) => taken.get(application)?.has(formatKey(key)) ?? false,
    note: (application, key, text) => {
      const own = notes.get(application) ?? new Map<string, string>();
      own.delete(formatKey(key));
      own.set(formatKey(key), text);
      notes.set(application, own);
    },
    keep: (application, entries) => {
      kept.set(application, [...(kept.get(application) ?? []), ...entries].slice(-MOST_KEPT));
    },
    takeKept: (application) => {
      const entries = kept.get(application) ?? [];
      kept.delete(application);
      return entries;
    },
    setsReplicas: (application, key) => replicas.get(nameOf(application, key)),
    conditionsOf: (application, app, { status, differences }) => {
      for (const { key, target } of differences) {
        if (at(target, 'spec', 'template') === undefined) continue;
        replicas.set(nameOf(application, key), typeof at(target, 'spec', 'replicas') === 'number');
        const [oldest] = replicas.size > MOST_WORKLOADS ? replicas.keys() : [];
        if (oldest !== undefined) replicas.delete(oldest);
      }
      const others = differences.filter(({ ownershipChanges }) => ownershipChanges);
      if (others.length === 0) taken.delete(application);
      else taken.set(application, new Set(others.map(({ key }) => formatKey(key))));
      if (status === 'Synced') {
        suspects.delete(application);
        notes.delete(application);
        return [];
      }
      const own = notes.get(application);
      // Of an earlier process: it is as true as it was.
      if (!own) return (app.status.conditions ?? []).filter(({ type }) => type === 'DriftDetected');
      const differing = new Set(
        differences.filter(({ status }) => status !== 'Synced').map(({ key }) => formatKey(key)),
      );
      const told = [...own].filter(([key]) => differing.has(key)).slice(-MOST_TOLD);
      return told.map(([, message]) => ({ type: 'DriftDetected', message }));
    },
  };
}
