// What stands against a sync, or is to be known before it, with what one can do about it.

import { CircleAlert, Clock, Info } from 'lucide';
import type { ComponentChildren } from 'preact';
import { timeIn } from '../../../application/state-sentence.ts';
import { Icon } from '../parts/icon.tsx';
import { exactTime } from '../parts/time.tsx';
import { now } from '../state/clock.ts';
import { useWords } from '../words/words.ts';
import type { PlanProblem } from './plan-types.ts';
import s from './problem-list.module.css';
import type { SyncWords } from './sync-texts.ts';
import { syncWords } from './sync-words.ts';

interface Props {
  readonly problems: readonly PlanProblem[];
  /** What one can do about one of them. */
  readonly actionOf?: (problem: PlanProblem) => ComponentChildren;
}

export function ProblemList({ problems, actionOf }: Props) {
  const t = useWords(syncWords);
  if (problems.length === 0) return null;
  return (
    <ul class={s.list}>
      {problems.map((problem) => {
        const { code, message, blocks, opensAt } = problem;
        const icon = code === 'windowClosed' ? Clock : blocks ? CircleAlert : Info;
        const detail = detailOf(problem, t);
        return (
          <li key={`${code} ${message}`} class={`${s.item} ${lookOf(problem)}`}>
            <Icon icon={icon} />
            <div class={s.text}>
              <p class={s.what}>{titleOf(problem, t)}</p>
              {detail !== undefined && (
                <p class={s.detail} {...(opensAt !== undefined && { title: exactTime(opensAt) })}>
                  {detail}
                </p>
              )}
            </div>
            {actionOf?.(problem)}
          </li>
        );
      })}
    </ul>
  );
}

/** A window only has to be waited for. */
function lookOf({ code, blocks }: PlanProblem): string | undefined {
  if (!blocks) return s.known;
  return code === 'windowClosed' || code === 'operationRunning' ? s.waits : s.blocks;
}

/** Objects as `Kind/name`, without the title's own words. */
function shortened(message: string): string {
  return message
    .replace(/^not pruned: |^pruned once somebody confirms it: /, '')
    .replace(/(^|, |; )\/(?=[A-Z])/g, '$1');
}

function titleOf({ code, window, windowKind, count }: PlanProblem, t: SyncWords): string {
  if (code === 'windowClosed' && window) return windowKind === 'deny' ? t.deniedBy(window) : t.closedBy(window);
  if (code === 'pruningOff' && count !== undefined) return t.left(count);
  return t.problems[code] ?? code;
}

function detailOf({ code, message, opensAt, timeZone = 'UTC', windowKind, canApprove }: PlanProblem, t: SyncWords) {
  if (code === 'windowClosed') {
    const time = opensAt && timeIn(timeZone, Date.parse(opensAt), now.value);
    const edge = time && (windowKind === 'deny' ? t.ends(time) : t.opens(time));
    return [edge, canApprove ? t.heldHint : ''].filter(Boolean).join(' ') || message;
  }
  const isSaid = code === 'operationRunning' || code === 'suspended' || code === 'beingDeleted' || code === 'automated';
  return isSaid ? undefined : shortened(message);
}
