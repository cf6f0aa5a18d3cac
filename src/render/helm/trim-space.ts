// Go's strings.TrimSpace: Unicode's White_Space, which is not quite what JavaScript's trim takes (U+0085 yes, U+FEFF no).

import { isSpace } from '../go/unicode.ts';

export function trimSpace(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isSpace(text.charCodeAt(start))) start++;
  while (end > start && isSpace(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}
