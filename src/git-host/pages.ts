// The pages of Git servers that follow a push: a comparison that offers a merge request, or the commit.

import { withoutUserinfo } from '../git/repository-url.ts';
import type { HostKind } from './repository-api.ts';

export interface PushedBranch {
  readonly commit: string;
  readonly branch: string;
  readonly isNew: boolean;
  /** The branch that it is to be merged into, where that is known; otherwise the server's default one. */
  readonly target?: string;
}

/** `repoURL` is `https://git.example.com/owner/name.git`; undefined for what is no HTTP address. */
export function pageOfBranch(kind: HostKind, repoURL: string, pushed: PushedBranch): string | undefined {
  if (!/^https?:\/\//i.test(repoURL) || !URL.canParse(repoURL)) return undefined;
  const base = withoutUserinfo(repoURL)
    .replace(/\/+$/, '')
    .replace(/\.git$/, '');
  const { commit, branch, isNew, target } = pushed;
  if (!isNew) return `${base}${kind === 'gitlab' ? '/-' : ''}/commit/${commit}`;
  const head = encodePath(branch);
  const onto = target === undefined || target === '' || target === 'HEAD' ? undefined : encodePath(target);
  if (kind === 'gitlab') {
    const query = new URLSearchParams({ 'merge_request[source_branch]': branch });
    if (onto && target) query.set('merge_request[target_branch]', target);
    return `${base}/-/merge_requests/new?${query}`;
  }
  if (kind === 'github') return `${base}/compare/${onto ? `${onto}...` : ''}${head}?expand=1`;
  return onto ? `${base}/compare/${onto}...${head}` : `${base}/src/branch/${head}`;
}

/** Slashes of a branch stay. */
function encodePath(text: string): string {
  return text.split('/').map(encodeURIComponent).join('/');
}
