// Every way into a real API server that a cluster Secret knows, over TLS; and the contexts of a kubeconfig as destinations.

import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseClusterSecret } from '../../src/application/cluster-secret.ts';
import { formatError } from '../../src/base/errors.ts';
import { createKubeClient } from '../../src/kube/client.ts';
import { connectCluster } from '../../src/node/connect-cluster.ts';
import { readKubeconfigContexts } from '../../src/node/kubeconfig.ts';
import type { ClusterTransport } from '../../src/platform.ts';
import { type ControlPlane, missingControlPlane, startControlPlane } from '../support/control-plane.ts';

const missing = missingControlPlane();
if (missing) console.warn(`SKIPPED: cluster Secrets against a real API server: ${missing}`);

/** What the control plane's token file holds. */
const TOKEN = 'hawser-test-token';

describe.skipIf(missing)('a cluster Secret', () => {
  let plane: ControlPlane;
  const opened: ClusterTransport[] = [];
  beforeAll(async () => {
    plane = await startControlPlane();
  });
  afterAll(async () => {
    for (const transport of opened) transport.close?.();
    await plane?.stop();
  });

  const base64 = (file: string) => readFileSync(join(plane.folder, file)).toString('base64');
  const ca = () => ({ caData: base64('ca.crt') });

  /** The number of Namespaces that can be read, or why none can. */
  async function namespacesBy(config: unknown): Promise<string> {
    const data = { name: 'real', server: plane.server, config: JSON.stringify(config) };
    try {
      const transport = connectCluster(parseClusterSecret('cluster-real', data).connection());
      opened.push(transport);
      const client = createKubeClient(transport, { fieldManager: 'test' });
      const { items } = await client.list({ apiVersion: 'v1', kind: 'Namespace' });
      return items.length > 0 ? 'let in' : 'nothing there';
    } catch (error) {
      return formatError(error);
    }
  }

  function plugin(name: string, body: string): string {
    const path = join(plane.folder, name);
    writeFileSync(path, `#!/bin/sh\n${body}\n`);
    chmodSync(path, 0o755);
    return path;
  }

  const execCredential = (token: string) =>
    JSON.stringify({ apiVersion: 'client.authentication.k8s.io/v1', kind: 'ExecCredential', status: { token } });

  it('with a CA and a token is let in', async () => {
    expect(await namespacesBy({ bearerToken: TOKEN, tlsClientConfig: ca() })).toBe('let in');
  });

  it('with a client certificate is let in', async () => {
    const tlsClientConfig = { ...ca(), certData: base64('admin.crt'), keyData: base64('admin.key') };
    expect(await namespacesBy({ tlsClientConfig })).toBe('let in');
  });

  it('with insecure needs no CA', async () => {
    expect(await namespacesBy({ bearerToken: TOKEN, tlsClientConfig: { insecure: true } })).toBe('let in');
  });

  it('with a server name holds the certificate to it', async () => {
    const named = (serverName: string) => ({ bearerToken: TOKEN, tlsClientConfig: { ...ca(), serverName } });
    expect(await namespacesBy(named('kubernetes.default.svc'))).toBe('let in');
    expect(await namespacesBy(named('elsewhere.example.com'))).toContain('altnames');
  });

  it('without the CA is refused before anything is sent', async () => {
    expect(await namespacesBy({ bearerToken: TOKEN })).toMatch(/certificate/);
  });

  it('without compression is answered plainly', async () => {
    expect(await namespacesBy({ bearerToken: TOKEN, disableCompression: true, tlsClientConfig: ca() })).toBe('let in');
  });

  it('with an exec plugin gets its token from there, with the arguments and environment that it names', async () => {
    const command = plugin('exec-plugin.sh', `[ "$1" = get ] && echo "$CREDENTIAL"`);
    const exec = {
      command,
      args: ['get'],
      env: { CREDENTIAL: execCredential(TOKEN) },
      apiVersion: 'client.authentication.k8s.io/v1',
    };
    expect(await namespacesBy({ execProviderConfig: exec, tlsClientConfig: ca() })).toBe('let in');
  });

  it.each([
    ['prints no JSON', 'printf "token=very-secret-output"', 'what the plugin printed is no JSON'],
    ['fails', 'echo "cannot use $PASSWORD" >&2; exit 1', 'cannot use ++++++++'],
  ])('with an exec plugin that %s says so without what is secret', async (name, body, expected) => {
    const command = plugin(`${name.replaceAll(' ', '-')}.sh`, body);
    const exec = { command, env: { PASSWORD: 'very-secret-password' }, apiVersion: 'client.authentication.k8s.io/v1' };
    const message = await namespacesBy({ execProviderConfig: exec, tlsClientConfig: ca() });
    expect(message).toContain(expected);
    expect(message).not.toContain('very-secret');
  });

  it('with a proxy is reached through it, with the proxy’s credentials', async () => {
    const seen: string[] = [];
    const proxy = createServer().on('connect', (request: IncomingMessage, socket: Duplex) => {
      seen.push(`${request.url} ${request.headers['proxy-authorization']}`);
      const far = connect(Number(new URL(plane.server).port), '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
        far.pipe(socket).pipe(far);
      });
      for (const end of [far, socket]) end.on('error', () => undefined); // Either end may close first.
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const address = proxy.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    try {
      const proxyUrl = `http://user:pass@127.0.0.1:${port}`;
      expect(await namespacesBy({ bearerToken: TOKEN, proxyUrl, tlsClientConfig: ca() })).toBe('let in');
      expect(seen[0]).toBe(`${new URL(plane.server).host} Basic ${btoa('user:pass')}`);
    } finally {
      proxy.close();
    }
  });

  it('is not asked for by a proxy that is away', async () => {
    const message = await namespacesBy({
      bearerToken: TOKEN,
      proxyUrl: 'http://user:very-secret@127.0.0.1:9',
      tlsClientConfig: ca(),
    });
    expect(message).toContain('127.0.0.1:9');
    expect(message).not.toContain('very-secret');
  });

  it('may be a context of the kubeconfig: each is a destination by its name', async () => {
    const kubeconfig = JSON.parse(readFileSync(plane.tokenKubeconfig, 'utf8'));
    kubeconfig.users.push({ name: 'nobody', user: { token: 'wrong' } });
    kubeconfig.contexts.push({ name: 'other', context: { cluster: 'test', user: 'nobody' } });
    kubeconfig.contexts.push({ name: 'dangling', context: { cluster: 'nosuch', user: 'nobody' } });
    const path = join(plane.folder, 'contexts.kubeconfig');
    writeFileSync(path, JSON.stringify(kubeconfig));
    const contexts = await readKubeconfigContexts(path);
    opened.push(...contexts.map(({ transport }) => transport));
    const answers = await Promise.all(
      contexts.map(async ({ name, transport }) => {
        const response = await transport.fetch('/api/v1/namespaces');
        await response.body?.cancel();
        return `${name}: ${response.status}`;
      }),
    );
    expect(answers).toEqual(['test: 200', 'other: 401']);
  });
});
