// Which of the requests to other servers are Git's, and which a registry's, for the metrics about them.

import { normaliseRepositoryUrl } from '../git/repository-url.ts';

export interface RepositoryRequest {
  /** Without user and password, as Argo CD's metrics name repositories. */
  readonly repo: string;
  readonly type: string;
}

export interface GitRequest extends RepositoryRequest {
  readonly type: 'ls-remote' | 'fetch';
  /** The commit that is wanted first; '' for refs. */
  readonly revision: string;
}

const SERVICE = '/git-upload-pack';
const DISCOVERY = '/info/refs';

/** undefined for what is no request of Git's smart HTTP protocol. */
export function gitRequestOf(url: string, { body }: RequestInit): GitRequest | undefined {
  const [address = ''] = url.split('?');
  // Version 0 tells the refs with the discovery; for version 2 the discovery is the first step of a listing.
  if (address.endsWith(DISCOVERY)) return { repo: repoOf(address, DISCOVERY), type: 'ls-remote', revision: '' };
  if (!address.endsWith(SERVICE)) return undefined;
  const repo = repoOf(address, SERVICE);
  const text = typeof body === 'string' ? body.slice(0, 4_096) : '';
  if (text.includes('command=ls-refs')) return { repo, type: 'ls-remote', revision: '' };
  return { repo, type: 'fetch', revision: /want ([0-9a-f]{40,64})/.exec(text)?.[1] ?? '' };
}

/** undefined for what is no request of the OCI distribution protocol. */
export function registryRequestOf(url: string): RepositoryRequest | undefined {
  const match = /^https?:\/\/([^/?#@]+@)?([^/?#]+)\/v2\/(.+?)\/(manifests|blobs|tags)\/[^?]*/.exec(url);
  if (!match) return undefined;
  const [, , host = '', name = '', part = ''] = match;
  const types: Readonly<Record<string, string>> = { manifests: 'resolve-revision', blobs: 'extract', tags: 'get-tags' };
  return { repo: `oci://${host}/${name}`, type: types[part] ?? part };
}

function repoOf(address: string, tail: string): string {
  const url = address.slice(0, -tail.length);
  if (!URL.canParse(url)) return '';
  const parsed = new URL(url);
  parsed.username = '';
  parsed.password = '';
  return normaliseRepositoryUrl(parsed.href) ?? '';
}
