// A forced push is followed like any other, and said: a condition tells that the commit that was synced last is no longer part of the branch.
// It is said only where Git shows it, and goes with the next push that continues what is deployed.

import { parseApplication } from '../application/parse.ts';
import type { Application, Condition, RevisionHistory, Source } from '../application/types.ts';
import { isHawserError, messageOf } from '../base/errors.ts';
import { isObjectId } from '../git/object.ts';
import { sameRepository } from '../git/repository-url.ts';
import { isVersionRange } from '../git/revision.ts';
import { isChartSource } from '../source/chart-locations.ts';
import type { ResolvedSource, SourceReader } from '../source/source.ts';
import type { PushedBranch } from './delivery.ts';
import { short } from './judge.ts';
import { shortRef } from './push.ts';
import { recordStatus } from './record.ts';
import { applicationRef, formatTime, keyOfApplication, type Road } from './road.ts';
import { mergeConditions } from './status.ts';

export interface ForcedPushInput {
  /** As it was before it was brought to `resolved`. */
  readonly app: Application;
  readonly resolved: readonly ResolvedSource[];
  readonly reader: Pick<SourceReader, 'isAncestor'>;
  /** What a push said of the branch. */
  readonly branch?: Pick<PushedBranch, 'ref' | 'after' | 'isForced'>;
  readonly signal?: AbortSignal;
}

/** As many answers are remembered: all Applications of a repository ask the same. */
const MOST_ANSWERS = 512;
const answers = new WeakMap<ForcedPushInput['reader'], Map<string, Promise<boolean | undefined>>>();

/** Sets or removes the condition, after the work on the Application and in its turn. Never rejects. */
export async function noteForcedPush(road: Road, input: ForcedPushInput): Promise<void> {
  const { app, signal } = input;
  try {
    const warnings = await forcedPushWarnings(input);
    const isWarned = app.status.conditions?.some(({ type }) => type === 'ForcedPushWarning') ?? false;
    if (warnings === undefined || (warnings.length === 0 && !isWarned)) return;
    const found = await road.home.get(applicationRef(app.metadata.namespace, app.metadata.name));
    const now = found && parseApplication(found);
    if (!now || now.metadata.uid !== app.metadata.uid || signal?.aborted) return;
    const at = formatTime(road.platform.clock.now());
    const conditions = mergeConditions(now.status.conditions, warnings, ['ForcedPushWarning'], at);
    await recordStatus(road, now, { ...now.status, conditions });
  } catch (error) {
    if (!isHawserError(error) && !signal?.aborted) throw error;
    road.platform.log.info('whether a push was forced could not be found out', {
      application: keyOfApplication(app),
      reason: messageOf(error),
    });
  }
}

/** The conditions that hold now; undefined where nothing new was synced, or it cannot be told. */
async function forcedPushWarnings(input: ForcedPushInput): Promise<readonly Condition[] | undefined> {
  const last = input.app.status.history?.at(-1);
  if (!last) return undefined;
  const moves = input.resolved.flatMap(({ source, revision }, index) => {
    const from = lastSynced(last, index, source);
    return from === undefined || from === revision ? [] : [{ source, from, to: revision }];
  });
  if (moves.length === 0) return undefined;
  const warnings: Condition[] = [];
  for (const move of moves) {
    const isContinued = await askOnce(input, move);
    const isReplaced = isContinued === undefined ? isForcedBy(input.branch, move.to) : !isContinued;
    if (isContinued === undefined && !isReplaced) return undefined;
    if (isReplaced) warnings.push({ type: 'ForcedPushWarning', message: describeMove(input.branch, move) });
  }
  return warnings;
}

interface Move {
  readonly source: Source;
  readonly from: string;
  readonly to: string;
}

function describeMove(branch: ForcedPushInput['branch'], { source, from, to }: Move): string {
  const name = branch?.after === to ? shortRef(branch.ref) : source.targetRevision || 'HEAD';
  return `${name} was replaced by a forced push: ${short(from)}, which was synced last, is no longer part of it; it is at ${short(to)}`;
}

/** The server's word, where Git could not show it. */
function isForcedBy(branch: ForcedPushInput['branch'], to: string): boolean {
  return branch?.isForced === true && branch.after === to;
}

/** The commit of the history's newest entry, where that followed the same branch or tag of the same repository. */
function lastSynced(last: RevisionHistory, index: number, source: Source): string | undefined {
  const before = last.sources?.[index] ?? (index === 0 ? last.source : undefined);
  const from = last.revisions?.[index] ?? (index === 0 ? last.revision : undefined);
  if (!before || !from || !isObjectId(from) || isChartSource(source)) return undefined;
  const target = source.targetRevision ?? '';
  const isSame = sameRepository(before.repoURL, source.repoURL) && (before.targetRevision ?? '') === target;
  // Another commit or version was chosen; no branch was moved.
  return isSame && !isObjectId(target) && !isVersionRange(target) ? from : undefined;
}

function askOnce({ app, reader, signal }: ForcedPushInput, { source, from, to }: Move): Promise<boolean | undefined> {
  const known = answers.get(reader) ?? new Map<string, Promise<boolean | undefined>>();
  answers.set(reader, known);
  const { project } = app.spec;
  const key = JSON.stringify([source.repoURL, project, from, to]);
  const asked = known.get(key) ?? reader.isAncestor(source.repoURL, project, from, to, signal);
  known.set(key, asked);
  asked.catch(() => known.delete(key));
  const [oldest] = known.keys();
  if (known.size > MOST_ANSWERS && oldest !== undefined) known.delete(oldest);
  return asked;
}
