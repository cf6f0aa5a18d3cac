// A build whose remote sources arrive asynchronously. The engine is synchronous: it runs until it lacks something, and again when that is here.

import { bringMissing } from '../../base/bring-missing.ts';
import { HawserError } from '../../base/errors.ts';
import type { Tree } from '../tree.ts';
import { type BuildOptions, buildKustomization } from './kustomize.ts';
import type { RepoUrl } from './load/repo-url.ts';

/** As `RemoteSources`, of which each file and each repository at a ref is asked for once a build. */
export interface AsyncRemoteSources {
  /** The bytes behind an http or https URL, or the HTTP status of the answer. */
  readFile(url: string, signal?: AbortSignal): Promise<Uint8Array | { readonly status: number }>;
  /** The files of a repository at a ref, all that the build may read. */
  openRepository(url: RepoUrl, signal?: AbortSignal): Promise<Tree>;
}

export interface AsyncBuildOptions extends Omit<BuildOptions, 'remote'> {
  readonly remote: AsyncRemoteSources;
  readonly signal?: AbortSignal;
}

/**
 * As `buildKustomization`, with bases and files that `options.remote` fetches. Throws what that throws too, and the signal's reason. The
 * warnings are those of the run that gave the output.
 */
export async function buildKustomizationAsync(tree: Tree, path: string, options: AsyncBuildOptions): Promise<string> {
  const { remote, signal, warn, ...rest } = options;
  const files = collect((url: string) => url, remote.readFile);
  const repositories = collect(
    (url: RepoUrl) => JSON.stringify([url.cloneUrl, url.ref, url.submodules, url.path]),
    remote.openRepository,
  );
  let warnings: string[] = [];
  const text = await bringMissing([files, repositories], signal, () => {
    warnings = [];
    return buildKustomization(tree, path, {
      ...rest,
      remote: { readFile: files.find, openRepository: repositories.find },
      warn: (message) => warnings.push(message),
    });
  });
  for (const message of warnings) warn?.(message);
  return text;
}

/** What was brought by its key; what is asked for in vain is brought at the next `load`. */
function collect<Wanted, Brought>(
  keyOf: (wanted: Wanted) => string,
  bring: (wanted: Wanted, signal?: AbortSignal) => Promise<Brought>,
) {
  const brought = new Map<string, { readonly value: Brought }>();
  const missing = new Map<string, Wanted>();
  return {
    find: (wanted: Wanted): Brought => {
      const key = keyOf(wanted);
      const known = brought.get(key);
      if (known) return known.value;
      missing.set(key, wanted);
      throw new HawserError('Unavailable', 'a remote source is not fetched yet');
    },
    isIncomplete: () => missing.size > 0,
    load: async (signal?: AbortSignal) => {
      signal?.throwIfAborted();
      const wanted = [...missing];
      missing.clear();
      await Promise.all(wanted.map(async ([key, one]) => brought.set(key, { value: await bring(one, signal) })));
    },
  };
}
