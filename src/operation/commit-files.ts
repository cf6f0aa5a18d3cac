// A change of an Application's files as a commit at the Git server, pushed with the credentials for writing and no others.

import { sourcesOf } from '../application/parse.ts';
import type { Application } from '../application/types.ts';
import { HawserError, isHawserError, messageOf } from '../base/errors.ts';
import { createGitClient, type GitClient } from '../git/client.ts';
import type { Person } from '../git/commit-object.ts';
import { chooseRemote, chooseWriter } from '../git/credentials.ts';
import { isObjectId, ZERO_ID } from '../git/object.ts';
import type { Remote } from '../git/remote.ts';
import { withoutUserinfo } from '../git/repository-url.ts';
import { recogniseHost } from '../git-host/hooks/hosts.ts';
import { type PushedBranch, pageOfBranch } from '../git-host/pages.ts';
import { joinPath } from '../render/tree.ts';
import { isChartSource } from '../source/chart-locations.ts';
import { editableFiles } from '../source/editable-files.ts';
import { renderContext } from './compare-application.ts';
import { requirePermitted } from './project-rules.ts';
import { clientFor, type Road } from './road.ts';
import { readArgoSettings } from './settings.ts';
import { readProject, readRepositorySecrets } from './world.ts';
import { readWriteCredentials } from './write-credentials.ts';

export interface CommitRequest {
  /** The number of the source. */
  readonly source: number;
  readonly branch: string;
  /** `branch` is new, and begins at `baseRevision`; otherwise it has to be there still. */
  readonly createBranch: boolean;
  readonly message: string;
  /** Contents by paths from the root of the repository. */
  readonly files: Readonly<Record<string, string>>;
  /** The commit whose files were changed. */
  readonly baseRevision: string;
  readonly author: { readonly name: string; readonly email: string };
}

export interface CommittedFiles {
  readonly commit: string;
  readonly branch: string;
  /** Where the Git server offers to go on: a comparison or a merge request for a new branch, otherwise the commit. */
  readonly url?: string;
}

const MAX_BYTES = 8 << 20;
const MAX_MESSAGE = 16_384;

/** Of a Git server that may be any: the page it has for the branch is not worth more. */
const HOST_MS = 4_000;

