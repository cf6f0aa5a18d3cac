import { describe, expect, it } from 'vitest';
import {
  chooseRemote,
  chooseRepositorySecret,
  chooseSubmoduleRemote,
  NO_SECRETS,
  type RepositorySecret,
} from '../../src/git/credentials.ts';
import { credentialsOf, readRemoteAddress } from '../../src/git/remote.ts';

const URL = 'https://git.example.com/team/deploy';
const basic = (username: string, password: string) => ({ kind: 'basic', username, password });

interface Row {
  readonly title: string;
  readonly url?: string;
  readonly project?: string;
  readonly repositories?: readonly RepositorySecret[];
  readonly templates?: readonly RepositorySecret[];
  readonly expected: object | undefined;
}

const ROWS: readonly Row[] = [
  {
    title: 'none where no Secret fits',
    repositories: [{ url: 'https://git.example.com/other', username: 'u' }],
    expected: undefined,
  },
  {
    title: "those of the repository's own Secret, whatever the case and .git",
    repositories: [{ url: 'https://GIT.example.com/Team/deploy.git', username: 'u', password: 'p' }],
    expected: basic('u', 'p'),
  },
  {
    title: 'not those of the same path over http',
    repositories: [{ url: 'http://git.example.com/team/deploy', username: 'u', password: 'p' }],
    expected: undefined,
  },
  {
    title: 'a bearer token before a password',
    repositories: [{ url: URL, username: 'u', password: 'p', bearerToken: 't' }],
    expected: { kind: 'bearer', token: 't' },
  },
  {
    title: 'a token alone with a user that servers accept',
    repositories: [{ url: URL, password: 't' }],
    expected: basic('x-access-token', 't'),
  },
  {
    title: "the project's own Secret before one of no project",
    project: 'shop',
    repositories: [
      { url: URL, username: 'all', password: 'p' },
      { url: URL, username: 'shop', password: 'p', project: 'shop' },
    ],
    expected: basic('shop', 'p'),
  },
  {
    title: 'a Secret of no project for any project',
    project: 'shop',
    repositories: [{ url: URL, username: 'all', password: 'p' }],
    expected: basic('all', 'p'),
  },
  {
    title: "never another project's Secret",
    project: 'shop',
    repositories: [{ url: URL, username: 'u', password: 'p', project: 'bank' }],
    expected: undefined,
  },
  {
    title: 'those of the longest template',
    templates: [
      { url: 'https://git.example.com', username: 'host', password: 'p' },
      { url: 'https://git.example.com/team', username: 'team', password: 'p' },
      { url: 'https://git.example.com/team/deploy-other', username: 'other', password: 'p' },
    ],
    expected: basic('team', 'p'),
  },
  {
    title: "a template's for a repository whose own Secret has none",
    repositories: [{ url: URL, insecure: 'true' }],
    templates: [{ url: 'https://git.example.com/', username: 'host', password: 'p' }],
    expected: basic('host', 'p'),
  },
  {
    title: "not a template's where the repository has its own",
    repositories: [{ url: URL, username: 'own', password: 'p' }],
    templates: [{ url: 'https://git.example.com/', username: 'host', password: 'q' }],
    expected: basic('own', 'p'),
  },
  {
    title: 'no template of which the host is only the beginning of another',
    url: 'https://git.example.com.evil.org/team/deploy',
    templates: [{ url: 'https://git.example.com', username: 'host', password: 'p' }],
    expected: undefined,
  },
  {
    title: 'no template of another port',
    url: 'https://git.example.com:8443/team/deploy',
    templates: [{ url: 'https://git.example.com', username: 'host', password: 'p' }],
    expected: undefined,
  },
];

describe('the credentials of a repository', () => {
  it.each(ROWS)('are $title', ({ url = URL, project = 'default', repositories = [], templates = [], expected }) => {
    expect(chooseRemote(url, project, { ...NO_SECRETS, repositories, templates }).credentials).toEqual(expected);
  });

  it('are refused where only another service could make a token of them', () => {
    const repositories = [{ url: URL, githubAppID: '1', githubAppPrivateKey: 'key' }];
    expect(() => chooseRemote(URL, 'default', { ...NO_SECRETS, repositories })).toThrow(
      expect.objectContaining({ code: 'Unsupported' }),
    );
  });
});

