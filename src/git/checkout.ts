// The files of a commit as a checkout with its submodules and its files from Git LFS has them.

import { HawserError, isHawserError } from '../base/errors.ts';
import type { Cache, ConnectedFetch } from '../platform.ts';
import type { GitClient, OpenOptions } from './client.ts';
import type { CommitTree, Located } from './commit-tree.ts';
import { parseConfigFile } from './config-file.ts';
import { fetchLfsFiles, locateLfs } from './lfs.ts';
import { type LfsPointer, parseLfsPointer } from './lfs-pointer.ts';
import type { ObjectId } from './object.ts';
import { type Remote, readRemoteAddress } from './remote.ts';
import { withoutUserinfo } from './repository-url.ts';
import { MODULES_FILE, parseModules, resolveSubmoduleUrl, type SubmoduleDeclaration } from './submodules.ts';
import { SUBMODULE } from './tree-object.ts';
import { escapes, type PathEntry } from './walk-path.ts';

/**
 * As a `CommitTree`, whose read set it has: a submodule stands there as the commit that it is pinned to, which says all about its files.
 */
export type Checkout = Omit<CommitTree, 'locate' | 'readBlob' | 'listDirectory' | 'filesHere'>;

export interface CheckoutSettings {
  readonly git: Pick<GitClient, 'openCommit'>;
  /** For files of Git LFS. */
  readonly fetch: ConnectedFetch;
  readonly cache?: Cache;
  /**
   * How the repository of a submodule is reached; `url` is absolute, `parent` is the repository that names it. Without it
   * submodules are empty folders, as in a checkout that leaves them out.
   */
  readonly remoteOf?: (url: string, parent: Remote) => Promise<Remote>;
}

/** One repository of the checkout. */
interface Mount {
  /** Its folder in the checkout, without symlinks; '' for the repository itself. */
  readonly path: string;
  readonly depth: number;
  readonly remote: Remote;
  readonly tree: CommitTree;
  readonly submodules: Map<string, Submodule>;
}

type Submodule = { readonly kind: 'opened'; readonly mount: Mount } | { readonly kind: 'empty' };

interface WantedSubmodule {
  readonly parent: Mount;
  readonly gitlink: PathEntry;
  /** What was asked for inside it. */
  readonly rests: Set<string>;
}

interface WantedFile {
  readonly mount: Mount;
  readonly pointer: LfsPointer;
}

/** Submodules of submodules. */
const MAX_DEPTH = 10;
const MAX_SUBMODULES = 200;
/** From one repository of a checkout into another and back, by symlinks. */
const MAX_CROSSINGS = 60;
const LFS_CONFIG = '.lfsconfig';
const LFS_LIMITS = {
  maxFileBytes: 32 << 20,
  maxBytes: 64 << 20,
  timeoutMs: 60_000,
  /** Of a file that is fetched because one beside it is, and how many of those. */
  maxBytesBeside: 256 << 10,
  maxBeside: 100,
};

const decoder = new TextDecoder();

/**
 * Opens a commit as `GitClient.openCommit` does. Submodules and files of Git LFS that are read are brought by `load`, which then throws
 * what is wrong with them, naming them: nothing that Git names is ever left out.
 */
