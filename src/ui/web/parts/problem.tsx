// What went wrong: what, where and what to do, with the server's own words folded below.

import { CloudOff, TriangleAlert } from 'lucide';
import type { ComponentChildren } from 'preact';
import { ApiError } from '../api/error.ts';
import { useWords } from '../words/words.ts';
import { Button } from './button.tsx';
import { Icon } from './icon.tsx';
import { partWords } from './part-words.ts';
import s from './problem.module.css';

interface Props {
  readonly error: unknown;
  /** What was tried: "The repository could not be saved". */
  readonly title?: string;
  readonly onRetry?: () => void;
  readonly children?: ComponentChildren;
}

export function Problem({ error, title, onRetry, children }: Props) {
  const t = useWords(partWords);
  const problem = error instanceof ApiError ? error : undefined;
  const isOffline = problem?.isOffline === true;
  const said = problem?.message ?? (error instanceof Error ? error.message : String(error));
  const summary = title ?? sentenceOf(problem, t);
  return (
    <div class={s.problem} role="alert">
      <Icon icon={isOffline ? CloudOff : TriangleAlert} size={20} class={s.icon} />
      <div class={s.text}>
        <p class={s.title}>{summary}</p>
        {isOffline ? <p>{t.offlineHint}</p> : problem?.hint && <p>{problem.hint}</p>}
        {children}
        {!isOffline && said !== '' && said.length <= 200 && <p class={s.said}>{said}</p>}
        {said.length > 200 && (
          <details>
            <summary>{t.serverSaid}</summary>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard. */}
            <pre tabIndex={0}>{said}</pre>
          </details>
        )}
        {onRetry && <Button onClick={onRetry}>{t.retry}</Button>}
      </div>
    </div>
  );
}

function sentenceOf(problem: ApiError | undefined, t: (typeof partWords)['en']): string {
  switch (problem?.status) {
    case 0:
      return t.offline;
    case 403:
      return t.forbidden;
    case 404:
      return t.notFound;
    default:
      return t.failed;
  }
}
