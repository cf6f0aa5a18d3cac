// Sources to manifests: one Git client for the process, one reader for each delivery.

import { bringMissing, type Wait } from '../base/bring-missing.ts';
import { HawserError } from '../base/errors.ts';
import { isObject } from '../base/json.ts';
import { createChartClient } from '../charts/client.ts';
import { createGitClient } from '../git/client.ts';
import { chooseRemote, type RepositorySecrets, readConnection } from '../git/credentials.ts';
import { parseReadSet, type ReadSet } from '../git/read-set.ts';
import type { Refs } from '../git/refs.ts';
import type { Remote } from '../git/remote.ts';
import { refPrefixesOf, resolveRevision } from '../git/revision.ts';
import type { Platform } from '../platform.ts';
import type { Tree } from '../render/tree.ts';
import { buildEnvironment } from './build-environment.ts';
import { isChartSource, locateDependency, locateSource } from './chart-locations.ts';
import { createFetchedCharts } from './fetched-charts.ts';
import { createFetchedFiles, DEFAULT_SCHEMES } from './fetched-files.ts';
import { changedRemotes, createFetchedRemotes, type FetchedRemotes } from './fetched-remotes.ts';
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
import type { RenderContext, RenderedSources, ResolvedSource, SourceReader } from './source.ts';

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
    const listings = new Map<string, Promise<Refs>>();
    const charts = createChartClient({ fetch, cache });
    const remoteGit = withSharedListings(git);

    /** One listing a repository and kind of revision, whoever asks for it. */
    function listRefs(
      remote: Remote,
      project: string,
      prefixes: readonly string[],
      signal?: AbortSignal,
    ): Promise<Refs> {
      const key = JSON.stringify([remote.url, project, prefixes]);
      const known = listings.get(key);
      if (known) return known;
      const listing = git.listRefs(remote, { prefixes, ...(signal && { signal }) });
      listings.set(key, listing);
      return listing;
    }

    async function openCommit(
      { source, revision }: ResolvedSource,
      project: string,
      paths: readonly string[],
      readSet?: ReadSet,
      signal?: AbortSignal,
    ) {
      const remote = chooseRemote(source.repoURL, project, secrets);
      return git.openCommit(remote, revision, { paths, readSet, signal });
    }

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
      const paths = isReferenceOnly(source) ? lent : [pathOf(source), ...lent];
      return openedCommit(await openCommit(one, context.project, paths, parseReadSet(earlier), signal));
    }

    async function changedPaths(
      resolved: ResolvedSource,
      readSet: unknown,
      project: string,
      signal?: AbortSignal,
    ): Promise<readonly string[]> {
      const { source, revision } = resolved;
      if (isChartSource(source)) {
        const isSame = isObject(readSet) && readSet.version === revision;
        return isSame ? [] : [source.chart ?? source.repoURL];
      }
      const earlier = parseReadSet(readSet);
      // What was read is not known (any more): the path itself stands for all of it.
      if (!earlier) return [pathOf(source)];
      const paths = isReferenceOnly(source) ? [] : [pathOf(source)];
      const tree = await openCommit(resolved, project, paths, earlier, signal);
      const changed = await tree.changedSince(earlier, signal);
      return changed.length > 0 ? changed : changedRemotes({ git: remoteGit, secrets, project }, readSet, signal);
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
        const target = source.targetRevision ?? '';
        if (isChartSource(source)) {
          const location = locateSource(source, project, secrets);
          const revision =
            source.chart || location.kind === 'http'
              ? await charts.resolveVersion(location, target, signal)
              : await charts.resolveDigest(location, target, signal);
          return { source, revision };
        }
        const remote = chooseRemote(source.repoURL, project, secrets);
        const prefixes = refPrefixesOf(target, source.tagPrefix);
        const refs: Refs =
          prefixes.length === 0 ? { byName: new Map() } : await listRefs(remote, project, prefixes, signal);
        return { source, revision: resolveRevision(refs, target, source.tagPrefix).sha };
      },
      changedPaths,
      changedPathsOfMany: (items, signal) =>
        Promise.all(items.map(({ resolved, readSet, project }) => changedPaths(resolved, readSet, project, signal))),
      render: async (resolved, context, earlier = [], signal): Promise<RenderedSources> => {
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
            secrets,
            project: context.project,
            earlier: earlier[index],
            ...(context.isPermittedRepository && { isPermitted: context.isPermittedRepository }),
          }),
        );
        const store = createGeneratedStore(environment.now, context.readGenerated);
        const lookups = createLookups(context.askCluster ?? (async () => ({})));
        const rendered = await Promise.all(
          resolved.map((one, index) => {
            const own = opened[index];
            const elsewhere = remotes[index];
            if (!own || !elsewhere) throw new HawserError('Internal', 'a source was not opened');
            const field = resolved.length > 1 ? `spec.sources[${index}]` : 'spec.source';
            return renderOne(one, field, own, refs, elsewhere, context, store, lookups, signal);
          }),
        );
        for (const { save } of [...opened, ...remotes]) background(save());
        const generated = store.used();
        return {
          objects: rendered.flatMap(({ objects }) => objects),
          sourceTypes: rendered.map(({ sourceType }) => sourceType),
          readSets: opened.map(({ readSet }, index) => withRemoteReads(readSet(), remotes[index]?.readSets() ?? [])),
          lookups: lookups.answered(),
          ...(generated && { generated }),
        };
      },
    };
  };
}

function waitForFiles(source: OpenedSource): Wait {
  return {
    isIncomplete: () => source.missing().length > 0,
    load: (signal) => source.load(source.missing(), signal),
  };
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
