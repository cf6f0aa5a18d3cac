// The query of the address as the state of a view: filters, sort, what is chosen. So every state has a link, and going back finds it.

import { useLocation } from 'preact-iso';

export interface Query {
  readonly get: (key: string) => string | undefined;
  /** Values that were joined by commas. */
  readonly list: (key: string) => readonly string[];
  /** An empty value goes. By default it takes the place of the address that was there: typing makes no history. */
  readonly set: (changes: Readonly<Record<string, string | readonly string[] | undefined>>, isNew?: boolean) => void;
  /** This address with changes, for links. */
  readonly with: (changes: Readonly<Record<string, string | readonly string[] | undefined>>) => string;
}

export function useQuery(): Query {
  const { url, path, route } = useLocation();
  const search = new URL(url, location.origin).searchParams;
  const withChanges: Query['with'] = (changes) => {
    const next = new URLSearchParams(search);
    for (const [key, value] of Object.entries(changes)) {
      const text = typeof value === 'string' ? value : (value ?? []).map((one) => one.replaceAll(',', '%2C')).join(',');
      if (text === '') next.delete(key);
      else next.set(key, text);
    }
    const text = next.toString().replaceAll('%2C', ',').replaceAll('%2F', '/').replaceAll('%3A', ':');
    return text === '' ? path : `${path}?${text}`;
  };
  return {
    get: (key) => search.get(key) ?? undefined,
    list: (key) =>
      (search.get(key) ?? '')
        .split(',')
        .filter((one) => one !== '')
        .map((one) => one.replaceAll('%2C', ',')),
    set: (changes, isNew = false) => route(withChanges(changes), !isNew),
    with: withChanges,
  };
}
