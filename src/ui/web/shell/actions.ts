// What can be done from where one is: the palette lists it (⌘K), its keys do it, and the help sheet tells of it. Views add theirs while they
// are in the page.

import { signal } from '@preact/signals';
import type { IconNode } from 'lucide';
import { useEffect } from 'preact/hooks';

export interface Action {
  /** Unique in the page: `sync`. */
  readonly id: string;
  readonly label: string;
  /** What it belongs to, in the help sheet and the palette. */
  readonly group: string;
  readonly icon?: IconNode;
  /** Of KeyboardEvent.key: `s`, `?`, or two after each other: `g a`. */
  readonly keys?: string;
  /** One of the two. */
  readonly href?: string;
  readonly run?: () => void;
}

export const actions = signal<readonly Action[]>([]);

/**
 * Adds them while the component is there. `keys`: what they depend on, as for useEffect. `isGlobal`: a view may use the same keys for something
 * of its own.
 */
export function useActions(list: readonly Action[], keys: readonly unknown[], isGlobal = false): void {
  useEffect(() => {
    actions.value = isGlobal ? [...list, ...actions.peek()] : [...actions.peek(), ...list];
    return () => {
      actions.value = actions.peek().filter((action) => !list.includes(action));
    };
  }, keys);
}

const SEQUENCE_MS = 1_000;

/** Does what the keys say, unless somebody types or a dialog is open. `go` follows an address. */
export function listenForKeys(go: (href: string) => void): () => void {
  let before = '';
  let beforeAt = 0;
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (isTyping(event.target) || document.querySelector('dialog[open]')) return;
    const sequence = event.timeStamp - beforeAt < SEQUENCE_MS ? `${before} ${event.key}` : '';
    before = event.key;
    beforeAt = event.timeStamp;
    const find = (keys: string) => actions.peek().findLast((action) => action.keys === keys);
    const action = (sequence !== '' && find(sequence)) || find(event.key);
    if (!action) return;
    event.preventDefault();
    before = '';
    if (action.href !== undefined) go(action.href);
    else action.run?.();
  };
  document.addEventListener('keydown', onKeyDown);
  return () => document.removeEventListener('keydown', onKeyDown);
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}
