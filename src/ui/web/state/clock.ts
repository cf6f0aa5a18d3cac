// The time of what is shown as "4 min ago": one timer for the page, and none while nobody looks at it.

import { signal } from '@preact/signals';

/** Milliseconds since the Unix epoch, a few seconds old at most. */
export const now = signal(Date.now());

const STEP_MS = 5_000;
let timer: ReturnType<typeof setInterval> | undefined;

export function keepTime(): void {
  const follow = () => {
    clearInterval(timer);
    if (document.hidden) return;
    now.value = Date.now();
    timer = setInterval(() => {
      now.value = Date.now();
    }, STEP_MS);
  };
  document.addEventListener('visibilitychange', follow);
  follow();
}
