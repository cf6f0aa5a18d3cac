// A rendered file into its documents, by Helm's regular expression `(?:^|\s*\n)---\s*` (Helm: pkg/releaseutil/manifest.go), which also
// splits at `---b: 2` and inside block scalars. Written out, since a regular expression takes quadratic time on runs of blanks.

import { trimSpace } from './trim-space.ts';

/** The documents that are not empty, trimmed. */
export function splitManifests(text: string): string[] {
  const whole = trimSpace(text);
  const documents: string[] = [];
  const add = (document: string) => {
    if (document !== '') documents.push(trimSpace(document));
  };
  let start = whole.startsWith('---') ? skipBlanks(whole, 3) : 0;
  for (;;) {
    const newline = whole.indexOf('\n---', start);
    if (newline < 0) break;
    let end = newline;
    while (end > start && isBlank(whole.charCodeAt(end - 1))) end--;
    add(whole.slice(start, end));
    start = skipBlanks(whole, newline + 4);
  }
  add(whole.slice(start));
  return documents;
}

function skipBlanks(text: string, from: number): number {
  let index = from;
  while (index < text.length && isBlank(text.charCodeAt(index))) index++;
  return index;
}

/** Go's `\s`: tab, line feed, form feed, carriage return, space. */
function isBlank(code: number): boolean {
  return code === 32 || code === 10 || code === 13 || code === 9 || code === 12;
}
