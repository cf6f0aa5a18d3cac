// Sources to manifests: one Git client for the process, one reader for each delivery.

import type { Source, SourceType } from '../application/types.ts';
import { HawserError, isHawserError } from '../base/errors.ts';
import { createChartClient } from '../charts/client.ts';
import { isRegistryUrl } from '../charts/location.ts';
import { openCheckout } from '../git/checkout.ts';
import { createGitClient } from '../git/client.ts';
import { chooseRemote, chooseSubmoduleRemote, type RepositorySecrets, readConnection } from '../git/credentials.ts';
import { parseReadSet } from '../git/read-set.ts';
import { tagsAt } from '../git/refs.ts';
import type { Remote } from '../git/remote.ts';
import type { Platform } from '../platform.ts';
import type { Tree } from '../render/tree.ts';
import { buildEnvironment } from './build-environment.ts';
import { inputOf, requireBounded, type WatchedSource, watchRender, watchSource } from './capture-input.ts';
import { changedPathsOfMany } from './changed-paths.ts';
import { isChartSource, locateDependency, locateSource } from './chart-locations.ts';
import { detectSourceType } from './detect.ts';
import { editSource } from './edited-tree.ts';
import { createFetchedCharts } from './fetched-charts.ts';
import { createFetchedFiles, DEFAULT_SCHEMES } from './fetched-files.ts';
import { createFetchedRemotes } from './fetched-remotes.ts';
import { createGeneratedStore } from './generated-store.ts';
import { createLookups } from './lookups.ts';
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
import type { RenderInput } from './render-input.ts';
import { plainContext, type RenderElsewhere } from './render-job.ts';
import { type OpenedRender, renderAll } from './render-opened.ts';
import { createRenderPlaces } from './render-place.ts';
import { createRevisions } from './revisions.ts';
import type { ReadSets, RenderContext, RenderedSources, ResolvedSource, SourceReader } from './source.ts';
import { parseSource } from './source-fields.ts';
import { wantedPaths } from './wanted-paths.ts';

/** Objects kept in memory: little enough for an isolate of 128 MB. */
const GIT_MEMORY_BYTES = 16 << 20;

/** Of a values file at a URL: as much as a packed chart may have. */
const MAX_FILE_BYTES = 32 << 20;
const FILE_TIMEOUT_MS = 60_000;