describe('the connection to a repository', () => {
  it("takes TLS and proxy from the Secret and the CA by the host's name", () => {
    const own = {
      url: 'https://git.example.com:8443/a',
      insecure: 'true',
      tlsClientCertData: 'CERT',
      tlsClientCertKey: 'KEY',
      proxy: 'http://proxy:3128',
      noProxy: '.local',
    };
    const secrets = { repositories: [own], templates: [], certificates: { 'git.example.com': 'PEM' } };
    expect(chooseRemote(own.url, 'default', secrets)).toEqual({
      url: own.url,
      connection: {
        ca: 'PEM',
        insecure: true,
        clientCertificate: { cert: 'CERT', key: 'KEY' },
        proxy: 'http://proxy:3128',
        noProxy: '.local',
      },
    });
  });

  it('takes a proxy from a template, and never leave to trust anyone', () => {
    const templates = [{ url: 'https://git.example.com', username: 'u', proxy: 'http://proxy:3128', insecure: 'true' }];
    const chosen = chooseRepositorySecret(URL, 'default', { ...NO_SECRETS, templates });
    expect(chosen).toEqual({ username: 'u', proxy: 'http://proxy:3128' });
  });

  it('is plain where nothing is configured', () => {
    expect(chooseRemote(URL, 'default', NO_SECRETS)).toEqual({ url: URL });
  });
});

describe('the credentials of a submodule', () => {
  const parent = { url: URL, credentials: { kind: 'basic', username: 'parent', password: 'p' } as const };
  const own = (url: string) => [{ url, username: 'own', password: 'o' }];
  const SIBLING = 'https://git.example.com/team/lib';
  const ELSEWHERE = 'https://other.example.com/team/lib';

  it.each([
    { title: 'are those of its own Secret', url: ELSEWHERE, repositories: own(ELSEWHERE), expected: basic('own', 'o') },
    { title: "are its own before the parent's", url: SIBLING, repositories: own(SIBLING), expected: basic('own', 'o') },
    { title: "are the parent's on its host", url: SIBLING, repositories: [], expected: basic('parent', 'p') },
    { title: 'are none on another host', url: ELSEWHERE, repositories: [], expected: undefined },
    { title: 'are none over http', url: SIBLING.replace('https', 'http'), repositories: [], expected: undefined },
    { title: 'are none on another port', url: 'https://git.example.com:8443/x', repositories: [], expected: undefined },
    {
      title: 'are none where the project does not permit the repository',
      url: ELSEWHERE,
      repositories: own(ELSEWHERE),
      isPermitted: false,
      expected: undefined,
    },
    {
      title: "are the parent's where the project permits no other",
      url: SIBLING,
      repositories: own(SIBLING),
      isPermitted: false,
      expected: basic('parent', 'p'),
    },
  ])('$title', async ({ url, repositories, isPermitted = true, expected }) => {
    const secrets = { ...NO_SECRETS, repositories };
    const remote = await chooseSubmoduleRemote(url, parent, 'default', secrets, async () => isPermitted);
    expect(credentialsOf(remote)).toEqual(expected);
    expect(remote.url).toBe(url);
  });

  it("are user and password of the parent's URL, on its host alone", async () => {
    const named = { url: 'https://user:pass%40word@git.example.com/team/deploy' };
    const choose = (url: string) => chooseSubmoduleRemote(url, named, 'default', NO_SECRETS, async () => true);
    expect(credentialsOf(await choose(SIBLING))).toEqual(basic('user', 'pass@word'));
    expect(credentialsOf(await choose(ELSEWHERE))).toBeUndefined();
  });

  it('come with Git LFS where the parent has it', async () => {
    const choose = (lfs: boolean) =>
      chooseSubmoduleRemote(SIBLING, { ...parent, lfs }, 'default', NO_SECRETS, async () => true);
    expect((await choose(true)).lfs).toBe(true);
    expect((await choose(false)).lfs).toBeUndefined();
  });
});

describe('enableLfs', () => {
  it.each([
    ['true', true],
    ['false', undefined],
    ['', undefined],
  ])('of %j in the repository’s Secret', (enableLfs, lfs) => {
    expect(chooseRemote(URL, 'default', { ...NO_SECRETS, repositories: [{ url: URL, enableLfs }] }).lfs).toBe(lfs);
  });
});

it('takes a user with a percent sign as it is written', () => {
  expect(readRemoteAddress({ url: 'https://us%er:x@git.example.com/a' }).authorization).toBe(
    `Basic ${btoa('us%er:x')}`,
  );
});
