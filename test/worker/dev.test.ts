// npm run dev as a process: hawser in workerd for whoever works on it.

import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applicationManifest } from '../../src/application/manifest.ts';
import { createKubeClient, type KubeClient } from '../../src/kube/client.ts';
import { type Listening, listen } from '../../src/node/listen.ts';
import { prepareHome } from '../../src/operation/prepare-home.ts';
import { pushDeliveries } from '../../src/sandbox/git/push-payload.ts';
import type { SandboxRepository } from '../../src/sandbox/git/repository.ts';
import { createGitServer, type GitServer, type SandboxPush } from '../../src/sandbox/git/server.ts';
import { formatKubeconfig } from '../../src/sandbox/listen/kubeconfig.ts';
import { type ClusterGate, openClusterGate } from '../support/cluster-gate.ts';
import { createHome, eventually, type Home, type RunningProcess, startProcess } from '../support/hawser-process.ts';
import { connectSandbox } from '../support/sandbox-transport.ts';

const CHECKOUT = resolve(import.meta.dirname, '../..');
const READY = /hawser in workerd: (http:\/\/127\.0\.0\.1:\d+)[\s\S]*Ctrl-C ends it/;

let home: Home;

beforeAll(() => {
  home = createHome();
});

afterAll(() => home.remove());

function start(args: readonly string[], env: Readonly<Record<string, string>> = {}, checkout = CHECKOUT) {
  return startProcess(process.execPath, [join(checkout, 'src/main-dev.ts'), ...args], { env: { ...home.env, ...env } });
}

const temporary = () => readdirSync(home.folder).filter((name) => /^(?:hawser|miniflare)-/.test(name));

describe('npm run dev without a cluster', () => {
  let dev: RunningProcess;
  let url: string;

  beforeAll(async () => {
    dev = start(['--port', '0'], { HAWSER_TOKEN: 'token-of-dev' });
    [, url = ''] = await dev.waitFor(READY);
  });
  afterAll(() => dev?.end('SIGKILL'));

  it('says that it takes a sandbox, what is in it, and what to do next', () => {
    const { stdout, stderr } = dev.output();
    expect(stderr).toContain('"a sandbox is used","reason":"no cluster is configured"');
    for (const line of [
      /^ok {4}API server: http:\/\/127\.0\.0\.1:\d+, Kubernetes v1\.\d+/m,
      /^ok {4}CustomResourceDefinition Application: is there$/m,
      /^ok {4}webhook secrets: webhook\.gogs\.secret$/m,
      /^ok {4}Argo CD: no controller of it runs here$/m,
      /^ok {4}namespace argocd: 4 Applications$/m,
      /^ok {4}webhook address: http:\/\/127\.0\.0\.1:\d+\/api\/webhook, from this machine/m,
      /^ok {4}token: token-of-dev$/m,
      /^ok {4}storage: none: it ends with the sandbox$/m,
      /npm run hawser -- demo edit nginx-chart\/values-dev\.yaml/,
    ]) {
      expect(stdout).toMatch(line);
    }
  });

  it('follows a push to the demo repository', async () => {
    const launcher = join(CHECKOUT, 'bin/hawser.js');
    const args = [launcher, 'demo', 'edit', 'nginx-chart/values-dev.yaml', 'replicaCount=3'];
    const edited = await startProcess(process.execPath, args, { env: home.env }).ended;
    const [, revision = 'none'] = /^pushed ([0-9a-f]+):/.exec(edited.stdout) ?? [];
    await eventually(`dev-nginx at ${revision}`, async () => {
      const response = await fetch(`${url}/api/v1/applications/dev-nginx`);
      const { status } = (await response.json()) as { status?: { sync?: { status?: string; revision?: string } } };
      return status?.sync?.status === 'Synced' && status.sync.revision?.startsWith(revision) ? true : undefined;
    });
  });

  it('says on a port that is taken what to do', async () => {
    const taken = await start(['--port', new URL(url).port]).ended;
    expect(taken).toMatchObject({ code: 1, stdout: '' });
    expect(taken.stderr).toMatch(/^Error: port \d+ of 127\.0\.0\.1 is taken \(choose another with --port/m);
  });

  it('ends with Ctrl-C, and leaves nothing behind', async () => {
    expect((await dev.end('SIGINT')).code).toBe(0);
    await expect(fetch(url)).rejects.toThrow();
    expect(temporary()).toEqual([]);
  });

  it.each([
    { args: ['--bogus'], message: "Unknown option '--bogus'" },
    { args: ['--port', 'x'], message: '--port x is no port number' },
    { args: ['--kubeconfig', '/no/such/file'], message: 'the kubeconfig /no/such/file does not exist' },
    { args: ['--sandbox', '--context', 'east'], message: '--sandbox and a kubeconfig exclude each other' },
    { args: ['--namespace', 'Über'], message: '--namespace Über is no name of a namespace' },
    { args: ['--external-url', 'hawser'], message: '--external-url hawser is no address' },
    // Whoever names one means it.
    { args: [], env: { KUBECONFIG: '/no/such/file' }, message: 'the kubeconfig /no/such/file does not exist' },
  ])('refuses $args $env in one line', async ({ args, env = {}, message }) => {
    const { code, stdout, stderr } = await start(args, env).ended;
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^Error: .*\n$/);
    expect(stderr).toContain(message);
  });
});

