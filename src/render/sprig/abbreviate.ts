// Cutting text to a width with `...` (goutils v1.1.1: stringutils.go). Widths are bytes.

import { byteLength, sliceBytes } from '../go/strings.ts';

const MARKER = '...';

/** Sprig's abbrev. */
export function abbreviate(width: number, text: string): string {
  return width < 4 ? text : abbreviateFrom(text, 0, width);
}

/** Sprig's abbrevboth: also cuts what lies left of the byte `left`. */
export function abbreviateBoth(left: number, right: number, text: string): string {
  return right < 4 || (left > 0 && right < 7) ? text : abbreviateFrom(text, left, right);
}

/** goutils.AbbreviateFull; text that cannot be cut so becomes empty, since Sprig drops the error. */
function abbreviateFrom(text: string, left: number, width: number): string {
  const length = byteLength(text);
  if (length === 0 || width < 4) return '';
  if (length <= width) return text;
  let offset = Math.min(left, length);
  if (length - offset < width - 3) offset = length - (width - 3);
  if (offset <= 4) return sliceBytes(text, 0, width - 3) + MARKER;
  if (width < 7) return '';
  if (offset + width - 3 < length) return MARKER + abbreviateFrom(sliceBytes(text, offset, length), 0, width - 3);
  return MARKER + sliceBytes(text, length - (width - 3), length);
}
