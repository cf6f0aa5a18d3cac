// What goes wrong has one clear condition, changes nothing else, and passes when its cause does; no secret is told on the way.

import { createServer } from 'node:https';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { at } from '../../src/base/json.ts';
import { type Listening, listen } from '../../src/node/listen.ts';
import type { ClusterTransport } from '../../src/platform.ts';
import { createAuthority } from '../support/certificates.ts';
import { createRuntimeGround, NAMESPACE, type RuntimeGround } from './support/ground.ts';

const SOON = { timeout: 30_000, interval: 50 };
const configMap = (name: string, key = 'one') =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\ndata:\n  key: ${key}\n`;
const CHART = {
  'Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.0.0\n',
  'templates/cm.yaml':
    'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  key: {{ .Values.key | quote }}\n',
  'values.yaml': 'key: one\n',
};

type Fetch = ClusterTransport['fetch'];

let ground: RuntimeGround;
/** In place of the cluster, where it gives an answer. */
let answer: (path: string, init: RequestInit) => Promise<Response> | undefined = () => undefined;

beforeAll(async () => {
  ground = await createRuntimeGround({
    through: ({ server, fetch }): ClusterTransport => ({
      server,
      fetch: (path, init = {}) => answer(path, init) ?? fetch(path, init),
    }),
  });
});
beforeEach(() => {
  answer = () => undefined;
});
afterAll(() => ground?.close());

const keyOf = async (namespace: string) => at(await ground.get('v1', 'ConfigMap', namespace, 'a'), 'data', 'key');
/** Its only condition. */
const conditionOf = async (name: string) => {
  const { status } = await ground.application(name);
  expect(status.conditions).toHaveLength(1);
  return status.conditions?.[0]?.message ?? '';
};

describe('what Git has', () => {
  it.each<[string, string, Record<string, string | null>, RegExp]>([
    [
      'a template that fails',
      'fails',
      { 'templates/cm.yaml': 'a:\n  b: {{ fail "on purpose" }}\n' },
      /web\/templates\/cm\.yaml:2:8.*on purpose/,
    ],
    [
      'an unknown function',
      'unknown',
      { 'templates/cm.yaml': 'a: {{ nosuchfunction }}\n' },
      /function "nosuchfunction" not defined/,
    ],
    ['values that are no YAML', 'values', { 'values.yaml': 'key: [one\n' }, /values\.yaml/],
    ['no YAML', 'yaml', { 'templates/cm.yaml': `${configMap('a')}x: y: z\n` }, /cm\.yaml/],
    [
      'no chart any more',
      'none',
      { 'Chart.yaml': null, 'values.yaml': null, 'templates/cm.yaml': null },
      /path does not exist/,
    ],
    [
      'an include without an end',
      'endless',
      { 'templates/cm.yaml': '{{ define "t" }}{{ include "t" . }}{{ end }}{{ include "t" . }}' },
      /nested reference name: t/,
    ],
  ])('%s leaves the cluster as it is', async (_, name, files, told) => {
    const place = { path: 'chart', automated: { prune: true } };
    const under = (all: Record<string, string | null>) =>
      Object.fromEntries(Object.entries(all).map(([path, text]) => [`chart/${path}`, text]));
    const repository = await ground.deploy(name, under(CHART), place);
    await ground.done(await ground.push(repository, under(files)));
    expect((await ground.application(name)).status.sync?.status).toBe('Unknown');
    expect(await conditionOf(name)).toMatch(told);
    expect(await keyOf(name)).toBe('one');
    await ground.done(await ground.push(repository, { ...under(CHART), 'chart/values.yaml': 'key: two\n' }));
    expect((await ground.settled(name)).status).toMatchObject({ sync: { status: 'Synced' }, conditions: [] });
    expect(await keyOf(name)).toBe('two');
  });

  it('may lack a values file, which is named', async () => {
    await ground.deploy('lacking', CHART, { valueFiles: ['values-nowhere.yaml'], isSynced: false });
    expect(await conditionOf('lacking')).toContain('values-nowhere.yaml');
  });

  it.each<[string, string, object, RegExp]>([
    ['another path', 'path', { source: { path: 'nowhere' } }, /nowhere: app path does not exist/],
    ['another branch', 'branch', { source: { targetRevision: 'nowhere' } }, /'nowhere' is no/],
    ['a path out of the repository', 'out', { source: { path: '../etc' } }, /leads out of the repository/],
    ['a project that is not there', 'project', { project: 'nosuch' }, /project nosuch which does not exist/],
    ['an address by SSH', 'ssh', { source: { repoURL: 'git@example.com:devops/app.git' } }, /HTTPS/],
  ])('may be asked for by %s', async (_, name, spec, told) => {
    await ground.deploy(`by-${name}`, { 'm/a.yaml': configMap('a') }, { path: 'm' });
    await ground.patchApplication(`by-${name}`, { spec: JSON.parse(JSON.stringify(spec)) });
    await ground.refresh(`by-${name}`);
    expect(await conditionOf(`by-${name}`)).toMatch(told);
    expect(await keyOf(`by-${name}`)).toBe('one');
  });
});

describe('a repository', () => {
  const secret = (name: string, data: Readonly<Record<string, string>>) =>
    ground.client.apply({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name, namespace: NAMESPACE, labels: { 'argocd.argoproj.io/secret-type': 'repository' } },
      data: Object.fromEntries(Object.entries(data).map(([key, value]) => [key, btoa(value)])),
    });

  it('that is private says what it lacks, that the password is wrong, and works with the right one', async () => {
    const repository = await ground.createRepository(
      'devops/private',
      { 'a.yaml': configMap('a') },
      { isPrivate: true },
    );
    const url = `${ground.gitUrl}/devops/private`;
    await ground.createApplication({ name: 'private', repository, path: '.', destinationNamespace: 'private' });
    await ground.refresh('private');
    expect(await conditionOf('private')).toContain('argocd.argoproj.io/secret-type');
    await secret('private', { url, username: 'devops', password: 'wrong-password' });
    await ground.refresh('private');
    expect(await conditionOf('private')).toMatch(/credentials|password/);
    await secret('private', { url, username: 'devops', password: 'git-password' });
    expect((await ground.sync('private')).status).toMatchObject({ sync: { status: 'Synced' }, conditions: [] });
    const told = JSON.stringify(await ground.application('private')) + ground.logs().join('\n');
    expect(told).not.toMatch(/wrong-password|git-password/);
  });

  it('is at a machine whose certificate nobody trusts', async () => {
    const { cert, key } = createAuthority().issue('git');
    const git = (request: Request) => ground.git.handle(request);
    let secure: Listening | undefined;
    try {
      secure = await listen(git, { host: '127.0.0.1', port: 0, server: createServer({ cert, key }) });
      const repository = await ground.createRepository('devops/secure', { 'a.yaml': configMap('a') });
      await ground.createApplication({ name: 'secure', repository, path: '.', destinationNamespace: 'secure' });
      await ground.patchApplication('secure', { spec: { source: { repoURL: `${secure.url}/devops/secure` } } });
      await ground.refresh('secure');
      expect(await conditionOf('secure')).toContain(`the certificate of ${new URL(secure.url).host} is not trusted`);
    } finally {
      await secure?.close();
    }
  });

  it('is at a machine where nobody answers, or somebody who speaks no Git', async () => {
    const repository = await ground.createRepository('devops/away', { 'a.yaml': configMap('a') });
    await ground.createApplication({ name: 'away', repository, path: '.', destinationNamespace: 'away' });
    const page = await listen(() => new Response('<h1>Hello</h1>'), { host: '127.0.0.1', port: 0 });
    const at = (repoURL: string) => ground.patchApplication('away', { spec: { source: { repoURL } } });
    await at(`${page.url}/devops/away`);
    await ground.refresh('away');
    expect(await conditionOf('away')).toMatch(/Git/);
    await page.close();
    await ground.refresh('away');
    expect(await conditionOf('away')).toContain(`cannot reach the Git server ${new URL(page.url).host}`);
  });
});

describe('a cluster', () => {
  const isWrite = (path: string, init: RequestInit, namespace: string) =>
    init.method === 'PATCH' && path.includes(`/namespaces/${namespace}/configmaps/a`) && !path.includes('dryRun');
  const status = (code: number, reason: string, message: string) =>
    Response.json({ apiVersion: 'v1', kind: 'Status', status: 'Failure', code, reason, message }, { status: code });

  it.each<[string, number, string, string]>([
    ['forbids', 403, 'Forbidden', 'configmaps "a" is forbidden: User "hawser" cannot patch it'],
    ['cannot validate', 422, 'Invalid', 'ConfigMap "a" is invalid: data: too much of it'],
    ['fails at', 500, 'InternalError', 'Internal error occurred: no idea'],
  ])('%s a write, which the object’s result says, and takes it once it can', async (verb, code, reason, message) => {
    const name = `refused-${code}`;
    await ground.deploy(name, { 'a.yaml': configMap('a') }, { isSynced: false });
    answer = (path, init) => (isWrite(path, init, name) ? Promise.resolve(status(code, reason, message)) : undefined);
    const { operationState } = (await ground.sync(name)).status;
    expect(operationState?.phase).toMatch(/^(Failed|Error)$/);
    const [result] = operationState?.syncResult?.resources?.filter(({ kind }) => kind === 'ConfigMap') ?? [];
    expect(result, verb).toMatchObject({ status: 'SyncFailed', message: expect.stringContaining(message) });
    answer = () => undefined;
    expect((await ground.sync(name)).status.sync?.status).toBe('Synced');
  });

  it('that is slow is waited for', async () => {
    await ground.deploy('slow', { 'a.yaml': configMap('a') }, { isSynced: false });
    const { sandbox } = ground;
    const late: Fetch = async (path, init) => {
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      return sandbox.fetch(path, init);
    };
    answer = (path, init) => (isWrite(path, init, 'slow') ? late(path, init) : undefined);
    expect((await ground.sync('slow')).status.sync?.status).toBe('Synced');
  });

  it('that is changed by somebody else at the same moment is asked again', async () => {
    await ground.deploy('conflicting', { 'a.yaml': configMap('a') }, { isSynced: false });
    let left = 2;
    answer = (path, init) => {
      const isStatus = init.method === 'PATCH' && path.includes('/applications/conflicting');
      if (!isStatus || left-- <= 0) return undefined;
      return Promise.resolve(status(409, 'Conflict', 'the object has been modified; please apply your changes to it'));
    };
    await ground.request('POST', '/api/v1/applications/conflicting/sync', {});
    await vi.waitFor(async () => expect(await keyOf('conflicting')).toBe('one'), SOON);
    await ground.until('conflicting', { status: { sync: { status: 'Synced' } } });
    expect(left).toBeLessThan(1);
  });

  it.each<[string, string, () => Promise<Response>]>([
    ['before it answers', 'before', () => Promise.reject(new TypeError('fetch failed'))],
    [
      'in the middle of an answer',
      'middle',
      async () => new Response(brokenOff(), { headers: { 'content-type': 'application/json' } }),
    ],
  ])('that loses the connection %s is asked again, until it answers', async (_, name, broken) => {
    const repository = await ground.deploy(`lost-${name}`, { 'a.yaml': configMap('a') }, { automated: {} });
    answer = (path) => (path.includes(`/namespaces/lost-${name}/configmaps/a`) ? broken() : undefined);
    const pushed = await ground.push(repository, { 'a.yaml': configMap('a', 'two') });
    await vi.waitFor(async () => {
      const { conditions, operationState } = (await ground.application(`lost-${name}`)).status;
      expect(conditions?.length || operationState?.phase !== 'Succeeded').toBeTruthy();
    }, SOON);
    expect(await keyOf(`lost-${name}`)).toBe('one');
    answer = () => undefined;
    await vi.waitFor(async () => expect(await keyOf(`lost-${name}`)).toBe('two'), SOON);
    await ground.done(pushed);
    expect((await ground.settled(`lost-${name}`)).status).toMatchObject({ sync: { status: 'Synced' }, conditions: [] });
  });
});

describe('a Secret', () => {
  it('is masked wherever it is shown', async () => {
    const value = 'a-value-of-a-secret';
    const secret = `apiVersion: v1\nkind: Secret\nmetadata: {name: keys}\nstringData: {key: ${value}}\n`;
    const repository = await ground.deploy('masked', { 'secret.yaml': secret }, { automated: {} });
    await ground.done(await ground.push(repository, { 'secret.yaml': secret.replace(value, `${value}-two`) }));
    const paths = ['', '/managed-resources', '/manifests', '/resource-tree'].map(
      (path) => `/api/v1/applications/masked${path}`,
    );
    const query = 'resourceName=keys&namespace=masked&kind=Secret&version=v1';
    for (const path of [...paths, `/api/v1/applications/masked/resource?${query}`, '/api/deliveries']) {
      const { status, body } = await ground.request('GET', path);
      expect([path, status]).toEqual([path, 200]);
      const text = JSON.stringify(body);
      for (const shown of [value, btoa(value), btoa(`${value}-two`)]) expect(text, path).not.toContain(shown);
    }
    expect(ground.logs().join('\n')).not.toContain(value);
  });
});

/** The beginning of an answer, and then an end that nobody expects. */
function brokenOff(): ReadableStream<Uint8Array> {
  let isBegun = false;
  return new ReadableStream({
    pull: (controller) => {
      if (isBegun) return controller.error(new TypeError('terminated'));
      isBegun = true;
      controller.enqueue(new TextEncoder().encode('{"apiVersion":"v1","kind":'));
    },
  });
}
