// Go's time.Duration: parsing and rounding. Its text is formatDuration in stringer.ts.

import { HawserError } from '../../base/errors.ts';
import { quoteForTime } from './time-quote.ts';

export const SECOND = 1_000_000_000n;

const UNITS: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  // U+00B5, the micro sign, and U+03BC, the letter mu.
  '\u00b5s': 1_000n,
  '\u03bcs': 1_000n,
  ms: 1_000_000n,
  s: SECOND,
  m: 60n * SECOND,
  h: 3600n * SECOND,
};

/** 2^63: the size of the smallest duration, which has no positive counterpart. */
const LIMIT = 1n << 63n;

/** `time.ParseDuration` in nanoseconds. Throws RenderFailed with Go's text. */
export function parseGoDuration(text: string): bigint {
  const unsigned = text.replace(/^[+-]/, '');
  if (unsigned === '0') return 0n;
  if (unsigned === '') throw invalid('invalid duration', text);
  let total = 0n;
  for (let rest = unsigned; rest !== ''; ) {
    const number = /^(\d*)(?:\.(\d*))?/.exec(rest);
    const [written = '', whole = '', fraction = ''] = number ?? [];
    if (whole === '' && fraction === '') throw invalid('invalid duration', text);
    const unitText = /^[^.\d]*/.exec(rest.slice(written.length))?.[0] ?? '';
    if (unitText === '') throw invalid('missing unit in duration', text);
    const unit = Object.hasOwn(UNITS, unitText) ? UNITS[unitText] : undefined;
    if (unit === undefined) throw invalid(`unknown unit ${quoteForTime(unitText)} in duration`, text);
    const value = BigInt(whole || '0');
    if (value > LIMIT / unit) throw invalid('invalid duration', text);
    total += value * unit + fractionOf(fraction, unit);
    if (total > LIMIT) throw invalid('invalid duration', text);
    rest = rest.slice(written.length + unitText.length);
  }
  if (text.startsWith('-')) return -total;
  if (total === LIMIT) throw invalid('invalid duration', text);
  return total;
}

/** `Duration.Round`: to a multiple of `unit`, halves away from zero. */
export function roundDuration(duration: bigint, unit: bigint): bigint {
  if (unit <= 0n) return duration;
  const size = duration < 0n ? -duration : duration;
  const rest = size % unit;
  const rounded = rest + rest < unit ? size - rest : size + unit - rest;
  return duration < 0n ? -rounded : rounded;
}

/** leadingFraction: digits beyond what an int64 holds count for nothing. */
function fractionOf(digits: string, unit: bigint): bigint {
  let value = 0n;
  let scale = 1;
  for (const digit of digits) {
    if (value > (LIMIT - 1n) / 10n) break;
    const next = value * 10n + BigInt(digit);
    if (next > LIMIT) break;
    value = next;
    scale *= 10;
  }
  return BigInt(Math.trunc(Number(value) * (Number(unit) / scale)));
}

function invalid(message: string, text: string): HawserError {
  return new HawserError('RenderFailed', `time: ${message} ${quoteForTime(text)}`);
}
