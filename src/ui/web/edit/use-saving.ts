// Saving what somebody changed of an Application: nothing of somebody else's is written over unseen, and nothing typed is lost.

import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Application } from '../../../application/types.ts';
import { call } from '../api/call.ts';
import { type Editable, editableOf, isOvertaken, isSame, patchOf } from './spec-patch.ts';

export interface Saving {
  /** As it was when the editing began. */
  readonly base: Editable;
  /** As it is now. */
  readonly now: Editable;
  readonly isChanged: boolean;
  /** Somebody else has changed what is to be saved. */
  readonly isOvertaken: boolean;
  readonly isBusy: boolean;
  readonly error: unknown;
  /** True when it is saved. `isOver`: whatever somebody else has made of it. */
  readonly save: (isOver?: boolean) => Promise<boolean>;
  /** From what is there now. */
  readonly rebase: () => Editable;
}

/** `onReset` is given what is there now where somebody else has changed it before anything was typed. */
export function useSaving(app: Application, wanted: Editable | undefined, onReset: (to: Editable) => void): Saving {
  const now = useMemo(() => editableOf(app), [app]);
  /** What was saved, until it is heard of. */
  const saved = useRef<Editable | undefined>(undefined);
  const [base, setBase] = useState(now);
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const { name, namespace } = app.metadata;
  const save = async (isOver = false) => {
    if (!wanted || isBusy) return false;
    setBusy(true);
    setError(undefined);
    try {
      const steps = patchOf(isOver ? now : base, wanted);
      const answer = await call('PATCH /api/v1/applications/{name}', {
        params: { name },
        body: { patch: JSON.stringify(steps), patchType: 'json', appNamespace: namespace },
      });
      saved.current = editableOf(answer);
      setBase(saved.current);
      return true;
    } catch (problem) {
      setError(problem);
      return false;
    } finally {
      setBusy(false);
    }
  };
  const isChanged = wanted === undefined || !isSame(base, wanted);
  useEffect(() => {
    if (saved.current && !isSame(saved.current, now)) return;
    saved.current = undefined;
    if (isChanged || isSame(base, now)) return;
    setBase(now);
    onReset(now);
  }, [now]);
  return {
    ...{ base, now, isChanged: wanted !== undefined && isChanged, isBusy, error, save },
    isOvertaken: wanted !== undefined && !isSame(now, wanted) && isOvertaken(base, now, wanted),
    rebase: () => {
      setBase(now);
      setError(undefined);
      return now;
    },
  };
}
