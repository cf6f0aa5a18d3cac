// Cluster Secrets: what each key means, what is refused, and that no refusal quotes a value.

import { describe, expect, it } from 'vitest';
import { parseClusterSecret } from '../../src/application/cluster-secret.ts';
import { formatError, isHawserError } from '../../src/base/errors.ts';

const SERVER = 'https://east.example.com:6443';
const PEM = '-----BEGIN CERTIFICATE-----\nMII=\n-----END CERTIFICATE-----\n';

const parse = (data: Record<string, string>) => parseClusterSecret('cluster-east', { server: SERVER, ...data });
const connection = (config: unknown) => parse({ config: JSON.stringify(config) }).connection();

describe('a cluster Secret', () => {
  it('names the cluster, its project and its namespaces', () => {
    const { name, server, project, namespaces, clusterResources } = parse({
      name: 'east',
      server: `${SERVER}/`,
      project: 'own',
      namespaces: 'a, b,,',
      clusterResources: 'true',
    });
    expect({ name, server, project, namespaces, clusterResources }).toEqual({
      name: 'east',
      server: SERVER,
      project: 'own',
      namespaces: ['a', 'b'],
      clusterResources: true,
    });
  });

  it.each([
    ['no credentials', {}, {}],
    ['a token', { bearerToken: 't' }, { bearerToken: 't' }],
    ['a password', { username: 'u', password: 'p' }, { basic: { username: 'u', password: 'p' } }],
    ['a CA', { tlsClientConfig: { caData: btoa(PEM) } }, { ca: PEM }],
    ['insecure', { tlsClientConfig: { insecure: true } }, { insecure: true }],
    ['a name of the server', { tlsClientConfig: { serverName: 'kubernetes' } }, { serverName: 'kubernetes' }],
    [
      'a client certificate',
      { tlsClientConfig: { certData: btoa(PEM), keyData: btoa('key') } },
      { clientCertificate: { cert: PEM, key: 'key' } },
    ],
    ['a proxy', { proxyUrl: 'http://proxy:3128' }, { proxy: 'http://proxy:3128' }],
    ['no compression', { disableCompression: true }, { uncompressed: true }],
    [
      'an exec plugin, before a token',
      {
        bearerToken: 't',
        execProviderConfig: {
          command: 'aws',
          args: ['eks', 'get-token'],
          env: { REGION: 'x' },
          apiVersion: 'client.authentication.k8s.io/v1',
        },
      },
      {
        exec: {
          command: 'aws',
          args: ['eks', 'get-token'],
          env: { REGION: 'x' },
          apiVersion: 'client.authentication.k8s.io/v1',
        },
      },
    ],
  ])('with %s is reached so', (_, config, expected) => {
    expect(connection(config)).toEqual({ server: SERVER, ...expected });
  });

  it.each([
    ['broken JSON', '{"bearerToken": "secret-1', 'no JSON object'],
    ['a list', '["secret-2"]', 'no JSON object'],
    ['awsAuthConfig', '{"awsAuthConfig": {"roleARN": "secret-3"}}', 'awsAuthConfig'],
    ['a token and a user', '{"bearerToken": "secret-4", "username": "secret-5"}', 'but not both'],
    ['a token with a line break', '{"bearerToken": "secret-6\\n"}', 'no header may'],
    ['a CA and insecure', '{"tlsClientConfig": {"insecure": true, "caData": "c2VjcmV0"}}', 'insecure flag'],
    ['a CA that is no base64', '{"tlsClientConfig": {"caData": "secret-7%"}}', 'caData is no base64'],
    ['a proxy that is no URL', '{"proxyUrl": "secret-8"}', 'proxyUrl is no URL'],
    ['a plugin without a command', '{"execProviderConfig": {"args": ["secret-9"]}}', 'names no command'],
  ])('with %s cannot be used, and its values stay where they are', (_, config, expected) => {
    const message = refusal(() => parse({ config }).connection());
    expect(message).toContain(expected);
    expect(message).toContain('cluster-east');
    expect(message).not.toContain('secret-');
  });

  it.each([
    ['none', '', 'no URL'],
    ['another protocol', 'ftp://east', 'neither https nor http'],
    ['credentials in it', 'https://user:secret-1@east', 'holds credentials'],
  ])('with %s as its server cannot be used', (_, server, expected) => {
    const message = refusal(() => parseClusterSecret('cluster-east', { server, config: '{}' }).connection());
    expect(message).toContain(expected);
    expect(message).not.toContain('secret-');
  });

  it.each([
    ['{}', false],
    ['{"tlsClientConfig": {"insecure": false}}', false],
    ['{"bearerToken": "t"}', true],
    ['{"tlsClientConfig": {"certData": "x"}}', true],
  ])('with the config %s brings credentials of its own: %s', (config, expected) => {
    expect(parse({ config }).hasCredentials).toBe(expected);
  });
});

function refusal(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return isHawserError(error, 'Unsupported') ? formatError(error) : `another error: ${error}`;
  }
  return 'nothing was refused';
}
