// What was typed, kept until it is made: a page that was closed or loaded anew loses nothing.

import { keepInTab, readTab } from '../../state/tab-storage.ts';

const KEY = 'new-application';

/** `from`: what the address said of it; '' where it said nothing. Another link begins anew. */
export function readKeptDraft(from: string): string | undefined {
  const kept = readTab(KEY) ?? '';
  const end = kept.indexOf('\n');
  if (end < 0) return undefined;
  return from === '' || kept.slice(0, end) === from ? kept.slice(end + 1) : undefined;
}

export function keepDraft(text: string, from: string): void {
  keepInTab(KEY, `${from}\n${text}`);
}

export function forgetDraft(): void {
  keepInTab(KEY, undefined);
}
