// Elements of a list that scrolls: what was made of the same values before is the same element again, which is not compared with itself.

import type { VNode } from 'preact';
import { useRef } from 'preact/hooks';

type Reuse = (key: string, values: readonly unknown[], make: () => VNode) => VNode;

interface Made {
  readonly values: readonly unknown[];
  readonly element: VNode;
}

/** Of this and the last render; what is no longer there is forgotten. */
export function useReuse(): Reuse {
  const last = useRef<ReadonlyMap<string, Made>>(new Map());
  const before = last.current;
  const now = new Map<string, Made>();
  last.current = now;
  return (key, values, make) => {
    const old = before.get(key);
    const isSame = old !== undefined && values.every((value, index) => value === old.values[index]);
    const made = isSame ? old : { values, element: make() };
    now.set(key, made);
    return made.element;
  };
}
