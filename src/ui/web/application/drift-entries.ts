// Who changed what in the cluster, past Git, as the server records it (src/operation/drift-record.ts). Pure.

export interface FieldChange {
  readonly path: string;
  readonly before?: string;
  readonly after?: string;
}

export interface DriftEntry {
  readonly at: string;
  readonly by: string;
  readonly manager: string | undefined;
  readonly isDeletion: boolean;
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly fields: readonly FieldChange[];
  readonly moreFields: number;
  readonly times: number;
}

type Fields = Readonly<Record<string, unknown>>;

export function driftEntries(items: readonly Fields[]): readonly DriftEntry[] {
  return items.map((item) => ({
    at: textOf(item.at),
    by: textOf(item.by),
    manager: textOf(item.manager) || undefined,
    isDeletion: item.operation === 'DELETE',
    ...{
      group: textOf(item.group),
      kind: textOf(item.kind),
      namespace: textOf(item.namespace),
      name: textOf(item.name),
    },
    fields: Array.isArray(item.fields) ? item.fields.map(changeOf) : [],
    moreFields: numberOf(item.moreFields) ?? 0,
    times: numberOf(item.times) ?? 1,
  }));
}

function changeOf(field: unknown): FieldChange {
  const { path, before, after } = (typeof field === 'object' && field !== null ? field : {}) as Fields;
  return {
    path: textOf(path),
    ...(before !== undefined && { before: shownValue(before) }),
    ...(after !== undefined && { after: shownValue(after) }),
  };
}

function shownValue(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
