// Whose rights a remote base is read with, what its ref means, and that refs are listed once.

import { describe, expect, it } from 'vitest';
import { NO_SECRETS, type RepositorySecrets } from '../../src/git/credentials.ts';
import type { Refs } from '../../src/git/refs.ts';
import {
  placeAgain,
  placeOf,
  type RemoteGit,
  resolveRemoteRef,
  withSharedListings,
} from '../../src/source/remote-repositories.ts';

const id = (digit: string) => digit.repeat(40);
const REFS: Refs = {
  head: 'refs/heads/main',
  byName: new Map([
    ['HEAD', { id: id('1') }],
    ['refs/heads/main', { id: id('1') }],
    ['refs/heads/both', { id: id('2') }],
    ['refs/tags/both', { id: id('a'), peeled: id('3') }],
    ['refs/pull/7/head', { id: id('4') }],
    ['refs/heads/refs/odd', { id: id('5') }],
    ['refs/heads/^1.0.0', { id: id('6') }],
  ]),
};

function gitWith(listRefs: RemoteGit['listRefs']): RemoteGit {
  const refuse = () => Promise.reject(new Error('not asked for'));
  return { listRefs, openCommit: refuse, compareReadSets: refuse };
}

describe('the ref of a remote base', () => {
  it.each([
    ['', id('1')],
    ['HEAD', id('1')],
    ['main', id('1')],
    ['both', id('3')],
    ['heads/both', id('2')],
    ['refs/heads/both', id('2')],
    ['pull/7/head', id('4')],
    ['refs/odd', id('5')],
    ['^1.0.0', id('6')],
    [id('B'), id('b')],
  ])("'%s' is %s", async (ref, sha) => {
    const git = gitWith(async () => REFS);
    expect(await resolveRemoteRef(git, { url: 'https://h/o/r' }, ref)).toBe(sha);
  });

  it('is listed once for all who want it at the same time, and again where the first was given up', async () => {
    let listed = 0;
    const controller = new AbortController();
    const git = withSharedListings(
      gitWith((_, options) => {
        listed++;
        return new Promise((resolve, reject) => {
          options?.signal?.addEventListener('abort', () => reject(new Error('given up')));
          if (!options?.signal) resolve(REFS);
        });
      }),
    );
    const remote = { url: 'https://h/o/r' };
    const first = resolveRemoteRef(git, remote, 'main', controller.signal);
    const others = [resolveRemoteRef(git, remote, 'main'), resolveRemoteRef(git, remote, 'main')];
    controller.abort();
    await expect(first).rejects.toThrow('given up');
    expect(await Promise.all(others)).toEqual([id('1'), id('1')]);
    expect(await resolveRemoteRef(git, remote, 'main')).toBe(id('1'));
    expect(listed).toBeLessThanOrEqual(3);
  });
});

describe('a remote base is read', () => {
  const secrets: RepositorySecrets = {
    ...NO_SECRETS,
    repositories: [
      { url: 'https://git.example.com/team/base', username: 'u', password: 'p' },
      { url: 'https://git.example.com/other/base', username: 'u', password: 'p', project: 'other' },
      { url: 'https://open.example.com/team/base', insecure: 'true' },
    ],
  };
  const credentials = { kind: 'basic', username: 'u', password: 'p' };

  it.each<[title: string, url: string, isPermitted: boolean, place: object]>([
    ['with its Secret', 'https://git.example.com/team/base', true, { access: 'secret', remote: { credentials } }],
    [
      'by nobody, where the project does not permit it',
      'https://git.example.com/team/base',
      false,
      { access: 'anonymous' },
    ],
    ["without another project's Secret", 'https://git.example.com/other/base', true, { access: 'secret', remote: {} }],
    [
      'with the settings of a Secret without credentials',
      'https://open.example.com/team/base',
      false,
      { access: 'secret', remote: { connection: { insecure: true } } },
    ],
    [
      'over HTTPS, where an SSH address has a Secret there',
      'git@git.example.com:team/base',
      true,
      { access: 'secret', remote: { url: 'https://git.example.com/team/base', credentials } },
    ],
    [
      'at its SSH address otherwise, which the client refuses',
      'git@ssh.example.com:team/base',
      true,
      { remote: { url: 'git@ssh.example.com:team/base' } },
    ],
    [
      'with user and password of its URL, and no Secret',
      'https://me:own@git.example.com/team/base',
      true,
      { access: 'url', remote: { url: 'https://me:own@git.example.com/team/base' } },
    ],
  ])('%s', async (_, url, isPermitted, expected) => {
    const place = await placeOf(url, 'default', secrets, async () => isPermitted);
    expect(place).toMatchObject(expected);
    if (!JSON.stringify(expected).includes('"credentials"')) expect(place.remote.credentials).toBeUndefined();
  });

  it('again with the rights that it was read with', () => {
    const url = 'https://git.example.com/team/base';
    expect(placeAgain(url, 'secret', 'default', secrets).remote.credentials).toEqual(credentials);
    expect(placeAgain(url, 'anonymous', 'default', secrets).remote.credentials).toBeUndefined();
  });
});
