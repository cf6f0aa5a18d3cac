// A build whose remote sources arrive asynchronously. The engine is synchronous: it runs until it lacks something, and again when that is here.

import { bringMissing } from '../../base/bring-missing.ts';
import { HawserError } from '../../base/errors.ts';
import type { Tree } from '../tree.ts';
import { type BuildOptions, buildKustomization } from './kustomize.ts';
import type { RepoUrl } from './load/repo-url.ts';

/** What a build asks of an AbortSignal, whose type belongs to no language. */
export interface Cancellation {
  throwIfAborted(): void;
}

/** As `RemoteSources`, of which each file and each repository at a ref is asked for once a build. */
export interface AsyncRemoteSources<Signal extends Cancellation = Cancellation> {
  /** The bytes behind an http or https URL, or the HTTP status of the answer. */
  readFile(url: string, signal?: Signal): Promise<Uint8Array | { readonly status: number }>;
  /** The files of a repository at a ref, all that the build may read. */
  openRepository(url: RepoUrl, signal?: Signal): Promise<Tree>;
}

export interface AsyncBuildOptions<Signal extends Cancellation = Cancellation> extends Omit<BuildOptions, 'remote'> {
  readonly remote: AsyncRemoteSources<Signal>;
  readonly signal?: Signal;
}

/**
 * As `buildKustomization`, with bases and files that `options.remote` fetches. Throws what that throws too, and the signal's reason. The
 * warnings are those of the run that gave the output.
 */
export async function buildKustomizationAsync<Signal extends Cancellation = Cancellation>(
  tree: Tree,
  path: string,
  options: AsyncBuildOptions<Signal>,
): Promise<string> {
  const { remote, signal, warn, ...rest } = options;
  const files = collect<string, Uint8Array | { readonly status: number }, Signal>((url) => url, remote.readFile);
  const repositories = collect<RepoUrl, Tree, Signal>(
    (url) => JSON.stringify([url.cloneUrl, url.ref, url.submodules, url.path]),
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
function collect<Wanted, Brought, Signal extends Cancellation>(
  keyOf: (wanted: Wanted) => string,
  bring: (wanted: Wanted, signal?: Signal) => Promise<Brought>,
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
    load: async (signal?: Signal) => {
      signal?.throwIfAborted();
      const wanted = [...missing];
      missing.clear();
      await Promise.all(wanted.map(async ([key, one]) => brought.set(key, { value: await bring(one, signal) })));
    },
  };
}
