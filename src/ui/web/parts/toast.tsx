// What has just happened, told at the lower edge for a few seconds, and to screen readers.

import { signal } from '@preact/signals';
import { CircleAlert, CircleCheck } from 'lucide';
import { Icon } from './icon.tsx';
import s from './toast.module.css';

interface Toast {
  readonly id: number;
  readonly text: string;
  readonly isProblem: boolean;
}

const toasts = signal<readonly Toast[]>([]);
const SHOWN_MS = 6_000;
let lastId = 0;

/** `tell('Refreshed.')`. What has to be read and acted upon stands in the page instead. */
export function tell(text: string, isProblem = false): void {
  lastId += 1;
  const id = lastId;
  toasts.value = [...toasts.value.slice(-2), { id, text, isProblem }];
  setTimeout(() => {
    toasts.value = toasts.value.filter((toast) => toast.id !== id);
  }, SHOWN_MS);
}

export function Toasts() {
  return (
    <div class={s.toasts} role="status" aria-live="polite">
      {toasts.value.map(({ id, text, isProblem }) => (
        <p key={id} class={s.toast}>
          <Icon icon={isProblem ? CircleAlert : CircleCheck} class={isProblem ? s.bad : s.good} />
          {text}
        </p>
      ))}
    </div>
  );
}
