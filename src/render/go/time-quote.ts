// The quoting in the error texts of Go's package time, which is simpler than strconv's (Go: time/format.go, quote).

import { utf8Encode } from './strings.ts';

export function quoteForTime(text: string): string {
  let quoted = '"';
  for (const byte of utf8Encode(text)) {
    if (byte >= 0x80 || byte < 0x20) quoted += `\\x${byte.toString(16).padStart(2, '0')}`;
    else quoted += byte === 0x22 || byte === 0x5c ? `\\${String.fromCharCode(byte)}` : String.fromCharCode(byte);
  }
  return `${quoted}"`;
}
