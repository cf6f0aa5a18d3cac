// A commit's status at its Git server: what has become of it in a cluster, beside the commit and in its pull request.
// GitHub: REST API, "Create a commit status"; Gitea and Forgejo: the same under another address; GitLab: Commits API, "Set commit pipeline
// status", which refuses to set what a status already is.

import { isHawserError } from '../base/errors.ts';
import { stringAt } from '../base/json.ts';
import type { HostApi } from './host-api.ts';
import type { HostKind } from './repository-api.ts';

export type CommitState = 'pending' | 'running' | 'success' | 'failure' | 'error';

export interface CommitStatus {
  readonly state: CommitState;
  /** Tells statuses of one commit apart: a later one of the same name takes the place of an earlier one. */
  readonly name: string;
  readonly description: string;
  /** Where people see more. */
  readonly url?: string;
}

/** Whether a Git server of this kind has statuses at all; Gogs has none. */
export function hasCommitStatuses(kind: HostKind): boolean {
  return kind !== 'gogs';
}

/** GitHub takes 140 characters, GitLab 255. */
const MAX_DESCRIPTION = 140;

/** Throws what `HostApi.send` throws. */
export async function setCommitStatus(
  kind: HostKind,
  api: HostApi,
  repository: string,
  commit: string,
  status: CommitStatus,
): Promise<void> {
  const { state, name, url } = status;
  const description = cut(status.description);
  if (kind === 'gitlab') {
    const body = { state: stateOfGitLab(state), name, description, ...(url && { target_url: url }) };
    await ignoringRepeats(api.post(`/projects/${encodeURIComponent(repository)}/statuses/${commit}`, body));
    return;
  }
  // Neither knows that something has begun; it waits for its end.
  const body = { state: state === 'running' ? 'pending' : state, context: name, description };
  await api.post(`/repos/${repository}/statuses/${commit}`, { ...body, ...(url && { target_url: url }) });
}

function stateOfGitLab(state: CommitState): string {
  return state === 'failure' || state === 'error' ? 'failed' : state;
}

/** GitLab: `Cannot transition status via :run from :running` (400). */
async function ignoringRepeats(sending: Promise<void>): Promise<void> {
  try {
    await sending;
  } catch (error) {
    const isRepeat = isHawserError(error) && /cannot transition status/i.test(stringAt(error.data, 'answer') ?? '');
    if (!isRepeat) throw error;
  }
}

function cut(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  const characters = [...line];
  return characters.length <= MAX_DESCRIPTION ? line : `${characters.slice(0, MAX_DESCRIPTION - 1).join('')}…`;
}
