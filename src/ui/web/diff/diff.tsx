// What differs between two states of an object, or between two texts.

import { useEffect, useMemo, useState } from 'preact/hooks';
import { Loading } from '../parts/loading.tsx';
import { Problem } from '../parts/problem.tsx';
import { useWords } from '../words/words.ts';
import { withoutBookkeeping } from './clean.ts';
import s from './diff.module.css';
import { DiffLines } from './diff-lines.tsx';
import { useDiffOptions } from './diff-options.ts';
import { countRows, diffObjects, diffTexts, type Row } from './diff-rows.ts';
import { DiffTools } from './diff-tools.tsx';
import { diffWords } from './diff-words.ts';
import { readState } from './read-state.ts';

interface Props {
  /** Whose states they are, for screen readers. */
  readonly label: string;
  /** An object, or its JSON or YAML text; undefined, null and '' where there is none. For `text`: a text. */
  readonly before: unknown;
  readonly after: unknown;
  /** `text`: two files, compared by their lines. */
  readonly as?: 'object' | 'text';
  /** The switches above it. Where several differences stand below each other, they have one `DiffTools` together. */
  readonly hasTools?: boolean;
  /** It scrolls by itself from 60 % of the window's height on. */
  readonly isTall?: boolean;
}

export function Diff({ label, before, after, as = 'object', hasTools = true, isTall = false }: Props) {
  const t = useWords(diffWords);
  const { layout, hasNoise } = useDiffOptions();
  const { states, error } = useStates(before, after, as);
  const rows = useMemo(() => states && rowsOf(states, as, hasNoise), [states, as, hasNoise]);
  return (
    <div class={s.frame}>
      {hasTools && <DiffTools isText={as === 'text'} />}
      {error !== undefined ? (
        <Problem title={t.unreadable} error={error} />
      ) : rows ? (
        <Body {...{ label, rows, layout, isTall }} hasBookkeeping={as === 'object' && !hasNoise} states={states} />
      ) : (
        <Loading />
      )}
    </div>
  );
}

interface BodyProps {
  readonly label: string;
  readonly rows: readonly Row[];
  readonly layout: 'unified' | 'split';
  readonly isTall: boolean;
  /** It was left out. */
  readonly hasBookkeeping: boolean;
  readonly states: States | undefined;
}

function Body({ label, rows, layout, isTall, hasBookkeeping, states }: BodyProps) {
  const t = useWords(diffWords);
  const counts = useMemo(() => countRows(rows), [rows]);
  const isEqual = Object.values(counts).every((count) => count === 0);
  const hasOther = isEqual && hasBookkeeping && states !== undefined && differs(states);
  return (
    <>
      {isEqual && <p class={s.note}>{hasOther ? t.equalButNoise : t.equal}</p>}
      <div
        role="group"
        class={`${s.diff} ${isTall ? s.tall : ''}`}
        aria-label={label}
        // What scrolls has to be reached by keyboard.
        {...(isTall && { tabIndex: 0 })}
      >
        <DiffLines rows={rows} layout={layout} />
      </div>
    </>
  );
}

interface States {
  readonly before: unknown;
  readonly after: unknown;
}

function rowsOf({ before, after }: States, as: 'object' | 'text', hasNoise: boolean): readonly Row[] {
  if (as === 'text') return diffTexts(String(before ?? ''), String(after ?? ''));
  return hasNoise ? diffObjects(before, after) : diffObjects(withoutBookkeeping(before), withoutBookkeeping(after));
}

function differs({ before, after }: States): boolean {
  return JSON.stringify(before) !== JSON.stringify(after);
}

/** JSON and objects at once, so that nothing flickers; YAML when its reader is there. */
function useStates(before: unknown, after: unknown, as: 'object' | 'text') {
  const read = useMemo((): { states?: States; wait?: Promise<States>; error?: unknown } => {
    if (as === 'text') return { states: { before, after } };
    try {
      const both = [readState(before), readState(after)] as const;
      if (!both.some((one) => one instanceof Promise)) return { states: { before: both[0], after: both[1] } };
      return { wait: Promise.all(both).then(([first, second]) => ({ before: first, after: second })) };
    } catch (error) {
      return { error };
    }
  }, [before, after, as]);
  const [late, setLate] = useState<{ readonly of: unknown; readonly states?: States; readonly error?: unknown }>();
  useEffect(() => {
    if (!read.wait) return;
    let isLate = false;
    read.wait.then(
      (states) => !isLate && setLate({ of: read, states }),
      (error: unknown) => !isLate && setLate({ of: read, error }),
    );
    return () => {
      isLate = true;
    };
  }, [read]);
  if (!read.wait) return { states: read.states, error: read.error };
  // While a new text is read, the one before stays: typing does not flicker.
  return { states: late?.states, error: late?.of === read ? late.error : undefined };
}
