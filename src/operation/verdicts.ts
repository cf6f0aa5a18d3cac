// The verdicts of many Applications at once: what a push means for each follows from what the Applications' last renders have read, and
// the Git server is asked once for all of them. An Application that none comes out for is looked at by itself.

import { sourcesOf } from '../application/parse.ts';
import type { Project } from '../application/project.ts';
import type { Application, Source } from '../application/types.ts';
import { isHawserError } from '../base/errors.ts';
import { isChartSource } from '../source/chart-locations.ts';
import type { ReadSource, ResolvedSource, SourceReader } from '../source/source.ts';
import type { Concern } from './delivery.ts';
import {
  type Basis,
  basisOf,
  changedAround,
  deployedAlready,
  isAwaited,
  type Judgement,
  readSourceOf,
  unaffected,
} from './judge.ts';
import { applicationProblems } from './project-rules.ts';
import { isZeroCommit } from './push.ts';
import type { KeptReadSets } from './read-sets.ts';
import { keyOfApplication, type Road } from './road.ts';
import { joinRevisions, revisionsOf } from './status.ts';

export interface Candidate {
  readonly app: Application;
  readonly concern: Concern;
}

export interface JudgeTogetherInput {
  readonly reader: SourceReader;
  /** By name; one that could not be read is missing. */
  readonly projects: ReadonlyMap<string, Project | undefined>;
  readonly candidates: readonly Candidate[];
  readonly signal?: AbortSignal;
}

/** A candidate whose last render is known, at its commits. */
interface Located extends Candidate {
  readonly kept: KeptReadSets;
  readonly resolved: readonly ResolvedSource[];
}

type ChangedPaths = readonly string[] | undefined;

/** Applications that are as they should be, or that nothing of the push concerns, by their keys. Never rejects for what a server says. */
export async function judgeTogether(road: Road, input: JudgeTogetherInput): Promise<ReadonlyMap<string, Judgement>> {
  const { reader, projects, signal } = input;
  const candidates = input.candidates.filter(({ app, concern }) => isJudgedTogether(road, app, concern, projects));
  const kept = await Promise.all(candidates.map(({ app }) => road.readSets.read(app)));
  const known = candidates.flatMap((candidate, index) => {
    const own = kept[index];
    return own ? [{ ...candidate, kept: own }] : [];
  });
  const resolve = createResolver(reader, signal);
  const guessed = known.flatMap(guessOf);
  const [located, guesses] = await Promise.all([
    Promise.all(
      known.map(async (candidate): Promise<readonly Located[]> => {
        const resolved = await resolve(candidate.app);
        return resolved ? [{ ...candidate, resolved }] : [];
      }),
    ),
    compareAll(reader, guessed, signal),
  ]);
  const guessOfKey = new Map(
    guessed.map((guess, index) => [keyOfApplication(guess.app), { guess, paths: guesses[index] }]),
  );

  const judged = new Map<string, Judgement>();
  const open: { readonly one: Located; readonly basis: Basis & { readonly kind: 'read' }; readonly wanted: string }[] =
    [];
  await Promise.all(
    located.flat().map(async (one) => {
      const wanted = joinRevisions(revisionsOf(one.app, one.resolved));
      const basis = basisOf(one.app, one.kept, wanted, one.concern.isPush ?? false);
      if (!basis || (await changedAround(road, one.app, basis, signal)).length > 0) return;
      if (basis.kind === 'deployed') {
        judged.set(keyOfApplication(one.app), { ...deployedAlready(wanted), found: one.resolved });
      } else open.push({ one, basis, wanted });
    }),
  );
  const isGuessed = ({ one, wanted }: (typeof open)[number]) =>
    guessOfKey.get(keyOfApplication(one.app))?.guess.resolved[0]?.revision === wanted;
  const [right, wrong] = [open.filter(isGuessed), open.filter((one) => !isGuessed(one))];
  const compared = await compareAll(
    reader,
    wrong.map(({ one }) => one),
    signal,
  );
  const outcomes = [
    ...right.map((one) => ({ ...one, paths: guessOfKey.get(keyOfApplication(one.one.app))?.paths })),
    ...wrong.map((one, index) => ({ ...one, paths: compared[index] })),
  ];
  for (const { one, basis, wanted, paths } of outcomes) {
    if (paths?.length !== 0) continue;
    judged.set(keyOfApplication(one.app), { ...unaffected(one.app, basis, wanted), found: one.resolved });
  }
  return judged;
}

