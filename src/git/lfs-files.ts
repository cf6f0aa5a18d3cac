// The files of a checkout that are in Git LFS: which are wanted, and fetching them by repository.

import { HawserError, isHawserError } from '../base/errors.ts';
import type { Cache, ConnectedFetch } from '../platform.ts';
import { parseConfigFile } from './config-file.ts';
import { fetchLfsFiles, locateLfs } from './lfs.ts';
import { type LfsPointer, parseLfsPointer } from './lfs-pointer.ts';
import { inMount, type Mount, readPinned } from './mounts.ts';
import { type Remote, readRemoteAddress } from './remote.ts';

export interface LfsFileSettings {
  readonly fetch: ConnectedFetch;
  readonly cache?: Cache;
}

export interface LfsFiles {
  /**
   * The file that the pointer at `path` of a repository names. One that is not here is remembered, and throws. Throws `RenderFailed`
   * where Git LFS is not enabled for the repository.
   */
  read(mount: Mount, path: string, pointer: LfsPointer): Uint8Array;
  /** Paths of the checkout that were asked for and are not here yet. */
  missing(): readonly string[];
  /** Fetches some of the missing, those of one repository together. */
  load(paths: readonly string[], signal?: AbortSignal): Promise<void>;
}

/** Small ones beside a file that is wanted come with it. */
const MAX_BYTES_BESIDE = 256 << 10;
const MAX_BESIDE = 100;
const CONFIG_FILE = '.lfsconfig';
const LIMITS = { maxFileBytes: 32 << 20, maxBytes: 64 << 20, timeoutMs: 60_000 };

export function createLfsFiles(settings: LfsFileSettings): LfsFiles {
  /** By oid. */
  const files = new Map<string, Uint8Array>();
  const wanted = new Map<string, { readonly mount: Mount; readonly path: string; readonly pointer: LfsPointer }>();

  /** `pointers` is by path in the repository. */
  const fetchFrom = async (
    mount: Mount,
    pointers: ReadonlyMap<string, LfsPointer>,
    signal: AbortSignal | undefined,
  ): Promise<void> => {
    const config = parseConfigFile(await readPinned(mount, CONFIG_FILE, signal));
    const known = [...files.values()].reduce((sum, { length }) => sum + length, 0);
    const limits = { ...LIMITS, maxBytes: LIMITS.maxBytes - known };
    const { fetch, cache } = settings;
    const named = [...pointers].map(([path, pointer]) => [inMount(mount, path), pointer] as const);
    const endpoint = locateLfs(mount.remote, config);
    const fetched = await fetchLfsFiles({ fetch, cache, ...limits }, endpoint, new Map(named), signal);
    for (const [oid, content] of fetched) files.set(oid, content);
  };
  const load = async (
    mount: Mount,
    pointers: ReadonlyMap<string, LfsPointer>,
    signal: AbortSignal | undefined,
  ): Promise<void> => {
    const beside = [...pointersBeside(mount, [...pointers.keys()])].filter(([, { oid }]) => !files.has(oid));
    try {
      if (beside.some(([path]) => !pointers.has(path))) {
        try {
          await fetchFrom(mount, new Map([...beside, ...pointers]), signal);
          return;
        } catch (error) {
          // Nobody has asked for those beside.
          if (!isHawserError(error) || signal?.aborted) throw error;
        }
      }
      await fetchFrom(mount, pointers, signal);
    } catch (error) {
      // Whoever corrects the address changes nothing else: it decides now. That of a submodule is pinned with it.
      if (mount.depth === 0) mount.tree.locate(CONFIG_FILE);
      throw error;
    }
  };

  return {
    read: (mount, path, pointer) => {
      const file = files.get(pointer.oid);
      if (file) return file;
      const full = inMount(mount, path);
      if (!mount.remote.lfs) throw notEnabled(full, mount.remote);
      wanted.set(full, { mount, path, pointer });
      throw new HawserError('Unavailable', `the file ${full} is not fetched from Git LFS yet`, {
        data: { notLoaded: full },
      });
    },
    missing: () => [...wanted.keys()],
    load: async (paths, signal) => {
      const byMount = new Map<Mount, Map<string, LfsPointer>>();
      for (const full of paths) {
        const one = wanted.get(full);
        if (!one) continue;
        wanted.delete(full);
        const ofMount = byMount.get(one.mount) ?? new Map<string, LfsPointer>();
        byMount.set(one.mount, ofMount.set(one.path, one.pointer));
      }
      await Promise.all([...byMount].map(([mount, pointers]) => load(mount, pointers, signal)));
    },
  };
}

/**
 * The small files of Git LFS in the folders of those that are wanted, as far as their pointers are here: who reads one soon reads another,
 * and some renderers stop at the first that is missing.
 */
function pointersBeside({ tree }: Mount, wanted: readonly string[]): Map<string, LfsPointer> {
  const found = new Map<string, LfsPointer>();
  for (const folder of new Set(wanted.map((path) => path.slice(0, Math.max(0, path.lastIndexOf('/')))))) {
    for (const { path, content } of tree.filesHere(folder)) {
      const pointer = parseLfsPointer(content);
      if (pointer && pointer.size <= MAX_BYTES_BESIDE && found.size < MAX_BESIDE) found.set(path, pointer);
    }
  }
  return found;
}

function notEnabled(path: string, remote: Remote): HawserError {
  const { url } = readRemoteAddress(remote);
  return new HawserError('RenderFailed', `${path} is in Git LFS, which is not enabled for ${url}`, {
    place: { file: path },
    hint: `set enableLfs: "true" in the repository's Secret (label argocd.argoproj.io/secret-type: repository, url: ${url}), or keep the file out of what is read; nothing is pruned`,
    data: { lfs: path },
  });
}
