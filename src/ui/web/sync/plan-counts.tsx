// How many objects a plan creates, changes, deletes and leaves, in one line.

import { useWords } from '../words/words.ts';
import type { PlanCounts as Counts } from './plan-types.ts';
import s from './sync-sheet.module.css';
import { syncWords } from './sync-words.ts';

const ORDER = ['create', 'update', 'recreate', 'delete', 'hooks', 'left', 'unchanged'] as const;

export function PlanCounts({ counts }: { readonly counts: Counts }) {
  const t = useWords(syncWords);
  return (
    <span class={s.counts}>
      {ORDER.filter((key) => counts[key] > 0).map((key) => (
        <span key={key}>{t.sums[key](counts[key])}</span>
      ))}
    </span>
  );
}
