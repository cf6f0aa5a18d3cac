// The place of what is on its way: lines of its height, shown only where it takes longer than a moment.

import { useWords } from '../words/words.ts';
import s from './loading.module.css';
import { partWords } from './part-words.ts';

export function Loading({ lines = 4 }: { readonly lines?: number }) {
  const t = useWords(partWords);
  return (
    <div class={s.loading} role="status">
      <span class="visually-hidden">{t.loading}</span>
      {Array.from({ length: lines }, (_, index) => (
        <span key={index} class={s.line} />
      ))}
    </div>
  );
}
