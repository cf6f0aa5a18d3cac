// Which clusters and Git servers a Worker can reach with nobody's help, and what it says of the others.

import { afterEach, describe, expect, it } from 'vitest';
import { formatError } from '../../src/base/errors.ts';
import { type Listening, listen } from '../../src/node/listen.ts';
import type { ClusterConnection, ConnectionOptions } from '../../src/platform.ts';
import { connectCluster, connectHome } from '../../src/worker/cluster.ts';
import { createConnectedFetch } from '../../src/worker/connected-fetch.ts';

describe('a Worker', () => {
  let listening: Listening | undefined;
  afterEach(() => listening?.close());

  it.each([
    ['a token', { bearerToken: 't' }, 'Bearer t'],
    ['a password', { basic: { username: 'ü', password: 'p' } }, 'Basic w7w6cA=='],
    ['no credentials', {}, null],
  ])('reaches a cluster by address and %s', async (_, credentials, expected) => {
    listening = await listen((request) => Response.json(request.headers.get('authorization')), {
      host: '127.0.0.1',
      port: 0,
    });
    const transport = connectCluster({ server: listening.url, ...credentials });
    expect(await (await transport.fetch('/version')).json()).toBe(expected);
  });

  it.each(['https://admin:secret@10.0.0.1:6443', 'https://secret@10.0.0.1:6443'])('takes no login in %s', (server) => {
    const message = messageOf(() => connectHome({ KUBE_SERVER: server }));
    expect(message).toContain('KUBE_SERVER has a user or a password in it');
    expect(message).not.toContain('secret');
  });

  it('follows no API server to another address', async () => {
    let followed = 0;
    listening = await listen(
      ({ url }) => {
        if (new URL(url).pathname === '/version')
          return new Response(null, { status: 307, headers: { location: '/elsewhere' } });
        followed++;
        return new Response('{}');
      },
      { host: '127.0.0.1', port: 0 },
    );
    const { url: server } = listening;
    const home = connectHome({ KUBE_SERVER: server, KUBE_TOKEN: 't' });
    const bound = connectHome({ CLUSTER: { fetch }, KUBE_SERVER: server, KUBE_TOKEN: 't' });
    for (const transport of [home, bound, connectCluster({ server, bearerToken: 't' })]) {
      expect((await transport.fetch('/version')).status).toBe(307);
    }
    expect(followed).toBe(0);
  });

  it('reaches home by a binding that knows the way to its address', async () => {
    const asked: [string, string | null][] = [];
    const CLUSTER = {
      fetch: async (request: Request | string, init?: RequestInit) => {
        const { url, headers } = new Request(request, init);
        asked.push([url, headers.get('authorization')]);
        return new Response('{}');
      },
    };
    await connectHome({ CLUSTER, KUBE_SERVER: 'https://10.0.0.1:6443/', KUBE_TOKEN: 't' }).fetch('/version');
    await connectHome({ CLUSTER }).fetch('/version');
    expect(asked).toEqual([
      ['https://10.0.0.1:6443/version', 'Bearer t'],
      ['https://kubernetes.default.svc/version', null],
    ]);
  });

  it.each<[string, Partial<ClusterConnection>, string]>([
    ['a CA', { ca: 'secret' }, 'tlsClientConfig.caData'],
    ['a client certificate', { clientCertificate: { cert: 'secret', key: 'secret' } }, 'tlsClientConfig.certData'],
    ['any certificate', { insecure: true }, 'tlsClientConfig.insecure'],
    ['a proxy', { proxy: 'http://secret' }, 'proxyUrl'],
    ['a plugin', { exec: { command: 'secret', args: [], env: {}, apiVersion: '' } }, 'execProviderConfig'],
  ])('says that it cannot use %s', (_, connection, expected) => {
    const message = messageOf(() => connectCluster({ server: 'https://east', ...connection }));
    expect(message).toContain(`the cluster https://east is configured with ${expected}, which workerd cannot do`);
    expect(message).not.toContain('secret');
  });

  it.each<[string, ConnectionOptions, string]>([
    ['a CA', { ca: 'secret' }, 'a CA of argocd-tls-certs-cm'],
    ['a client certificate', { clientCertificate: { cert: 'secret', key: 'secret' } }, 'tlsClientCertData'],
    ['any certificate', { insecure: true }, 'insecure'],
    ['a proxy', { proxy: 'http://secret' }, 'proxy'],
  ])('says that it cannot use %s for a Git server', async (_, options, expected) => {
    const failed = createConnectedFetch()('https://git.test/devops/app', {}, options);
    const message = await failed.then(() => 'nothing was refused', formatError);
    expect(message).toContain(`git.test is configured with ${expected}, which workerd cannot do`);
    expect(message).not.toContain('secret');
  });

  it('asks a Git server itself where what it cannot do is for nothing', async () => {
    listening = await listen(() => new Response('refs'), { host: '127.0.0.1', port: 0 });
    const response = await createConnectedFetch()(listening.url, {}, { ca: 'of HTTPS', insecure: true });
    expect(await response.text()).toBe('refs');
  });
});

function messageOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return formatError(error);
  }
  return 'nothing was refused';
}
