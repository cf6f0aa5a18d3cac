// hawser serve --apps as a process: Applications are files of a folder, and what hawser writes of them outlives it.

import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at } from '../../src/base/json.ts';
import { createKubeClient, type KubeClient } from '../../src/kube/client.ts';
import { createGitServer } from '../../src/sandbox/git/server.ts';
import { formatKubeconfig } from '../../src/sandbox/listen/kubeconfig.ts';
import { type Listening, listen } from '../../src/sandbox/listen/listen.ts';
import { createSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts';
import { createHome, type Home, type RunningProcess, runHawser, startHawser } from '../support/hawser-process.ts';

const TOKEN = 'token-for-tests';
const BOUND = { timeout: 20_000, interval: 50 };

let home: Home;
let sandbox: Sandbox;
let api: Listening;
let gitListening: Listening;
let client: KubeClient;
let server: RunningProcess | undefined;
let url = '';
const git = createGitServer({});
const folder = () => join(home.folder, 'apps');
const data = () => join(home.folder, 'kept');

function write(name: string, text: string): void {
  mkdirSync(folder(), { recursive: true });
  writeFileSync(join(folder(), name), text);
}

const application = (name: string, more = '') => `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: ${name}
  finalizers: [resources-finalizer.argocd.argoproj.io]
spec:
  project: default
  source: {repoURL: "${gitListening.url}/team/web", path: .}
  destination: {server: https://kubernetes.default.svc, namespace: ${name}}
  syncPolicy: {syncOptions: [CreateNamespace=true]${more}}
`;

async function start(): Promise<void> {
  const args = ['serve', '--kubeconfig', join(home.folder, 'kubeconfig'), '--port', '0'];
  server = startHawser([...args, '--apps', folder(), '--data', data()], { env: { ...home.env, HAWSER_TOKEN: TOKEN } });
  [, url = ''] = await server.waitFor(/"hawser serves","url":"([^"]+)"/);
}

async function call(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: await response.json() };
}

const names = async () => {
  const { body } = await call('GET', '/api/v1/applications');
  const items = at(body, 'items');
  return (Array.isArray(items) ? items : []).map((item) => at(item, 'metadata', 'name'));
};
const status = async (name: string) => at((await call('GET', `/api/v1/applications/${name}`)).body, 'status');
const configMap = (name: string) => client.get({ apiVersion: 'v1', kind: 'ConfigMap', namespace: name, name: 'cm' });

