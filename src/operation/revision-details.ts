// What a revision of an Application is: a commit with its author, a chart, an artifact (Argo CD: server/application, RevisionMetadata …).

import { sourcesOf } from '../application/parse.ts';
import type { Application, Source } from '../application/types.ts';
import { HawserError } from '../base/errors.ts';
import { at, isObject, stringAt } from '../base/json.ts';
import type { Person } from '../git/commit-object.ts';
import { readText } from '../render/tree.ts';
import { parseDocument } from '../render/yaml/plain.ts';
import { isChartSource } from '../source/chart-locations.ts';
import { formatTime, type Road } from './road.ts';
import { readRepositorySecrets } from './world.ts';

/** Which source it is a revision of. */
export interface SourceChoice {
  /** Counted from 0. */
  readonly sourceIndex?: number | undefined;
  /** Of the history, whose sources may have been others. */
  readonly versionId?: number | undefined;
}

export interface RevisionMetadata {
  readonly author: string;
  readonly date: string;
  readonly message: string;
  readonly tags?: readonly string[];
}

export interface ChartDetails {
  readonly description?: string;
  readonly home?: string;
  readonly maintainers?: readonly string[];
}

export async function readRevisionMetadata(
  road: Road,
  app: Application,
  revision: string,
  choice: SourceChoice,
): Promise<RevisionMetadata> {
  const source = chooseSource(app, choice);
  if (isChartSource(source)) {
    throw new HawserError('InvalidInput', `${revision} is a version of a chart, and no commit`, {
      hint: 'ask for chartdetails or ocimetadata',
    });
  }
  const sha = wholeCommit(app, revision);
  const reader = road.readSources(await readRepositorySecrets(road, 'consistent'));
  const { commit, tags } = await reader.readCommit(source.repoURL, app.spec.project, sha, road.stopping);
  return {
    author: `${commit.author.name} <${commit.author.email}>`,
    date: dateOf(commit.author),
    message: commit.message.trim(),
    ...(tags.length > 0 && { tags }),
  };
}

export async function readChartDetails(
  road: Road,
  app: Application,
  revision: string,
  choice: SourceChoice,
): Promise<ChartDetails> {
  const source = chooseSource(app, choice);
  if (!isChartSource(source)) {
    throw new HawserError('InvalidInput', `no chart found for application: ${app.metadata.name}`);
  }
  const reader = road.readSources(await readRepositorySecrets(road, 'consistent'));
  const tree = await reader.openTree({ ...source, targetRevision: revision }, app.spec.project, road.stopping);
  const chart: unknown = parseDocument(readText(tree, 'Chart.yaml') ?? '');
  const description = stringAt(chart, 'description');
  const home = stringAt(chart, 'home');
  const maintainers = maintainersOf(at(chart, 'maintainers'));
  return {
    ...(description && { description }),
    ...(home && { home }),
    ...(maintainers.length > 0 && { maintainers }),
  };
}

/** The annotations of an OCI artifact, by the names that Argo CD gives them. */
export async function readOciMetadata(
  road: Road,
  app: Application,
  revision: string,
  choice: SourceChoice,
): Promise<Readonly<Record<string, string>>> {
  const source = chooseSource(app, choice);
  const reader = road.readSources(await readRepositorySecrets(road, 'consistent'));
  const chosen = { ...source, targetRevision: revision };
  const annotations = await reader.readArtifact(chosen, app.spec.project, road.stopping);
  return Object.fromEntries(
    OCI_FIELDS.flatMap(([field, name]) => {
      const value = annotations[`org.opencontainers.image.${name}`];
      return value ? [[field, value] as const] : [];
    }),
  );
}

const OCI_FIELDS = [
  ['createdAt', 'created'],
  ['authors', 'authors'],
  ['docsUrl', 'documentation'],
  ['sourceUrl', 'source'],
  ['version', 'version'],
  ['description', 'description'],
] as const;

/** Throws `InvalidInput` where there is no such source, in Argo CD's words. */
function chooseSource(app: Application, { sourceIndex = 0, versionId }: SourceChoice): Source {
  const sources = versionId === undefined ? sourcesOf(app.spec) : sourcesOfVersion(app, versionId);
  const source = sources[sourceIndex];
  if (source) return source;
  const count = sources.length === 1 ? 'there is only 1 source' : `there are only ${sources.length} sources`;
  throw new HawserError('InvalidInput', `source index ${sourceIndex} not found because ${count}`);
}

function sourcesOfVersion({ status }: Application, versionId: number): readonly Source[] {
  const { history = [] } = status;
  if (history.length === 0) {
    throw new HawserError('InvalidInput', `version ID ${versionId} not found because the app has no history`);
  }
  const found = history.find(({ id }) => id === versionId);
  if (found) return sourcesOf(found);
  throw new HawserError('InvalidInput', `revision history not found for version ID ${versionId}`);
}

/** People shorten commits; those of the Application are known whole. */
function wholeCommit({ status }: Application, revision: string): string {
  if (!/^[0-9a-f]{7,40}$/.test(revision)) {
    throw new HawserError('InvalidInput', `revision ${revision} must be resolved`, {
      hint: 'ask for a commit: status.sync.revision, or one of status.history',
    });
  }
  const { sync, history = [], operationState } = status;
  const known = [sync, operationState?.syncResult, ...history].flatMap((entry) => [
    entry?.revision ?? '',
    ...(entry?.revisions ?? []),
  ]);
  return known.find((commit) => commit.startsWith(revision)) ?? revision;
}

/** RFC 3339 in UTC, as Kubernetes writes times. */
function dateOf({ atSeconds }: Person): string {
  return formatTime(atSeconds * 1000);
}

/** `Kim <kim@example.com>`, as Argo CD shows them. */
function maintainersOf(value: unknown): string[] {
  return (Array.isArray(value) ? value.filter(isObject) : []).map((maintainer) => {
    const name = stringAt(maintainer, 'name') ?? '';
    const email = stringAt(maintainer, 'email');
    return email ? `${name} <${email}>`.trim() : name;
  });
}
