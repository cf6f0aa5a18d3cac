// Time zones as Go's *time.Location: offsets from Intl, abbreviations from a table, since Intl says `GMT+1` for `CET`.

import { ZONE_ABBREVIATIONS } from './zone-abbreviations.ts';

export interface Zone {
  /** Go's name of the location: `UTC`, `Local`, `Europe/Berlin`; empty for a fixed offset that has none. */
  readonly name: string;
  /** Seconds east of Greenwich at an instant, in seconds since the Unix epoch. */
  offsetAt(unixSeconds: number): number;
  abbreviationAt(unixSeconds: number): string;
  /** The offset that an abbreviation means at that wall clock time (Go: Location.lookupName). */
  offsetOf(abbreviation: string, wallSeconds: number): number | undefined;
}

export const UTC: Zone = fixedZone('UTC', 0);

/** `time.FixedZone`. */
export function fixedZone(name: string, offset: number): Zone {
  return {
    name,
    offsetAt: () => offset,
    abbreviationAt: () => name,
    offsetOf: (abbreviation) => (abbreviation === name ? offset : undefined),
  };
}

/** The machine's own zone: `time.Local` under TZ=name. A zone that is unknown is UTC. */
export function localZone(name: string): Zone {
  if (name === '' || name === 'UTC') return UTC;
  const zone = namedZone(name);
  return zone ? { ...zone, name: 'Local' } : UTC;
}

/** `time.LoadLocation`; undefined where Go fails. */
export function loadZone(name: string, local: Zone): Zone | undefined {
  if (name === '' || name === 'UTC') return UTC;
  return name === 'Local' ? local : namedZone(name);
}

function namedZone(name: string): Zone | undefined {
  // tzdata's names are paths of capitalised parts; Intl is less strict, and also takes bare offsets.
  if (!/^[A-Z][A-Za-z0-9+_-]*(?:\/[A-Z][A-Za-z0-9+_-]*)*$/.test(name)) return undefined;
  const format = dateFormat(name);
  if (!format) return undefined;
  const abbreviations = abbreviationsOf(name);
  const offsetAt = (unixSeconds: number) => readOffset(format, unixSeconds);
  const nameOf = (offset: number) => abbreviations.get(offset) ?? numericName(offset);
  return {
    name,
    offsetAt,
    abbreviationAt: (unixSeconds) => nameOf(offsetAt(unixSeconds)),
    offsetOf: (abbreviation, wallSeconds) => {
      const offsets = [...abbreviations].filter(([, text]) => text === abbreviation).map(([offset]) => offset);
      return offsets.find((offset) => offsetAt(wallSeconds - offset) === offset) ?? offsets[0];
    },
  };
}

function dateFormat(timeZone: string): Intl.DateTimeFormat | undefined {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  } catch {
    return undefined;
  }
}

/** The last instant that a JavaScript Date can hold. */
const LAST_MILLISECOND = 8.64e15;

function readOffset(format: Intl.DateTimeFormat, unixSeconds: number): number {
  const instant = Math.max(-LAST_MILLISECOND, Math.min(LAST_MILLISECOND, unixSeconds * 1000));
  const text = format.formatToParts(instant).find(({ type }) => type === 'timeZoneName')?.value ?? '';
  const [, sign, hours = 0, minutes = 0, seconds = 0] = /([+-])(\d\d):(\d\d)(?::(\d\d))?/.exec(text) ?? [];
  const size = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  return sign === '-' ? -size : size;
}

function abbreviationsOf(name: string): Map<number, string> {
  const row = ZONE_ABBREVIATIONS.find(([, zones]) => ` ${zones} `.includes(` ${name} `));
  const pairs = row ? row[0].split(' ').map((pair) => pair.split('=')) : [];
  return new Map(pairs.map(([offset, abbreviation = '']) => [Number(offset), abbreviation]));
}

/** `+03`, `+0530`: what tzdata calls an offset without a name. */
function numericName(offset: number): string {
  const minutes = Math.floor(Math.abs(offset) / 60);
  const hours = String(Math.floor(minutes / 60)).padStart(2, '0');
  const rest = minutes % 60 === 0 ? '' : String(minutes % 60).padStart(2, '0');
  return `${offset < 0 ? '-' : '+'}${hours}${rest}`;
}
