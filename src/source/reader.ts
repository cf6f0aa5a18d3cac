// Sources from Git to manifests: one Git client for the process, one reader for each delivery.

import type { Source } from '../application/types.ts';
import { HawserError } from '../base/errors.ts';
import { createGitClient } from '../git/client.ts';
import type { CommitTree } from '../git/commit-tree.ts';
import { chooseRemote, type RepositorySecrets } from '../git/credentials.ts';
import { parseReadSet, type ReadSet } from '../git/read-set.ts';
import type { Refs } from '../git/refs.ts';
import type { Remote } from '../git/remote.ts';
import { refPrefixesOf, resolveRevision } from '../git/revision.ts';
import type { Platform } from '../platform.ts';
import { joinPath } from '../render/tree.ts';
import { renderSource } from './render.ts';
import type { RenderContext, RenderedSources, ResolvedSource, SourceReader } from './source.ts';

/** Each round brings at least one more folder that a render reaches for. */
const MAX_ROUNDS = 50;

/** Objects kept in memory: little enough for an isolate of 128 MB. */
const GIT_MEMORY_BYTES = 16 << 20;

/** Makes readers that share what was fetched. A reader lists the refs of a repository once. */
export function createSourceReaders({
  fetch,
  cache,
  clock,
  random,
  background,
}: Pick<Platform, 'fetch' | 'cache' | 'clock' | 'random' | 'background'>): (secrets: RepositorySecrets) => SourceReader {
  const git = createGitClient({ fetch, cache, memoryBytes: GIT_MEMORY_BYTES });
  const environment = { now: () => clock.now(), random };

  return (secrets) => {
    const listings = new Map<string, Promise<Refs>>();

    /** One listing a repository and kind of revision, whoever asks for it. */
    function listRefs(remote: Remote, project: string, targetRevision: string, signal?: AbortSignal): Promise<Refs> {
      const prefixes = refPrefixesOf(targetRevision);
      const key = JSON.stringify([remote.url, project, prefixes]);
      const known = listings.get(key);
      if (known) return known;
      const listing = git.listRefs(remote, { prefixes, ...(signal && { signal }) });
      listings.set(key, listing);
      return listing;
    }

    async function openTree(
      { source, revision }: ResolvedSource,
      project: string,
      readSet?: ReadSet,
      signal?: AbortSignal,
    ) {
      const remote = chooseRemote(source.repoURL, project, secrets);
      return git.openCommit(remote, revision, { paths: [pathOf(source)], readSet, signal });
    }

    async function renderOne(resolved: ResolvedSource, context: RenderContext, earlier: unknown, signal?: AbortSignal) {
      const tree = await openTree(resolved, context.project, parseReadSet(earlier), signal);
      const path = pathOf(resolved.source);
      const rendered = await renderWithLoading(tree, signal, () => {
        if (tree.list(path) === undefined) throw missingPath(resolved, path);
        return renderSource(tree, path, resolved, context, environment);
      });
      background(tree.save());
      return { ...rendered, readSet: tree.readSet() };
    }

    return {
      resolve: async (source, project, signal): Promise<ResolvedSource> => {
        if (source.chart) {
          throw new HawserError(
            'Unsupported',
            `charts of Helm repositories (spec.source.chart: ${source.chart}) are not supported yet`,
            {
              hint: 'use a Git repository with the chart in a folder',
            },
          );
        }
        const target = source.targetRevision ?? '';
        const remote = chooseRemote(source.repoURL, project, secrets);
        const isCommit = refPrefixesOf(target).length === 0;
        const refs: Refs = isCommit ? { byName: new Map() } : await listRefs(remote, project, target, signal);
        return { source, revision: resolveRevision(refs, target).sha };
      },
      changedPaths: async (resolved, readSet, project, signal) => {
        const earlier = parseReadSet(readSet);
        // What was read is not known (any more): the path itself stands for all of it.
        if (!earlier) return [pathOf(resolved.source)];
        const tree = await openTree(resolved, project, earlier, signal);
        return tree.changedSince(earlier, signal);
      },
      render: async (resolved, context, earlier = [], signal): Promise<RenderedSources> => {
        const rendered = await Promise.all(
          resolved.map((one, index) => renderOne(one, context, earlier[index], signal)),
        );
        return {
          objects: rendered.flatMap(({ objects }) => objects),
          sourceTypes: rendered.map(({ sourceType }) => sourceType),
          readSets: rendered.map(({ readSet }) => readSet),
        };
      },
    };
  };
}

/** Renders, fetches what the render reached for in vain, and renders again. */
async function renderWithLoading<T>(tree: CommitTree, signal: AbortSignal | undefined, render: () => T): Promise<T> {
  for (let round = 0; round < MAX_ROUNDS; round++) {
    let result: { readonly value: T } | { readonly error: unknown };
    try {
      result = { value: render() };
    } catch (error) {
      result = { error };
    }
    const missing = tree.missing();
    if (missing.length > 0) await tree.load(missing, signal);
    else if ('value' in result) return result.value;
    else throw result.error;
  }
  throw new HawserError(
    'LimitExceeded',
    `rendering reached for files outside its path more than ${MAX_ROUNDS} times in a row`,
  );
}

/** Throws `PathEscapes` for a path that leads out of the repository. */
function pathOf(source: Source): string {
  const path = joinPath('', source.path ?? '');
  if (path === undefined || source.path?.startsWith('/')) {
    throw new HawserError('PathEscapes', `spec.source.path ${source.path} leads out of the repository`, {
      hint: 'write it relative to the root of the repository',
    });
  }
  return path;
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
