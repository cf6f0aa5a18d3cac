// What the forms of repositories, clusters and passwords send, and what they say is wrong; what the text of a failed connection means.

import { describe, expect, it } from 'vitest';
import { passwordProblems } from '../../src/ui/web/accounts/password-problem.ts';
import { rightsRows } from '../../src/ui/web/accounts/rights-rows.ts';
import * as cluster from '../../src/ui/web/clusters/cluster-form.ts';
import { isDestination } from '../../src/ui/web/clusters/cluster-name.ts';
import { connectionKind } from '../../src/ui/web/parts/connection-kind.ts';
import { shellCommand } from '../../src/ui/web/parts/shell-word.ts';
import { guideHostOf, hookGuide, newSecret } from '../../src/ui/web/repositories/hook-guide.ts';
import { readKnownHosts, tlsCertificate } from '../../src/ui/web/repositories/known-hosts.ts';
import * as repository from '../../src/ui/web/repositories/repository-form.ts';
import { repositoryPath, shortName } from '../../src/ui/web/repositories/repository-name.ts';

const form = (change: Partial<repository.RepositoryForm>): repository.RepositoryForm => ({
  ...repository.EMPTY_FORM,
  url: 'https://git.example.com/team/deploy.git',
  ...change,
});

describe('the form of a repository', () => {
  it.each<[string, Partial<repository.RepositoryForm>, repository.FormProblems]>([
    ['nothing', {}, {}],
    ['no address', { url: ' ' }, { url: 'urlMissing' }],
    ['an address of SSH', { url: 'git@git.example.com:team/deploy.git' }, { url: 'urlSsh' }],
    ['an address of no scheme', { url: 'git.example.com/team' }, { url: 'urlScheme' }],
    ['a user in the address', { url: 'https://kim:p@git.example.com/team' }, { url: 'urlUser' }],
    ['a registry of no scheme', { type: 'oci', url: 'registry.example.com/charts' }, { url: 'ociScheme' }],
    ['a user without a password', { way: 'basic', username: 'kim' }, { password: 'passwordMissing' }],
    ['no token', { way: 'bearer' }, { bearerToken: 'tokenMissing' }],
    ['a certificate without its key', { clientCert: '-----BEGIN CERTIFICATE-----' }, { clientKey: 'pairMissing' }],
    ['what is no PEM', { clientCert: 'x', clientKey: '-----BEGIN KEY-----' }, { clientCert: 'notPem' }],
  ])('says of %s what is wrong', (_, change, problems) => {
    expect(repository.problemsOf(form(change))).toEqual(problems);
  });

  it('sends what was filled in, and no password of another way', () => {
    const body = repository.bodyOf(
      form({ way: 'bearer', bearerToken: 'T', username: 'kim', password: 'p', name: ' deploy ', enableLfs: true }),
    );
    expect(body).toEqual({
      repo: 'https://git.example.com/team/deploy.git',
      type: 'git',
      name: 'deploy',
      bearerToken: 'T',
      enableLfs: true,
    });
    expect(repository.templateBodyOf(form({ way: 'basic', username: 'kim', password: 'p', name: 'x' }))).toEqual({
      url: 'https://git.example.com/team/deploy.git',
      username: 'kim',
      password: 'p',
    });
  });

  it('keeps the credentials of one that is known, unless they are those of a template', () => {
    const shown = { repo: 'https://git.example.com/a', credentials: ['basic'], insecure: true };
    expect(repository.formOf(shown)).toMatchObject({ way: 'keep', insecure: true, type: 'git' });
    expect(repository.formOf({ ...shown, inheritedCreds: true }).way).toBe('none');
    expect(repository.formOf({ repo: 'charts.example.com', type: 'helm', enableOCI: true }).type).toBe('oci');
  });

  it('writes a command without anything secret', () => {
    const command = repository.commandOf(
      form({ way: 'basic', username: 'kim lee', password: 'hunter2', project: 'shop', insecure: true }),
      'repo',
    );
    expect(command).toBe(
      "hawser repo add https://git.example.com/team/deploy.git --project shop --username 'kim lee' --password-stdin --insecure-skip-server-verification < password.txt",
    );
    expect(repository.commandOf(form({ way: 'bearer', bearerToken: 'T' }), 'repocreds')).toBe(
      'hawser repocreds add https://git.example.com/team/deploy.git --bearer-token "$TOKEN"',
    );
  });
});