describe('npm run dev with a kubeconfig', () => {
  const SECRET = 'secret-for-tests';
  const sandbox = connectSandbox();
  const client: KubeClient = createKubeClient(sandbox, { fieldManager: 'test' });
  let gate: ClusterGate;
  let git: GitServer;
  let gitListening: Listening;
  let repository: SandboxRepository;
  let announced: SandboxPush[] = [];
  /** A copy, whose sources a test may change. */
  let checkout: string;
  let kubeconfig: string;
  let dev: RunningProcess;
  let url: string;

  const begin = async () => {
    const flags = ['--port', '0', '--kubeconfig', kubeconfig, '--data', join(home.folder, 'storage')];
    dev = start(flags, {}, checkout);
    [, url = ''] = await dev.waitFor(READY);
  };

  beforeAll(async () => {
    checkout = join(home.folder, 'checkout');
    mkdirSync(checkout);
    for (const name of ['src', 'package.json']) {
      cpSync(join(CHECKOUT, name), join(checkout, name), { recursive: true });
    }
    symlinkSync(join(CHECKOUT, 'node_modules'), join(checkout, 'node_modules'));
    await prepareHome(client, 'argocd');
    await client.apply({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'argocd-secret', namespace: 'argocd' },
      data: { 'webhook.gogs.secret': btoa(SECRET) },
    });
    gate = await openClusterGate(() => sandbox, 'token-of-kubeconfig');
    kubeconfig = join(home.folder, 'kubeconfig');
    writeFileSync(kubeconfig, formatKubeconfig(gate.url, { token: 'token-of-kubeconfig', name: 'east' }));
    git = createGitServer({ onPush: (push) => void announced.push(push) });
    gitListening = await listen((request) => git.handle(request), { host: '127.0.0.1', port: 0 });
    repository = git.create('devops/app', { defaultBranch: 'main' });
    await commit('zero');
    const repoURL = `${gitListening.url}/devops/app`;
    const place = { namespace: 'argocd', repoURL, path: '.', destinationNamespace: 'default' };
    const manifest = applicationManifest({ ...place, name: 'app', automated: {} });
    // A context of the kubeconfig, which needs no Secret.
    const destination = { name: 'east', namespace: 'default' };
    await client.create({ ...manifest, spec: { ...Object(manifest.spec), destination } });
    await begin();
  });
  afterAll(async () => {
    await dev?.end();
    await gate?.close();
    await gitListening?.close();
  });

  async function commit(value: string) {
    const files = { 'a.yaml': `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {key: ${value}}\n` };
    const author = { name: 'Kim', email: 'kim@example.com' };
    await git.commit(repository, 'main', files, { message: 'Change\n', author, atMs: Date.now() });
  }

  /** Commits, and delivers the webhook. */
  async function push(value: string): Promise<number | undefined> {
    announced = [];
    await commit(value);
    const delivering = { provider: 'gogs', serverUrl: gitListening.url, secret: SECRET } as const;
    const deliveryId = () => crypto.randomUUID();
    let status: number | undefined;
    for (const { headers, body } of announced.flatMap((one) => pushDeliveries(one, { ...delivering, deliveryId }))) {
      status = (await fetch(`${url}/api/webhook`, { method: 'POST', headers, body })).status;
    }
    return status;
  }

  const value = async () =>
    (await client.get({ apiVersion: 'v1', kind: 'ConfigMap', namespace: 'default', name: 'a' }))?.data;
  const health = async () => (await fetch(`${url}/healthz`)).text();
  function edit(file: string, change: (text: string) => string) {
    const path = join(checkout, 'src', file);
    writeFileSync(path, change(readFileSync(path, 'utf8')));
  }

  it('says where it keeps its storage, and keeps two processes apart', async () => {
    const folder = join(home.folder, 'storage', `${new URL(gate.url).host.replace(':', '-')}-argocd`);
    expect(dev.output().stdout).toContain(`ok    storage: ${folder}: what is begun is finished by the next start\n`);
    const args = ['--port', '0', '--kubeconfig', kubeconfig, '--data', join(home.folder, 'storage')];
    const { code, stderr } = await start(args).ended;
    expect(code).toBe(1);
    expect(stderr).toContain(`Error: another hawser process uses the data folder ${folder}`);
  });

  it('deploys to a context by its name, and has a push that came while the cluster was away after a change of the sources, too', async () => {
    expect(await push('one')).toBe(202);
    await expect.poll(value, { timeout: 30_000 }).toEqual({ key: 'one' });
    await gate.close();
    expect(await push('two')).toBe(202);
    edit('app.ts', (text) => text.replace("context.text('ok')", "context.text('changed')"));
    await eventually('the change', async () => ((await health().catch(() => '')) === 'changed' ? true : undefined));
    await gate.open();
    await expect.poll(value, { timeout: 30_000 }).toEqual({ key: 'two' });
  });

  it.each([
    ['cannot be bundled', (text: string) => `${text}\nconst = ;\n`],
    ['does not start', (text: string) => `${text}\nthrow new Error('at once');\n`],
  ])('goes on with the sources before those of which something %s', async (_, spoil) => {
    const before = dev.output().stderr.length;
    let good = '';
    edit('main-worker.ts', (text) => {
      good = text;
      return spoil(text);
    });
    await eventually('a word about it', async () =>
      dev.output().stderr.slice(before).includes('the sources cannot be run; those before go on') ? true : undefined,
    );
    expect(await health()).toBe('changed');
    edit('main-worker.ts', () => good);
  });

  it('finishes at its next start what it was killed in, though nobody sends the webhook again', async () => {
    // The secrets of webhooks are known by then.
    expect(await push('between')).toBe(202);
    await expect.poll(value, { timeout: 30_000 }).toEqual({ key: 'between' });
    await gate.close();
    expect(await push('three')).toBe(202);
    await dev.end('SIGKILL');
    await expect(fetch(url)).rejects.toThrow();
    await gate.open();
    await begin();
    await expect.poll(value, { timeout: 30_000 }).toEqual({ key: 'three' });
  });

  it('says in one line what is wrong with a cluster that is away, or wants others', async () => {
    gate.token = 'another';
    const args = ['--port', '0', '--kubeconfig', kubeconfig, '--data', join(home.folder, 'elsewhere')];
    const refused = await start(args).ended;
    expect({ code: refused.code, stderr: refused.stderr }).toEqual({
      code: 2,
      stderr: expect.stringMatching(/^Error: the cluster at \S+ does not accept the kubeconfig's credentials .*\n$/),
    });
    await gate.close();
    const away = await start(args).ended;
    expect({ code: away.code, stderr: away.stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(/^Error: no cluster answers at .*ECONNREFUSED.*\n$/),
    });
    gate.token = 'token-of-kubeconfig';
  });
});
