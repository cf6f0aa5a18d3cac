// Filters that one keeps, as links, in this browser.

import { signal } from '@preact/signals';

export interface SavedFilter {
  readonly name: string;
  /** Of the address: `?sync=OutOfSync`. */
  readonly search: string;
}

const KEY = 'hawser.applications.filters';

export const savedFilters = signal<readonly SavedFilter[]>(parseSaved(localStorage.getItem(KEY)));

export function keepFilter(filter: SavedFilter): void {
  write([...savedFilters.value.filter(({ name }) => name !== filter.name), filter]);
}

export function forgetFilter(name: string): void {
  write(savedFilters.value.filter((one) => one.name !== name));
}

function write(filters: readonly SavedFilter[]): void {
  savedFilters.value = filters;
  localStorage.setItem(KEY, JSON.stringify(filters));
}

/** What is no list of filters is none. */
function parseSaved(text: string | null): readonly SavedFilter[] {
  try {
    const value: unknown = JSON.parse(text ?? '[]');
    return Array.isArray(value) ? value.filter(isSaved) : [];
  } catch {
    return [];
  }
}

function isSaved(value: unknown): value is SavedFilter {
  if (typeof value !== 'object' || value === null || !('name' in value) || !('search' in value)) return false;
  const { name, search } = value;
  return typeof name === 'string' && typeof search === 'string' && (search === '' || search.startsWith('?'));
}