/** Makes readers that share what was fetched. A reader lists the refs of a repository, or its index of charts, once. */
export function createSourceReaders(
  { fetch, cache, clock, random, background }: Pick<Platform, 'fetch' | 'cache' | 'clock' | 'random' | 'background'>,
  /** Where the runtime has one: what takes long is rendered there. */
  thread?: RenderElsewhere,
): (secrets: RepositorySecrets) => SourceReader {
  const elsewhere = thread && { thread, places: createRenderPlaces() };
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

    async function resolve(source: Source, project: string, signal?: AbortSignal): Promise<ResolvedSource> {
      const parsed = parseSource(source, 'spec.source');
      if (!isChartSource(parsed)) return { source, revision: await resolveCommit(parsed, project, signal) };
      const location = locateSource(parsed, project, secrets);
      const target = parsed.targetRevision ?? '';
      const revision =
        parsed.chart || location.kind === 'http'
          ? await charts.resolveVersion(location, target, signal)
          : await charts.resolveDigest(location, target, signal);
      return { source, revision };
    }

    /** All that a render takes. `watch` may put something between the sources and whoever reads them. */
    async function prepare(
      given: readonly ResolvedSource[],
      context: RenderContext,
      earlier: ReadSets,
      signal?: AbortSignal,
      watch: (opened: OpenedSource) => OpenedSource = (opened) => opened,
    ) {
      const fields = given.map((_, index) => (given.length > 1 ? `spec.sources[${index}]` : 'spec.source'));
      const resolved = given.map((one, index) => {
        return { ...one, source: parseSource(one.source, fields[index] ?? 'spec.source') };
      });
      const opened = await Promise.all(
        resolved.map(async (one, index) => {
          const source = await open(one, resolved, context, earlier[index], signal);
          return watch(one.edits ? editSource(source, one.edits) : source);
        }),
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
      const renders = resolved.map((one, index): OpenedRender => {
        const own = opened[index];
        const ofOthers = remotes[index];
        const field = fields[index];
        if (!own || !ofOthers || !field) throw new HawserError('Internal', 'a source was not opened');
        const { passCredentials = false } = one.source.helm ?? {};
        return {
          ...{ resolved: one, field, own, refs, remotes: ofOthers, generated: store, lookups, context, environment },
          charts: createFetchedCharts(charts, (dependency) =>
            locateDependency(dependency, context.project, secrets, passCredentials),
          ),
          files: createFetchedFiles({
            fetch,
            timeoutMs: FILE_TIMEOUT_MS,
            maxBytes: MAX_FILE_BYTES,
            connectionTo: (url) => readConnection(url, {}, secrets.certificates),
            readSchemes: context.readValuesFileSchemes ?? (async () => DEFAULT_SCHEMES),
          }),
        };
      });
      return { opened, remotes, store, lookups, readSets, renders };
    }

    return {
      resolve,
      listRefs: (repoURL, project, prefixes, signal) =>
        git.listRefs(chooseRemote(repoURL, project, secrets), { prefixes, signal }),
      isAncestor: (repoURL, project, ancestor, commit, signal) =>
        git.isAncestor(chooseRemote(repoURL, project, secrets), ancestor, commit, signal),
      readCommit: async (repoURL, project, sha, signal) => {
        const remote = chooseRemote(repoURL, project, secrets);
        const [commit, refs] = await Promise.all([
          git.readCommit(remote, sha, signal),
          git.listRefs(remote, { prefixes: ['refs/tags/'], signal }),
        ]);
        return { commit, tags: tagsAt(refs, sha) };
      },
      readArtifact: async (source, project, signal) => {
        const isOfRegistry = isChartSource(source) || isRegistryUrl(source.repoURL);
        const location = isOfRegistry ? locateSource(parseSource(source, 'spec.source'), project, secrets) : undefined;
        if (location?.kind === 'oci') return charts.readAnnotations(location, source.targetRevision ?? '', signal);
        throw new HawserError('InvalidInput', `${source.repoURL} is no registry`);
      },
      openTree: async (source, project, signal) => {
        const resolved = await resolve(source, project, signal);
        if (isChartSource(source)) return (await openChart(charts, resolved, project, secrets, signal)).tree;
        const remote = chooseRemote(source.repoURL, project, secrets);
        return git.openCommit(remote, resolved.revision, { paths: [pathOf(source)], signal });
      },
      changedPaths: async (resolved, readSet, project, signal) => {
        const [changed = []] = await compare([{ resolved, readSet, project }], signal);
        return changed;
      },
      changedPathsOfMany: compare,
      render: async (given, context, earlier = [], signal): Promise<RenderedSources> => {
        const prepared = await prepare(given, context, earlier, signal);
        const { opened, remotes, store, lookups, readSets, renders } = prepared;
        const rendering = renderAll(renders, elsewhere, signal);
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
      capture: async (given, context, signal): Promise<RenderInput> => {
        const sources = new Map<OpenedSource, WatchedSource>();
        const prepared = await prepare(given, context, [], signal, (source) => {
          const watched = watchSource(source);
          sources.set(watched.opened, watched);
          return watched.opened;
        });
        const watched = prepared.renders.map((render) => {
          const own = sources.get(render.own);
          if (!own) throw new HawserError('Internal', 'a source is not watched');
          return watchRender(render, own);
        });
        const rendered = await unlessOfSource(
          renderAll(
            watched.map(({ render }) => render),
            elsewhere,
            signal,
          ),
        );
        for (const { save } of [...prepared.opened, ...prepared.remotes]) background(save());
        const captured = await Promise.all(watched.map((one, index) => inputOf(one, rendered?.[index], signal)));
        requireBounded(captured);
        return {
          context: plainContext(context),
          nowMs: environment.now(),
          sources: captured,
          lookups: prepared.lookups.answered().map(({ query }) => query),
          generates: prepared.store.used() !== undefined,
        };
      },
    };
  };
}

/** undefined for a render that fails by what it reads: whoever has its input sees the same, and can mend it. */
async function unlessOfSource<T>(rendering: Promise<T>): Promise<T | undefined> {
  try {
    return await rendering;
  } catch (error) {
    const isOfSource = isHawserError(error, 'RenderFailed') || isHawserError(error, 'PathEscapes');
    if (isOfSource) return undefined;
    throw error;
  }
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
