// The port through which a build reads what lies elsewhere. Without one, a kustomization that names a remote source fails with Unsupported.

import type { Tree } from '../../tree.ts';
import type { RepoUrl } from './repo-url.ts';

/** Synchronous like Tree: what has not arrived yet is thrown by the owner, who fetches it and builds again. */
export interface RemoteSources {
  /** The bytes behind an http or https URL, or the HTTP status of the answer. */
  readFile(url: string): Uint8Array | { readonly status: number };
  /** The files of a repository at a ref. */
  openRepository(url: RepoUrl): Tree;
}
