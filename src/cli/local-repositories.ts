// Git repositories of this machine as remote bases (`file:///…`), which kustomize allows: of the command line alone.

import { existsSync, promises, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Wait } from '../base/bring-missing.ts';
import { HawserError, messageOf } from '../base/errors.ts';
import { type Checkout, type CheckoutSettings, openCheckout } from '../git/checkout.ts';
import type { GitClient } from '../git/client.ts';
import { parseCommitObject } from '../git/commit-object.ts';
import { type CommitTree, createCommitTree } from '../git/commit-tree.ts';
import { type GitObject, isObjectId, type ObjectId } from '../git/object.ts';
import type { Remote } from '../git/remote.ts';
import { SUBMODULE } from '../git/tree-object.ts';
import { entriesOf, walkPath } from '../git/walk-path.ts';
import type { RepoUrl } from '../render/kustomize/load/repo-url.ts';
import type { Tree } from '../render/tree.ts';
import { createWidening } from '../source/widening.ts';

export interface LocalRepositories extends Wait {
  /** Throws where the repository has not been read yet, and remembers to. */
  openRepository(url: RepoUrl): Tree;
}

interface Repository {
  readonly folder: string;
  readonly gitdir: string;
  /** isomorphic-git's own, for the indexes of packs. */
  readonly cache: object;
  readonly objects: Map<ObjectId, GitObject>;
}

/**
 * Of each build, each repository at a ref is opened once; what a build reads of it is read when it is asked for. `network` is for
 * submodules that lie elsewhere.
 */
export function createLocalRepositories(network: CheckoutSettings): LocalRepositories {
  const opened = new Map<string, { readonly tree: Checkout; readonly widen: ReturnType<typeof createWidening> }>();
  const missing = new Map<string, RepoUrl>();
  const incomplete = () => [...opened.values()].filter(({ tree }) => tree.missing().length > 0);
  return {
    openRepository: (url) => {
      const key = JSON.stringify([url.cloneUrl, url.ref, url.submodules]);
      const tree = opened.get(key)?.tree;
      // An object of its own, as kustomize has a clone for each: cycles are told by the tree.
      if (tree) return { readFile: tree.readFile, list: tree.list, realPath: tree.realPath };
      missing.set(key, url);
      throw new HawserError('Unavailable', `${url.cloneUrl} is not read yet`);
    },
    isIncomplete: () => missing.size > 0 || incomplete().length > 0,
    load: async (signal) => {
      const wanted = [...missing];
      missing.clear();
      for (const [key, url] of wanted) {
        opened.set(key, { tree: await openRepository(network, url), widen: createWidening() });
      }
      for (const { tree, widen } of incomplete()) await tree.load(widen(tree.missing()), signal);
    },
  };
}

async function openRepository(network: CheckoutSettings, { cloneUrl, ref, submodules }: RepoUrl): Promise<Checkout> {
  const repository = openFolder(cloneUrl);
  const sha = await resolveCommit(repository, ref || 'HEAD');
  const openCommit: GitClient['openCommit'] = (remote, commit, options) =>
    isLocal(remote.url)
      ? openLocalCommit(openFolder(remote.url), commit)
      : network.git.openCommit(remote, commit, options);
  const settings = { ...network, git: { openCommit } };
  const remoteOf = async (url: string): Promise<Remote> => ({ url });
  return openCheckout({ ...settings, ...(submodules && { remoteOf }) }, { url: cloneUrl }, sha, { paths: [] });
}

function isLocal(url: string): boolean {
  return url.startsWith('file://') || url.startsWith('/');
}

async function openLocalCommit(repository: Repository, sha: ObjectId): Promise<CommitTree> {
  const commit = parseCommitObject((await readObject(repository, sha)).content);
  return createCommitTree({
    sha,
    commit,
    find: (id: ObjectId) => repository.objects.get(id),
    load: async (paths) => {
      for (const path of paths) await loadPath(repository, commit.tree, path);
    },
    changedSince: async () => [],
    save: async () => undefined,
  });
}

