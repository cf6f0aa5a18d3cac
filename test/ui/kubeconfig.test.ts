// A kubeconfig that somebody pastes: what of it becomes a cluster, and what is said of what cannot.

import { describe, expect, it } from 'vitest';
import { type KubeconfigContext, readKubeconfig } from '../../src/ui/web/clusters/kubeconfig.ts';

const config = (cluster: object, user: object, more: object = {}) =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'east',
    contexts: [{ name: 'east', context: { cluster: 'c', user: 'u' } }],
    clusters: [{ name: 'c', cluster }],
    users: [{ name: 'u', user }],
    ...more,
  });

function only(text: string): KubeconfigContext {
  const read = readKubeconfig(text);
  if (!('contexts' in read) || !read.contexts[0]) throw new Error(JSON.stringify(read));
  return read.contexts[0];
}

const server = 'https://api.example.com:6443';

describe('a context of a kubeconfig', () => {
  it.each<[string, object, object, Partial<KubeconfigContext>]>([
    [
      'with a token',
      { server: `${server}/`, 'certificate-authority-data': 'Q0E=' },
      { token: 'T' },
      {
        server,
        way: 'token',
        warnings: [],
        config: { bearerToken: 'T', tlsClientConfig: { insecure: false, caData: 'Q0E=' } },
      },
    ],
    [
      'with a client certificate, another name in the certificate, and a proxy',
      { server, 'tls-server-name': 'api.internal', 'proxy-url': 'http://proxy:3128', 'disable-compression': true },
      { 'client-certificate-data': 'Q0VSVA==', 'client-key-data': 'S0VZ' },
      {
        way: 'certificate',
        config: {
          tlsClientConfig: { insecure: false, serverName: 'api.internal', certData: 'Q0VSVA==', keyData: 'S0VZ' },
          proxyUrl: 'http://proxy:3128',
          disableCompression: true,
        },
      },
    ],
    [
      'with a password',
      { server, 'insecure-skip-tls-verify': true, 'certificate-authority-data': 'Q0E=' },
      { username: 'kim', password: 'p' },
      {
        way: 'password',
        warnings: ['insecure'],
        config: { username: 'kim', password: 'p', tlsClientConfig: { insecure: true } },
      },
    ],
    [
      'with a program',
      { server },
      {
        exec: {
          apiVersion: 'client.authentication.k8s.io/v1',
          command: 'aws',
          args: ['eks', 'get-token'],
          env: [{ name: 'A', value: 'b' }],
        },
      },
      {
        way: 'exec',
        warnings: ['exec'],
        config: {
          execProviderConfig: {
            command: 'aws',
            args: ['eks', 'get-token'],
            apiVersion: 'client.authentication.k8s.io/v1',
            env: { A: 'b' },
          },
          tlsClientConfig: { insecure: false },
        },
      },
    ],
    ['of this machine', { server: 'https://127.0.0.1:6443' }, { token: 'T' }, { warnings: ['loopback'] }],
    ['of nobody', { server }, {}, { way: 'none', warnings: ['anonymous'] }],
  ])('%s is a cluster', (_, cluster, user, expected) => {
    const read = only(config(cluster, user));
    expect(read).toMatchObject({ name: 'east', isCurrent: true, ...expected });
    expect(read.problem).toBeUndefined();
  });

  it.each<[string, object | undefined, object, string]>([
    ['names a file with a CA', { server, 'certificate-authority': '/etc/ca.pem' }, { token: 'T' }, 'files'],
    ['names a file with a token', { server }, { tokenFile: '/var/token' }, 'files'],
    ['names a file with a certificate', { server }, { 'client-certificate': 'a', 'client-key': 'b' }, 'files'],
    ['logs in by a plugin', { server }, { 'auth-provider': { name: 'gcp' } }, 'auth-provider'],
    ['has no address', {}, { token: 'T' }, 'no-server'],
    ['names no cluster', undefined, { token: 'T' }, 'no-cluster'],
  ])('that %s is told so', (_, cluster, user, problem) => {
    expect(only(config(cluster ?? {}, user, cluster ? {} : { clusters: [] })).problem).toBe(problem);
  });

  it('that is current comes first', () => {
    const contexts = ['a', 'b', 'east'].map((name) => ({ name, context: { cluster: 'c', user: 'u' } }));
    const read = readKubeconfig(config({ server }, { token: 'T' }, { contexts }));
    expect('contexts' in read && read.contexts.map(({ name }) => name)).toEqual(['east', 'a', 'b']);
  });
});

it('tells of a text that is no YAML, and of one that is no kubeconfig', () => {
  expect(readKubeconfig('a: [')).toMatchObject({ error: 'yaml', message: expect.stringContaining('line 1') });
  expect(readKubeconfig('kind: Secret')).toEqual({ error: 'not-a-kubeconfig' });
  expect(readKubeconfig('')).toEqual({ error: 'not-a-kubeconfig' });
});
