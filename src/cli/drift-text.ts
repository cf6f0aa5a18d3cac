// What `hawser app drift` prints: a line for each write to an object of Git, the newest first.

import type { DriftEntry } from '../operation/drift-record.ts';
import { formatTable } from './table.ts';

const HEADER = ['TIME', 'BY', 'TOOL', 'OBJECT', 'CHANGED'];

export function formatDrift(entries: readonly DriftEntry[]): string {
  if (entries.length === 0) return 'nobody is known to have changed its objects (hawser install --drift has it told)\n';
  return formatTable(HEADER, entries.map(rowOf));
}

function rowOf({ at, by, manager = '-', operation, group, kind, namespace, name, ...what }: DriftEntry): string[] {
  const { fields, moreFields = 0, times = 1 } = what;
  const object = `${group ? `${group}/` : ''}${kind} ${namespace ? `${namespace}/` : ''}${name}`;
  const changes = [...fields.map(describeChange), ...(moreFields > 0 ? [`${moreFields} more`] : [])].join(', ');
  const told = operation === 'DELETE' ? 'deleted' : changes;
  return [at, by, manager, object, times > 1 ? `${told} (${times} times)` : told];
}

function describeChange({ path, before, after }: DriftEntry['fields'][number]): string {
  return `${path}: ${formatValue(before)} → ${formatValue(after)}`;
}

function formatValue(value: unknown): string {
  if (value === undefined) return 'nothing';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
