// A state as people read it: an icon, a word and a colour, never a colour alone. Four meanings have one; all else is neutral.

import type { IconNode } from 'lucide';
import {
  CircleAlert,
  CircleCheck,
  CircleDashed,
  CircleHelp,
  CirclePause,
  CircleX,
  Clock,
  Ghost,
  HeartCrack,
  HeartPulse,
  LoaderCircle,
  TriangleAlert,
} from 'lucide';
import { useWords } from '../words/words.ts';
import { Icon } from './icon.tsx';
import s from './mark.module.css';
import { stateWords } from './state-words.ts';

export type Meaning = 'good' | 'warn' | 'bad' | 'work' | 'neutral';

interface Look {
  readonly icon: IconNode;
  readonly meaning: Meaning;
}

const SYNC: Readonly<Record<string, Look>> = {
  Synced: { icon: CircleCheck, meaning: 'good' },
  OutOfSync: { icon: TriangleAlert, meaning: 'warn' },
  Unknown: { icon: CircleHelp, meaning: 'neutral' },
};

const HEALTH: Readonly<Record<string, Look>> = {
  Healthy: { icon: HeartPulse, meaning: 'good' },
  Progressing: { icon: LoaderCircle, meaning: 'work' },
  Degraded: { icon: HeartCrack, meaning: 'bad' },
  Suspended: { icon: CirclePause, meaning: 'neutral' },
  Missing: { icon: Ghost, meaning: 'neutral' },
  Unknown: { icon: CircleHelp, meaning: 'neutral' },
};

const PHASE: Readonly<Record<string, Look>> = {
  Running: { icon: LoaderCircle, meaning: 'work' },
  Terminating: { icon: LoaderCircle, meaning: 'work' },
  Succeeded: { icon: CircleCheck, meaning: 'good' },
  Failed: { icon: CircleX, meaning: 'bad' },
  Error: { icon: CircleAlert, meaning: 'bad' },
  Waiting: { icon: Clock, meaning: 'warn' },
  Planned: { icon: CircleDashed, meaning: 'neutral' },
};

export const LOOKS = { sync: SYNC, health: HEALTH, phase: PHASE } as const;
const UNKNOWN: Look = { icon: CircleHelp, meaning: 'neutral' };

interface Props {
  readonly of: keyof typeof LOOKS;
  readonly state: string | undefined;
  /** The word only for screen readers and on hover. */
  readonly isSmall?: boolean;
  readonly title?: string | undefined;
}

/** `<Mark of="sync" state="OutOfSync" />` */
export function Mark({ of, state = 'Unknown', isSmall = false, title }: Props) {
  const { icon, meaning } = LOOKS[of][state] ?? UNKNOWN;
  const t = useWords(stateWords);
  const word = t[of][state] ?? state;
  return <Sign icon={icon} meaning={meaning} word={word} isSmall={isSmall} title={title} />;
}

interface SignProps {
  readonly icon: IconNode;
  readonly meaning: Meaning;
  readonly word: string;
  readonly isSmall?: boolean;
  readonly title?: string | undefined;
}

/** The same for a state of a view's own. */
export function Sign({ icon, meaning, word, isSmall = false, title }: SignProps) {
  const turns = icon === LoaderCircle ? s.turning : '';
  const shown = title ?? (isSmall ? word : undefined);
  return (
    <span class={`${s.mark} ${s[meaning]}`} {...(shown !== undefined && { title: shown })}>
      <Icon icon={icon} class={turns} />
      <span class={isSmall ? 'visually-hidden' : undefined}>{word}</span>
    </span>
  );
}

/** The same with its tint behind it, where it stands alone. */
export function Pill({ icon, meaning, word, title }: SignProps) {
  return (
    <span class={`${s.pill} ${s[meaning]}`} {...(title !== undefined && { title })}>
      <Icon icon={icon} size={14} class={icon === LoaderCircle ? s.turning : ''} />
      {word}
    </span>
  );
}
