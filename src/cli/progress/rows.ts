// An Application's objects as rows of a table: what the last operation did with each, and how each is now (Argo CD: getResourceStates).

import { outcomeOf } from '../../application/operation-result.ts';
import type { Application, ResourceResult, ResourceStatus, SyncPhase } from '../../application/types.ts';

export interface ResourceRow {
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** Of an object, whether it is as Git says; of a hook, how it goes. */
  readonly status: string;
  readonly health: string;
  /** The phase, where it is a hook. */
  readonly hook: string;
  readonly message: string;
  readonly phase: SyncPhase;
  readonly wave: number;
  /** What the operation made of it, undefined as long as it has not been its turn. */
  readonly outcome: string | undefined;
}

/** In the order in which the operation did them; what it had nothing to do with comes after. */
export function resourceRows({ status }: Application): readonly ResourceRow[] {
  const known = new Map((status.resources ?? []).map((resource) => [keyOf(resource), resource]));
  const rows = (status.operationState?.syncResult?.resources ?? []).map((result) => {
    const key = keyOf(result);
    const resource = known.get(key);
    known.delete(key);
    return rowOfResult(result, resource);
  });
  const rest = [...known.values()].sort((a, b) => (a.syncWave ?? 0) - (b.syncWave ?? 0) || compareKeys(a, b));
  return [...rows, ...rest.map(rowOfResource)];
}

export function keyOf({ group = '', kind, namespace = '', name }: RowKey): string {
  return `${group}/${kind}/${namespace}/${name}`;
}

interface RowKey {
  readonly group?: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}

/**
 * What is new since the rows before, which are brought up to date. A field that is empty now keeps what it had: between two steps, what is
 * known of an object may be gone for a moment (Argo CD: resourceState.Merge).
 */
export function takeChanges(before: Map<string, ResourceRow>, rows: readonly ResourceRow[]): readonly ResourceRow[] {
  return rows.flatMap((row) => {
    const key = `${keyOf(row)}/${row.hook}`;
    const old = before.get(key);
    const merged = old ? mergeRow(old, row) : row;
    before.set(key, merged);
    const isSame = old && FIELDS.every((field) => old[field] === merged[field]);
    return isSame ? [] : [merged];
  });
}

const FIELDS = ['status', 'health', 'message'] as const;

function mergeRow(old: ResourceRow, row: ResourceRow): ResourceRow {
  return {
    ...row,
    status: row.status || old.status,
    health: row.health || old.health,
    message: row.message || old.message,
  };
}

function rowOfResult(result: ResourceResult, resource: ResourceStatus | undefined): ResourceRow {
  const { group, kind, namespace, name, hookType, hookPhase, message = '', syncPhase = 'Sync' } = result;
  const isHook = hookType !== undefined;
  return {
    ...{ group, kind, namespace, name, message },
    status: isHook ? (hookPhase ?? '') : (resource?.status ?? hookPhase ?? ''),
    health: (isHook ? result.status : (resource?.health?.status ?? (resource ? undefined : result.status))) ?? '',
    hook: hookType ?? '',
    phase: hookType ?? syncPhase,
    wave: resource?.syncWave ?? 0,
    outcome: outcomeOf(result) ?? hookPhase,
  };
}

function rowOfResource({ group = '', kind, namespace = '', name, ...resource }: ResourceStatus): ResourceRow {
  return {
    ...{ group, kind, namespace, name },
    status: resource.status ?? '',
    health: resource.health?.status ?? '',
    hook: '',
    message: resource.requiresPruning ? 'requires pruning' : '',
    phase: 'Sync',
    wave: resource.syncWave ?? 0,
    outcome: undefined,
  };
}

function compareKeys(a: RowKey, b: RowKey): number {
  const [left, right] = [keyOf(a), keyOf(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}
