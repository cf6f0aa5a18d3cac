// When two addresses mean the same repository. There are two rules, both Argo CD's: one for credentials, one for
// webhooks.

import { HawserError } from '../base/errors.ts';

/**
 * An address as credentials are looked up by (Argo CD: util/git/git.go, NormalizeGitURL): lower case, without blanks
 * around it, `.git` and `ssh://`, the scp form turned into a path. http and https still differ. undefined for what is
 * no address at all.
 */
export function normaliseRepositoryUrl(url: string): string | undefined {
  let text = url.trim().toLowerCase();
  if (isSshUrl(text) && !text.startsWith('ssh://')) text = `ssh://${text.replace(':', '/')}`;
  text = text.replace(/\.git$/, '');
  if (text === '' || /[\s\0-\x1f]/.test(text)) return undefined;
  return text.replace(/^ssh:\/\//, '');
}

/** Whether two addresses are the same repository for the choice of credentials (Argo CD: SameURL). */
export function sameRepository(a: string, b: string): boolean {
  const left = normaliseRepositoryUrl(a) ?? a;
  return left !== '' && left === (normaliseRepositoryUrl(b) ?? b);
}

/** `git@host:path` or `ssh://user@host/path` (Argo CD: IsSSHURL), or any other `ssh://`. */
export function isSshUrl(url: string): boolean {
  return /^(ssh:\/\/)?([^/:]*?)@[^@]+$/.test(url) || url.startsWith('ssh://');
}

/**
 * `scheme://host:port` in lower case; undefined for an SSH address or what is no URL. A registry, with `oci://` or without a scheme
 * (`registry.example.com/charts`), has an origin `oci://host:port`.
 */
export function originOf(url: string): string | undefined {
  if (isSshUrl(url)) return undefined;
  const withScheme = url.includes('://') ? url : `oci://${url}`;
  if (!URL.canParse(withScheme)) return undefined;
  const { origin, protocol, host } = new URL(withScheme);
  if (protocol === 'oci:') return host === '' ? undefined : `oci://${host.toLowerCase()}`;
  return origin === 'null' ? undefined : origin;
}

/**
 * Whether a request would go elsewhere than the address says: its path has `.` or `..` between slashes, however they are written, which
 * are taken out on the way (WHATWG URL; also by curl, and so by Git). Rules and policies are about addresses as they are written.
 */
export function leadsElsewhere(url: string): boolean {
  const [path = ''] = url.replace(/^[a-z][a-z0-9+.-]*:\/\//i, '').split(/[?#]/);
  const steps = path.replaceAll(/[\t\r\n]/g, '').split(/[/\\]|%2f|%5c/i);
  return path.includes('\\') || steps.some((step) => /^(\.|%2e){1,2}$/i.test(step.trim()));
}

/** Throws `InvalidInput` for an address that leads elsewhere. */
export function requireStraight(url: string): void {
  if (!leadsElsewhere(url)) return;
  throw new HawserError('InvalidInput', `'${withoutUserinfo(url)}' leads elsewhere than it says`, {
    hint: 'write the address without . and .. between slashes, and without backslashes',
  });
}

/** The host without its port, in lower case. */
export function hostOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).hostname.toLowerCase() : undefined;
}

/** The address as it may be shown: without user and password. */
export function withoutUserinfo(url: string): string {
  return url.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?#]*@/i, '$1').replace(/^([^/@:]+):[^/@]+@/, '$1@');
}

const USER = '[\\w\\.][\\w\\.-]{0,30}[\\w\\.\\$-]?@';

/**
 * What an Application's repoURL must match to be the repository that a webhook names by its web address (Argo CD:
 * util/webhook, GetWebURLRegex): scheme, user, port, case and `.git` do not count; a trailing slash and a password do. An
 * address of SSH's short form (`git@host:path`), which Argo CD cannot read, counts as well.
 */
export function repositoryPattern(webUrl: string): RegExp {
  const match =
    /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#]*@)?(\[[^\]]*\]|[^:/?#]*)(?::\d*)?\/?([^?#]*)/i.exec(webUrl) ??
    /^[^/:@]+@([^/:@]+):([^?#]+)$/.exec(webUrl);
  const host = escapePattern((match?.[1] ?? '').replace(/^\[|\]$/g, ''));
  const path = escapePattern(escapePath(match?.[2] ?? ''));
  return new RegExp(`^((https?|ssh)://)?(${USER})?((alt)?ssh\\.)?${host}(:\\d+)?[:/]${path}(\\.git)?$`, 'i');
}

/** Whether a repoURL is the repository that any of these web addresses names. */
export function repositoryMatcher(webUrls: readonly string[]): (repoUrl: string) => boolean {
  const patterns = webUrls.filter((url) => url !== '').map(repositoryPattern);
  return (repoUrl) => patterns.some((pattern) => pattern.test(repoUrl));
}

/** A path as it is where every character is allowed in one, otherwise escaped anew (Go: net/url, EscapedPath). */
function escapePath(path: string): string {
  if (/^[\w.~!$&'()*+,;=:@[\]%/-]*$/.test(path)) return path;
  return [...unescapePath(path)]
    .map((character) => (/[\w.~$&+,/:;=@-]/.test(character) ? character : percentEncode(character)))
    .join('');
}

function unescapePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path; // No URL to Go; whatever it names, no Application has it as its repository.
  }
}

function percentEncode(character: string): string {
  const bytes = new TextEncoder().encode(character);
  return Array.from(bytes, (byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
}

function escapePattern(text: string): string {
  return text.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&');
}