describe('hawser serve --apps', () => {
  beforeAll(async () => {
    home = createHome();
    sandbox = createSandbox({
      clock: { now: () => Date.now() },
      random: (length) => crypto.getRandomValues(new Uint8Array(length)),
    });
    api = await listen((request) => sandbox.fetch(request));
    writeFileSync(join(home.folder, 'kubeconfig'), formatKubeconfig(api.url));
    client = createKubeClient(
      { server: api.url, fetch: (path, init) => sandbox.fetch(new Request(`${api.url}${path}`, init)) },
      { fieldManager: 'test' },
    );
    gitListening = await listen((request) => git.handle(request));
    const repository = git.create('team/web', { defaultBranch: 'main' });
    const author = { name: 'Kim', email: 'kim@example.com' };
    const files = { 'cm.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: cm}\ndata: {a: b}\n' };
    await git.commit(repository, 'main', files, { message: 'One\n', author, atMs: Date.now() });
    write('one.yaml', application('one'));
    await start();
  }, 60_000);
  afterAll(async () => {
    await server?.end('SIGKILL');
    sandbox?.close();
    await api?.close();
    await gitListening?.close();
    home?.remove();
  });

  it('serves what the files hold, and syncs it to the cluster', async () => {
    expect(await names()).toEqual(['one']);
    expect((await call('POST', '/api/v1/applications/one/sync', {})).status).toBe(200);
    await expect.poll(() => configMap('one'), BOUND).toBeDefined();
    await expect.poll(async () => at(await status('one'), 'sync', 'status'), BOUND).toBe('Synced');
  });

  it('sees a new file with the next refresh', async () => {
    write('two.yaml', application('two', ', automated: {}'));
    await call('POST', '/api/refresh', { all: true });
    expect(await names()).toEqual(['one', 'two']);
    await expect.poll(() => configMap('two'), BOUND).toBeDefined();
  });

  it('sees an edited one by SIGHUP, and does what follows from it', async () => {
    write('three.yaml', application('three'));
    await call('POST', '/api/refresh', { all: true });
    await expect.poll(async () => at(await status('three'), 'sync', 'status'), BOUND).toBe('OutOfSync');
    write('three.yaml', application('three', ', automated: {}'));
    process.kill(server?.pid ?? 0, 'SIGHUP');
    await expect.poll(() => configMap('three'), BOUND).toBeDefined();
  });

  it('keeps what it has read where a file is broken, and says which', async () => {
    write('broken.yaml', 'kind: [\n');
    process.kill(server?.pid ?? 0, 'SIGHUP');
    await server?.waitFor(/the files of --apps cannot be read; what was read before stays","reason":"broken\.yaml: /);
    expect(await names()).toEqual(['one', 'three', 'two']);
    rmSync(join(folder(), 'broken.yaml'));
  });

  it.each([
    [
      'a change of a spec',
      'PATCH',
      '/api/v1/applications/one',
      { patch: '{"spec":{"syncPolicy":null}}', patchType: 'merge' },
    ],
    ['a deletion', 'DELETE', '/api/v1/applications/one', undefined],
  ])('leaves %s to the file', async (_, method, path, body) => {
    const answer = await call(method, path, body);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(JSON.stringify(answer.body)).toContain(`is a file in the folder ${folder()} (hawser serve --apps)`);
    expect(await names()).toContain('one');
  });

  it('deletes what an Application has made with its file', async () => {
    rmSync(join(folder(), 'two.yaml'));
    await call('POST', '/api/refresh', { all: true });
    await expect.poll(() => configMap('two'), BOUND).toBeUndefined();
    await expect.poll(names, BOUND).toEqual(['one', 'three']);
  });

  it('remembers status and history after a restart, and finds what was deleted meanwhile', async () => {
    const before = await status('one');
    expect(at(before, 'history')).toHaveLength(1);
    await server?.end('SIGKILL');
    rmSync(join(folder(), 'three.yaml'));
    await start();
    expect(at(await status('one'), 'history')).toEqual(at(before, 'history'));
    await expect.poll(() => configMap('three'), BOUND).toBeUndefined();
    await expect.poll(names, BOUND).toEqual(['one']);
    const kept = readFileSync(join(data(), 'apps', 'applications', 'one.json'), 'utf8');
    expect(at(JSON.parse(kept), 'status', 'history')).toHaveLength(1);
  });

  it('leaves nothing of its own in the cluster', async () => {
    expect(await client.resourceFor('argoproj.io/v1alpha1', 'Application')).toBeUndefined();
    const { items } = await client.list({ apiVersion: 'v1', kind: 'ConfigMap' });
    expect(items.filter(({ metadata }) => metadata.name?.startsWith('hawser'))).toEqual([]);
  });

  describe('that cannot start', () => {
    const bad = () => join(home.folder, 'bad');
    it.each([
      {
        when: 'the folder is missing',
        args: () => ['--apps', '/nope'],
        message: '--apps /nope cannot be read: ENOENT',
      },
      { when: 'a file is no YAML', text: 'a: [\n', message: 'a.yaml: ' },
      {
        when: 'it is of another namespace',
        text: application2('metadata: {name: a, namespace: team}'),
        message: 'a.yaml: Application a is of the namespace team, and not of argocd',
      },
      {
        when: 'hawser reads nothing of the kind',
        text: 'apiVersion: v1\nkind: Service\nmetadata: {name: a}\n',
        message: 'a.yaml: Service a is nothing that hawser reads',
      },
      {
        when: 'its definition does not permit it',
        text: 'apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: a}\nspec: {}\n',
        message: 'a.yaml: ',
      },
      {
        when: 'another flag has no meaning with it',
        args: () => ['--apps', bad(), '--notice-port', '0'],
        message: '--notice-port has no meaning with --apps',
      },
    ])('says in one line that $when', async ({ args, text, message }) => {
      rmSync(bad(), { recursive: true, force: true });
      mkdirSync(bad());
      if (text !== undefined) writeFileSync(join(bad(), 'a.yaml'), text);
      const given = args?.() ?? ['--apps', bad()];
      const kubeconfig = join(home.folder, 'kubeconfig');
      const { code, stderr } = await runHawser(['serve', '--kubeconfig', kubeconfig, '--port', '0', ...given], {
        env: { ...home.env, XDG_DATA_HOME: join(home.folder, 'other') },
      });
      expect(code, stderr).toBeGreaterThan(0);
      expect(code).not.toBe(70);
      expect(stderr).toMatch(/^Error: .*\n$/);
      expect(stderr).toContain(message);
    });
  });
});

function application2(metadata: string): string {
  return `apiVersion: argoproj.io/v1alpha1\nkind: Application\n${metadata}\nspec: {project: default, destination: {}}\n`;
}
