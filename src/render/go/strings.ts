// Go strings are bytes; here they are UTF-16 with each stray byte as a lone surrogate U+DC80..U+DCFF (value.ts).
// These functions convert, measure, cut and order such text as Go does its bytes.

const encoder = new TextEncoder();
const strictDecoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

const ESCAPE_BASE = 0xdc00;

/** True for the UTF-16 unit that stands for one stray byte, when it is not the second half of a pair. */
function isEscape(unit: number): boolean {
  return unit >= 0xdc80 && unit <= 0xdcff;
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}

/** True when `text` is valid UTF-8 in Go's sense: it holds no stray byte (`utf8.ValidString`). */
export function isValidUtf8(text: string): boolean {
  return text.isWellFormed();
}

/** The bytes of a Go string. A lone surrogate that stands for no byte becomes U+FFFD. */
export function utf8Encode(text: string): Uint8Array {
  if (text.isWellFormed()) return encoder.encode(text);
  const bytes: number[] = [];
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    const code = text.codePointAt(i) ?? 0;
    if (code > 0xffff) i++;
    if (isEscape(unit) && code === unit) bytes.push(unit - ESCAPE_BASE);
    else pushRune(bytes, code >= 0xd800 && code <= 0xdfff ? 0xfffd : code);
  }
  return Uint8Array.from(bytes);
}

function pushRune(bytes: number[], code: number): void {
  if (code < 0x80) bytes.push(code);
  else if (code < 0x800) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 63));
  else if (code < 0x10000) bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
  else {
    bytes.push(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 63), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
  }
}

/** The Go string of these bytes. */
export function utf8Decode(bytes: Uint8Array): string {
  try {
    return strictDecoder.decode(bytes);
  } catch {
    return decodeWithEscapes(bytes);
  }
}

function decodeWithEscapes(bytes: Uint8Array): string {
  let text = '';
  let from = 0;
  for (let i = 0; i < bytes.length; ) {
    const width = runeWidth(bytes, i);
    if (width > 0) {
      i += width;
      continue;
    }
    if (i > from) text += strictDecoder.decode(bytes.subarray(from, i));
    text += String.fromCharCode(ESCAPE_BASE + (bytes[i] ?? 0));
    from = ++i;
  }
  return from < bytes.length ? text + strictDecoder.decode(bytes.subarray(from)) : text;
}

/** The length of the valid UTF-8 sequence at `at`, 0 where the byte there begins none (Go: unicode/utf8, `first` table). */
function runeWidth(bytes: Uint8Array, at: number): number {
  const lead = bytes[at] ?? 0;
  if (lead < 0x80) return 1;
  const width = lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
  if (width === 0 || at + width > bytes.length) return 0;
  const second = bytes[at + 1] ?? 0;
  const low = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
  const high = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
  if (second < low || second > high) return 0;
  for (let k = 2; k < width; k++) if (((bytes[at + k] ?? 0) & 0xc0) !== 0x80) return 0;
  return width;
}

/** Text in which stray bytes that together form a rune have become that rune; needed after joining cut strings. */
export function mendUtf8(text: string): string {
  return text.isWellFormed() ? text : utf8Decode(utf8Encode(text));
}

/** Go's `len` of a string: its number of bytes. */
export function byteLength(text: string): number {
  let length = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) continue;
    if (unit < 0x800) length += 1;
    else if (isHighSurrogate(unit) && isLowSurrogate(text.charCodeAt(i + 1))) {
      length += 2;
      i++;
    } else if (!isEscape(unit)) length += 2;
  }
  return length;
}

/** Go's `text[from:to]` in bytes; a rune that is cut leaves stray bytes. The bounds must lie within the text. */
export function sliceBytes(text: string, from: number, to: number): string {
  if (isAscii(text)) return text.slice(from, to);
  return utf8Decode(utf8Encode(text).subarray(from, to));
}

export function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7f) return false;
  return true;
}

/** Go's order of strings, which is the order of their bytes: negative, zero or positive. */
export function compareBytes(a: string, b: string): number {
  if (a === b) return 0;
  const shared = Math.min(a.length, b.length);
  let i = 0;
  while (i < shared && a.charCodeAt(i) === b.charCodeAt(i)) i++;
  if (i === shared) return a.length - b.length;
  const x = a.charCodeAt(i);
  const y = b.charCodeAt(i);
  if (x < 0xd800 && y < 0xd800) return x - y;
  if (a.isWellFormed() && b.isWellFormed()) {
    // Inside a pair both have the same first half, so that the second halves decide; otherwise the code points do.
    if (isLowSurrogate(x) && isLowSurrogate(y)) return x - y;
    return (a.codePointAt(i) ?? 0) - (b.codePointAt(i) ?? 0);
  }
  return compareArrays(utf8Encode(a), utf8Encode(b));
}

function compareArrays(a: Uint8Array, b: Uint8Array): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** What Go's `range` over a string gives: each rune, with U+FFFD for a stray byte. */
export function runesOf(text: string): number[] {
  const runes: number[] = [];
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    runes.push(code >= 0xd800 && code <= 0xdfff ? 0xfffd : code);
  }
  return runes;
}
