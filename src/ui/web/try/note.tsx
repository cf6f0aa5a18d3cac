// Something to know about what is shown, above it, with what one can do.

import { Info, TriangleAlert } from 'lucide';
import type { ComponentChildren } from 'preact';
import { Icon } from '../parts/icon.tsx';
import s from './note.module.css';

interface Props {
  readonly meaning?: 'neutral' | 'warn';
  readonly action?: ComponentChildren;
  readonly children: ComponentChildren;
}

export function Note({ meaning = 'neutral', action, children }: Props) {
  return (
    <div class={`${s.note} ${s[meaning] ?? ''}`} role="status">
      <Icon icon={meaning === 'warn' ? TriangleAlert : Info} class={s.icon} />
      <p class={s.text}>{children}</p>
      {action}
    </div>
  );
}
