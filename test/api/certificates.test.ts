// Certificates and host keys of Git servers, settings, the version, and what is not built, by the API.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at } from '../../src/base/json.ts';
import { VERSION } from '../../src/base/version.ts';
import { configData } from '../../src/operation/settings.ts';
import { type Ask, openApi } from '../support/api-accounts.ts';
import { createAuthority } from '../support/certificates.ts';
import { createGround, type Ground } from '../support/ground.ts';
import { connectSandbox } from '../support/sandbox-transport.ts';

/** What ssh-keyscan says of github.com, and the fingerprint that GitHub publishes of it. */
const KEY = 'AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl';
const FINGERPRINT = 'SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU';

const PATH = '/api/v1/certificates';
const authority = createAuthority();

let ground: Ground;
let as: Record<'machine' | 'reader' | 'nobody', Ask>;
beforeAll(async () => {
  ground = await createGround(connectSandbox());
  as = await openApi(ground, {
    reader: ['certificates, get, *, allow', 'gpgkeys, get, *, allow'],
    nobody: ['projects, get, *, allow'],
  });
});
afterAll(() => ground.close());

const saved = async (name: string) => configData(await ground.get('v1', 'ConfigMap', ground.namespace, name));
const https = (serverName: string, pem: string) => ({ serverName, certType: 'https', certData: btoa(pem) });
const ssh = (serverName: string, key = KEY) => ({
  serverName,
  certType: 'ssh',
  certSubType: 'ssh-ed25519',
  certData: btoa(key),
});
const add = (items: readonly unknown[], query = '', ask = as.machine) => ask('POST', `${PATH}${query}`, { items });

