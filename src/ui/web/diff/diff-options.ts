// How differences are shown: chosen once for all of them on a page, and part of its address.

import { useEffect, useState } from 'preact/hooks';
import { useQuery } from '../state/query.ts';

export interface DiffOptions {
  /** As it can be now: below 1,200 px nothing stands side by side. */
  readonly layout: 'unified' | 'split';
  /** With status, managed fields and the like. */
  readonly hasNoise: boolean;
  readonly isWide: boolean;
  readonly setLayout: (layout: string) => void;
  readonly setNoise: (hasNoise: boolean) => void;
}

const WIDE = '(min-width: 1200px)';

export function useDiffOptions(): DiffOptions {
  const query = useQuery();
  const isWide = useWide();
  return {
    layout: isWide && query.get('diff') === 'split' ? 'split' : 'unified',
    hasNoise: query.get('noise') === '1',
    isWide,
    setLayout: (layout) => query.set({ diff: layout === 'split' ? 'split' : undefined }),
    setNoise: (hasNoise) => query.set({ noise: hasNoise ? '1' : undefined }),
  };
}

function useWide(): boolean {
  const [isWide, setWide] = useState(() => matchMedia(WIDE).matches);
  useEffect(() => {
    const list = matchMedia(WIDE);
    const look = () => setWide(list.matches);
    list.addEventListener('change', look);
    return () => list.removeEventListener('change', look);
  }, []);
  return isWide;
}
