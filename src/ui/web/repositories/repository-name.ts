// What a repository is called where its whole address is too long, and where its page is.

export type Purpose = 'read' | 'write';

/** Its name; else what follows the host: `devops/app`. */
export function shortName({ repo, name }: { readonly repo: string; readonly name?: string | undefined }): string {
  if (name) return name;
  const path = URL.canParse(repo) ? new URL(repo).pathname : repo;
  return path.replace(/^\/+|\/+$/g, '').replace(/\.git$/, '') || repo;
}

export interface RepositoryKey {
  readonly repo: string;
  readonly project?: string | undefined;
  readonly purpose: Purpose;
}

/** Where the page of a repository is; `part` is a sheet over it. */
export function repositoryPath({ repo, project, purpose }: RepositoryKey, part?: string): string {
  const query = new URLSearchParams({
    ...(project && { project }),
    ...(purpose === 'write' && { for: 'writing' }),
    ...(part && { part }),
  }).toString();
  return `/repositories/${encodeURIComponent(repo)}${query === '' ? '' : `?${query}`}`;
}

/** In a policy. */
export function repositoryObject({ repo, project }: Pick<RepositoryKey, 'repo' | 'project'>): string {
  return project ? `${project}/${repo}` : repo;
}

/** Whether two addresses are of one repository, as far as a page can tell. */
export function isSameAddress(a: string, b: string): boolean {
  const plain = (url: string) =>
    url
      .toLowerCase()
      .replace(/\/+$/, '')
      .replace(/\.git$/, '');
  return plain(a) === plain(b);
}
