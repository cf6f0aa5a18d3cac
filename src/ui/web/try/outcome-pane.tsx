// What the draft is rendered to, against what Git has: as one types.

import { CheckCheck, PencilLine, TriangleAlert } from 'lucide';
import type { ChangeInput } from '../../../operation/application-changes.ts';
import { DiffTools } from '../diff/diff-tools.tsx';
import { Button } from '../parts/button.tsx';
import card from '../parts/card.module.css';
import { Empty } from '../parts/empty.tsx';
import { Icon } from '../parts/icon.tsx';
import { Loading } from '../parts/loading.tsx';
import { useWords } from '../words/words.ts';
import { type FileName, keyOf } from './draft.ts';
import { locateProblem } from './locate-problem.ts';
import { Note } from './note.tsx';
import { nameOf, ObjectChange } from './object-change.tsx';
import o from './outcome-pane.module.css';
import type { Rendered, RenderProblem } from './render-messages.ts';
import s from './try-page.module.css';
import { tryWords } from './try-words.ts';
import type { Workbench } from './workbench.ts';

interface Props {
  readonly input: ChangeInput;
  /** The one that is edited. */
  readonly file: FileName;
  readonly choose: (file: FileName) => void;
  readonly bench: Workbench;
}

export function OutcomePane({ input, file, choose, bench }: Props) {
  const t = useWords(tryWords);
  const { rendered, failure, isChanged } = bench;
  const hasChanges = rendered !== undefined && rendered.problem === undefined && rendered.changes.length > 0;
  return (
    <div class={`${card.card} ${s.pane}`}>
      <header class={s.bar}>
        <h2 class={s.heading}>{t.outcome}</h2>
        <span class={s.at}>
          <span role="status">{rendered ? summaryOf(rendered, isChanged, t) : t.rendering}</span>
          {rendered && !rendered.problem && ' · '}
          {rendered && <span class={o.took}>{t.renderedIn(formatMs(rendered.tookMs))}</span>}
        </span>
        {hasChanges && <DiffTools isText />}
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard. */}
      <div class={s.scroll} role="region" aria-label={t.outcome} tabIndex={0}>
        {input.lookups.length > 0 && <Note>{t.lookups(input.lookups.length)}</Note>}
        {input.generates && <Note>{t.generates}</Note>}
        {failure !== undefined && <Note meaning="warn">{failure === 'slow' ? t.slow : t.noWorker}</Note>}
        {!rendered && failure === undefined && <Loading />}
        {rendered?.problem && (
          <Broken
            {...{ input, choose }}
            shown={file}
            problem={rendered.problem}
            title={isChanged ? t.broken : t.brokenBefore}
          />
        )}
        {rendered && !rendered.problem && rendered.baseProblem && <Note meaning="warn">{t.brokenBeforeHint}</Note>}
        {rendered && !rendered.problem && rendered.changes.length === 0 && <Nothing isChanged={isChanged} />}
        {hasChanges &&
          rendered.changes.map((change, index) => (
            <ObjectChange key={nameOf(change)} {...{ change, index }} what={t.outcome} />
          ))}
      </div>
    </div>
  );
}

function Nothing({ isChanged }: { readonly isChanged: boolean }) {
  const t = useWords(tryWords);
  return isChanged ? (
    <Empty icon={CheckCheck} title={t.noEffect}>
      {t.noEffectHint}
    </Empty>
  ) : (
    <Empty icon={PencilLine} title={t.nothingYet}>
      {t.nothingYetHint}
    </Empty>
  );
}

interface BrokenProps {
  readonly input: ChangeInput;
  readonly shown: FileName;
  readonly choose: (file: FileName) => void;
  readonly problem: RenderProblem;
  readonly title: string;
}

function Broken({ input, shown, choose, problem, title }: BrokenProps) {
  const t = useWords(tryWords);
  const { file, line, column, message, hint } = problem;
  const place = [file, line, column].filter((part) => part !== undefined).join(':');
  const found = locateProblem(input, file);
  const isElsewhere = found !== undefined && keyOf(found) !== keyOf(shown);
  return (
    <div class={o.broken} role="alert">
      <Icon icon={TriangleAlert} size={20} class={o.brokenIcon} />
      <div class={o.brokenText}>
        <p class={o.title}>{title}</p>
        {place !== '' && !isElsewhere && <p class="mono">{place}</p>}
        <pre class={o.said}>{message}</pre>
        {hint !== undefined && <p>{hint}</p>}
        {isElsewhere && <Button onClick={() => choose(found)}>{t.goTo(place)}</Button>}
      </div>
    </div>
  );
}

function summaryOf({ count, changes, problem }: Rendered, isChanged: boolean, t: (typeof tryWords)['en']): string {
  if (problem) return '';
  return isChanged ? t.differ(changes.length, count) : t.objects(count);
}

function formatMs(ms: number): string {
  return ms < 10 ? ms.toFixed(1) : String(Math.round(ms));
}
