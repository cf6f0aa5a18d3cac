// Writing times by Go's layouts (Go: time/format.go, appendFormat).

import { type Instant, type WallClock, wallClockOf } from './instant.ts';
import { type LayoutElement, nextLayoutChunk } from './time-layout.ts';

export const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const;

export const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const;

/** `Time.Format`. */
export function formatTime(instant: Instant, layout: string): string {
  const wall = wallClockOf(instant);
  let text = '';
  for (let rest = layout; rest !== ''; ) {
    const chunk = nextLayoutChunk(rest);
    text += chunk.prefix;
    if (chunk.element === undefined) break;
    text += formatElement(chunk.element, chunk.written, wall, instant.nanoseconds);
    rest = chunk.rest;
  }
  return text;
}

/** RFC 3339 with as many digits of the second as needed: how JSON and TOML show a time. */
export function formatRfc3339(instant: Instant): string {
  return formatTime(instant, '2006-01-02T15:04:05.999999999Z07:00');
}

/** `Time.String`. */
export function timeText(instant: Instant): string {
  const text = formatTime(instant, '2006-01-02 15:04:05.999999999 -0700 MST');
  // Go shows how long the process has been running; here that is always the same.
  return instant.monotonic ? `${text} m=+0.000000001` : text;
}

function formatElement(element: LayoutElement, written: string, wall: WallClock, nanoseconds: number): string {
  switch (element) {
    case 'January':
      return MONTHS[wall.month - 1] ?? '';
    case 'Jan':
      return (MONTHS[wall.month - 1] ?? '').slice(0, 3);
    case '1':
      return String(wall.month);
    case '01':
      return padded(wall.month, 2);
    case 'Monday':
      return WEEKDAYS[wall.weekday] ?? '';
    case 'Mon':
      return (WEEKDAYS[wall.weekday] ?? '').slice(0, 3);
    case '2':
      return String(wall.day);
    case '_2':
      return String(wall.day).padStart(2, ' ');
    case '02':
      return padded(wall.day, 2);
    case '__2':
      return String(wall.yearDay).padStart(3, ' ');
    case '002':
      return padded(wall.yearDay, 3);
    case '15':
      return padded(wall.hour, 2);
    case '3':
      return String(wall.hour % 12 || 12);
    case '03':
      return padded(wall.hour % 12 || 12, 2);
    case '4':
      return String(wall.minute);
    case '04':
      return padded(wall.minute, 2);
    case '5':
      return String(wall.second);
    case '05':
      return padded(wall.second, 2);
    case '2006':
      return padded(wall.year, 4);
    case '06':
      return padded(Math.abs(wall.year) % 100, 2);
    case 'PM':
      return wall.hour >= 12 ? 'PM' : 'AM';
    case 'pm':
      return wall.hour >= 12 ? 'pm' : 'am';
    case 'MST':
      return wall.zoneName === '' ? formatOffset('-0700', wall.offset) : wall.zoneName;
    case 'fraction0':
    case 'fraction9':
      return formatFraction(written, nanoseconds);
    default:
      return formatOffset(element, wall.offset);
  }
}

/** Go's appendInt: the sign does not count towards the width. */
function padded(value: number, width: number): string {
  const digits = String(Math.abs(value)).padStart(width, '0');
  return value < 0 ? `-${digits}` : digits;
}

function formatOffset(element: string, offset: number): string {
  if (offset === 0 && element.startsWith('Z')) return 'Z';
  // Go divides first, so that an offset of less than a minute has a plus.
  const minutes = Math.trunc(offset / 60);
  const size = Math.abs(minutes);
  const colon = element.includes(':') ? ':' : '';
  let text = `${minutes < 0 ? '-' : '+'}${padded(Math.floor(size / 60), 2)}`;
  if (element.length > 3) text += `${colon}${padded(size % 60, 2)}`;
  if (element.length > 6) text += `${colon}${padded(Math.abs(offset) % 60, 2)}`;
  return text;
}

/** As many digits as written; with nines, none where they would be zeros. */
function formatFraction(written: string, nanoseconds: number): string {
  const digits = String(nanoseconds)
    .padStart(9, '0')
    .slice(0, written.length - 1);
  const shown = written[1] === '9' ? digits.replace(/0+$/, '') : digits;
  return shown === '' ? '' : written.charAt(0) + shown;
}