/** By a `file://` URL, or a path as .gitmodules may have it. */
function openFolder(url: string): Repository {
  const folder = url.startsWith('file://') ? decodeUrl(url.slice('file://'.length)) : url;
  return { folder, gitdir: gitdirOf(folder), cache: {}, objects: new Map() };
}

function gitdirOf(folder: string): string {
  const inside = join(folder, '.git');
  if (existsSync(inside) && statSync(inside).isDirectory()) return inside;
  if (existsSync(join(folder, 'HEAD')) && existsSync(join(folder, 'objects'))) return folder;
  throw new HawserError('GitFailed', `'${folder}' does not appear to be a Git repository`, {
    hint: 'correct the path after file://, and separate a folder inside the repository by //',
  });
}

/** The commit of a branch, tag or id, annotated tags peeled. */
async function resolveCommit(repository: Repository, ref: string): Promise<ObjectId> {
  const { default: isomorphicGit } = await import('isomorphic-git');
  const { folder, gitdir } = repository;
  let id = ref.toLowerCase();
  try {
    if (!isObjectId(id)) id = await isomorphicGit.resolveRef({ fs: { promises }, gitdir, ref });
  } catch (error) {
    throw new HawserError('RevisionNotFound', `'${ref}' is no branch, tag or commit of '${folder}'`, { cause: error });
  }
  for (;;) {
    const { type, content } = await readObject(repository, id);
    if (type === 'commit') return id;
    const target = type === 'tag' ? /^object ([0-9a-f]{40})$/m.exec(new TextDecoder().decode(content))?.[1] : undefined;
    if (target === undefined) throw new HawserError('RevisionNotFound', `'${ref}' of '${folder}' is no commit`);
    id = target;
  }
}

async function readObject(repository: Repository, id: ObjectId): Promise<GitObject> {
  const known = repository.objects.get(id);
  if (known) return known;
  const { default: isomorphicGit } = await import('isomorphic-git');
  const { gitdir, cache } = repository;
  try {
    const read = await isomorphicGit.readObject({ fs: { promises }, gitdir, cache, oid: id, format: 'content' });
    if (read.format !== 'content') throw new Error('not the content');
    const object: GitObject = { type: read.type as GitObject['type'], content: read.object };
    repository.objects.set(id, object);
    return object;
  } catch (error) {
    throw new HawserError('GitFailed', `cannot read the object ${id} of '${gitdir}': ${messageOf(error)}`, {
      cause: error,
    });
  }
}

/** What is at a path: a directory with all below it, a file with those beside it, since who reads one soon reads another. */
async function loadPath(repository: Repository, root: ObjectId, path: string): Promise<void> {
  const find = (id: ObjectId) => repository.objects.get(id);
  for (;;) {
    const walked = walkPath(find, root, path, () => undefined);
    if (walked.kind === 'unknown') await readObject(repository, walked.id);
    else if (walked.kind !== 'found' || walked.entry.mode === SUBMODULE) return;
    else if (walked.entry.mode === '40000') return loadBelow(repository, walked.entry.id, true);
    else {
      await readObject(repository, walked.entry.id);
      const parent = walkPath(find, root, walked.entry.path.slice(0, Math.max(0, walked.entry.path.lastIndexOf('/'))));
      if (parent.kind === 'found') await loadBelow(repository, parent.entry.id, false);
      return;
    }
  }
}

async function loadBelow(repository: Repository, id: ObjectId, isDeep: boolean): Promise<void> {
  for (const entry of entriesOf(await readObject(repository, id)).values()) {
    if (entry.mode === '40000' && isDeep) await loadBelow(repository, entry.id, true);
    else if (entry.mode !== '40000' && entry.mode !== SUBMODULE) await readObject(repository, entry.id);
  }
}

/** As Git decodes the path of a URL. */
function decodeUrl(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
