// `metadata.managedFields` and the sets in it: reading, writing, and who a manager is.
//
// Source: k8s.io/apimachinery, pkg/util/managedfields/internal/{managedfields,buildmanagerinfo}.go.

import { isObject, type Json, stringAt } from '../../base/json.ts';
import { type FieldSet, formatFieldsV1, parseFieldsV1 } from './set.ts';

export type Operation = 'Apply' | 'Update';

/** What identifies one entry. An applier keeps its entry when it comes with another apiVersion. */
export interface ManagerInfo {
  readonly manager: string;
  readonly operation: Operation;
  readonly apiVersion: string;
  readonly subresource: string;
}

export interface ManagedEntry extends ManagerInfo {
  readonly set: FieldSet;
  /** RFC 3339, seconds. */
  readonly time: string | undefined;
}

/** Entries by the identity of their manager. */
export type Managed = ReadonlyMap<string, ManagedEntry>;

export function managerId(info: ManagerInfo): string {
  return JSON.stringify([
    info.manager,
    info.operation,
    info.operation === 'Apply' ? '' : info.apiVersion,
    info.subresource,
  ]);
}

/** Reads `managedFields`. Throws an Error with the API server's message when an entry is none. */
export function readManagedFields(fields: unknown): Managed {
  const out = new Map<string, ManagedEntry>();
  if (!Array.isArray(fields)) return out;
  for (const [index, entry] of fields.entries()) {
    const operation = stringAt(entry, 'operation');
    if (operation !== 'Apply' && operation !== 'Update') throw new Error('operation must be `Apply` or `Update`');
    const apiVersion = stringAt(entry, 'apiVersion');
    if (!apiVersion) throw new Error('apiVersion must not be empty');
    const type = stringAt(entry, 'fieldsType');
    if (type === undefined || type === '') throw new Error(`missing fieldsType in managed fields entry ${index}`);
    if (type !== 'FieldsV1')
      throw new Error(`invalid fieldsType ${JSON.stringify(type)} in managed fields entry ${index}`);
    const info = {
      manager: stringAt(entry, 'manager') ?? '',
      operation,
      apiVersion,
      subresource: stringAt(entry, 'subresource') ?? '',
    } as const;
    out.set(managerId(info), {
      ...info,
      set: parseFieldsV1(isObject(entry) ? entry.fieldsV1 : undefined),
      time: stringAt(entry, 'time'),
    });
  }
  return out;
}

/** Writes `managedFields`, sorted as the API server sorts them; undefined when nobody owns anything. */
export function writeManagedFields(managed: Managed): Json[] | undefined {
  if (managed.size === 0) return undefined;
  return [...managed.values()].sort(compareEntries).map((entry) => ({
    ...(entry.manager === '' ? {} : { manager: entry.manager }),
    operation: entry.operation,
    apiVersion: entry.apiVersion,
    ...(entry.time === undefined ? {} : { time: entry.time }),
    fieldsType: 'FieldsV1',
    fieldsV1: formatFieldsV1(entry.set),
    ...(entry.subresource === '' ? {} : { subresource: entry.subresource }),
  }));
}

function compareEntries(a: ManagedEntry, b: ManagedEntry): number {
  return (
    compareText(a.operation, b.operation) ||
    secondsOf(a.time) - secondsOf(b.time) ||
    compareText(a.manager, b.manager) ||
    compareText(a.apiVersion, b.apiVersion) ||
    compareText(a.subresource, b.subresource)
  );
}

export function secondsOf(time: string | undefined): number {
  return time === undefined ? 0 : Math.floor(Date.parse(time) / 1000);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
