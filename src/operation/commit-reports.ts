// What is told at the Git server: the status of the commits that an Application is at, and a comment beside them, with the credentials for
// writing and no others.

import { sourcesOf } from '../application/parse.ts';
import { isSourcePermitted } from '../application/project.ts';
import type { Application, Source } from '../application/types.ts';
import { HawserError } from '../base/errors.ts';
import { at, stringAt } from '../base/json.ts';
import { chooseWriter } from '../git/credentials.ts';
import { credentialsOf } from '../git/remote.ts';
import { withoutUserinfo } from '../git/repository-url.ts';
import { commentOnCommit } from '../git-host/comment.ts';
import { type CommitState, hasCommitStatuses, setCommitStatus } from '../git-host/commit-status.ts';
import { type HostKind, hostKindOf, openRepositoryApi } from '../git-host/repository-api.ts';
import type { Message } from '../notify/message.ts';
import type { Road } from './road.ts';
import { readProject, readRepositorySecrets } from './world.ts';
import { readWriteCredentials } from './write-credentials.ts';

/** Services that need no configuration but the credentials for writing. */
export const GIT_SERVICES: readonly string[] = ['github', 'gitlab', 'gitea', 'forgejo'];

export interface CommitReport {
  readonly app: Application;
  readonly service: string;
  /** `comment`, or `status`, which '' means, too. */
  readonly recipient: string;
  readonly message: Message;
  /** Where people see the Application; '' where that is not known. */
  readonly url: string;
  readonly signal: AbortSignal;
}

interface Commit {
  readonly repoURL: string;
  readonly id: string;
}

const STATES: ReadonlySet<string> = new Set(['pending', 'running', 'success', 'failure', 'error']);

/** Throws `Unavailable` for what may be tried again, and other errors for what would fail again. */
export async function reportCommit(road: Road, report: CommitReport): Promise<void> {
  const { app, service, recipient, message } = report;
  if (recipient !== '' && recipient !== 'status' && recipient !== 'comment') {
    throw new HawserError('InvalidInput', `${service}: a recipient is status or comment, not ${recipient}`);
  }
  const state = stringAt(message.parts, 'status', 'state') ?? '';
  if (recipient !== 'comment' && !STATES.has(state)) return;
  const commits = commitsOf(app);
  if (commits.length === 0) return;
  const secrets = await readWriteCredentials(road);
  const project = await readProject(road, app.spec.project || 'default', readRepositorySecrets(road, 'cached'));
  for (const commit of commits) {
    const kind = hostKindOf(commit.repoURL, service);
    // A repository at another server has a service of its own.
    if (!kind || (kind !== service && !isSameFamily(kind, service))) continue;
    // Whoever writes Applications by kubectl writes their status, too: what they name needs not be what was deployed.
    if (!project || !isSourcePermitted(project, commit.repoURL)) {
      const shown = withoutUserinfo(commit.repoURL);
      throw new HawserError('InvalidInput', `${service}: the project ${app.spec.project} does not permit ${shown}`);
    }
    const writer = chooseWriter(commit.repoURL, app.spec.project, secrets);
    const credentials = writer && credentialsOf(writer);
    if (!credentials) throw missingCredentials(service, commit.repoURL);
    const opened = openRepositoryApi({
      fetch: road.platform.fetch,
      repoURL: commit.repoURL,
      kind,
      credentials,
      right: 'write commit statuses and comments',
      signal: AbortSignal.any([report.signal, AbortSignal.timeout(30_000)]),
      ...(writer.connection && { connection: writer.connection }),
    });
    if (!opened) throw new HawserError('InvalidInput', `${service}: ${withoutUserinfo(commit.repoURL)} has no API`);
    const { api, repository } = opened;
    if (recipient === 'comment') await commentOnCommit(kind, api, repository, commit.id, commentOf(message));
    else if (hasCommitStatuses(kind)) await setCommitStatus(kind, api, repository, commit.id, statusOf(report, state));
  }
}

function isSameFamily(kind: HostKind, service: string): boolean {
  return (kind === 'forgejo' && service === 'gitea') || (kind === 'gitea' && service === 'forgejo');
}

function statusOf({ app, message, url }: CommitReport, state: string) {
  const { parts, text } = message;
  const target = stringAt(parts, 'status', 'targetURL') || stringAt(parts, 'status', 'target_url') || url;
  return {
    state: state as CommitState,
    name: stringAt(parts, 'status', 'label') || `hawser/${app.metadata.name}`,
    description: stringAt(parts, 'status', 'description') || text,
    ...(/^https?:\/\//.test(target) && { url: target }),
  };
}

/** Argo CD's templates for GitHub call it the comment of the pull request. */
function commentOf({ parts, text }: Message): string {
  const own = at(parts, 'comment', 'content') ?? at(parts, 'pullRequestComment', 'content');
  return typeof own === 'string' && own !== '' ? own : text;
}

/** Those that the operation is about, or where there is none those that are compared with; of charts there are none. */
function commitsOf({ spec, status }: Application): readonly Commit[] {
  const { operationState, sync, conditions = [] } = status;
  const isHeld = conditions.some(({ type }) => type === 'SyncHeld');
  const result = isHeld ? undefined : operationState?.syncResult;
  const { revision, revisions = [revision ?? ''] } = result ?? sync ?? {};
  const sources: readonly Source[] = result?.sources ?? (result?.source ? [result.source] : sourcesOf(spec));
  const found = sources.flatMap(({ repoURL, chart }, index): readonly Commit[] => {
    const id = revisions[index] ?? '';
    return chart || !/^([0-9a-f]{40}|[0-9a-f]{64})$/.test(id) ? [] : [{ repoURL, id }];
  });
  return found.filter(
    (commit, index) => found.findIndex(({ repoURL, id }) => repoURL === commit.repoURL && id === commit.id) === index,
  );
}

function missingCredentials(service: string, repoURL: string): HawserError {
  return new HawserError(
    'InvalidInput',
    `${service}: nothing is written to ${withoutUserinfo(repoURL)}, since nobody gave credentials for that`,
    {
      hint: 'make a Secret with its url, username and password, and the label argocd.argoproj.io/secret-type: repository-write (or repo-write-creds for all below an address)',
    },
  );
}
