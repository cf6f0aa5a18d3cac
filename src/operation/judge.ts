// What a push or a refresh means for one Application: the verdict, before anything is rendered.

import { refreshPaths } from '../application/generate-paths.ts';
import { isAutomated, sourcesOf } from '../application/parse.ts';
import type { Project } from '../application/project.ts';
import { followsRef } from '../application/push-match.ts';
import type { Application, Condition } from '../application/types.ts';
import { isEqualJson } from '../base/equal.ts';
import { isHawserError } from '../base/errors.ts';
import { namePaths } from '../source/named-paths.ts';
import type { ReadSets, ResolvedSource, SourceReader } from '../source/source.ts';
import { readReadSets, resolveSources } from './compare-application.ts';
import { changedLookups } from './lookups.ts';
import { applicationProblems } from './project-rules.ts';
import type { Push, VerdictKind } from './push.ts';
import type { Road } from './road.ts';
import { comparedTo, isOfThisSpec, joinRevisions, revisionsOf } from './status.ts';
import { automatedVerdict, untilOpen } from './window-rules.ts';

export interface Judgement {
  readonly verdict: VerdictKind;
  readonly reason: string;
  readonly paths: readonly string[];
  /** The sources at their commits, when the Application is to be compared. */
  readonly resolved?: readonly ResolvedSource[];
  /** Compared all the same, but nothing that it reads differs from what was compared last. */
  readonly isUnaffected?: boolean;
  /** Compared with a revision that it does not follow: nothing of it is applied. */
  readonly isElsewhere?: boolean;
  /** Why it cannot be compared at all. */
  readonly problems?: readonly Condition[];
}

export interface JudgeInput {
  readonly app: Application;
  readonly project: Project | undefined;
  readonly reader: SourceReader;
  /** A person asked: compare with the cluster even where Git has not changed. */
  readonly always?: boolean;
  /** An operation waits: whether what was pushed meanwhile concerns it is told even where `always` is. */
  readonly isPending?: boolean;
  readonly revision?: string;
  /** The commit that a push named: a guess at what the ref will be found to be, so that both are asked for at once. */
  readonly after?: string;
  readonly signal?: AbortSignal;
}

/** Whether any source of the repository follows the pushed ref; the reason when none does. */
export function branchMismatch(
  app: Application,
  push: Push,
  isOfRepository: (url: string) => boolean,
): string | undefined {
  const sources = sourcesOf(app.spec).filter(({ repoURL }) => isOfRepository(repoURL));
  const pushed = { ref: push.ref, ...(push.defaultBranch && { defaultBranch: push.defaultBranch }) };
  if (sources.some(({ targetRevision, tagPrefix }) => followsRef(targetRevision, pushed, tagPrefix))) return undefined;
  const wanted = sources.map(({ targetRevision }) => targetRevision || 'HEAD').join(', ');
  return `the push is to ${push.ref}, the Application follows ${wanted}`;
}

/** Throws what resolving and fetching throw. */
export async function judge(road: Road, input: JudgeInput): Promise<Judgement> {
  const judgement = await judgeRevision(road, input);
  const { app, reader, revision, signal } = input;
  if (!revision || !judgement.resolved) return judgement;
  const wanted = joinRevisions(revisionsOf(app, judgement.resolved));
  if (joinRevisions(revisionsOf(app, await resolveSources(app, reader, signal))) === wanted) return judgement;
  const reason = `compared with ${short(wanted)}, which it does not follow, so nothing is applied`;
  return { ...judgement, verdict: 'manual', reason, isUnaffected: true, isElsewhere: true };
}

