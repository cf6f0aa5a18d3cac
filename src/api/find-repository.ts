// Which repository a request means; which ones there are is told only to those who may see them (Argo CD: server/repository, getRepository).

import type { RepositoryData } from '../application/repository-secret.ts';
import { shownUrl } from '../application/repository-shape.ts';
import { HawserError } from '../base/errors.ts';
import { chooseOwnSecret } from '../git/credentials.ts';
import { sameRepository, withoutUserinfo } from '../git/repository-url.ts';
import type { KnownRepository, Purpose, RepositoryBook } from '../operation/repository-book.ts';
import type { Call } from './route.ts';

/** What rights to them are about. */
export const RBAC_OF = { read: 'repositories', write: 'write-repositories' } as const satisfies Record<Purpose, string>;

export async function listPermitted(
  book: RepositoryBook,
  { rights }: Call,
  purpose: Purpose,
): Promise<readonly KnownRepository[]> {
  const all = await book.list(purpose);
  return all.filter(({ data }) => rights.may(RBAC_OF[purpose], 'get', repositoryObject(data)));
}

/** The one that `:repo` names; `project`: '' for what is of none, or is the only one. Throws `Forbidden` and `NotFound`. */
export async function findRepository(
  book: RepositoryBook,
  call: Call,
  { purpose, project }: { readonly purpose: Purpose; readonly project: string },
): Promise<KnownRepository> {
  const url = call.param('repo');
  const same = (await listPermitted(book, call, purpose)).filter(({ data }) => isNamed(data, url));
  const [only, ...others] = same;
  if (!only) throw new HawserError('Forbidden', 'permission denied');
  if (others.length === 0 && project === '') return only;
  const found = same.find(({ data }) => (data.project ?? '') === project);
  if (found) return found;
  throw new HawserError('NotFound', `repository not found for url "${withoutUserinfo(url)}" and project "${project}"`);
}

/**
 * The name, in a policy, of what is used to write to a repository that is read as `read`: of the credentials that are chosen (credentials.ts,
 * chooseWriter) for what is of `project`, which may be everybody's where the repository is a project's.
 */
export async function writerObject(
  book: RepositoryBook,
  read: RepositoryData,
  project = read.project ?? '',
): Promise<string> {
  const writers = (await book.list('write')).map(({ data }) => data);
  const chosen = chooseOwnSecret(read.url ?? '', project, writers);
  return repositoryObject(chosen ? { ...read, url: chosen.url ?? '', project: chosen.project ?? '' } : read);
}

/** The name of a repository in a policy. */
export function repositoryObject(data: RepositoryData): string {
  return data.project ? `${data.project}/${shownUrl(data)}` : shownUrl(data);
}

export function isNamed(data: RepositoryData, url: string): boolean {
  return sameRepository(data.url ?? '', url) || sameRepository(shownUrl(data), withoutUserinfo(url));
}
