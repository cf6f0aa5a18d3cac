// Sources to manifests: one Git client for the process, one reader for each delivery.

import type { Source, SourceType } from '../application/types.ts';
import { bringMissing, type Wait } from '../base/bring-missing.ts';
import { HawserError, isHawserError } from '../base/errors.ts';
import { createChartClient } from '../charts/client.ts';
import { openCheckout } from '../git/checkout.ts';
import { createGitClient } from '../git/client.ts';
import { chooseRemote, chooseSubmoduleRemote, type RepositorySecrets, readConnection } from '../git/credentials.ts';
import { parseReadSet } from '../git/read-set.ts';
import type { Remote } from '../git/remote.ts';
import type { Platform } from '../platform.ts';
import type { Tree } from '../render/tree.ts';
import { buildEnvironment } from './build-environment.ts';
import { changedPathsOfMany } from './changed-paths.ts';
import { isChartSource, locateDependency, locateSource } from './chart-locations.ts';
import { detectSourceType } from './detect.ts';
import { createFetchedCharts } from './fetched-charts.ts';
import { createFetchedFiles, DEFAULT_SCHEMES } from './fetched-files.ts';
import { createFetchedRemotes, type FetchedRemotes } from './fetched-remotes.ts';
import { createGeneratedStore, type GeneratedStore } from './generated-store.ts';
import { createLookups, type Lookups } from './lookups.ts';
import {
  isReferenceOnly,
  type OpenedSource,
  openChart,
  openedCommit,
  openedLocal,
  pathOf,
  pathsOfReference,
} from './opened-source.ts';
import { withRemoteReads } from './remote-reads.ts';
import { withSharedListings } from './remote-repositories.ts';
import { type RenderedSource, renderSource } from './render.ts';
import { createRevisions } from './revisions.ts';
import type { RenderContext, RenderedSources, ResolvedSource, SourceReader } from './source.ts';
import { parseSource } from './source-fields.ts';
import { wantedPaths } from './wanted-paths.ts';
import { createWidening } from './widening.ts';

/** Objects kept in memory: little enough for an isolate of 128 MB. */
const GIT_MEMORY_BYTES = 16 << 20;

/** Of a values file at a URL: as much as a packed chart may have. */
const MAX_FILE_BYTES = 32 << 20;
const FILE_TIMEOUT_MS = 60_000;

