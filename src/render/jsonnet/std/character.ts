// std.char, which %c is, too.

import type { Site } from '../failures.ts';
import { formatGoFloat } from '../value.ts';
import { refuse } from './arguments.ts';

/** The character of a code point; half a pair is none. */
export function characterOf(code: number, site: Site): string {
  if (code > 0x10ffff) return refuse(`Invalid unicode codepoint, got ${formatGoFloat(code)}`, site);
  if (code < 0) return refuse(`Codepoints must be >= 0, got ${formatGoFloat(code)}`, site);
  const whole = Math.trunc(code);
  return whole >= 0xd800 && whole < 0xe000 ? '\ufffd' : String.fromCodePoint(whole);
}
