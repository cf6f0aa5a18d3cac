// What a push or a refresh means for one Application: the verdict, before anything is rendered.

import { refreshPaths } from '../application/generate-paths.ts';
import { isAutomated, sourcesOf } from '../application/parse.ts';
import type { Project } from '../application/project.ts';
import type { Application, Condition } from '../application/types.ts';
import { isEqualJson } from '../base/equal.ts';
import { isHawserError } from '../base/errors.ts';
import { namePaths } from '../source/named-paths.ts';
import type { ReadSets, ReadSource, ResolvedSource, SourceReader } from '../source/source.ts';
import { ONLY_COMPARES } from './alongside.ts';
import { isSuperseded } from './auto-sync.ts';
import { changedCapabilities } from './capabilities.ts';
import { resolveSources } from './compare-application.ts';
import { changedLookups } from './lookups.ts';
import { pendingOperation } from './pending-operation.ts';
import { applicationProblems } from './project-rules.ts';
import { isZeroCommit, type VerdictKind } from './push.ts';
import type { KeptReadSets } from './read-sets.ts';
import { isRefreshAsked } from './record.ts';
import type { Road } from './road.ts';
import { comparedTo, isOfThisSpec, joinRevisions, revisionsOf } from './status.ts';
import { automatedVerdict, untilOpen } from './window-rules.ts';

export interface Judgement {
  readonly verdict: VerdictKind;
  readonly reason: string;
  readonly paths: readonly string[];
  /** The sources at their commits, when the Application is to be compared. */
  readonly resolved?: readonly ResolvedSource[];
  /** The sources at the commits that the Git server named, whatever follows from that. */
  readonly found?: readonly ResolvedSource[];
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
  /** A render that failed is not tried again by it where it would read the same. */
  readonly isPush?: boolean;
  readonly signal?: AbortSignal;
}

/** Whatever has changed in Git: an operation is to be gone on with, a sync is held, or somebody asked for a comparison by an annotation. */
export function isAwaited(app: Application): boolean {
  const isHeld = app.status.conditions?.some(({ type }) => type === 'SyncHeld') ?? false;
  return isHeld || pendingOperation(app) !== undefined || isCutOff(app) || isRefreshAsked(app);
}

/** A sync gave way to a newer push and is not done: what it left counts, even if that push changes nothing. */
function isCutOff(app: Application): boolean {
  return isSuperseded(app) && (isAutomated(app) || app.status.sync?.status !== 'Synced');
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
  const kept = await road.readSets.read(app);
  const [resolved, guess] = await Promise.all([
    resolveSources(app, reader, signal, input.revision ? [input.revision] : []),
    kept && guessChanges(input, kept),
  ]);
  return { ...(await judgeResolved(road, input, { kept, resolved, guess })), found: resolved };
}

interface Resolved {
  readonly kept: KeptReadSets | undefined;
  readonly resolved: readonly ResolvedSource[];
  readonly guess: Awaited<ReturnType<typeof guessChanges>> | undefined;
}

async function judgeResolved(road: Road, input: JudgeInput, { kept, resolved, guess }: Resolved): Promise<Judgement> {
  const { app, signal } = input;
  const wanted = joinRevisions(revisionsOf(app, resolved));
  const basis = input.always ? undefined : basisOf(app, kept, wanted, input.isPush ?? false);
  if (basis) {
    const around = await changedAround(road, app, basis, signal);
    if (around.length > 0) return { ...verdictFor(road, input, wanted), paths: around, resolved };
    if (basis.kind === 'deployed') return deployedAlready(wanted);
    const isGuessed = guess?.paths !== undefined && guess.revision === wanted;
    const paths = isGuessed ? guess.paths : await changedPaths(input, resolved, basis.kept.readSets);
    if (paths.length === 0) return unaffected(app, basis, wanted);
    return { ...verdictFor(road, input, wanted), paths, resolved };
  }
  const isCompared = isComparedAsItIs(app);
  if (isCompared && input.isPending && kept && isLastRender(app, kept)) {
    const paths = await changedPaths(input, resolved, kept.readSets);
    return { ...verdictFor(road, input, wanted), paths, resolved, isUnaffected: paths.length === 0 };
  }
  return { ...verdictFor(road, input, wanted), paths: [], resolved };
}

/** What of the last look at an Application tells whether another revision concerns it. */
export type Basis =
  | { readonly kind: 'deployed'; readonly kept?: KeptReadSets }
  /** It does where something differs that was read. */
  | { readonly kind: 'read'; readonly last: string; readonly kept: KeptReadSets };

