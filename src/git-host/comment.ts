// A comment about a commit. GitHub: REST API, "Create a commit comment"; GitLab: Commits API, "Post comment to commit"; Gitea and Forgejo
// have none, but tell the pull request that brought a commit, which can be commented on (checked with Gitea 1.26).

import { isHawserError } from '../base/errors.ts';
import { numberIn } from './answers.ts';
import type { HostApi } from './host-api.ts';
import type { HostKind } from './repository-api.ts';

/** False where there is nothing that could be commented on. Throws what `HostApi.send` throws. */
export async function commentOnCommit(
  kind: HostKind,
  api: HostApi,
  repository: string,
  commit: string,
  text: string,
): Promise<boolean> {
  switch (kind) {
    case 'github':
      await api.post(`/repos/${repository}/commits/${commit}/comments`, { body: text });
      return true;
    case 'gitlab':
      await api.post(`/projects/${encodeURIComponent(repository)}/repository/commits/${commit}/comments`, {
        note: text,
      });
      return true;
    case 'gitea':
    case 'forgejo':
      return commentOnPull(api, repository, commit, text);
    default:
      return false;
  }
}

async function commentOnPull(api: HostApi, repository: string, commit: string, text: string): Promise<boolean> {
  const pull = await api.get(`/repos/${repository}/commits/${commit}/pull`).catch((error: unknown) => {
    // It was pushed to the branch, and no pull request brought it.
    if (isHawserError(error, 'NotFound')) return undefined;
    throw error;
  });
  const number = numberIn(pull, 'number');
  if (number === 0) return false;
  await api.post(`/repos/${repository}/issues/${number}/comments`, { body: text });
  return true;
}
