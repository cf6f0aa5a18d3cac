// A part of a thing over its page, from the right side. It has an address: whoever closes it goes back to the page.

import { X } from 'lucide';
import type { ComponentChildren } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import { useWords } from '../words/words.ts';
import { Button } from './button.tsx';
import { partWords } from './part-words.ts';
import s from './sheet.module.css';

interface Props {
  readonly title: ComponentChildren;
  readonly onClose: () => void;
  /** Beside the title. */
  readonly actions?: ComponentChildren;
  /** Below, always in view: the buttons of a form. */
  readonly footer?: ComponentChildren;
  /** `wide` for diffs and logs. */
  readonly size?: 'normal' | 'wide';
  readonly children: ComponentChildren;
}

/** A modal dialog of the browser's own: it keeps the focus, gives it back, and Escape closes it. */
export function Sheet({ title, onClose, actions, footer, size = 'normal', children }: Props) {
  const t = useWords(partWords);
  const id = useId();
  const { ref, onCancel, onClick } = useModal(onClose);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape does what a click beside it does.
    <dialog ref={ref} class={`${s.sheet} ${s[size]}`} aria-labelledby={id} onCancel={onCancel} onClick={onClick}>
      <header class={s.head}>
        <h2 id={id} class={s.title} tabIndex={-1}>
          {title}
        </h2>
        {actions}
        <Button kind="quiet" icon={X} label={t.close} onClick={onClose} />
      </header>
      <div class={s.body}>{children}</div>
      {footer && <footer class={s.foot}>{footer}</footer>}
    </dialog>
  );
}

/** A short question in the middle of the page. */
export function Dialog({ title, onClose, footer, children }: Omit<Props, 'size' | 'actions'>) {
  const id = useId();
  const { ref, onCancel, onClick } = useModal(onClose);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape does what a click beside it does.
    <dialog ref={ref} class={s.dialog} aria-labelledby={id} onCancel={onCancel} onClick={onClick}>
      <h2 id={id} tabIndex={-1}>
        {title}
      </h2>
      <div class={s.body}>{children}</div>
      {footer && <footer class={s.foot}>{footer}</footer>}
    </dialog>
  );
}

function useModal(onClose: () => void) {
  const ref = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const { current } = ref;
    const before = document.activeElement;
    if (current && !current.open) {
      current.showModal();
      // Its title is what one hears and reads first; the browser would take the first button, which closes it.
      const isChosen = document.activeElement?.matches('input, textarea, select') === true;
      if (!isChosen) current.querySelector('h2')?.focus({ preventScroll: true });
    }
    return () => {
      current?.close();
      // It has left the page by now: the browser gives the focus to nobody.
      const isLost = document.activeElement === null || document.activeElement === document.body;
      if (isLost && before instanceof HTMLElement) before.focus({ preventScroll: true });
    };
  }, []);
  return {
    ref,
    onCancel: (event: Event) => {
      // The one inside, where there is one inside.
      if (event.target !== ref.current) return;
      event.preventDefault();
      onClose();
    },
    /** Beside it: what is behind a dialog belongs to it, too. */
    onClick: (event: MouseEvent) => {
      if (event.target !== ref.current || !ref.current) return;
      const { left, right, top, bottom } = ref.current.getBoundingClientRect();
      const { clientX, clientY } = event;
      // A key press has no place.
      if (clientX === 0 && clientY === 0) return;
      if (clientX < left || clientX > right || clientY < top || clientY > bottom) onClose();
    },
  };
}
