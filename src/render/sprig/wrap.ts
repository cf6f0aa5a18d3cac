// Breaking lines at spaces (goutils v1.1.1: wordutils.go, WrapCustom). Columns are bytes.

import { isAscii, utf8Decode, utf8Encode } from '../go/strings.ts';

/** Breaks `text` after `width` bytes at a space; a longer word is cut where `cutWords` says so, and otherwise sticks out. */
export function wrapText(text: string, width: number, lineBreak: string, cutWords: boolean): string {
  if (isAscii(text) && isAscii(lineBreak)) return wrapBytes(text, width, lineBreak, cutWords);
  return fromByteString(wrapBytes(toByteString(text), width, toByteString(lineBreak), cutWords));
}

function wrapBytes(text: string, wantedWidth: number, wantedBreak: string, cutWords: boolean): string {
  const width = Math.max(wantedWidth, 1);
  const lineBreak = wantedBreak === '' ? '\n' : wantedBreak;
  let wrapped = '';
  let offset = 0;
  while (text.length - offset > width) {
    if (text[offset] === ' ') {
      offset++;
      continue;
    }
    const end = offset + width;
    const space = text.lastIndexOf(' ', end);
    if (space >= offset) {
      wrapped += text.slice(offset, space) + lineBreak;
      offset = space + 1;
    } else if (cutWords) {
      wrapped += text.slice(offset, end) + lineBreak;
      offset = end;
    } else {
      const next = text.indexOf(' ', end);
      if (next < 0) return wrapped + text.slice(offset);
      wrapped += text.slice(offset, next) + lineBreak;
      offset = next + 1;
    }
  }
  return wrapped + text.slice(offset);
}

/** One character a byte. */
function toByteString(text: string): string {
  let bytes = '';
  for (const byte of utf8Encode(text)) bytes += String.fromCharCode(byte);
  return bytes;
}

function fromByteString(bytes: string): string {
  return utf8Decode(Uint8Array.from(bytes, (character) => character.charCodeAt(0)));
}
