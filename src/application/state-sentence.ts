// An Application's state in one sentence, the same words in UI, CLI and API: what it is, of which commit, and what comes next. Pure, so that
// a page prints it from an Application that it has; the commit's author and date are given where somebody knows them.

import { heldSync } from './held-sync.ts';
import { isAutomated } from './parse.ts';
import { ENGLISH, type SentenceWords } from './sentence-words.ts';
import type { Application, OperationState } from './types.ts';

export interface SentenceContext {
  /** English where none are given. */
  readonly words?: SentenceWords;
  /** Milliseconds since the Unix epoch: without it no time is told as "4 min ago", or without its day. */
  readonly nowMs?: number;
  /** Of the revision that is compared with: author as `Kim <kim@example.com>`, date in RFC 3339. */
  readonly commit?: { readonly author?: string; readonly date?: string };
}

/** `OutOfSync: 2 of 14 objects differ since 3f9c1a2 (Kim, 4 min ago). Next: automatic sync at 06:00 Asia/Seoul (window 'night').` */
export function stateSentence(app: Application, context: SentenceContext = {}): string {
  const { words = ENGLISH } = context;
  const { sync, resources = [], conditions = [], operationState } = app.status;
  const { deletionTimestamp } = app.metadata;
  if (deletionTimestamp) {
    const holders = conditions.find(({ type }) => type === 'DeletionError')?.message;
    return words.beingDeleted(deletionTimestamp, holders);
  }
  if (!sync) return words.notCompared;
  const running = operationState && operationSentence(operationState, shortRevision(app) || words.git, words);
  if (running) return running;
  const error = conditions.find(({ type }) => type === 'ComparisonError' || type === 'InvalidSpecError');
  const counted = resources.filter(({ hook }) => !hook);
  if (sync.status === 'Unknown') {
    const unknown = counted.filter(({ status }) => status === 'Unknown').length;
    return error || unknown === 0 ? words.unknown(error?.message) : words.unknownObjects(unknown, counted.length);
  }
  const place = placeOf(app, context, words);
  if (sync.status === 'Synced') return words.synced(counted.length, place);
  const differing = counted.filter(({ status }) => status !== 'Synced').length;
  const next = nextStep(app, context, words);
  return words.outOfSync({ differing, all: counted.length, place, isNew: isNewRevision(app), next });
}

/** The command that a person may use where the Application waits for one; undefined where it does not. */
export function stateCommand({ status, metadata }: Application): string | undefined {
  const { operationState, conditions = [] } = status;
  if (operationState?.phase === 'Running' && operationState.finishedAt === undefined) {
    const { message = '' } = operationState;
    if (message.includes('pruning confirmation of')) return `hawser app confirm-deletion ${metadata.name}`;
    return message.includes('blocked by sync window') ? `hawser app approve ${metadata.name}` : undefined;
  }
  return conditions.some(({ type }) => type === 'SyncHeld') ? `hawser app approve ${metadata.name}` : undefined;
}

/** `3f9c1a2 (Kim, 4 min ago)`. */
function placeOf(app: Application, { commit, nowMs }: SentenceContext, words: SentenceWords): string {
  const author = commit?.author?.replace(/\s*<[^>]*>\s*$/, '').trim();
  const ageMs = nowMs === undefined ? Number.NaN : nowMs - Date.parse(commit?.date ?? '');
  const parts = [author, Number.isNaN(ageMs) ? undefined : words.ago(ageMs)].filter(Boolean);
  return `${shortRevision(app) || words.git}${parts.length > 0 ? ` (${parts.join(', ')})` : ''}`;
}

/** Nothing of this commit was deployed yet: what differs came with it. */
function isNewRevision({ status }: Application): boolean {
  const deployed = status.history?.at(-1);
  const { revision, revisions } = status.sync ?? {};
  if (!revision && !revisions) return false;
  return (deployed?.revisions ?? [deployed?.revision]).join(',') !== (revisions ?? [revision]).join(',');
}

function nextStep(app: Application, { nowMs }: SentenceContext, words: SentenceWords): string {
  const { conditions = [] } = app.status;
  const held = heldSync(app);
  if (held) {
    const { opensAt, timeZone = 'UTC', window, windowKind } = held;
    if (opensAt === undefined) return words.nextApproval;
    return words.nextAt(timeIn(timeZone, Date.parse(opensAt), nowMs), window, windowKind === 'deny');
  }
  if (conditions.some(({ type }) => type === 'SyncError')) return words.nextCommit;
  return isAutomated(app) ? words.nextPush : words.nextSync;
}

const DAY_MS = 86_400_000;

/** `06:00 Asia/Seoul`, with its day where that is not within a day from now. */
export function timeIn(timeZone: string, atMs: number, nowMs?: number): string {
  const isSoon = nowMs !== undefined && atMs - nowMs < DAY_MS && atMs >= nowMs;
  const { zone, text } = wallTime(timeZone, atMs);
  return `${isSoon ? text.slice(11) : text} ${zone}`;
}

/** A zone that is unknown is UTC, as for the window itself. */
function wallTime(timeZone: string, atMs: number): { readonly zone: string; readonly text: string } {
  try {
    const options = { timeZone, dateStyle: 'short', timeStyle: 'short', hourCycle: 'h23' } as const;
    return { zone: timeZone, text: new Intl.DateTimeFormat('sv-SE', options).format(atMs) };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { zone: 'UTC', text: new Date(atMs).toISOString().slice(0, 16).replace('T', ' ') };
  }
}

/** undefined for one that has ended. */
function operationSentence(
  { phase, message = '', startedAt, finishedAt }: OperationState,
  revision: string,
  words: SentenceWords,
): string | undefined {
  if (phase === 'Terminating') return words.ending;
  if (phase !== 'Running') return undefined;
  if (finishedAt !== undefined) return words.attemptFailed(revision, message);
  return words.syncing(revision, startedAt, message === 'syncing' ? '' : message);
}

function shortRevision({ status }: Application): string {
  const { revision, revisions } = status.sync ?? {};
  const ids = new Set(revisions ?? (revision ? [revision] : []));
  return [...ids].map((id) => id.slice(0, 7)).join(', ');
}
