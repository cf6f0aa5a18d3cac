// YAML timestamps as go-yaml reads them, and as Go writes them into JSON (RFC 3339 with what nanoseconds there are).

const DATE = /^(\d{4})-(\d{1,2})-(\d{1,2})$/;
const DATE_TIME =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[Tt]| )(\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,](\d+))?(Z|[-+]\d\d:\d\d)?$/;
const MONTH_DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

/** The RFC 3339 text of a timestamp, or undefined where `text` is none (go-yaml: parseTimestamp with its four formats). */
export function parseTimestamp(text: string): string | undefined {
  if (text.charCodeAt(4) !== 0x2d) return undefined;
  const date = DATE.exec(text);
  if (date) return formatDate(date) && `${formatDate(date)}T00:00:00Z`;
  const match = DATE_TIME.exec(text);
  if (match === null) return undefined;
  const [, , , , hour = '', minute = '', second = '', fraction = '', zone] = match;
  // A zone goes with a T, its absence with a space.
  if ((zone === undefined) !== text.indexOf(' ') > 0) return undefined;
  const day = formatDate(match);
  if (day === undefined || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  if (zone !== undefined && !isZone(zone)) return undefined;
  const nanoseconds = fraction.slice(0, 9).replace(/0+$/, '');
  const time = [hour, minute, second].map((part) => part.padStart(2, '0')).join(':');
  return `${day}T${time}${nanoseconds === '' ? '' : `.${nanoseconds}`}${zone === undefined || /^[-+]00:00$/.test(zone) ? 'Z' : zone}`;
}

function isZone(zone: string): boolean {
  return zone === 'Z' || (Number(zone.slice(1, 3)) <= 24 && Number(zone.slice(4)) < 60);
}

function formatDate(match: RegExpExecArray): string | undefined {
  const [, year = '', month = '', day = ''] = match;
  const days = MONTH_DAYS[Number(month) - 1];
  if (days === undefined || Number(day) < 1 || Number(day) > days) return undefined;
  if (Number(month) === 2 && Number(day) === 29 && !isLeap(Number(year))) return undefined;
  return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
}

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}