export async function openCheckout(
  settings: CheckoutSettings,
  remote: Remote,
  sha: ObjectId,
  options: OpenOptions,
): Promise<Checkout> {
  const tree = await settings.git.openCommit(remote, sha, options);
  const root: Mount = { path: '', depth: 0, remote, tree, submodules: new Map() };
  const mounts: Mount[] = [root];
  const wantedSubmodules = new Map<string, WantedSubmodule>();
  const wantedFiles = new Map<string, WantedFile>();
  const files = new Map<string, Uint8Array>();
  const opening = new Map<string, Promise<void>>();

  const enter = (parent: Mount, gitlink: PathEntry, rest: string): Submodule => {
    const known = parent.submodules.get(gitlink.path);
    if (known) return known;
    if (!settings.remoteOf) return { kind: 'empty' };
    const path = inMount(parent, gitlink.path);
    const wanted = wantedSubmodules.get(path) ?? { parent, gitlink, rests: new Set() };
    wanted.rests.add(rest);
    wantedSubmodules.set(path, wanted);
    throw new HawserError('Unavailable', `the submodule ${path} of ${sha} is not fetched yet`, {
      data: { notLoaded: path },
    });
  };
  /** Where a path leads, over the borders of repositories; `inside`: a submodule's root for the submodule. */
  const locate = (path: string, inside = false): { mount: Mount; located: Located } | undefined => {
    let mount = root;
    let rest = path;
    for (let crossing = 0; crossing < MAX_CROSSINGS; crossing++) {
      const located: Located = mount.tree.locate(rest);
      if (located.kind === 'above') {
        if (mount === root) throw escapes(located.link);
        // A symlink out of a submodule is one in the checkout, as long as it stays in that.
        rest = `${parentOf(mount.path)}/${located.rest}`;
        mount = root;
        continue;
      }
      const isAtBorder = located.kind === 'blocked' || (located.kind === 'found' && inside);
      if (!isAtBorder || located.entry.mode !== SUBMODULE) return { mount, located };
      rest = located.kind === 'blocked' ? located.rest : '';
      const submodule = enter(mount, located.entry, rest);
      if (submodule.kind === 'empty') return undefined;
      mount = submodule.mount;
    }
    throw new HawserError('LimitExceeded', `${path}: symbolic links lead in and out of submodules without end`);
  };

  const openSubmodule = async ({ parent, gitlink, rests }: WantedSubmodule, signal: AbortSignal | undefined) => {
    const path = inMount(parent, gitlink.path);
    const { remoteOf } = settings;
    if (!remoteOf || parent.submodules.has(gitlink.path)) return;
    if (parent.depth >= MAX_DEPTH) throw tooMany(`submodules are nested more than ${MAX_DEPTH} deep`, path);
    if (mounts.length > MAX_SUBMODULES) throw tooMany(`more than ${MAX_SUBMODULES} submodules are read`, path);
    const declared = await readDeclaration(parent, gitlink.path, signal);
    if (!declared) throw undeclared(path);
    if (!declared.isFollowed) {
      parent.submodules.set(gitlink.path, { kind: 'empty' });
      return;
    }
    try {
      const address = resolveSubmoduleUrl(declared.url, parent.remote.url);
      const own = await remoteOf(address, parent.remote);
      const opened = await settings.git.openCommit(own, gitlink.id, {
        paths: pathsInside(path, options.paths, rests),
        ...(signal && { signal }),
      });
      const mount = { path, depth: parent.depth + 1, remote: own, tree: opened, submodules: new Map() };
      mounts.push(mount);
      parent.submodules.set(gitlink.path, { kind: 'opened', mount });
    } catch (error) {
      throw inSubmodule(error, path, declared.url);
    }
  };
  const loadSubmodule = (path: string, wanted: WantedSubmodule, signal: AbortSignal | undefined): Promise<void> => {
    wantedSubmodules.delete(path);
    const known = opening.get(path);
    if (known) return known;
    const work = openSubmodule(wanted, signal)
      .catch((error: unknown) => {
        // Whoever corrects the address changes nothing else: it decides now.
        if (wanted.parent === root) root.tree.locate(MODULES_FILE);
        throw error;
      })
      .finally(() => opening.delete(path));
    opening.set(path, work);
    return work;
  };
  const loadFiles = async (mount: Mount, wanted: ReadonlyMap<string, LfsPointer>, signal: AbortSignal | undefined) => {
    const paths = new Map([...wanted, ...pointersBeside(mount, wanted)].filter(([, { oid }]) => !files.has(oid)));
    const config = parseConfigFile(decoder.decode(await readPinned(mount, LFS_CONFIG, signal)));
    const endpoint = locateLfs(mount.remote, config);
    const known = [...files.values()].reduce((sum, { length }) => sum + length, 0);
    const { fetch, cache } = settings;
    const { maxFileBytes, maxBytes, timeoutMs } = LFS_LIMITS;
    const limits = { maxFileBytes, timeoutMs, maxBytes: maxBytes - known };
    const fetched = await fetchLfsFiles({ fetch, cache, ...limits }, endpoint, paths, signal).catch(
      (error: unknown) => {
        if (mount === root) root.tree.locate(LFS_CONFIG);
        throw error;
      },
    );
    for (const [oid, content] of fetched) files.set(oid, content);
    for (const path of wanted.keys()) wantedFiles.delete(path);
  };

  return {
    sha,
    commit: root.tree.commit,
    readFile: (path) => {
      const found = locate(path);
      if (found?.located.kind !== 'found' || !found.located.entry.mode.startsWith('100')) return undefined;
      const { mount, located } = found;
      const content = mount.tree.readBlob(located.entry);
      const pointer = parseLfsPointer(content);
      if (!pointer) return content;
      const file = files.get(pointer.oid);
      if (file) return file;
      const full = inMount(mount, located.entry.path);
      if (!mount.remote.lfs) throw lfsNotEnabled(new Map([[full, pointer]]), mount.remote);
      wantedFiles.set(full, { mount, pointer });
      throw new HawserError('Unavailable', `the file ${full} is not fetched from Git LFS yet`, {
        data: { notLoaded: full },
      });
    },
    list: (path) => {
      const found = locate(path, true);
      if (!found) return [];
      const { mount, located } = found;
      return located.kind === 'found' && located.entry.mode === '40000'
        ? mount.tree.listDirectory(located.entry)
        : undefined;
    },
    realPath: (path) => {
      const found = locate(path);
      return found?.located.kind === 'found' ? inMount(found.mount, found.located.entry.path) : undefined;
    },
    missing: () => [
      ...mounts.flatMap((mount) => mount.tree.missing().map((path) => inMount(mount, path))),
      ...wantedSubmodules.keys(),
      ...wantedFiles.keys(),
    ],
    load: async (paths, signal) => {
      const asked = new Set(paths);
      const ofMounts = mounts.map((mount) => ({
        mount,
        here: mount.tree.missing().filter((path) => asked.delete(inMount(mount, path))),
      }));
      const work: Promise<void>[] = [];
      for (const [path, wanted] of [...wantedSubmodules]) {
        if (asked.delete(path)) work.push(loadSubmodule(path, wanted, signal));
      }
      for (const mount of mounts) {
        const ofMount = [...wantedFiles].filter(([path, wanted]) => wanted.mount === mount && asked.delete(path));
        const pointers = new Map(ofMount.map(([path, { pointer }]) => [path, pointer]));
        if (pointers.size > 0) work.push(loadFiles(mount, pointers, signal));
      }
      for (const { mount, here } of ofMounts) {
        const more = mount === root ? [...here, ...asked] : here;
        if (more.length > 0) work.push(mount.tree.load(more, signal));
      }
      await Promise.all(work);
    },
    readSet: root.tree.readSet,
    changedSince: root.tree.changedSince,
    save: async () => {
      await Promise.all(mounts.map((mount) => mount.tree.save()));
    },
  };
}