/** Without a question to the cluster or to anybody but the servers of its sources. */
function isJudgedTogether(
  road: Road,
  app: Application,
  { always, revision, settled }: Concern,
  projects: ReadonlyMap<string, Project | undefined>,
): boolean {
  const { project } = app.spec;
  if (always || revision || settled || app.metadata.deletionTimestamp || isAwaited(app)) return false;
  return projects.has(project) && applicationProblems(road, app, projects.get(project)).length === 0;
}

/** Every targetRevision of a repository is looked up once; undefined where one cannot be, which the Application's own turn will tell. */
function createResolver(reader: SourceReader, signal?: AbortSignal) {
  const looked = new Map<string, Promise<string | undefined>>();
  const revisionOf = async (source: Source, project: string): Promise<string | undefined> => {
    try {
      return (await reader.resolve(source, project, signal)).revision;
    } catch (error) {
      if (!isHawserError(error)) throw error;
      return undefined;
    }
  };
  return async ({ spec }: Application): Promise<readonly ResolvedSource[] | undefined> => {
    const resolved: ResolvedSource[] = [];
    for (const source of sourcesOf(spec)) {
      const { path: _, helm, kustomize, directory, plugin, ref, name, ...where } = source;
      const key = JSON.stringify([spec.project, isChartSource(source) ? source : where]);
      let revision = looked.get(key);
      if (!revision) {
        revision = revisionOf(source, spec.project);
        looked.set(key, revision);
      }
      const found = await revision;
      if (found === undefined) return undefined;
      resolved.push({ source, revision: found });
    }
    return resolved;
  };
}

/** The commit that a push named is most likely what the ref is found to be: both are asked for at once. */
function guessOf(candidate: Omit<Located, 'resolved'>): readonly Located[] {
  const { after } = candidate.concern;
  const [source, ...others] = sourcesOf(candidate.app.spec);
  if (!after || !source || others.length > 0 || isChartSource(source) || isZeroCommit(after)) return [];
  return [{ ...candidate, resolved: [{ source, revision: after }] }];
}

/** What differs for each, in their order; undefined where that cannot be told. One repository that is away is the concern of its own alone. */
async function compareAll(
  reader: SourceReader,
  located: readonly Located[],
  signal?: AbortSignal,
): Promise<readonly ChangedPaths[]> {
  const items = located.flatMap(({ app, kept, resolved }, owner) =>
    resolved.map((source, index) => ({
      owner,
      item: readSourceOf(app, source, kept.readSets[index]),
    })),
  );
  const groups = Map.groupBy(items, ({ item: { resolved, project } }) =>
    [project, resolved.source.repoURL, resolved.revision].join('\0'),
  );
  const changed: (string[] | undefined)[] = located.map(() => []);
  await Promise.all(
    [...groups.values()].map(async (group) => {
      const found = await changedPathsOf(
        reader,
        group.map(({ item }) => item),
        signal,
      );
      group.forEach(({ owner }, index) => {
        const paths = found?.[index];
        if (paths) changed[owner]?.push(...paths);
        else changed[owner] = undefined;
      });
    }),
  );
  return changed;
}

async function changedPathsOf(reader: SourceReader, items: readonly ReadSource[], signal?: AbortSignal) {
  try {
    return await reader.changedPathsOfMany(items, signal);
  } catch (error) {
    if (!isHawserError(error)) throw error;
    return undefined;
  }
}
