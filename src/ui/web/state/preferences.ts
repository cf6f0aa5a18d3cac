// What one prefers: kept in cookies, so that the server writes the next page as it is to look (src/ui/shell.ts).

import { effect, type Signal, signal } from '@preact/signals';
import { start } from './start.ts';

export const language = signal(start.language);
export const theme = signal(start.theme);
export const density = signal(start.density);
export const isRailPinned = signal(start.isRailPinned);

const YEAR_S = 365 * 24 * 3600;

/** Shows each change at once, and keeps it. */
export function keepPreferences(): void {
  const root = document.documentElement;
  keep('hawser.language', language, (value) => {
    root.lang = value;
  });
  keep('hawser.theme', theme, (value) => {
    if (value === 'system') delete root.dataset.theme;
    else root.dataset.theme = value;
  });
  keep('hawser.density', density, (value) => {
    root.dataset.density = value;
  });
  keep('hawser.rail', isRailPinned, (value) => {
    root.dataset.rail = value ? 'pinned' : 'small';
  });
}

function keep<T>(name: string, preference: Signal<T>, show: (value: T) => void): void {
  let isFirst = true;
  effect(() => {
    const { value } = preference;
    show(value);
    // Nothing is kept for whoever has changed nothing.
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser that this page is for.
    if (!isFirst) document.cookie = `${name}=${value}; Path=/; Max-Age=${YEAR_S}; SameSite=Lax`;
    isFirst = false;
  });
}