/** undefined where it has to be compared, whatever has changed. */
export function basisOf(
  app: Application,
  kept: KeptReadSets | undefined,
  wanted: string,
  isPush: boolean,
): Basis | undefined {
  if (isPush && kept && isLastFailure(app, kept)) {
    const last = kept.revisions.join(',');
    return last === wanted ? undefined : { kind: 'read', last, kept };
  }
  const { sync } = app.status;
  if (!sync || !isComparedAsItIs(app)) return undefined;
  const last = joinRevisions(sync);
  const isKept = kept !== undefined && isLastRender(app, kept);
  if (last !== wanted) return isKept ? { kind: 'read', last, kept } : undefined;
  if (sync.status !== 'Synced') return undefined;
  return { kind: 'deployed', ...(isKept && { kept }) };
}

export function deployedAlready(wanted: string): Judgement {
  return { verdict: 'already deployed', reason: `Synced at ${short(wanted)} already`, paths: [] };
}

export function unaffected(
  app: Application,
  { last, kept }: Basis & { readonly kind: 'read' },
  wanted: string,
): Judgement {
  const named = refreshPaths(app);
  if (named.length > 0) {
    const paths = named.map((path) => path || '.').join(', ');
    const reason = `nothing that manifest-generate-paths names (${paths}) differs between ${short(last)} and ${short(wanted)}`;
    return { verdict: 'unaffected', reason, paths: [] };
  }
  const reason = kept.failure
    ? `it fails as it did at ${short(last)}: nothing that it reads differs at ${short(wanted)}`
    : `nothing that it reads differs between ${short(last)} and ${short(wanted)}`;
  return { verdict: 'unaffected', reason, paths: [] };
}

function isComparedAsItIs(app: Application): boolean {
  const { sync } = app.status;
  return sync !== undefined && sync.status !== 'Unknown' && isOfThisSpec(app);
}

function isLastRender(app: Application, kept: KeptReadSets): boolean {
  const isOfRevision = app.status.sync !== undefined && kept.revisions.join(',') === joinRevisions(app.status.sync);
  return kept.failure === undefined && isOfRevision && isEqualJson(kept.comparedTo, comparedTo(app));
}

/** What it failed by is still what people are told. */
function isLastFailure(app: Application, kept: KeptReadSets): boolean {
  const { sync, conditions = [] } = app.status;
  return (
    kept.failure !== undefined &&
    sync?.status === 'Unknown' &&
    conditions.some(({ message }) => message === kept.failure) &&
    isOfThisSpec(app) &&
    isEqualJson(kept.comparedTo, comparedTo(app))
  );
}

/** What a render depends on beside its sources: settings, and the answers and the version of its cluster. */
export async function changedAround(
  road: Road,
  app: Application,
  { kept }: Basis,
  signal?: AbortSignal,
): Promise<readonly string[]> {
  const lookups = await changedLookups(road, app, kept?.lookups ?? [], signal);
  return [...changedSettings(road, kept), ...lookups, ...(kept ? changedCapabilities(road, app, kept) : [])];
}

function changedSettings({ argo }: Road, kept: KeptReadSets | undefined): readonly string[] {
  const isSame = kept?.settings === undefined || kept.settings === JSON.stringify(argo.settings.sources);
  return isSame ? [] : ['argocd-cm'];
}

/** What tells whether a source has changed for an Application: what its render has read, or the paths of its annotation. */
export function readSourceOf(app: Application, resolved: ResolvedSource, readSet: unknown): ReadSource {
  const paths = refreshPaths(app, [resolved.source]);
  return { resolved, readSet, project: app.spec.project, ...(paths.length > 0 && { paths }) };
}

/** Undefined paths where the guess was none: the server may not even have that commit. */
async function guessChanges(input: JudgeInput, { readSets }: KeptReadSets) {
  const { after, app, always } = input;
  const [source, ...others] = sourcesOf(app.spec);
  if (!after || always || !source || others.length > 0 || isZeroCommit(after)) return undefined;
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
  const changed = await reader.changedPathsOfMany(
    resolved.map((source, index) => readSourceOf(app, source, readSets[index])),
    signal,
  );
  return namePaths(resolved, changed);
}

function verdictFor(
  { platform }: Road,
  { app, project }: JudgeInput,
  wanted: string,
): { verdict: VerdictKind; reason: string } {
  if (platform.settings.alongside) {
    return { verdict: 'manual', reason: `compared with ${short(wanted)}; ${ONLY_COMPARES}` };
  }
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
