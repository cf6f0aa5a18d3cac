// What a push meant for an Application, as an icon, a word and a colour.

import {
  CalendarClock,
  CircleCheck,
  CircleEqual,
  CircleMinus,
  CirclePause,
  CircleX,
  GitBranch,
  Hand,
  History,
  type IconNode,
  LoaderCircle,
  SkipForward,
  Unplug,
} from 'lucide';
import { type Meaning, Pill, Sign } from '../parts/mark.tsx';
import { useWords } from '../words/words.ts';
import type { VerdictKind } from './delivery-list.ts';
import { deliveryWords } from './delivery-words.ts';

const LOOKS: Readonly<Record<VerdictKind, { readonly icon: IconNode; readonly meaning: Meaning }>> = {
  sync: { icon: CircleCheck, meaning: 'good' },
  manual: { icon: Hand, meaning: 'warn' },
  unaffected: { icon: CircleMinus, meaning: 'neutral' },
  'branch mismatch': { icon: GitBranch, meaning: 'neutral' },
  'already deployed': { icon: CircleEqual, meaning: 'neutral' },
  'window-closed': { icon: CalendarClock, meaning: 'warn' },
  suspended: { icon: CirclePause, meaning: 'neutral' },
  superseded: { icon: SkipForward, meaning: 'neutral' },
  stale: { icon: History, meaning: 'neutral' },
  'host mismatch': { icon: Unplug, meaning: 'warn' },
  error: { icon: CircleX, meaning: 'bad' },
  pending: { icon: LoaderCircle, meaning: 'work' },
};

interface Props {
  readonly verdict: VerdictKind;
  /** Of Applications, in lists. */
  readonly count?: number;
  readonly isPill?: boolean;
}

export function VerdictSign({ verdict, count, isPill = false }: Props) {
  const t = useWords(deliveryWords);
  const word = t.verdicts[verdict] ?? verdict;
  const text = count === undefined || count === 1 ? word : `${word} ×${count}`;
  return isPill ? <Pill {...LOOKS[verdict]} word={text} /> : <Sign {...LOOKS[verdict]} word={text} />;
}
