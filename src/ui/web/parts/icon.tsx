// An icon of lucide's. It says nothing to a screen reader unless it has a label: a word stands beside it.

import type { IconNode } from 'lucide';
import { h } from 'preact';

interface Props {
  readonly icon: IconNode;
  /** Pixels: 16 unless said otherwise. */
  readonly size?: number;
  readonly label?: string;
  readonly class?: string | undefined;
}

export function Icon({ icon, size = 16, label, class: className }: Props) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width={size <= 16 ? 2 : 1.75}
      stroke-linecap="round"
      stroke-linejoin="round"
      class={className}
      {...(label === undefined ? { 'aria-hidden': 'true' } : { role: 'img', 'aria-label': label })}
    >
      {icon.map(([tag, attributes]) => h(tag, attributes))}
    </svg>
  );
}
