// What a value's own `Error() string` or `String() string` gives, which fmt prefers to the value's form.

import { GoMap, type GoMethod, GoNumber, GoOpaque, GoSlice, GoStruct, type GoValue } from './value.ts';

const MONTHS = [
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
];
const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

/**
 * The text of the value's `Error` or `String` method; undefined where it has neither. `addressable` tells that methods with a pointer
 * receiver count too (Go: reflect.Value.CanAddr).
 */
export function stringOf(value: GoValue, addressable = false): string | undefined {
  if (value instanceof GoNumber) return numberString(value);
  if (value instanceof GoOpaque) return callString(value.methods, addressable) ?? opaqueString(value);
  if (value instanceof GoStruct || value instanceof GoMap || value instanceof GoSlice) {
    return callString(value.methods, addressable);
  }
  return undefined;
}

function opaqueString(value: GoOpaque): string | undefined {
  return value.type.startsWith('func(') ? undefined : value.text;
}

function callString(methods: Readonly<Record<string, GoMethod>>, addressable: boolean): string | undefined {
  for (const name of ['Error', 'String']) {
    const method = Object.hasOwn(methods, name) ? methods[name] : undefined;
    if (!method || method.params.length > 0 || method.result !== 'string') continue;
    if (method.pointerReceiver && !addressable) continue;
    const text = method.call();
    if (typeof text === 'string') return text;
  }
  return undefined;
}

function numberString(number: GoNumber): string | undefined {
  switch (number.type) {
    case 'json.Number':
      return String(number.value);
    case 'time.Duration':
      return formatDuration(BigInt(number.value));
    case 'time.Month':
      return MONTHS[Number(number.value) - 1] ?? `%!Month(${BigInt.asUintN(64, BigInt(number.value))})`;
    case 'time.Weekday':
      return WEEKDAYS[Number(number.value)] ?? `%!Weekday(${BigInt.asUintN(64, BigInt(number.value))})`;
    default:
      return undefined;
  }
}

/** Go's `time.Duration.String`: `72h3m0.5s`; nanoseconds in. */
export function formatDuration(nanoseconds: bigint): string {
  const sign = nanoseconds < 0n ? '-' : '';
  const size = nanoseconds < 0n ? -nanoseconds : nanoseconds;
  if (size === 0n) return '0s';
  if (size < 1_000n) return `${sign}${size}ns`;
  if (size < 1_000_000n) return `${sign}${decimal(size, 3)}µs`;
  if (size < 1_000_000_000n) return `${sign}${decimal(size, 6)}ms`;
  const seconds = size / 1_000_000_000n;
  const rest = decimal(size % 60_000_000_000n, 9);
  const minutes = seconds / 60n;
  if (minutes === 0n) return `${sign}${rest}s`;
  const hours = minutes / 60n;
  return hours === 0n ? `${sign}${minutes}m${rest}s` : `${sign}${hours}h${minutes % 60n}m${rest}s`;
}

/** `value` / 10^digits without trailing zeros. */
function decimal(value: bigint, digits: number): string {
  const text = value.toString().padStart(digits + 1, '0');
  const fraction = text.slice(-digits).replace(/0+$/, '');
  return text.slice(0, -digits) + (fraction === '' ? '' : `.${fraction}`);
}
