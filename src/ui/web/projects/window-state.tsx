// Whether a sync window is open now, and when that changes.

import { Ban, Check, Clock, TriangleAlert } from 'lucide';
import type { SyncWindow } from '../../../application/sync-window.ts';
import { clockIn } from '../parts/clock-in.ts';
import { Sign } from '../parts/mark.tsx';
import { partWords } from '../parts/part-words.ts';
import { spanOf } from '../parts/time.tsx';
import { now } from '../state/clock.ts';
import { language } from '../state/preferences.ts';
import { useWords } from '../words/words.ts';
import { projectWords } from './project-words.ts';
import s from './projects.module.css';
import { kindOf, type WindowNow, zoneOf } from './window-words.ts';

export function StateNow({ window, state }: { readonly window: SyncWindow; readonly state: WindowNow }) {
  const t = useWords(projectWords);
  const parts = useWords(partWords);
  if (state.problem !== undefined) {
    return (
      <>
        <Sign icon={TriangleAlert} meaning="bad" word={t.broken} />
        <p class={s.quiet}>{state.problem}</p>
      </>
    );
  }
  const isDeny = kindOf(window) === 'deny';
  const { isOpen, untilMs } = state;
  const word = isDeny ? (isOpen ? t.activeNow : t.inactiveNow) : isOpen ? t.openNow : t.closedNow;
  const meaning = isOpen ? (isDeny ? 'warn' : 'good') : 'neutral';
  const next = isDeny ? (isOpen ? t.endsIn : t.beginsIn) : isOpen ? t.closesIn : t.opensIn;
  return (
    <>
      <Sign icon={isOpen ? (isDeny ? Ban : Check) : Clock} meaning={meaning} word={word} />
      <p class={s.quiet}>
        {untilMs === undefined
          ? t.never
          : next(
              spanOf((untilMs - now.value) / 1_000, parts),
              clockIn(untilMs, { timeZone: zoneOf(window), language: language.value, now: now.value }),
            )}
      </p>
    </>
  );
}
