// Pages of Git servers that show a folder or a commit, where the address tells whose server it is. Pure.

type Host = 'github' | 'gitlab' | 'bitbucket' | 'gitea';

/** By the name of the host: a server that is called otherwise is not guessed at. */
const HOSTS: readonly (readonly [RegExp, Host])[] = [
  [/(^|\.)github\./, 'github'],
  [/(^|[.-])gitlab[.-]/, 'gitlab'],
  [/(^|\.)bitbucket\.org$/, 'bitbucket'],
  [/(^|[.-])(gitea|gogs|forgejo|codeberg)[.-]/, 'gitea'],
];

export interface GitPages {
  readonly repository: string;
  folder(revision: string, path: string): string;
  commit(revision: string): string;
}

/** undefined where it is not known, and for what is no HTTP address and has no SSH one of a known host. */
export function gitPagesOf(repoURL: string): GitPages | undefined {
  const address = webAddress(repoURL);
  if (!address) return undefined;
  const host = HOSTS.find(([pattern]) => pattern.test(address.hostname))?.[1];
  if (!host) return undefined;
  const repository = `${address.origin}${address.pathname.replace(/\/+$/, '').replace(/\.git$/, '')}`;
  const folders = { github: 'tree', gitlab: '-/tree', bitbucket: 'src', gitea: 'src' }[host];
  const commits = { github: 'commit', gitlab: '-/commit', bitbucket: 'commits', gitea: 'commit' }[host];
  return {
    repository,
    folder: (revision, path) => {
      const clean = path.replace(/^\.?\/*/, '').replace(/\/+$/, '');
      const below = clean === '' || clean === '.' ? '' : `/${encodePath(clean)}`;
      return `${repository}/${folders}/${encodePath(revision)}${below}`;
    },
    commit: (revision) => `${repository}/${commits}/${encodeURIComponent(revision)}`,
  };
}

/** `git@github.com:org/repo.git` has its pages at https://github.com/org/repo. */
function webAddress(repoURL: string): URL | undefined {
  const scp = /^(?:ssh:\/\/)?[\w.-]+@([\w.-]+)(?::(?:\d+\/)?|\/)([^:]+)$/.exec(repoURL);
  const text = scp ? `https://${scp[1]}/${scp[2]}` : repoURL;
  if (!/^https?:/i.test(text) || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  url.username = '';
  url.password = '';
  return url;
}

function encodePath(text: string): string {
  return text.split('/').map(encodeURIComponent).join('/');
}