it('names a repository by its name, or by its path', () => {
  expect(shortName({ repo: 'https://git.example.com/team/deploy.git' })).toBe('team/deploy');
  expect(shortName({ repo: 'https://git.example.com/team/deploy.git', name: 'deploy' })).toBe('deploy');
  expect(repositoryPath({ repo: 'https://a/b', project: 'shop', purpose: 'write' }, 'edit')).toBe(
    '/repositories/https%3A%2F%2Fa%2Fb?project=shop&for=writing&part=edit',
  );
});

describe('a webhook made by hand', () => {
  it.each([
    ['gogs', 'https://git.example.com/team/deploy/settings/hooks', 'Payload URL', 'Secret'],
    ['gitea', 'https://git.example.com/team/deploy/settings/hooks', 'Target URL', 'Secret'],
    ['github', 'https://git.example.com/team/deploy/settings/hooks/new', 'Payload URL', 'Secret'],
    ['gitlab', 'https://git.example.com/team/deploy/-/hooks', 'URL', 'Secret token'],
  ] as const)('at %s is on its own page, in its own words', (host, page, label, secretLabel) => {
    const guide = hookGuide(host, 'https://hawser.example.com/api/webhook', 'https://git.example.com/team/deploy.git');
    expect(guide).toMatchObject({ page, secretLabel });
    expect(guide.fields).toContainEqual({ label, value: 'https://hawser.example.com/api/webhook', isCopied: true });
  });

  it('has a secret that nobody guesses', () => {
    const secrets = new Set(Array.from({ length: 20 }, newSecret));
    expect(secrets.size).toBe(20);
    for (const secret of secrets) expect(secret).toMatch(/^[0-9a-f]{48}$/);
    expect([guideHostOf('forgejo'), guideHostOf('bitbucket'), guideHostOf(undefined)]).toEqual([
      'gitea',
      undefined,
      undefined,
    ]);
  });
});

it('reads lines of known_hosts, and leaves out what is none', () => {
  const lines = '# host\n|1|hash= ssh-rsa AAAA\ngit.example.com,10.0.0.1 ssh-ed25519 AAAA kim@home\nnonsense\n';
  expect(readKnownHosts(lines)).toEqual(
    ['git.example.com', '10.0.0.1'].map((serverName) => ({
      serverName,
      certType: 'ssh',
      certSubType: 'ssh-ed25519',
      certData: btoa('AAAA'),
    })),
  );
  expect(atob(tlsCertificate(' a.example.com ', ' PEM ').certData)).toBe('PEM\n');
});

describe('the form of a cluster', () => {
  const typed = { ...cluster.EMPTY_CLUSTER, name: 'east', server: 'https://api.example.com', token: ' T\n' };

  it('says what is wrong', () => {
    expect(cluster.problemsOf({ ...typed, server: 'api', token: '', ca: 'x', labels: 'a' }, true)).toEqual({
      server: 'server',
      token: 'token',
      ca: 'pem',
      labels: 'labels',
    });
    expect(cluster.problemsOf({ ...typed, server: '', token: '' }, false)).toEqual({});
  });

  it('sends what it is reached with apart from what it is', () => {
    const ca = '-----BEGIN CERTIFICATE-----\nA\n-----END CERTIFICATE-----';
    expect(cluster.manualConfig({ ...typed, ca })).toEqual({
      bearerToken: 'T',
      tlsClientConfig: { insecure: false, caData: btoa(`${ca}\n`) },
    });
    expect(cluster.settingsOf({ ...typed, namespaces: 'a, b c', clusterResources: true, labels: 'x=y\nz=' })).toEqual({
      name: 'east',
      namespaces: ['a', 'b', 'c'],
      clusterResources: true,
      project: '',
      labels: { x: 'y', z: '' },
    });
    expect(cluster.settingsOf({ ...typed, clusterResources: true }).clusterResources).toBe(false);
  });

  it('writes the commands', () => {
    const full = { ...typed, namespaces: 'a', labels: 'x=y' };
    expect(cluster.commandOf(full, 'ctx')).toBe('hawser cluster add ctx --name east --namespace a --label x=y');
    expect(cluster.setCommandOf({ ...full, namespaces: '' }, 'east')).toBe(
      "hawser cluster set east --name east --namespace '*' --label x=y",
    );
  });

  it('is filled by a context, and keeps a name that somebody has typed', () => {
    const context = (name: string) => ({
      name,
      isCurrent: true,
      server: `https://${name}`,
      way: 'token' as const,
      warnings: [],
      config: {},
    });
    const first = cluster.withContext(cluster.EMPTY_CLUSTER, context('a'));
    expect(first).toMatchObject({ name: 'a', server: 'https://a' });
    expect(cluster.withContext(first, context('b'), context('a')).name).toBe('b');
    expect(cluster.withContext({ ...first, name: 'mine' }, context('b'), context('a')).name).toBe('mine');
  });

  it('is where Applications go by its address or its name', () => {
    const east = { server: 'https://api', name: 'east' };
    expect(isDestination(east, { server: 'https://api/' })).toBe(true);
    expect(isDestination(east, { name: 'east' })).toBe(true);
    expect(isDestination(east, { server: 'https://other', name: 'east' })).toBe(false);
    expect(isDestination(east, {})).toBe(false);
  });
});

