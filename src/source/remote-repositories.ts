// The repositories that kustomizations name as remote bases: where they are, with whose rights they are read, and what their refs mean.

import { HawserError, isHawserError } from '../base/errors.ts';
import type { GitClient } from '../git/client.ts';
import { chooseRemote, chooseRepositorySecret, type RepositorySecrets, readConnection } from '../git/credentials.ts';
import { isObjectId, type ObjectId } from '../git/object.ts';
import { commitOf, type Refs } from '../git/refs.ts';
import type { Remote } from '../git/remote.ts';
import { isSshUrl, withoutUserinfo } from '../git/repository-url.ts';
import { httpsAddressOf } from '../git/ssh-address.ts';
import type { RemoteAccess } from './remote-reads.ts';

export type RemoteGit = Pick<GitClient, 'listRefs' | 'openCommit' | 'compareReadSets'>;

/** A client that asks for the same refs once, whoever wants them: for one delivery. */
export function withSharedListings(git: RemoteGit): RemoteGit {
  const listings = new Map<string, Promise<Refs>>();
  return {
    ...git,
    listRefs: async (remote, options = {}) => {
      const key = JSON.stringify([remote, options.prefixes]);
      const known = listings.get(key);
      if (known) {
        try {
          return await known;
        } catch (error) {
          // Another's work was given up while it waited; this one's was not.
          if (isHawserError(error) || options.signal?.aborted) throw error;
        }
      }
      const listing = git.listRefs(remote, options);
      listings.set(key, listing);
      return listing;
    },
  };
}

export interface RemotePlace {
  readonly remote: Remote;
  readonly access: RemoteAccess;
}

/**
 * How to reach a repository that a kustomization names. Credentials of Secrets are for what the project permits as a source; everything
 * else is read as anybody can. An SSH address of a host that has a Secret for HTTPS means that (Argo CD gives Git the credentials of the
 * Application's own repository: repository.go, runManifestGen).
 */
export async function placeOf(
  cloneUrl: string,
  project: string,
  secrets: RepositorySecrets,
  isPermitted: (url: string) => Promise<boolean>,
): Promise<RemotePlace> {
  const url = addressOf(cloneUrl, project, secrets);
  if (hasUserinfo(url))
    return { access: 'url', remote: { url, connection: readConnection(url, {}, secrets.certificates) } };
  const own = chooseRemote(url, project, secrets);
  if (!own.credentials && !own.connection?.clientCertificate) return { access: 'secret', remote: own };
  return (await isPermitted(url)) ? { access: 'secret', remote: own } : anonymously(url, secrets);
}

/** The same for one that was read before: with the rights that it was read with. */
export function placeAgain(
  url: string,
  access: RemoteAccess,
  project: string,
  secrets: RepositorySecrets,
): RemotePlace {
  return access === 'secret' ? { access, remote: chooseRemote(url, project, secrets) } : anonymously(url, secrets);
}

function anonymously(url: string, secrets: RepositorySecrets): RemotePlace {
  return { access: 'anonymous', remote: { url, connection: readConnection(url, {}, secrets.certificates) } };
}

function addressOf(cloneUrl: string, project: string, secrets: RepositorySecrets): string {
  if (!isSshUrl(cloneUrl)) return cloneUrl;
  const https = httpsAddressOf(cloneUrl);
  const hasSecret = https !== undefined && Object.keys(chooseRepositorySecret(https, project, secrets)).length > 0;
  // kustomize makes an SSH address of `https://TOKEN@github.com/…`; errors show the address.
  return hasSecret ? https : cloneUrl.replace(/^[^@/:]+@(?=github\.com:)/i, 'git@');
}

function hasUserinfo(url: string): boolean {
  return !isSshUrl(url) && withoutUserinfo(url) !== url;
}

/** The commit of a ref as `git fetch URL REF` finds it: no version ranges, and no shortened ids. Throws `RevisionNotFound`. */
export async function resolveRemoteRef(
  git: RemoteGit,
  remote: Remote,
  ref: string,
  signal?: AbortSignal,
): Promise<ObjectId> {
  const wanted = ref === '' ? 'HEAD' : ref;
  if (isObjectId(wanted.toLowerCase())) return wanted.toLowerCase();
  // Git: refs.c, ref_rev_parse_rules, in their order.
  const names = [wanted, `refs/${wanted}`, `refs/tags/${wanted}`, `refs/heads/${wanted}`];
  const prefixes = wanted === 'HEAD' ? [wanted] : names.filter((name) => name.startsWith('refs/'));
  const { byName, head } = await git.listRefs(remote, { prefixes, signal });
  for (const name of wanted === 'HEAD' && head ? [wanted, head] : names) {
    const found = byName.get(name);
    if (found) return commitOf(found);
  }
  if (byName.size === 0 && wanted === 'HEAD') {
    throw new HawserError('RevisionNotFound', 'the repository has no commit on its default branch', {
      hint: 'name a branch or tag by ?ref=',
    });
  }
  throw new HawserError('RevisionNotFound', `'${wanted}' is no branch or tag of the repository`, {
    hint: /^[0-9a-f]{7,39}$/i.test(wanted) ? 'give all 40 digits of the commit' : 'correct ?ref=',
  });
}
