// Where one is, for the breadcrumb of the top bar. A page says it while it is there.

import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';

export interface Crumb {
  readonly label: string;
  readonly href?: string;
}

export const crumbs = signal<readonly Crumb[]>([]);

/** `useCrumbs([{ label: 'Applications', href: '/applications' }, { label: name }])` */
export function useCrumbs(list: readonly Crumb[]): void {
  const key = JSON.stringify(list);
  useEffect(() => {
    crumbs.value = list;
  }, [key]);
}
