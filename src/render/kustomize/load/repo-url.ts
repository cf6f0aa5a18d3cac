// URLs of remote repositories in kustomizations: `github.com/org/repo//dir?ref=v1`, `git@host:org/repo`, `https://host/org/repo.git/dir`
// (kustomize: api/internal/git/repospec.go).

export interface RepoUrl {
  /** The URL as it was written. */
  readonly raw: string;
  /** What is cloned. */
  readonly cloneUrl: string;
  /** The directory in the repository; empty for its root. */
  readonly path: string;
  /** A branch, tag or commit; empty for the default branch. */
  readonly ref: string;
  readonly submodules: boolean;
}

/** What a query may tell in an error; anything else may be a signature or a token. */
const SHOWN_PARAMETERS = ['ref', 'version', 'submodules', 'timeout'];

/** A path or URL of a kustomization as it may be shown: a URL without user, password and whatever else it may keep secret. */
export function shownSource(path: string): string {
  const url = /^((?:git::)?[a-z][a-z0-9+.-]*:\/\/)(?:[^/?#]*@)?([^?#]*)(?:\?([^#]*))?/i.exec(path);
  if (url === null) return path;
  const [, scheme = '', rest = '', query = ''] = url;
  const shown = query.split('&').filter((part) => SHOWN_PARAMETERS.includes(part.split('=', 1)[0] ?? ''));
  return `${scheme}${rest}${shown.length > 0 ? `?${shown.join('&')}` : ''}`;
}

const SCHEMES = ['ssh://', 'https://', 'http://', 'file://'] as const;

/** Undefined for what is no URL of a repository, such as a local path. */
export function parseRepoUrl(raw: string): RepoUrl | undefined {
  if (raw.startsWith('/')) return undefined;
  const question = raw.indexOf('?');
  const query = parseQuery(question < 0 ? '' : raw.slice(question + 1));
  const host = splitHost(question < 0 ? raw : raw.slice(0, question));
  if (host === undefined) return undefined;
  const parts = splitRepoPath(host.rest, host.prefix.startsWith('file://'));
  if (parts === undefined || parts.repo === '' || leavesRepository(parts.path)) return undefined;
  return {
    raw,
    cloneUrl: host.prefix + parts.repo,
    path: parts.path.replace(/^\//, ''),
    ref: query.get('ref') || query.get('version') || '',
    submodules: !/^(?:0|f|F|false|FALSE|False)$/.test(query.get('submodules') ?? ''),
  };
}

/** Go: url.ParseQuery, which fails for a semicolon and for a percent sign that begins no escape; nothing of the query then counts. */
function parseQuery(text: string): URLSearchParams {
  return new URLSearchParams(/;|%(?![0-9a-f]{2})/i.test(text) ? '' : text);
}

function splitHost(text: string): { readonly prefix: string; readonly rest: string } | undefined {
  const plain = /^git::/i.test(text) ? text.slice(5) : text;
  const scheme = SCHEMES.find((candidate) => plain.slice(0, candidate.length).toLowerCase() === candidate) ?? '';
  const afterScheme = plain.slice(scheme.length);
  const user = /^[a-zA-Z][a-zA-Z0-9-]*@/.exec(afterScheme)?.[0] ?? '';
  const rest = afterScheme.slice(user.length);
  const isGithub = /^github\.com[/:]/i.test(rest);
  const acceptsScp = scheme === '' && (user !== '' || isGithub);
  if (scheme === '' && !acceptsScp) return undefined;
  if (scheme === 'file://') return { prefix: scheme, rest: user + rest };
  const separator = findSeparator(rest, acceptsScp);
  const host = separator < 0 ? rest : rest.slice(0, separator + 1);
  const after = separator < 0 ? '' : rest.slice(separator + 1);
  if (host === '') return undefined;
  if (!isGithub) return { prefix: scheme + user + host, rest: after };
  const isSsh = scheme === 'ssh://' || user !== '';
  return { prefix: isSsh ? `${user}github.com:` : 'https://github.com/', rest: after };
}

function findSeparator(text: string, acceptsScp: boolean): number {
  const slash = text.indexOf('/');
  if (!acceptsScp) return slash;
  const colon = text.indexOf(':');
  return slash < 0 || (colon > 0 && colon < slash) ? colon : slash;
}

/** At `_git/NAME`, `//`, `.git`, or after two segments. */
function splitRepoPath(text: string, isFile: boolean): { readonly repo: string; readonly path: string } | undefined {
  const azure = text.indexOf('_git/');
  if (azure >= 0) {
    const [name = '', ...path] = text.slice(azure + 5).split('/');
    return { repo: text.slice(0, azure + 5) + name, path: path.join('/') };
  }
  const double = text.indexOf('//');
  if (double >= 0) return { repo: text.slice(0, double), path: text.slice(double + 2) };
  const suffix = text.indexOf('.git');
  if (suffix >= 0) return { repo: text.slice(0, suffix + 4), path: text.slice(suffix + 4) };
  if (isFile) return { repo: text, path: '' };
  const segments = text.split('/');
  if (segments.length < 2) return undefined;
  return { repo: segments.slice(0, 2).join('/'), path: segments.slice(2).join('/') };
}

function leavesRepository(path: string): boolean {
  let depth = 0;
  for (const part of path.split('/')) {
    if (part === '..') depth--;
    else if (part !== '' && part !== '.') depth++;
    if (depth < 0) return true;
  }
  return false;
}