describe('certificates', () => {
  it('are added to the ConfigMaps that Argo CD reads, and told by what they are', async () => {
    const made = await add([https('git.example.com', authority.ca), ssh('github.com'), ssh('[git.example.com]:2222')]);
    expect(made).toMatchObject({
      status: 200,
      body: { items: [{ certType: 'https' }, { certType: 'ssh' }, { certType: 'ssh' }] },
    });
    expect(await saved('argocd-tls-certs-cm')).toEqual({ 'git.example.com': authority.ca });
    expect(await saved('argocd-ssh-known-hosts-cm')).toEqual({
      ssh_known_hosts: `github.com ssh-ed25519 ${KEY}\n[git.example.com]:2222 ssh-ed25519 ${KEY}\n`,
    });
    expect((await as.reader('GET', PATH)).body).toEqual({
      metadata: {},
      items: [
        {
          serverName: 'github.com',
          certType: 'ssh',
          certSubType: 'ssh-ed25519',
          certData: null,
          certInfo: FINGERPRINT,
        },
        {
          serverName: '[git.example.com]:2222',
          certType: 'ssh',
          certSubType: 'ssh-ed25519',
          certData: null,
          certInfo: FINGERPRINT,
        },
        {
          serverName: 'git.example.com',
          certType: 'https',
          certSubType: 'rsa',
          certData: null,
          certInfo: 'CN=Test CA',
        },
      ],
    });
  });

  it('that are there already are no news, and others of the same server need upsert', async () => {
    expect((await add([https('git.example.com', authority.ca)])).body).toEqual({ metadata: {}, items: [] });
    const other = createAuthority().ca;
    expect(await add([https('git.example.com', other)])).toMatchObject({
      status: 400,
      body: { message: "TLS certificate for server 'git.example.com' already exists, and upsert was not specified" },
    });
    expect((await add([https('git.example.com', other)], '?upsert=true')).status).toBe(200);
    expect(await saved('argocd-tls-certs-cm')).toEqual({ 'git.example.com': other });
    const key = `${KEY.slice(0, -2)}Zz`;
    expect(await add([ssh('github.com', key)])).toMatchObject({
      status: 400,
      body: { message: "key for 'github.com' (subtype: 'ssh-ed25519') already exists, and upsert was not specified" },
    });
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['a name that is no host', https('no host', authority.ca), 'invalid hostname in request: no host'],
    ['no PEM', https('a.example.com', 'hello'), 'no valid PEM data received'],
    [
      'a PEM that holds no certificate',
      https('a.example.com', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'),
      'could not parse X509 data from input',
    ],
    ['a key of another type', { ...ssh('a.example.com'), certSubType: 'ssh-rsa' }, 'is no ssh-rsa key'],
    ['a key that is none', ssh('a.example.com', 'hello'), 'is no ssh-ed25519 key'],
    ['another kind', { ...https('a.example.com', authority.ca), certType: 'pgp' }, 'unknown certificate type: pgp'],
    ['data that are no base64', { ...https('a.example.com', ''), certData: '*' }, 'is no base64'],
  ])('with %s are refused, and nothing is saved', async (_, item, message) => {
    const before = [await saved('argocd-tls-certs-cm'), await saved('argocd-ssh-known-hosts-cm')];
    expect(await add([https('b.example.com', authority.ca), item])).toMatchObject({
      status: 400,
      body: { code: 3, message: expect.stringContaining(message) },
    });
    expect([await saved('argocd-tls-certs-cm'), await saved('argocd-ssh-known-hosts-cm')]).toEqual(before);
  });

  it.each([
    ['?certType=ssh', ['github.com', '[git.example.com]:2222']],
    ['?certType=https', ['git.example.com']],
    ['?hostNamePattern=git*', ['github.com', 'git.example.com']],
    ['?hostNamePattern=[git.example.com]:*', ['[git.example.com]:2222']],
    ['?certType=ssh&certSubType=ssh-rsa', []],
  ])('are filtered by %s', async (query, names) => {
    const items = at((await as.reader('GET', `${PATH}${query}`)).body, 'items');
    expect(Array.isArray(items) && items.map((item) => at(item, 'serverName'))).toEqual(names);
  });

  it('need rights of their own', async () => {
    expect((await as.nobody('GET', PATH)).status).toBe(403);
    expect((await add([], '', as.reader)).status).toBe(403);
    expect((await as.reader('DELETE', PATH)).status).toBe(403);
  });

  it('are removed by what they are', async () => {
    const removed = await as.machine('DELETE', `${PATH}?certType=ssh&hostNamePattern=github.com`);
    expect(removed.body).toMatchObject({ items: [{ serverName: 'github.com', certData: btoa(KEY) }] });
    expect((await saved('argocd-ssh-known-hosts-cm')).ssh_known_hosts).toBe(
      `[git.example.com]:2222 ssh-ed25519 ${KEY}\n`,
    );
    await as.machine('DELETE', PATH);
    expect(at((await as.machine('GET', PATH)).body, 'items')).toEqual([]);
  });
});

describe('what clients ask first', () => {
  it('is the version, to anybody, and more of it with a session', async () => {
    const { createApp } = await import('../../src/app.ts');
    const { appPlatform } = await import('../support/app-platform.ts');
    const app = createApp(ground.hawser, appPlatform({ namespace: ground.namespace }));
    const read = async (path: string): Promise<unknown> => (await app.request(path)).json();
    expect(await read('/api/version')).toEqual({ Version: `v${VERSION}+hawser` });
    expect((await as.nobody('GET', '/api/version')).body).toMatchObject({
      Version: `v${VERSION}+hawser`,
      KustomizeVersion: 'v5.8.1',
    });
    const open = await read('/api/v1/settings');
    expect(open).toMatchObject({
      appLabelKey: 'app.kubernetes.io/instance',
      trackingMethod: 'annotation',
      statusBadgeEnabled: false,
      userLoginsDisabled: false,
    });
    expect(at(open, 'controllerNamespace')).toBeUndefined();
    expect(at(open, 'passwordPattern')).toBeUndefined();
    expect((await as.nobody('GET', '/api/v1/settings')).body).toMatchObject({
      controllerNamespace: 'argocd',
      passwordPattern: '^.{8,32}$',
    });
    expect((await as.nobody('GET', '/api/v1/settings/plugins')).body).toEqual({ plugins: [] });
  });

  it('is what argocd-cm says, without what is secret in it', async () => {
    const oidc =
      'name: SSO\nissuer: https://sso.example.com\nclientID: hawser\nclientSecret: $oidc.secret\nrequestedScopes: [openid]\nenablePKCEAuthentication: true\n';
    const ref = { apiVersion: 'v1', kind: 'ConfigMap', namespace: ground.namespace, name: 'argocd-cm' };
    const data = {
      url: 'https://cd.example.com',
      'oidc.config': oidc,
      'statusbadge.enabled': 'true',
      'ui.bannercontent': 'Hello',
    };
    await ground.client.patch(ref, { data }, { type: 'merge' });
    const { body } = await as.nobody('GET', '/api/v1/settings');
    expect(body).toMatchObject({
      url: 'https://cd.example.com',
      statusBadgeEnabled: true,
      uiBannerContent: 'Hello',
      oidcConfig: {
        name: 'SSO',
        issuer: 'https://sso.example.com',
        clientID: 'hawser',
        scopes: ['openid'],
        enablePKCEAuthentication: true,
      },
    });
    expect(JSON.stringify(body)).not.toContain('oidc.secret');
  });
});

describe('what is not built', () => {
  it.each([
    ['/api/v1/gpgkeys', { metadata: {}, items: [] }],
    ['/api/v1/notifications/services', { items: [] }],
    ['/api/v1/notifications/triggers', { items: [] }],
    ['/api/v1/notifications/templates', { items: [] }],
    ['/api/v1/applicationsets', { metadata: {}, items: [] }],
  ])('%s is an empty list', async (path, body) => {
    expect(await as.reader('GET', path)).toEqual({ status: 200, body });
  });

  it.each([
    ['POST', '/api/v1/applicationsets'],
    ['DELETE', '/api/v1/applicationsets/a'],
    ['POST', '/api/v1/gpgkeys'],
  ])('%s %s is 501, with what to do', async (method, path) => {
    expect(await as.machine(method, path, {})).toMatchObject({
      status: 501,
      body: { code: 12, message: expect.stringMatching(/\(.+\)$/) },
    });
  });

  it('names what the ConfigMaps of keys and notifications hold', async () => {
    const apply = (name: string, data: Record<string, string>) =>
      ground.client.apply({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name, namespace: ground.namespace },
        data,
      });
    await apply('argocd-gpg-keys-cm', { '4AEE18F83AFDEB23': '-----BEGIN PGP PUBLIC KEY BLOCK-----' });
    await apply('argocd-notifications-cm', { 'service.slack': 'token: $x', 'template.a': '', 'trigger.on-b': '' });
    expect((await as.reader('GET', '/api/v1/gpgkeys')).body).toEqual({
      metadata: {},
      items: [{ keyID: '4AEE18F83AFDEB23' }],
    });
    expect((await as.reader('GET', '/api/v1/gpgkeys/4AEE18F83AFDEB23')).body).toMatchObject({
      keyData: expect.any(String),
    });
    expect((await as.nobody('GET', '/api/v1/gpgkeys')).status).toBe(403);
    expect((await as.nobody('GET', '/api/v1/notifications/services')).body).toEqual({ items: [{ name: 'slack' }] });
    expect((await as.nobody('GET', '/api/v1/notifications/triggers')).body).toEqual({ items: [{ name: 'on-b' }] });
  });
});