/** Makes readers that share what was fetched. A reader lists the refs of a repository, or its index of charts, once. */
export function createSourceReaders({
  fetch,
  cache,
  clock,
  random,
  background,
}: Pick<Platform, 'fetch' | 'cache' | 'clock' | 'random' | 'background'>): (
  secrets: RepositorySecrets,
) => SourceReader {
  const git = createGitClient({ fetch, cache, memoryBytes: GIT_MEMORY_BYTES });
  const environment = { now: () => clock.now(), random };

  return (secrets) => {
    const resolveCommit = createRevisions(git, secrets);
    const charts = createChartClient({ fetch, cache });
    const remoteGit = withSharedListings(git);

    const compare: SourceReader['changedPathsOfMany'] = (items, signal) =>
      changedPathsOfMany({ git, remoteGit, secrets }, items, signal);

    async function open(
      one: ResolvedSource,
      all: readonly ResolvedSource[],
      context: RenderContext,
      earlier: unknown,
      signal?: AbortSignal,
    ): Promise<OpenedSource> {
      const { source, local } = one;
      if (local) return openedLocal(local);
      if (isChartSource(source)) return openChart(charts, one, context.project, secrets, signal);
      const lent = source.ref
        ? all.flatMap((other) => pathsOfReference(source.ref ?? '', [other.source], buildEnvironment(other, context)))
        : [];
      const readSet = parseReadSet(earlier);
      const own = isReferenceOnly(source) ? [] : wantedPaths(source, readSet);
      const remote = chooseRemote(source.repoURL, context.project, secrets);
      const checkout = { git, fetch, cache, ...submoduleAccess(context) };
      const tree = await openCheckout(checkout, remote, one.revision, { paths: [...own, ...lent], readSet, signal });
      const isPart = own.some(({ extent }) => extent === 'files');
      // All of a chart is read: without this, folder by folder.
      if (isPart && detectIfHere(tree, source) === 'Helm') await tree.load([pathOf(source)], signal);
      return openedCommit(tree);
    }

    function submoduleAccess({ settings, project, isPermittedRepository = async () => false }: RenderContext) {
      if (settings?.followSubmodules === false) return {};
      const remoteOf = (url: string, parent: Remote) =>
        chooseSubmoduleRemote(url, parent, project, secrets, isPermittedRepository);
      return { remoteOf };
    }

    async function renderOne(
      resolved: ResolvedSource,
      field: string,
      own: OpenedSource,
      refs: ReadonlyMap<string, OpenedSource>,
      remotes: FetchedRemotes,
      context: RenderContext,
      generated: GeneratedStore,
      lookups: Lookups,
      signal?: AbortSignal,
    ): Promise<RenderedSource> {
      const { source } = resolved;
      if (isReferenceOnly(source)) return { objects: [], sourceType: '' };
      const path = pathOf(source);
      const fetched = createFetchedCharts(charts, (dependency) =>
        locateDependency(dependency, context.project, secrets, source.helm?.passCredentials ?? false),
      );
      const files = createFetchedFiles({
        fetch,
        timeoutMs: FILE_TIMEOUT_MS,
        maxBytes: MAX_FILE_BYTES,
        connectionTo: (url) => readConnection(url, {}, secrets.certificates),
        readSchemes: context.readValuesFileSchemes ?? (async () => DEFAULT_SCHEMES),
      });
      const trees = new Map<string, Tree>([...refs].map(([name, { tree }]) => [name, tree]));
      const surroundings = {
        environment,
        refs: trees,
        findDependency: fetched.find,
        findFiles: files.find,
        remotes,
        generated: generated.values,
        lookup: lookups.find,
      };
      const waits: Wait[] = [...[own, ...refs.values()].map(waitForFiles), fetched, files, remotes, lookups, generated];
      return bringMissing(waits, signal, () => {
        generated.begin();
        if (!isThere(own.tree, path)) throw missingPath(resolved, path);
        return renderSource(own.tree, path, resolved, context, { ...surroundings, field });
      });
    }

    return {
      resolve: async (source, project, signal): Promise<ResolvedSource> => {
        const parsed = parseSource(source, 'spec.source');
        if (!isChartSource(parsed)) return { source, revision: await resolveCommit(parsed, project, signal) };
        const location = locateSource(parsed, project, secrets);
        const target = parsed.targetRevision ?? '';
        const revision =
          parsed.chart || location.kind === 'http'
            ? await charts.resolveVersion(location, target, signal)
            : await charts.resolveDigest(location, target, signal);
        return { source, revision };
      },
      changedPaths: async (resolved, readSet, project, signal) => {
        const [changed = []] = await compare([{ resolved, readSet, project }], signal);
        return changed;
      },
      changedPathsOfMany: compare,
      render: async (given, context, earlier = [], signal): Promise<RenderedSources> => {
        const fields = given.map((_, index) => (given.length > 1 ? `spec.sources[${index}]` : 'spec.source'));
        const resolved = given.map((one, index) => {
          return { ...one, source: parseSource(one.source, fields[index] ?? 'spec.source') };
        });
        const opened = await Promise.all(
          resolved.map((one, index) => open(one, resolved, context, earlier[index], signal)),
        );
        const refs = new Map<string, OpenedSource>();
        resolved.forEach(({ source }, index) => {
          const lent = opened[index];
          if (source.ref && lent && !isChartSource(source)) refs.set(`$${source.ref}`, lent);
        });
        const remotes = resolved.map((_, index) =>
          createFetchedRemotes({
            git: remoteGit,
            fetch,
            cache,
            secrets,
            project: context.project,
            earlier: earlier[index],
            ...(context.isPermittedRepository && { isPermitted: context.isPermittedRepository }),
          }),
        );
        const store = createGeneratedStore(environment.now, context.readGenerated);
        const lookups = createLookups(context.askCluster ?? (async () => ({})));
        const readSets = () =>
          opened.map(({ readSet }, index) => withRemoteReads(readSet(), remotes[index]?.readSets() ?? []));
        const rendering = Promise.all(
          resolved.map((one, index) => {
            const own = opened[index];
            const elsewhere = remotes[index];
            const field = fields[index];
            if (!own || !elsewhere || !field) throw new HawserError('Internal', 'a source was not opened');
            return renderOne(one, field, own, refs, elsewhere, context, store, lookups, signal);
          }),
        );
        rendering.catch(() => context.onFailure?.({ readSets: readSets(), lookups: lookups.answered() }));
        const rendered = await rendering;
        for (const { save } of [...opened, ...remotes]) background(save());
        const generated = store.used();
        return {
          objects: rendered.flatMap(({ objects }) => objects),
          sourceTypes: rendered.map(({ sourceType }) => sourceType),
          readSets: readSets(),
          lookups: lookups.answered(),
          ...(generated && { generated }),
        };
      },
    };
  };
}

function waitForFiles(source: OpenedSource): Wait {
  const widen = createWidening();
  return {
    isIncomplete: () => source.missing().length > 0,
    load: (signal) => source.load(widen(source.missing()), signal),
  };
}

/** undefined where the files that tell are not here. */
function detectIfHere(tree: Tree, source: Source): SourceType | undefined {
  try {
    return detectSourceType(tree, pathOf(source), source);
  } catch (error) {
    if (isHawserError(error)) return undefined;
    throw error;
  }
}

/** Without its list where that can be: what lies beside what is read concerns nobody. */
function isThere(tree: Tree, path: string): boolean {
  return (tree.realPath ? tree.realPath(path) : tree.list(path)) !== undefined;
}

function missingPath({ source, revision }: ResolvedSource, path: string): HawserError {
  return new HawserError(
    'RenderFailed',
    `${path}: app path does not exist at ${revision.slice(0, 7)} of ${source.repoURL}`,
    {
      hint: 'nothing is pruned; correct spec.source.path or bring the folder back',
    },
  );
}