describe('the text of a failed connection', () => {
  it.each([
    ['cannot reach the Git server a.invalid: the host name cannot be resolved', 'name'],
    ['GET https://a/version: getaddrinfo ENOTFOUND a (look whether …)', 'name'],
    ['connect ECONNREFUSED 127.0.0.1:6443', 'refused'],
    ['cannot reach the Git server 127.0.0.1:9: the connection was refused', 'refused'],
    ['the operation was aborted due to timeout', 'timeout'],
    ['the certificate of a is not trusted: error:0A00010B:SSL routines:wrong version number', 'plain'],
    ['the certificate of a is not trusted: self-signed certificate', 'certificate'],
    ['there is no Git repository at http://a/x (404) (… a private repository without credentials)', 'missing'],
    [
      'the Git server refused http://a/x (401) (make a Secret with … the keys url, username and password)',
      'credentials',
    ],
    ['the server says 403 Forbidden', 'forbidden'],
    ['git@a:b is an SSH address, and only HTTP and HTTPS can be used', 'unsupported'],
    ['proxy http://a:3128 answered 502', 'proxy'],
    ['something else', 'other'],
  ])('"%s" is of the kind %s', (message, kind) => {
    expect(connectionKind(message)).toBe(kind);
  });
});

describe('a new password', () => {
  const rules = { pattern: '^.{8,32}$', needsCurrent: true };
  it.each<[string, object, object, object]>([
    ['fits', { current: 'a', next: 'long enough', again: 'long enough' }, rules, {}],
    ['is short', { current: 'a', next: 'short', again: 'x' }, rules, { next: 'length' }],
    ['is not the same', { current: 'a', next: 'long enough', again: 'x' }, rules, { again: 'again' }],
    ['needs the one before', { current: '', next: 'long enough', again: 'long enough' }, rules, { current: 'current' }],
    ['needs none', { current: '', next: 'Abc', again: 'Abc' }, { pattern: '^[A-Z]', needsCurrent: false }, {}],
    [
      'has another form',
      { current: 'a', next: 'abc', again: 'abc' },
      { ...rules, pattern: '^[A-Z]' },
      { next: 'pattern' },
    ],
    ['is left to the server', { current: 'a', next: 'abc', again: 'abc' }, { ...rules, pattern: '(?i)[' }, {}],
  ])('%s', (_, given, asked, problems) => {
    expect(passwordProblems(given as never, asked as never)).toEqual(problems);
  });
});

it('makes a table of rights in the order in which they come', () => {
  const one = (resource: string, action: string, projects: string[] = []) => ({
    ...{ resource, action, projects, everywhere: projects.length === 0 },
  });
  const { actions, rows } = rightsRows([
    one('applications', 'get'),
    one('applications', 'sync', ['shop']),
    one('projects', 'get'),
  ]);
  expect(actions).toEqual(['get', 'sync']);
  expect(rows.map(({ resource }) => resource)).toEqual(['applications', 'projects']);
  expect(rows[0]?.cells.sync).toEqual({ everywhere: false, projects: ['shop'] });
  expect(rows[1]?.cells.sync).toBeUndefined();
});

it('quotes words of a command that a shell would take apart', () => {
  expect(shellCommand('a', undefined, false, ['--b', ''], ['--c', "it's"], '--d', 'x y')).toBe(
    "a --c 'it'\\''s' --d 'x y'",
  );
});
