// Events of Kubernetes as rows of a table, of both its APIs (core/v1 and what events.k8s.io writes into it). Pure.

export interface EventRow {
  readonly key: string;
  readonly type: string;
  readonly reason: string;
  readonly message: string;
  /** `Pod/web-1` */
  readonly object: string;
  readonly source: string;
  readonly count: number;
  /** RFC 3339. */
  readonly first: string | undefined;
  readonly last: string | undefined;
}

type Fields = Readonly<Record<string, unknown>>;

/** The newest first. */
export function eventRows(events: readonly Fields[]): readonly EventRow[] {
  return events
    .map(rowOf)
    .reverse()
    .sort((a, b) => timeOf(b) - timeOf(a));
}

function rowOf(event: Fields): EventRow {
  const [involved, metadata, series] = [
    fieldsOf(event.involvedObject),
    fieldsOf(event.metadata),
    fieldsOf(event.series),
  ];
  const eventTime = textOf(event.eventTime);
  const first = textOf(event.firstTimestamp) ?? eventTime ?? textOf(metadata.creationTimestamp);
  return {
    key: textOf(metadata.uid) ?? textOf(metadata.name) ?? '',
    type: textOf(event.type) ?? 'Normal',
    reason: textOf(event.reason) ?? '',
    message: textOf(event.message) ?? textOf(event.note) ?? '',
    object: `${textOf(involved.kind) ?? ''}/${textOf(involved.name) ?? ''}`,
    source: textOf(fieldsOf(event.source).component) ?? textOf(event.reportingComponent) ?? '',
    count: numberOf(series.count) ?? numberOf(event.count) ?? 1,
    first,
    last: textOf(series.lastObservedTime) ?? textOf(event.lastTimestamp) ?? eventTime ?? first,
  };
}

function timeOf({ last }: EventRow): number {
  return last === undefined ? 0 : Date.parse(last) || 0;
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && value > 0 ? value : undefined;
}
