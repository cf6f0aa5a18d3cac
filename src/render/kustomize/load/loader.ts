// Reads the files of one kustomization: those in or below its directory, and others where the load restrictor allows it
// (kustomize: api/internal/loader/fileloader.go).

import { HawserError } from '../../../base/errors.ts';
import { joinPath, type Tree } from '../../tree.ts';
import type { BuildBudget } from '../limits.ts';
import { failure } from '../node/fail.ts';
import type { RemoteSources } from './remote.ts';
import { parseRepoUrl, type RepoUrl, shownSource } from './repo-url.ts';

export interface Loader {
  readonly tree: Tree;
  /** The directory of the kustomization, a clean path in the tree. */
  readonly root: string;
  /** Files may be read only in or below the root. */
  readonly restricted: boolean;
  readonly remote: RemoteSources | undefined;
  /** Set for the root of a remote repository. */
  readonly repository: RepoUrl | undefined;
  /** What the whole build has used up. */
  readonly budget: BuildBudget;
  /** The kustomization that led here. */
  readonly referrer: Loader | undefined;
}

/** A loader for the kustomization where a build begins; its path may be the URL of a repository. */
export function openLoader(
  tree: Tree,
  path: string,
  restricted: boolean,
  remote: RemoteSources | undefined,
  budget: BuildBudget,
): Loader {
  const start: Loader = { tree, root: '', restricted, remote, repository: undefined, budget, referrer: undefined };
  const url = parseRepoUrl(path);
  if (url !== undefined) return { ...openRepository(start, url), referrer: undefined };
  return { ...start, root: confirmDirectory(start, path) };
}

/** A loader for another kustomization that this one names; it may not be one that is being read already. */
export function openBase(loader: Loader, path: string): Loader {
  if (path === '') throw failure('the path of a kustomization is empty');
  const url = parseRepoUrl(path);
  if (url !== undefined) {
    checkRepositoryCycle(loader, url);
    return openRepository(loader, url);
  }
  if (path.startsWith('/')) throw failure(`the kustomization '${path}' must have a relative path`);
  const root = confirmDirectory(loader, path);
  checkCycle(loader, root);
  return { ...loader, root, repository: undefined, referrer: loader };
}

/**
 * The directory at a path, without symlinks. Whether it is one shows when its kustomization file is read: asking for its list would make
 * every file beside it count as read.
 */
function confirmDirectory({ tree, root }: Loader, path: string): string {
  const joined = joinPath(root, path);
  if (joined === undefined) throw failure(`'${path}' leads out of the repository`);
  const real = tree.realPath === undefined ? joined : tree.realPath(joined);
  if (real === undefined) throw failure(`'${joined}' does not exist`);
  return real;
}

/** A base may not be the directory of a kustomization that is being read, or contain it. */
function checkCycle(loader: Loader, root: string): void {
  for (let visited: Loader | undefined = loader; visited !== undefined; visited = visited.referrer) {
    if (visited.tree === loader.tree && contains(root, visited.root)) {
      throw failure(`the kustomization '${root}' contains '${visited.root}', which leads to it`);
    }
  }
}

function checkRepositoryCycle(loader: Loader, url: RepoUrl): void {
  for (let visited: Loader | undefined = loader; visited !== undefined; visited = visited.referrer) {
    if (visited.repository?.raw.startsWith(url.raw))
      throw failure(`the remote kustomization '${shownSource(url.raw)}' leads to itself`);
  }
}

export function contains(directory: string, path: string): boolean {
  return directory === '' || path === directory || path.startsWith(`${directory}/`);
}

function openRepository(loader: Loader, url: RepoUrl): Loader {
  if (loader.remote === undefined) {
    throw new HawserError('Unsupported', `the kustomization names the remote source '${shownSource(url.raw)}'`, {
      hint: 'copy it into the repository',
    });
  }
  const opened: Loader = {
    tree: loader.remote.openRepository(url),
    root: '',
    restricted: true,
    remote: loader.remote,
    repository: url,
    budget: loader.budget,
    referrer: loader,
  };
  return { ...opened, root: confirmDirectory(opened, url.path) };
}

/** The bytes of a file that a kustomization names. */
export function loadFile(loader: Loader, path: string): Uint8Array {
  const content = /^https?:/i.test(path) ? loadUrl(loader, path) : loadLocal(loader, path);
  loader.budget.spend('inputBytes', content.length);
  return content;
}

function loadLocal(loader: Loader, path: string): Uint8Array {
  const full = joinPath(loader.root, path);
  if (full === undefined) throw failure(`the file '${path}' lies outside the repository`);
  const real = loader.tree.realPath === undefined ? full : loader.tree.realPath(full);
  const content = real === undefined ? undefined : loader.tree.readFile(real);
  if (content === undefined || real === undefined) throw failure(`there is no file '${full}'`, 'correct the path');
  if (loader.restricted && !contains(loader.root, parentOf(real))) {
    throw failure(
      `the file '${real}' is not in or below '${loader.root}'`,
      'move it there, or name a kustomization beside it as a base',
    );
  }
  return content;
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), 0));
}

/** The path of such a file in the tree, for messages. */
export function pathOf(loader: Loader, path: string): string {
  return /^https?:/i.test(path) ? shownSource(path) : (joinPath(loader.root, path) ?? path);
}

/** The text of a file that a kustomization names. */
export function loadText(loader: Loader, path: string): string {
  return decodeText(loadFile(loader, path), path);
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function decodeText(bytes: Uint8Array, path: string): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw failure(`the file '${shownSource(path)}' is no UTF-8 text`);
  }
}

function loadUrl(loader: Loader, url: string): Uint8Array {
  if (loader.remote === undefined) {
    throw new HawserError('Unsupported', `the kustomization names the remote file '${shownSource(url)}'`, {
      hint: 'copy it into the repository',
    });
  }
  const answer = loader.remote.readFile(url);
  if (answer instanceof Uint8Array) return answer;
  if (parseRepoUrl(url) !== undefined)
    throw failure(`there is no file at '${shownSource(url)}'${answer.status === 0 ? '' : ` (${answer.status})`}`);
  throw new HawserError('RenderFailed', `the server answered ${answer.status} for '${shownSource(url)}'`, {
    data: { http: answer.status },
  });
}