async function judgeRevision(road: Road, input: JudgeInput): Promise<Judgement> {
  const { app, reader, signal } = input;
  const problems = applicationProblems(road, app, input.project);
  if (problems.length > 0) {
    return { verdict: 'error', reason: problems.map(({ message }) => message).join('; '), paths: [], problems };
  }
  const kept = await readReadSets(road, app);
  const [resolved, guess] = await Promise.all([
    resolveSources(app, reader, signal, input.revision ? [input.revision] : []),
    kept && guessChanges(input, kept.readSets),
  ]);
  const revisions = revisionsOf(app, resolved);
  const wanted = joinRevisions(revisions);
  const { sync } = app.status;
  const isCompared = sync !== undefined && sync.status !== 'Unknown' && isOfThisSpec(app);
  if (isCompared && !input.always) {
    const last = joinRevisions(sync);
    const lookedUp = kept && kept.revisions.join(',') === last ? kept.lookups : undefined;
    const changed = lookedUp ? await changedLookups(road, app, lookedUp, signal) : [];
    if (changed.length > 0) return { ...verdictFor(road, input, wanted), paths: changed, resolved };
    if (last === wanted && sync.status === 'Synced') {
      return { verdict: 'already deployed', reason: `Synced at ${short(wanted)} already`, paths: [] };
    }
    const isLastRender =
      kept !== undefined && isEqualJson(kept.comparedTo, comparedTo(app)) && kept.revisions.join(',') === last;
    if (last !== wanted && isLastRender) {
      const isGuessed = guess?.paths !== undefined && guess.revision === wanted;
      const paths = isGuessed ? guess.paths : await changedPaths(input, resolved, kept.readSets);
      if (paths.length === 0) {
        const reason = `nothing that it reads differs between ${short(last)} and ${short(wanted)}`;
        return { verdict: 'unaffected', reason, paths };
      }
      return { ...verdictFor(road, input, wanted), paths, resolved };
    }
  }
  const isOfLast = sync && kept?.revisions.join(',') === joinRevisions(sync);
  if (isCompared && input.isPending && isOfLast && isEqualJson(kept?.comparedTo, comparedTo(app)) && kept) {
    const paths = await changedPaths(input, resolved, kept.readSets);
    return { ...verdictFor(road, input, wanted), paths, resolved, isUnaffected: paths.length === 0 };
  }
  return { ...verdictFor(road, input, wanted), paths: [], resolved };
}

/** Undefined paths where the guess was none: the server may not even have that commit. */
async function guessChanges(input: JudgeInput, readSets: ReadSets) {
  const { after, app, always } = input;
  const [source, ...others] = sourcesOf(app.spec);
  if (!after || always || !source || others.length > 0 || /^0+$/.test(after)) return undefined;
  try {
    return { revision: after, paths: await changedPaths(input, [{ source, revision: after }], readSets) };
  } catch (error) {
    if (isHawserError(error)) return undefined;
    throw error;
  }
}

async function changedPaths(
  { reader, app, signal }: JudgeInput,
  resolved: readonly ResolvedSource[],
  readSets: ReadSets,
): Promise<readonly string[]> {
  const { project } = app.spec;
  const items = resolved.map((one, index) => {
    return { resolved: one, readSet: readSets[index], project, paths: refreshPaths(app, [one.source]) };
  });
  const changed = await reader.changedPathsOfMany(items, signal);
  return namePaths(resolved, changed);
}

function verdictFor(
  { platform }: Road,
  { app, project }: JudgeInput,
  wanted: string,
): { verdict: VerdictKind; reason: string } {
  if (!isAutomated(app)) {
    const reason = `compared with ${short(wanted)}; automated sync is off, so nothing is applied until SYNC`;
    return { verdict: 'manual', reason };
  }
  const window = automatedVerdict(project, app, platform.clock.now());
  if (window.allowed) return { verdict: 'sync', reason: `automated sync to ${short(wanted)}` };
  return { verdict: 'window-closed', reason: `automated sync to ${short(wanted)} is held${untilOpen(window)}` };
}

/** The first seven digits of each commit id in a list. */
export function short(revisions: string): string {
  return revisions
    .split(',')
    .map((revision) => revision.slice(0, 7))
    .join(',');
}