/** `git check-ref-format --branch`, as far as it can matter. */
const NO_BRANCH = /[\x00-\x20\x7f~^:?*[\\]|\.\.|@\{|\/\/|\/$|^\/|^-|\.$|\.lock(\/|$)|(^|\/)\.|^@$|^HEAD$/;

const COMMITTER = { name: 'hawser', email: 'hawser@noreply.invalid' };

const encoder = new TextEncoder();

/**
 * Throws `InvalidInput` and `PathEscapes` for files that are not the Application's; `FailedPrecondition` where nobody gave credentials for
 * writing, and where the Git server refuses; `Conflict` where the branch is not at `baseRevision` any more; `NotFound` where it is gone.
 */
export async function commitFiles(road: Road, app: Application, request: CommitRequest): Promise<CommittedFiles> {
  const source = sourcesOf(app.spec)[request.source];
  if (!source) throw new HawserError('InvalidInput', `source: the Application has no source ${request.source}`);
  if (isChartSource(source))
    throw new HawserError('InvalidInput', 'the source is a chart of a repository, which takes no commits');
  checkForm(request);
  const known = Promise.all([readRepositorySecrets(road, 'consistent'), readArgoSettings(road)]);
  const [[secrets], project, writers] = await Promise.all([
    known,
    readProject(road, app.spec.project, known),
    readWriteCredentials(road),
  ]);
  requirePermitted(road, app, project);
  const writer = chooseWriter(source.repoURL, app.spec.project, writers);
  if (!writer) throw noWriter(source.repoURL);
  const context = await renderContext(road, clientFor(road, app.spec.destination), app);
  const resolved = sourcesOf(app.spec).map((one) => ({ source: one, revision: request.baseRevision }));
  const files = checkedFiles(request.files, editableFiles(resolved, request.source, context));
  const { platform } = road;
  const git = createGitClient({ fetch: platform.fetch, cache: platform.cache });
  const reader = chooseRemote(source.repoURL, app.spec.project, secrets);
  const now = { atSeconds: Math.floor(platform.clock.now() / 1000), zone: '+0000' };
  const details = {
    author: { ...cleanPerson(request.author), ...now },
    committer: { ...COMMITTER, ...now },
    message: request.message.trim(),
  };
  const { baseRevision, branch, createBranch } = request;
  const signal = AbortSignal.any([road.stopping, AbortSignal.timeout(120_000)]);
  const made = await git.prepareCommit(reader, baseRevision, files, details, signal);
  const before = createBranch ? ZERO_ID : baseRevision;
  await git.push(writer, { ref: `refs/heads/${branch}`, before, after: made.id, objects: made.objects }, signal);
  platform.log.info('a change was committed', {
    application: app.metadata.name,
    repository: withoutUserinfo(source.repoURL),
    branch,
    commit: made.id,
  });
  const url = await pageOf(road, source.repoURL, writer.connection, async () => ({
    ...{ commit: made.id, branch, isNew: createBranch },
    ...(createBranch && { target: await targetOf(git, reader, source.targetRevision) }),
  }));
  return { commit: made.id, branch, ...(url !== undefined && { url }) };
}

function checkForm({ branch, message, baseRevision, files }: CommitRequest): void {
  if (branch === '' || branch.length > 200 || NO_BRANCH.test(branch)) {
    throw new HawserError('InvalidInput', `branch: '${branch}' is no name for a branch`);
  }
  if (message.trim() === '') throw new HawserError('InvalidInput', 'message: a commit needs one');
  if (message.length > MAX_MESSAGE || message.includes('\0')) {
    throw new HawserError('InvalidInput', `message: longer than ${MAX_MESSAGE} characters, or no text`);
  }
  if (!isObjectId(baseRevision)) throw new HawserError('InvalidInput', 'baseRevision: not the id of a commit');
  if (Object.keys(files).length === 0) throw new HawserError('InvalidInput', 'files: nothing is changed');
}

function checkedFiles(
  files: Readonly<Record<string, string>>,
  mayEdit: (path: string) => boolean,
): Map<string, Uint8Array<ArrayBuffer>> {
  const checked = new Map<string, Uint8Array<ArrayBuffer>>();
  let bytes = 0;
  for (const [path, text] of Object.entries(files)) {
    const isClean = path !== '' && joinPath('', path) === path && !path.includes('\0');
    if (!isClean || path.split('/').some((part) => part.toLowerCase() === '.git')) {
      throw new HawserError('PathEscapes', `files: '${path}' is no path in the repository`);
    }
    if (!mayEdit(path)) {
      throw new HawserError('InvalidInput', `files: ${path} is not of this source`, {
        hint: "an Application's change may touch the files of its source's folder, and those that it names as values",
      });
    }
    const content = encoder.encode(text);
    bytes += content.length;
    if (bytes > MAX_BYTES)
      throw new HawserError('TooLarge', `the files are larger than ${MAX_BYTES >> 20} MiB together`);
    checked.set(path, content);
  }
  return checked;
}

/** In a commit a name ends at `<`, and an address at `>`. */
function cleanPerson({ name, email }: CommitRequest['author']): Pick<Person, 'name' | 'email'> {
  const clean = (text: string) => text.replace(/[\x00-\x1f<>]/g, '').trim();
  return { name: clean(name) || 'somebody', email: clean(email) };
}

function noWriter(repoURL: string): HawserError {
  return new HawserError(
    'FailedPrecondition',
    `nothing can be pushed to ${withoutUserinfo(repoURL)}: nobody gave credentials for writing to it`,
    {
      hint: 'register them as a repository for writing (hawser repo add --write, or a Secret with the label argocd.argoproj.io/secret-type: repository-write, or repo-write-creds for all below an address); the change can be copied as a patch without',
      data: { missing: 'write-credentials' },
    },
  );
}

/** What a merge request is to be merged into: what the source follows. */
async function targetOf(git: GitClient, remote: Remote, revision = ''): Promise<string> {
  if (revision !== '' && revision !== 'HEAD') return revision;
  const { head = '' } = await git.listRefs(remote, { prefixes: ['HEAD'], signal: AbortSignal.timeout(HOST_MS) });
  return head.replace(/^refs\/heads\//, '');
}

/** undefined where the Git server is of no kind that is known, or does not say in time. */
async function pageOf(
  { platform }: Road,
  repoURL: string,
  connection: Parameters<typeof recogniseHost>[0]['connection'],
  describePush: () => Promise<PushedBranch>,
): Promise<string | undefined> {
  const signal = AbortSignal.timeout(HOST_MS);
  try {
    const kind = await recogniseHost({ fetch: platform.fetch, repoURL, signal, ...(connection && { connection }) });
    return kind && pageOfBranch(kind, repoURL, await describePush());
  } catch (error) {
    // The commit is there, whatever is wrong with its page: workerd has other errors for a connection that is lost than Node.
    if (!isHawserError(error) && !signal.aborted) {
      platform.log.warn('the page of a pushed branch is not known', { reason: messageOf(error) });
    }
    return undefined;
  }
}
