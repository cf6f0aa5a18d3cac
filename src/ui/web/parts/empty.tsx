// A place where nothing is yet, or nothing that was looked for: what it is for, and how one begins.

import type { IconNode } from 'lucide';
import type { ComponentChildren } from 'preact';
import s from './empty.module.css';
import { Icon } from './icon.tsx';

interface Props {
  readonly icon: IconNode;
  readonly title: string;
  readonly children?: ComponentChildren;
}

export function Empty({ icon, title, children }: Props) {
  return (
    <section class={s.empty}>
      <Icon icon={icon} size={28} class={s.icon} />
      <h2>{title}</h2>
      <div class={s.text}>{children}</div>
    </section>
  );
}