async function readDeclaration(
  mount: Mount,
  path: string,
  signal: AbortSignal | undefined,
): Promise<SubmoduleDeclaration | undefined> {
  return parseModules(decoder.decode(await readPinned(mount, MODULES_FILE, signal))).get(path);
}

/** A file at the root that decides nothing that the commit does not decide already; empty where it is no plain file, as Git has it. */
async function readPinned(mount: Mount, name: string, signal: AbortSignal | undefined): Promise<Uint8Array> {
  for (;;) {
    try {
      const located = mount.tree.locate(name, 'silently');
      const isFile = located.kind === 'found' && located.entry.path === name && located.entry.mode.startsWith('100');
      return isFile ? mount.tree.readBlob(located.entry) : new Uint8Array(0);
    } catch (error) {
      if (!isHawserError(error, 'Unavailable') || error.data.notLoaded === undefined) throw error;
      await mount.tree.load([name], signal);
    }
  }
}

/**
 * Small files of Git LFS in the folders of those that are wanted, as far as they are here: who reads one soon reads another, and some
 * renderers stop at the first that is missing.
 */
function pointersBeside(mount: Mount, wanted: ReadonlyMap<string, LfsPointer>): Map<string, LfsPointer> {
  const found = new Map<string, LfsPointer>();
  for (const folder of new Set([...wanted.keys()].map((path) => parentOf(path.slice(prefixOf(mount).length))))) {
    for (const { path, content } of mount.tree.filesHere(folder)) {
      const pointer = parseLfsPointer(content);
      if (!pointer || pointer.size > LFS_LIMITS.maxBytesBeside) continue;
      found.set(inMount(mount, path), pointer);
      if (found.size >= LFS_LIMITS.maxBeside) return found;
    }
  }
  return found;
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

function prefixOf({ path }: Mount): string {
  return path === '' ? '' : `${path}/`;
}

function inMount({ path: folder }: Mount, path: string): string {
  return folder === '' ? path : path === '' ? folder : `${folder}/${path}`;
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/** The error with which submodule it was; its code stays, so that what may pass is tried again. */
function inSubmodule(error: unknown, path: string, url: string): unknown {
  if (!(error instanceof HawserError)) return error;
  const hint = error.hint ?? 'push the commit to that repository, or correct .gitmodules; nothing is pruned';
  return new HawserError(error.code, `the submodule ${path} (${withoutUserinfo(url)}): ${error.message}`, {
    place: error.place ?? { file: MODULES_FILE },
    hint,
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

function lfsNotEnabled(paths: ReadonlyMap<string, LfsPointer>, remote: Remote): HawserError {
  const [path = ''] = paths.keys();
  const { url } = readRemoteAddress(remote);
  return new HawserError('RenderFailed', `${path} is in Git LFS, which is not enabled for ${url}`, {
    place: { file: path },
    hint: `set enableLfs: "true" in the repository's Secret (label argocd.argoproj.io/secret-type: repository, url: ${url}), or keep the file out of what is read; nothing is pruned`,
    data: { lfs: path },
  });
}
