// The HTTPS address of a repository that is named by its SSH address.

import { isSshUrl } from './repository-url.ts';

/**
 * The address at which the usual servers give the same repository over HTTPS: `git@host:org/repo.git` and
 * `ssh://git@host:22/org/repo.git` are `https://host/org/repo.git`; Azure DevOps, Bitbucket Server and GitHub's and GitLab's SSH on port 443
 * have forms of their own. undefined for what is no SSH address.
 */
export function httpsAddressOf(url: string): string | undefined {
  if (!isSshUrl(url)) return undefined;
  const [host, path] = url.startsWith('ssh://') ? splitUrl(url) : splitScp(url);
  if (!host || !path) return undefined;
  const azure = /^v3\/([^/]+)\/([^/]+)\/([^/]+)$/.exec(path);
  if (azure && host === 'ssh.dev.azure.com') return `https://dev.azure.com/${azure[1]}/${azure[2]}/_git/${azure[3]}`;
  if (azure && host === 'vs-ssh.visualstudio.com') {
    return `https://${azure[1]}.visualstudio.com/${azure[2]}/_git/${azure[3]}`;
  }
  return `https://${ALIASES[host] ?? host}/${path}`;
}

/** Hosts that speak SSH on port 443 for another. */
const ALIASES: Readonly<Record<string, string>> = {
  'ssh.github.com': 'github.com',
  'altssh.gitlab.com': 'gitlab.com',
  'altssh.bitbucket.org': 'bitbucket.org',
};

function splitUrl(url: string): [host: string | undefined, path: string] {
  const match = /^ssh:\/\/(?:[^@/]*@)?(\[[^\]]*\]|[^:/]+)(?::(\d*))?\/+(.+)$/.exec(url);
  // Bitbucket Server's SSH is on port 7999, and its HTTP under /scm.
  const prefix = match?.[2] === '7999' ? 'scm/' : '';
  return [match?.[1]?.toLowerCase(), prefix + (match?.[3] ?? '')];
}

/** `user@host:path`; a first part of digits is the path's, as SSH itself has it. */
function splitScp(url: string): [host: string | undefined, path: string] {
  const match = /^[^@/]*@(\[[^\]]*\]|[^:/]+):\/*(.+)$/.exec(url);
  return [match?.[1]?.toLowerCase(), match?.[2] ?? ''];
}
