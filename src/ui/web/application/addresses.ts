// Addresses of one Application's page: its sheets are parts of the path, and what the page shows behind them stays in the query.

import { pathOf } from '../state/applications.ts';

type Named = Parameters<typeof pathOf>[0];

/** What the page itself keeps in the query; everything else is a sheet's. */
export const PAGE_KEYS = ['view', 'q', 'kinds', 'states', 'ns', 'fold', 'by', 'sort'] as const;

/** `/applications/argocd/web/sync?view=list&resources=…`: a sheet over the page as it is in this tab. */
export function sheetPath(app: Named, part: string, query: Readonly<Record<string, string | undefined>> = {}): string {
  return withQuery(pathOf(app, part), { ...pageQuery(location.search), ...query });
}

/** The page without a sheet. */
export function pagePath(app: Named, search: string): string {
  return withQuery(pathOf(app), pageQuery(search));
}

export function pageQuery(search: string): Record<string, string> {
  const all = new URLSearchParams(search);
  return Object.fromEntries(PAGE_KEYS.flatMap((key) => (all.get(key) ? [[key, all.get(key) ?? '']] : [])));
}

export function withQuery(path: string, query: Readonly<Record<string, string | undefined>>): string {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) if (value) search.set(key, value);
  const text = search.toString().replaceAll('%2C', ',').replaceAll('%2F', '/').replaceAll('%3A', ':');
  return text === '' ? path : `${path}?${text}`;
}
