import { describe, expect, it } from 'vitest';
import {
  API_KEYS,
  differentKeys,
  presentCredentials,
  presentRepository,
  repositoryDataOf,
  typeOfRepository,
} from '../../src/application/repository-shape.ts';

const URL = 'https://git.example.com/a';

describe('a repository of the API', () => {
  it('is the data of a Secret, without what is empty', () => {
    const body = {
      ...{ repo: URL, username: 'kim', password: 'p', project: '', insecure: true, enableLfs: false, enableOCI: null },
      ...{ githubAppID: '12', githubAppInstallationID: 0, connectionState: { status: 'x' }, more: 1 },
    };
    expect(repositoryDataOf(body)).toEqual({
      url: URL,
      username: 'kim',
      password: 'p',
      insecure: 'true',
      githubAppID: '12',
    });
    expect(repositoryDataOf({ url: URL })).toEqual({ url: URL });
  });

  it.each([
    ['a number as a password', { password: 1 }, 'password must be a string'],
    ['a text as a truth value', { insecure: 'yes' }, 'insecure must be true or false'],
    ['a word as a number', { depth: 'deep' }, 'depth must be a whole number'],
    ['a fraction', { depth: 1.5 }, 'depth must be a whole number'],
  ])('with %s is refused by name', (_, body, message) => {
    expect(() => repositoryDataOf({ repo: URL, ...body })).toThrow(message);
  });

  it('shows nothing that is secret, whatever its Secret holds', () => {
    const data = Object.fromEntries(
      [...API_KEYS, 'webhookSecret', 'webhookSecret.previous'].map((key) => [key, `secret-${key}`]),
    );
    const open = {
      type: 'git',
      url: 'https://kim:secret-url@git.example.com/a',
      proxy: 'http://kim:secret-proxy@proxy:3128',
    };
    const shown = JSON.stringify([presentRepository({ ...data, ...open }), presentCredentials({ ...data, ...open })]);
    const secrets = [...shown.matchAll(/secret-(\w+)/g)].map(([, key]) => key);
    expect([...new Set(secrets)].sort()).toEqual([
      'azureActiveDirectoryEndpoint',
      'azureServicePrincipalClientId',
      'azureServicePrincipalTenantId',
      'githubAppEnterpriseBaseUrl',
      'name',
      'noProxy',
      'project',
      'username',
    ]);
  });

  it.each([
    [{ url: URL }, 'git'],
    [{ url: 'oci://registry.example.com/a' }, 'oci'],
    [{ url: URL, type: 'helm' }, 'helm'],
  ])('of %j has the type %s', (data, type) => {
    expect(typeOfRepository(data)).toBe(type);
  });

  it('is told from another by what the API can set', () => {
    const known = { url: URL, username: 'kim', insecure: 'false', webhookSecret: 'x' };
    expect(differentKeys(known, { url: URL, username: 'kim', type: 'git' })).toEqual([]);
    expect(differentKeys(known, { url: URL, username: 'lee', password: 'p' })).toEqual(['username', 'password']);
  });
});
