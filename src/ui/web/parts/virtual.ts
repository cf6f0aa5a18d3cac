// Which rows of a long list are near what is in view: only these are in the page, so that thousands scroll without a stutter.

import type { RefObject } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';

export interface VirtualOptions {
  /** Of rows; tiles count by the row. */
  readonly count: number;
  /** Pixels, the same for all. */
  readonly rowHeight: number;
  /** Rows beyond each edge. */
  readonly margin?: number;
}

export interface VirtualRange<E extends HTMLElement> {
  /** Of what holds the rows. */
  readonly ref: RefObject<E | null>;
  readonly first: number;
  /** Not included. */
  readonly end: number;
  /** Pixels above the first row and below the last one. */
  readonly before: number;
  readonly after: number;
}

/** The page is what scrolls. */
export function useVirtual<E extends HTMLElement>({ count, rowHeight, margin = 8 }: VirtualOptions): VirtualRange<E> {
  const ref = useRef<E>(null);
  const [[first, end], setRange] = useState<readonly [number, number]>([0, Math.min(count, 60)]);
  useLayoutEffect(() => {
    const look = () => {
      const top = ref.current?.getBoundingClientRect().top ?? 0;
      const from = Math.max(0, Math.floor(-top / rowHeight) - margin);
      const to = Math.ceil((innerHeight - top) / rowHeight) + margin;
      setRange((old) => (old[0] === from && old[1] === to ? old : [from, to]));
    };
    look();
    addEventListener('scroll', look, { passive: true });
    addEventListener('resize', look);
    return () => {
      removeEventListener('scroll', look);
      removeEventListener('resize', look);
    };
  }, [rowHeight, margin]);
  const last = Math.max(0, Math.min(end, count));
  const begin = Math.min(first, last);
  return { ref, first: begin, end: last, before: begin * rowHeight, after: Math.max(0, count - last) * rowHeight };
}
