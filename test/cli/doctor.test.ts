// hawser doctor against the sandbox cluster, a Git server on loopback, and what is wrong with each.

import { tmpdir } from 'node:os';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { applicationManifest } from '../../src/application/manifest.ts';
import { at } from '../../src/base/json.ts';
import { doctorCommand } from '../../src/cli/doctor/doctor.ts';
import { createKubeClient, type KubeClient } from '../../src/kube/client.ts';
import { createConnectedFetch } from '../../src/node/connected-fetch.ts';
import { type Listening, listen } from '../../src/node/listen.ts';
import { prepareHome } from '../../src/operation/prepare-home.ts';
import type { ClusterTransport } from '../../src/platform.ts';
import { createGitServer } from '../../src/sandbox/git/server.ts';
import { captureIo } from '../support/captured-io.ts';
import { connectSandbox } from '../support/sandbox-transport.ts';

const NAMESPACE = 'argocd';
const AUTHOR = { name: 'Kim', email: 'kim@example.com' };

let git: Listening;
let hawser: Listening;
let home: ClusterTransport;
let client: KubeClient;

beforeAll(async () => {
  const server = createGitServer({ users: { devops: 'git-password' } });
  const repository = server.create('team/deploy', { isPrivate: true });
  await server.commit(repository, 'main', { a: 'b' }, { message: 'one\n', author: AUTHOR, atMs: 0 });
  git = await listen((request) => server.handle(request), { host: '127.0.0.1', port: 0 });
  hawser = await listen(async () => new Response('ok'), { host: '127.0.0.1', port: 0 });
});
afterAll(async () => {
  await git.close();
  await hawser.close();
});
beforeEach(async () => {
  home = connectSandbox();
  client = createKubeClient(home, { fieldManager: 'hawser' });
  await prepareHome(client, NAMESPACE);
});

async function run(args: readonly string[] = [], free: number | undefined = 1 << 30) {
  const { io, output } = captureIo(tmpdir(), {});
  const code = await doctorCommand(args, io, {
    connect: async () => ({ home, client }),
    openFetch: async () => createConnectedFetch(),
    openConnect: async () => () => {
      throw new Error('no other cluster');
    },
    defaultDataFolder: '/data',
    freeBytes: async () => free,
  });
  return { code, ...output() };
}

const lines = (text: string, level: string) => text.split('\n').filter((line) => line.startsWith(level));

async function secret(name: string, data: Readonly<Record<string, string>>, type?: string): Promise<void> {
  await client.create({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace: NAMESPACE, ...(type && { labels: { 'argocd.argoproj.io/secret-type': type } }) },
    stringData: { ...data },
  });
}

async function application(): Promise<void> {
  await client.create(
    applicationManifest({
      name: 'dev',
      namespace: NAMESPACE,
      repoURL: `${git.url}/team/deploy.git`,
      path: '.',
      destinationNamespace: 'default',
    }),
  );
}

describe('hawser doctor', () => {
  it('says of each thing that is missing what to do, and ends with 1', async () => {
    await application();
    const { code, stdout } = await run();
    expect(code).toBe(1);
    expect(lines(stdout, 'FAIL')).toEqual([
      'FAIL  webhook secrets: none is set: every webhook is refused',
      expect.stringMatching(/^FAIL {2}repository .*\/team\/deploy\.git: .*(credentials|401)/),
    ]);
    const advised = stdout
      .split('\n')
      .filter((line, index, all) => /^(FAIL)/.test(all[index - 1] ?? '') && line.includes('→'));
    expect(advised).toHaveLength(2);
  });

  it('ends with 0 where nothing keeps pushes away', async () => {
    await application();
    await secret('argocd-secret', { 'webhook.gogs.secret': 's', 'hawser.token': 't' });
    const url = `${git.url}/team/deploy.git`;
    await secret('repo', { type: 'git', url, username: 'devops', password: 'git-password' }, 'repository');
    const { code, stdout } = await run(['--server', hawser.url]);
    expect(lines(stdout, 'FAIL')).toEqual([]);
    expect(code).toBe(0);
    expect(stdout).toContain(`ok    repository ${url}: ${url} answers; branches: 1`);
    expect(stdout).toContain(`ok    server: ${hawser.url} answers`);
    expect(stdout).not.toContain('git-password');
  });

  it('finds a controller of Argo CD that works on the same Applications', async () => {
    const labels = { 'app.kubernetes.io/name': 'argocd-application-controller' };
    await client.create({
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata: { name: 'argocd-application-controller', namespace: NAMESPACE, labels },
      spec: {
        serviceName: 'c',
        replicas: 1,
        selector: { matchLabels: { a: 'b' } },
        template: { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'c' }] } },
      },
    });
    const ref = {
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      namespace: NAMESPACE,
      name: 'argocd-application-controller',
    };
    await expect.poll(async () => at(await client.get(ref), 'status', 'readyReplicas')).toBe(1);
    const { code, stdout } = await run();
    expect(code).toBe(1);
    expect(stdout).toContain('FAIL  Argo CD: its controller argocd-application-controller runs in argocd');
    expect(stdout).toContain('kubectl scale statefulset argocd-application-controller -n argocd --replicas 0');
  });

  it('tells of a cluster that is away, of a full disk and of a server that is not there', async () => {
    await secret(
      'far',
      { name: 'far', server: 'https://127.0.0.1:9', config: '{"bearerToken":"secret-token"}' },
      'cluster',
    );
    const { stdout } = await run(['--server', 'http://127.0.0.1:9'], 1 << 20);
    expect(stdout).toContain('FAIL  cluster far: https://127.0.0.1:9: no other cluster');
    expect(stdout).toContain('FAIL  disk: 1 MiB are free in /data');
    expect(stdout).toMatch(/FAIL {2}server: http:\/\/127\.0\.0\.1:9 does not answer/);
    expect(stdout).not.toContain('secret-token');
  });

  it('says nothing but that where the API server is away', async () => {
    home = {
      server: 'https://127.0.0.1:9',
      fetch: () => Promise.reject(new TypeError('connect ECONNREFUSED 127.0.0.1:9')),
    };
    client = createKubeClient(home, { fieldManager: 'hawser' });
    const { code, stdout } = await run();
    expect(code).toBe(1);
    expect(lines(stdout, 'FAIL')).toEqual([expect.stringContaining('FAIL  API server: https://127.0.0.1:9')]);
    expect(stdout.trim().split('\n').at(-1)).toBe('1 to mend');
  });

  it('gives the same as JSON for programs', async () => {
    const { stdout } = await run(['-o', 'json']);
    const { findings } = JSON.parse(stdout) as { findings: { level: string; what: string }[] };
    expect(findings).toContainEqual(expect.objectContaining({ level: 'fail', what: 'webhook secrets' }));
  });
});
