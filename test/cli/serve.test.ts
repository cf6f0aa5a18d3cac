// hawser serve as a process: what it says when it cannot start, who may read, and how it ends.

import { createHmac } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createKubeClient } from '../../src/kube/client.ts';
import { prepareHome } from '../../src/operation/prepare-home.ts';
import type { ClusterTransport } from '../../src/platform.ts';
import { formatKubeconfig } from '../../src/sandbox/listen/kubeconfig.ts';
import { type Listening, listen } from '../../src/sandbox/listen/listen.ts';
import { createSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts';
import { createHome, type Home, runHawser, startHawser } from '../support/hawser-process.ts';

interface TestCluster {
  readonly sandbox: Sandbox;
  readonly listening: Listening;
  readonly transport: ClusterTransport;
  /** How often the Secrets of repositories were listed. */
  secretLists(): number;
  /** The path of a kubeconfig for it. */
  readonly kubeconfig: string;
}

const TOKEN = 'token-for-tests';

let home: Home;
/** With CRDs. */
let ready: TestCluster;
/** Without. */
let bare: TestCluster;
/** Does not know the token of its kubeconfig. */
let closed: TestCluster;
let clusters: TestCluster[] = [];
/** A web page. */
let page: Listening;

beforeAll(async () => {
  home = createHome();
  ready = await startCluster('ready');
  bare = await startCluster('bare');
  closed = await startCluster('closed', { secret: { user: 'admin', groups: ['system:masters'] } });
  clusters = [ready, bare, closed];
  await prepareHome(createKubeClient(ready.transport, { fieldManager: 'test' }), 'argocd');
  writeFileSync(path('broken'), 'clusters: [\n');
  writeFileSync(path('nobody'), formatKubeconfig('http://127.0.0.1:9'));
  mkdirSync(path('folder'));
  page = await listen(() => new Response('<h1>Hello</h1>'));
  writeFileSync(path('page'), formatKubeconfig(page.url));
});

afterAll(async () => {
  for (const { sandbox, listening } of clusters) {
    sandbox.close();
    await listening.close();
  }
  await page?.close();
  home?.remove();
});

function path(name: string): string {
  return join(home.folder, name);
}

type Tokens = NonNullable<Parameters<typeof createSandbox>[0]['tokens']>;

async function startCluster(name: string, tokens?: Tokens): Promise<TestCluster> {
  const sandbox = createSandbox({
    clock: { now: () => Date.now() },
    random: (length) => crypto.getRandomValues(new Uint8Array(length)),
    ...(tokens && { tokens }),
  });
  let secretLists = 0;
  const listening = await listen((request) => {
    if (request.url.includes('/secrets?')) secretLists++;
    return sandbox.fetch(request);
  });
  const kubeconfig = path(`${name}.kubeconfig`);
  writeFileSync(kubeconfig, formatKubeconfig(listening.url, tokens && { token: 'another' }));
  const transport: ClusterTransport = {
    server: listening.url,
    fetch: (where, init) => sandbox.fetch(new Request(`${listening.url}${where}`, init)),
  };
  return { sandbox, listening, transport, kubeconfig, secretLists: () => secretLists };
}

describe('hawser serve that cannot start', () => {
  const good = () => ['--kubeconfig', ready.kubeconfig];
  it.each([
    {
      when: 'the kubeconfig file is missing',
      args: () => ['--kubeconfig', path('nope')],
      code: 2,
      message: () => `the kubeconfig ${path('nope')} does not exist (give a file with --kubeconfig`,
    },
    {
      when: 'KUBECONFIG names a file that is missing',
      env: () => ({ KUBECONFIG: path('nope') }),
      code: 2,
      message: () => `the kubeconfig ${path('nope')} does not exist`,
    },
    {
      when: 'the kubeconfig is no YAML',
      args: () => ['--kubeconfig', path('broken')],
      code: 2,
      message: () => `the kubeconfig ${path('broken')} cannot be read: `,
    },
    {
      when: 'the kubeconfig is a folder',
      args: () => ['--kubeconfig', path('folder')],
      code: 2,
      message: () => `the kubeconfig ${path('folder')} cannot be read: EISDIR`,
    },
    {
      when: 'there is no such context',
      args: () => [...good(), '--context', 'nope'],
      code: 2,
      message: () => 'the kubeconfig has no context nope (it has sandbox)',
    },
    {
      when: 'no cluster is configured',
      code: 2,
      message: () => 'no cluster is configured (set KUBECONFIG or give --kubeconfig; npm start runs a sandbox',
    },
    {
      when: 'KUBECONFIG is empty',
      env: () => ({ KUBECONFIG: '' }),
      code: 2,
      message: () => 'no cluster is configured',
    },
    {
      when: 'nothing answers at the address',
      args: () => ['--kubeconfig', path('nobody')],
      code: 1,
      message: () => 'no cluster answers at http://127.0.0.1:9: ',
    },
    {
      when: 'what answers is no API server',
      args: () => ['--kubeconfig', path('page')],
      code: 1,
      message: () => `what answers at ${page.url} is no Kubernetes API server (GET /version: 200)`,
    },
    {
      when: 'the cluster does not know who asks',
      args: () => ['--kubeconfig', closed.kubeconfig],
      code: 2,
      message: () => `the cluster at ${closed.listening.url} does not accept the kubeconfig's credentials`,
    },
    {
      when: 'the cluster has no CRDs',
      args: () => ['--kubeconfig', bare.kubeconfig],
      code: 2,
      message: () =>
        `the cluster at ${bare.listening.url} has no CustomResourceDefinition of Applications (hawser install --crds-only | kubectl apply --server-side -f -)`,
    },
    {
      when: 'the namespace is missing',
      args: () => [...good(), '--namespace', 'nope', '--port', '0'],
      code: 1,
      message: () => 'namespaces "nope" not found (hawser install --crds-only --namespace nope makes the namespace',
    },
    {
      when: 'the port is taken',
      args: () => [...good(), '--port', String(ready.listening.port)],
      code: 1,
      message: () => `port ${ready.listening.port} of 127.0.0.1 is taken (choose another with --port`,
    },
    {
      when: 'the address is not of this machine',
      args: () => [...good(), '--host', '192.0.2.1'],
      code: 1,
      message: () => 'cannot listen on 192.0.2.1:8080: ',
    },
    {
      when: 'the data folder cannot be made',
      args: () => [...good(), '--data', join(path('broken'), 'data')],
      code: 2,
      message: () => 'the data folder cannot be made: ENOTDIR',
    },
    {
      when: 'the port is no number',
      args: () => [...good(), '--port', 'http'],
      code: 2,
      message: () => '--port http is no port number',
    },
    {
      when: 'the external address is none',
      args: () => [...good(), '--external-url', 'hawser.example.com'],
      code: 2,
      message: () => '--external-url hawser.example.com is no address (for example https://',
    },
    {
      when: 'a flag is unknown',
      args: () => ['--bogus'],
      code: 2,
      message: () => "Unknown option '--bogus' (--help lists the flags)",
    },
  ] as const)('says in one line that $when', async ({ code, message, ...given }) => {
    const args = 'args' in given ? given.args() : [];
    const extra = 'env' in given ? given.env() : {};
    const outcome = await runHawser(['serve', ...args], { env: { ...home.env, ...extra } });
    expect(outcome).toMatchObject({ code, stdout: '' });
    expect(outcome.stderr).toMatch(/^Error: .*\n$/);
    expect(outcome.stderr).toContain(message());
  });
});

describe('hawser serve', () => {
  const start = async (...args: string[]) => {
    const running = startHawser(['serve', '--kubeconfig', ready.kubeconfig, '--port', '0', ...args], {
      env: { ...home.env, HAWSER_TOKEN: TOKEN, XDG_DATA_HOME: path(`data-${args.join('')}`) },
    });
    const [, port = ''] = await running.waitFor(/"hawser serves","url":"http:\/\/[^"]*:(\d+)"/);
    return { running, url: `http://127.0.0.1:${port}` };
  };
  const statusOf = async (url: string, init?: RequestInit) => (await fetch(url, init)).status;
  const authorized = { headers: { authorization: `Bearer ${TOKEN}` } };

  it('answers reads and writes with the token only, and ends with SIGTERM', async () => {
    const { running, url } = await start();
    expect(await statusOf(`${url}/healthz`)).toBe(200);
    expect(await statusOf(`${url}/api/v1/applications`)).toBe(401);
    expect(await statusOf(`${url}/api/v1/applications`, authorized)).toBe(200);
    expect(await statusOf(`${url}/api/refresh`, { method: 'POST', body: '{"all":true}' })).toBe(401);
    const headers = { ...authorized.headers, 'content-type': 'application/json' };
    expect(await statusOf(`${url}/api/refresh`, { method: 'POST', body: '{"all":true}', headers })).toBe(202);
    const { code, stdout } = await running.end('SIGTERM');
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
  });

  it('wants the token for reads, too, where others can reach it', async () => {
    const { running, url } = await start('--host', '0.0.0.0');
    expect(await statusOf(`${url}/healthz`)).toBe(200);
    expect(await statusOf(`${url}/`)).toBe(401);
    expect(await statusOf(`${url}/api/v1/applications`)).toBe(401);
    expect(await statusOf(`${url}/api/v1/applications`, authorized)).toBe(200);
    expect((await running.end('SIGINT')).code).toBe(0);
  });

  it('refuses a data folder that another one uses, and takes it as soon as that one is killed', async () => {
    const args = ['--data', path('shared')];
    const first = await start(...args);
    const second = await runHawser(['serve', '--kubeconfig', ready.kubeconfig, '--port', '0', ...args], {
      env: home.env,
    });
    expect(second).toMatchObject({
      code: 1,
      stderr: `Error: another hawser process uses the data folder ${path('shared')} (end it, or give this one a folder of its own with --data)\n`,
    });
    await first.running.end('SIGKILL');
    const third = await start(...args);
    expect(await statusOf(`${third.url}/healthz`)).toBe(200);
    expect((await third.running.end('SIGTERM')).code).toBe(0);
  });

  it('takes its first webhook while the cluster is away, and tells a stranger nothing about that', async () => {
    const lost = await startCluster('lost');
    const client = createKubeClient(lost.transport, { fieldManager: 'test' });
    await prepareHome(client, 'argocd');
    const key = 'webhook.generic.secret';
    await client.apply({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'argocd-secret', namespace: 'argocd' },
      stringData: { [key]: 'shared' },
    });
    const { running, url } = await start('--kubeconfig', lost.kubeconfig, '--data', path('data-lost'));
    await expect.poll(() => lost.secretLists()).toBeGreaterThan(0);
    await lost.listening.close();
    const body = '{"repository":"https://git.test/team/charts","ref":"refs/heads/main"}';
    const post = (secret: string) =>
      fetch(`${url}/api/webhook`, {
        method: 'POST',
        body,
        headers: { 'x-signature': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}` },
      });
    expect((await post('shared')).status).toBe(202);
    const refused = await post('guessed');
    expect(refused.status).toBe(401);
    expect(await refused.text()).not.toContain(lost.listening.url);
    await running.end('SIGKILL');
    lost.sandbox.close();
  });

  it('ends with SIGTERM while a request hangs on a Git server that does not answer', async () => {
    const asked = Promise.withResolvers<void>();
    const silent = createServer(() => asked.resolve());
    await new Promise<void>((listening) => silent.listen(0, '127.0.0.1', listening));
    const { port } = silent.address() as AddressInfo;
    const client = createKubeClient(ready.transport, { fieldManager: 'test' });
    const name = 'waits';
    await client.create({
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Application',
      metadata: { name, namespace: 'argocd' },
      spec: {
        project: 'default',
        source: { repoURL: `http://127.0.0.1:${port}/a/b`, path: '.', targetRevision: 'HEAD' },
        destination: { server: 'https://kubernetes.default.svc', namespace: 'default' },
      },
    });
    const { running } = await start('--namespace', 'argocd');
    await asked.promise;
    const { code, stderr } = await running.end('SIGTERM');
    expect(code).toBe(0);
    expect(stderr).not.toContain('"level":"error"');
    const app = await client.get({
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Application',
      namespace: 'argocd',
      name,
    });
    expect(app?.status).toBeUndefined();
    silent.closeAllConnections();
    silent.close();
  });
});
