// Where a repository's submodules are: .gitmodules, addresses relative to the repository's own, SSH addresses as HTTPS.

import { HawserError } from '../base/errors.ts';
import { parseConfigFile } from './config-file.ts';
import { isSshUrl, withoutUserinfo } from './repository-url.ts';
import { httpsAddressOf } from './ssh-address.ts';

export interface SubmoduleDeclaration {
  readonly url: string;
  /** False: Git leaves its folder empty (`update = none`). */
  readonly isFollowed: boolean;
}

/** The file at the root of a repository that says where its submodules are. */
export const MODULES_FILE = '.gitmodules';

/** The submodules of a .gitmodules by their path; of two with one path the later counts. */
export function parseModules(text: string): ReadonlyMap<string, SubmoduleDeclaration> {
  const byName = new Map<string, Map<string, string>>();
  for (const { section, subsection, key, value } of parseConfigFile(text)) {
    if (section !== 'submodule') continue;
    const fields = byName.get(subsection) ?? new Map<string, string>();
    byName.set(subsection, fields.set(key, value));
  }
  const modules = new Map<string, SubmoduleDeclaration>();
  for (const fields of byName.values()) {
    const path = fields.get('path')?.replace(/\/+$/, '');
    const url = fields.get('url');
    if (path && url) modules.set(path, { url, isFollowed: fields.get('update') !== 'none' });
  }
  return modules;
}

/**
 * The address of a submodule whose repository is at `parentUrl`: `./` and `../` are relative to that (git-submodule: each `../` takes a
 * part away), and an SSH address becomes the HTTPS address of the same repository, on the parent's port where it is the
 * parent's host. Throws `InvalidInput` for a relative address that leads above the host.
 */
export function resolveSubmoduleUrl(url: string, parentUrl: string): string {
  if (!/^\.\.?(\/|$)/.test(url)) return isSshUrl(url) ? httpsFormOf(url, parentUrl) : url;
  const parent = URL.canParse(parentUrl) ? new URL(parentUrl) : undefined;
  const parts = (parent?.pathname ?? '').split('/').filter((part) => part !== '');
  for (const part of url.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) throw leadsAway(url, parentUrl);
  }
  if (!parent || parts.length === 0) throw leadsAway(url, parentUrl);
  // User and password of the parent's address are its own: they come back as its credentials.
  return `${parent.protocol}//${parent.host}/${parts.join('/')}`;
}

function httpsFormOf(url: string, parentUrl: string): string {
  const https = httpsAddressOf(url);
  if (https === undefined) return url;
  const parent = URL.canParse(parentUrl) ? new URL(parentUrl) : undefined;
  const target = new URL(https);
  return parent && parent.hostname === target.hostname ? `${parent.protocol}//${parent.host}${target.pathname}` : https;
}

function leadsAway(url: string, parentUrl: string): HawserError {
  return new HawserError('InvalidInput', `${url} leads away from the host of ${withoutUserinfo(parentUrl)}`);
}
