// The repositories of a checkout, each at its folder: the repository itself, and its submodules as they are reached.

import { HawserError, isHawserError } from '../base/errors.ts';
import type { GitClient, OpenOptions } from './client.ts';
import type { CommitTree } from './commit-tree.ts';
import type { Remote } from './remote.ts';
import { withoutUserinfo } from './repository-url.ts';
import { MODULES_FILE, parseModules, resolveSubmoduleUrl } from './submodules.ts';
import type { PathEntry } from './walk-path.ts';

/** One repository of a checkout. */
export interface Mount {
  /** Its folder in the checkout, without symlinks; '' for the repository itself. */
  readonly path: string;
  readonly depth: number;
  readonly remote: Remote;
  readonly tree: CommitTree;
  /** By their path in this repository, as far as they were reached; undefined is an empty folder. */
  readonly submodules: Map<string, Mount | undefined>;
}

export interface MountSettings {
  readonly git: Pick<GitClient, 'openCommit'>;
  /**
   * How the repository of a submodule is reached; `url` is absolute, `parent` is the repository that names it. Without it
   * submodules are empty folders, as in a checkout that leaves them out.
   */
  readonly remoteOf?: (url: string, parent: Remote) => Promise<Remote>;
}

export interface Mounts {
  readonly root: Mount;
  all(): readonly Mount[];
  /** The submodule at a gitlink, undefined for an empty folder. One that was not opened yet is remembered, and throws. */
  enter(parent: Mount, gitlink: PathEntry, rest: string): Mount | undefined;
  /** The folders of submodules that were entered and are not opened yet. */
  missing(): readonly string[];
  /** Opens one of the missing. Throws what is wrong with it, naming it. */
  load(path: string, signal?: AbortSignal): Promise<void>;
}

interface Wanted {
  readonly parent: Mount;
  readonly gitlink: PathEntry;
  /** What was asked for inside it. */
  readonly rests: Set<string>;
}

/** Submodules of submodules. */
const MAX_DEPTH = 10;
const MAX_SUBMODULES = 200;

const decoder = new TextDecoder();

/** `paths` are those that are wanted in the checkout: of a submodule, what lies in it is fetched at once. */
export function createMounts(settings: MountSettings, root: Mount, paths: OpenOptions['paths']): Mounts {
  const { git, remoteOf } = settings;
  const mounts = [root];
  const wanted = new Map<string, Wanted>();
  const opening = new Map<string, Promise<void>>();

  const open = async ({ parent, gitlink, rests }: Wanted, signal: AbortSignal | undefined): Promise<void> => {
    const path = inMount(parent, gitlink.path);
    if (!remoteOf || parent.submodules.has(gitlink.path)) return;
    if (parent.depth >= MAX_DEPTH) throw tooMany(`submodules are nested more than ${MAX_DEPTH} deep`, path);
    if (mounts.length > MAX_SUBMODULES) throw tooMany(`more than ${MAX_SUBMODULES} submodules are read`, path);
    const declared = parseModules(await readPinned(parent, MODULES_FILE, signal)).get(gitlink.path);
    if (!declared) throw undeclared(path);
    if (!declared.isFollowed) {
      parent.submodules.set(gitlink.path, undefined);
      return;
    }
    try {
      const remote = await remoteOf(resolveSubmoduleUrl(declared.url, parent.remote.url), parent.remote);
      const tree = await git.openCommit(remote, gitlink.id, { paths: pathsInside(path, paths, rests), signal });
      const mount = { path, depth: parent.depth + 1, remote, tree, submodules: new Map() };
      mounts.push(mount);
      parent.submodules.set(gitlink.path, mount);
    } catch (error) {
      throw inSubmodule(error, path, declared.url);
    }
  };

  return {
    root,
    all: () => mounts,
    enter: (parent, gitlink, rest) => {
      if (!remoteOf || parent.submodules.has(gitlink.path)) return parent.submodules.get(gitlink.path);
      const path = inMount(parent, gitlink.path);
      const known = wanted.get(path) ?? { parent, gitlink, rests: new Set() };
      known.rests.add(rest);
      wanted.set(path, known);
      throw new HawserError('Unavailable', `the submodule ${path} is not fetched yet`, { data: { notLoaded: path } });
    },
    missing: () => [...wanted.keys()],
    load: async (path, signal) => {
      const known = wanted.get(path);
      wanted.delete(path);
      if (!known) return opening.get(path);
      const work =
        opening.get(path) ??
        open(known, signal)
          .catch((error: unknown) => {
            // Whoever corrects the address changes nothing else: it decides now.
            if (known.parent === root) root.tree.locate(MODULES_FILE);
            throw error;
          })
          .finally(() => opening.delete(path));
      opening.set(path, work);
      return work;
    },
  };
}

/**
 * The text of a file at the root of a repository that decides nothing that the commit does not decide already, and so is not recorded;
 * '' where it is no plain file, as Git has it.
 */
export async function readPinned({ tree }: Mount, name: string, signal: AbortSignal | undefined): Promise<string> {
  for (;;) {
    try {
      const located = tree.locate(name, 'silently');
      const isFile = located.kind === 'found' && located.entry.path === name && located.entry.mode.startsWith('100');
      return isFile ? decoder.decode(tree.readBlob(located.entry)) : '';
    } catch (error) {
      if (!isHawserError(error, 'Unavailable') || error.data.notLoaded === undefined) throw error;
      await tree.load([name], signal);
    }
  }
}

/** A path of a repository as one of the checkout. */
export function inMount({ path: folder }: Mount, path: string): string {
  return folder === '' ? path : path === '' ? folder : `${folder}/${path}`;
}

/** What will be read of a submodule: of the paths that are wanted in the checkout, what lies in it, else what was asked for. */
function pathsInside(
  submodule: string,
  wanted: OpenOptions['paths'],
  rests: ReadonlySet<string>,
): OpenOptions['paths'] {
  const inside = wanted.flatMap((one) => {
    const { path, extent } = typeof one === 'string' ? { path: one, extent: 'whole' as const } : one;
    if (path === submodule) return [{ path: '', extent }];
    return path.startsWith(`${submodule}/`) ? [{ path: path.slice(submodule.length + 1), extent }] : [];
  });
  return inside.length > 0 ? inside : [...rests];
}

/** The error with which submodule it was; its code stays, so that what may pass is tried again. */
function inSubmodule(error: unknown, path: string, url: string): unknown {
  if (!(error instanceof HawserError)) return error;
  return new HawserError(error.code, `the submodule ${path} (${withoutUserinfo(url)}): ${error.message}`, {
    place: error.place ?? { file: MODULES_FILE },
    hint: error.hint ?? `push the commit to that repository, or correct ${MODULES_FILE}; nothing is pruned`,
    data: error.data,
    cause: error,
  });
}

function undeclared(path: string): HawserError {
  return new HawserError('RenderFailed', `no URL is given for the submodule ${path} in ${MODULES_FILE}`, {
    place: { file: path },
    hint: `add it to ${MODULES_FILE} (git submodule add), or remove it (git rm --cached ${path}); nothing is pruned`,
  });
}

function tooMany(what: string, path: string): HawserError {
  return new HawserError('LimitExceeded', what, { place: { file: path } });
}
