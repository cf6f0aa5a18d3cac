// One line of a container's log, and its moment to the nanosecond.

export interface LogLine {
  readonly text: string;
  readonly podName: string;
  /** undefined for what no container has written: why there is no log. */
  readonly at: Moment | undefined;
}

export interface Moment {
  /** Seconds since the Unix epoch. */
  readonly seconds: number;
  /** 0 to 999,999,999. */
  readonly nanos: number;
  /** Its zone, as it was written: `Z`, `+01:00`. */
  readonly zone: string;
}

const RFC_3339 = /^(\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?([Zz]|[+-]\d\d:\d\d)$/;

/** undefined for a text that is no time of RFC 3339. */
export function parseMoment(text: string): Moment | undefined {
  const match = RFC_3339.exec(text);
  if (!match) return undefined;
  const [, clock = '', fraction = '', zone = ''] = match;
  const ms = Date.parse(`${clock}${zone}`);
  if (Number.isNaN(ms)) return undefined;
  return { seconds: ms / 1000, nanos: Number(fraction.padEnd(9, '0') || '0'), zone: zone.toUpperCase() };
}

export function compareMoments(a: Moment | undefined, b: Moment | undefined): number {
  if (!a || !b) return Number(a !== undefined) - Number(b !== undefined);
  return a.seconds - b.seconds || a.nanos - b.nanos;
}

/** As Go writes RFC3339Nano: without zeros at the end of the fraction. */
export function formatMoment(moment: Moment): string {
  const fraction = String(moment.nanos).padStart(9, '0').replace(/0+$/, '');
  return `${clockOf(moment)}${fraction === '' ? '' : `.${fraction}`}${moment.zone}`;
}

/** To the second, in UTC, as Kubernetes writes times. */
export function formatSecond({ seconds }: Moment): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`;
}

export function momentOf(ms: number): Moment {
  return { seconds: Math.floor(ms / 1000), nanos: (ms % 1000) * 1_000_000, zone: 'Z' };
}

/** Date and time as the clocks of its zone show them. */
function clockOf({ seconds, zone }: Moment): string {
  const [, sign = '+', hours = '0', minutes = '0'] = /^([+-])(\d\d):(\d\d)$/.exec(zone) ?? [];
  const offset = (Number(hours) * 60 + Number(minutes)) * 60 * (sign === '-' ? -1 : 1);
  return new Date((seconds + offset) * 1000).toISOString().slice(0, 19);
}
