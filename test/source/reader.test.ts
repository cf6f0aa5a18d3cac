// What a reader of sources fetches from a Git server, and what it finds changed.

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Source } from '../../src/application/types.ts';
import { commitFiles, type FileChange, type SandboxRepository } from '../../src/sandbox/git/repository.ts';
import { createSourceReaders } from '../../src/source/reader.ts';
import type { ReadSets, RenderContext } from '../../src/source/source.ts';
import { hasGit } from '../support/git-cli.ts';
import { SERVER_KINDS, startServer, type TestServer } from '../support/git-servers.ts';

const AUTHOR = { name: 'Alice', email: 'alice@example.com' };
const SECRETS = { repositories: [], templates: [], certificates: {} };
const CONTEXT: RenderContext = {
  appName: 'app',
  appNamespace: 'argocd',
  project: 'default',
  namespace: 'shop',
  kubeVersion: 'v1.34.1',
  apiVersions: ['v1'],
};

const configMap = (name: string, value = 'one') =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\ndata:\n  of: ${value}\n`;

/** Text that no pack makes smaller. */
const noise = () => [...crypto.getRandomValues(new Uint8Array(2000))].map((byte) => byte.toString(36)).join('');

/** Folders that concern nobody. */
const heap = (): Record<string, string> =>
  Object.fromEntries(
    Array.from({ length: 60 }, (_, index) => [`heap/f${index % 6}/${index}.yaml`, `# ${noise()}\n`] as const),
  );

const KINDS = SERVER_KINDS.filter((kind) => kind.allowFilter && kind.protocol === 2 && (!kind.real || hasGit()));

describe.each(KINDS)('a reader of sources in $name', (kind) => {
  let server: TestServer;
  let repository: SandboxRepository;
  let clock = 1_700_000_000_000;
  beforeEach(async () => {
    server = await startServer(kind);
    repository = server.create('team/deploy');
  });
  afterEach(() => server.close());

  /** A process that remembers nothing. */
  const startReader = () =>
    createSourceReaders({
      fetch: server.fetch,
      cache: { get: async () => undefined, put: async () => undefined },
      clock: { now: () => 0 },
      random: (length) => crypto.getRandomValues(new Uint8Array(length)),
      background: () => undefined,
    })(SECRETS);

  const commit = async (files: Readonly<Record<string, FileChange>>) => {
    clock += 1000;
    const { after } = commitFiles(repository, 'main', files, { message: 'change', author: AUTHOR, atMs: clock });
    await server.publish(repository);
    server.requests.length = 0;
    return after;
  };
  const at = (revision: string, source: Partial<Source>) => ({
    revision,
    source: { repoURL: `${server.url}/team/deploy.git`, ...source },
  });
  const cost = () => ({
    fetches: server.requests.filter(({ body }) => body.includes('command=fetch')).length,
    bytes: server.requests.reduce((sum, { received }) => sum + received, 0),
  });
  const namesAt = async (revision: string, source: Partial<Source>, earlier?: ReadSets) => {
    const { objects, readSets } = await startReader().render([at(revision, source)], CONTEXT, earlier);
    return { names: objects.map(({ metadata }) => metadata.name), readSets };
  };

  describe('at the root of a repository', () => {
    it('fetches the manifests there, and not what lies below', async () => {
      const sha = await commit({ ...heap(), 'a.yaml': configMap('a'), 'b.yaml': configMap('b') });
      expect((await namesAt(sha, { path: '.' })).names).toEqual(['a', 'b']);
      expect(cost().bytes).toBeLessThan(10_000);
    });

    it('fetches what a kustomization there names', async () => {
      const sha = await commit({
        ...heap(),
        'kustomization.yaml': 'resources: [base, more/x.yaml]\n',
        'base/kustomization.yaml': 'resources: [a.yaml]\n',
        'base/a.yaml': configMap('a'),
        'more/x.yaml': configMap('x'),
      });
      expect((await namesAt(sha, { path: '.' })).names).toEqual(['a', 'x']);
      expect(cost().bytes).toBeLessThan(10_000);
    });

    it('fetches a chart there as a whole', async () => {
      const sha = await commit({
        'Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.0.0\n',
        'values.yaml': '',
        ...Object.fromEntries(
          Array.from({ length: 12 }, (_, index) => [`templates/d${index}/a.yaml`, configMap(`a${index}`)]),
        ),
      });
      expect((await namesAt(sha, { path: '.' })).names).toHaveLength(12);
      expect(cost().fetches).toBeLessThanOrEqual(3);
    });

    it('fetches a hundred bases of a kustomization there, at any depth', async () => {
      const bases = Array.from({ length: 100 }, (_, index) => `bases/b${index % 10}/c${index}`);
      const sha = await commit({
        ...heap(),
        'kustomization.yaml': `resources: [${bases.join(', ')}]\n`,
        ...Object.fromEntries(
          bases.flatMap((base, index) => [
            [`${base}/kustomization.yaml`, 'resources: [a.yaml]\n'],
            [`${base}/a.yaml`, configMap(`a${index}`)],
          ]),
        ),
      });
      expect((await namesAt(sha, { path: '.' })).names).toHaveLength(100);
      expect(cost().fetches).toBeLessThanOrEqual(6);
    });

    it('fetches sixty components, patches and generated files of as many folders', async () => {
      const names = Array.from({ length: 60 }, (_, index) => `x${index}`);
      const sha = await commit({
        ...heap(),
        'a.yaml': configMap('a'),
        'kustomization.yaml': `resources: [a.yaml]
components: [${names.map((name) => `components/${name}`).join(', ')}]
patches: [${names.map((name) => `{path: patches/${name}/a.yaml}`).join(', ')}]
configMapGenerator: [{name: made, files: [${names.map((name) => `${name}=files/${name}/a.txt`).join(', ')}]}]
`,
        ...Object.fromEntries(
          names.flatMap((name) => [
            [
              `components/${name}/kustomization.yaml`,
              'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nresources: [a.yaml]\n',
            ],
            [`components/${name}/a.yaml`, configMap(name)],
            [`patches/${name}/a.yaml`, configMap('a', name)],
            [`files/${name}/a.txt`, name],
          ]),
        ),
      });
      expect((await namesAt(sha, { path: '.' })).names).toHaveLength(62);
      expect(cost().fetches).toBeLessThanOrEqual(40);
    });

    it('searches all of it where it is told to', async () => {
      const sha = await commit({ 'a.yaml': configMap('a'), 'x/y/z/b.yaml': configMap('b') });
      expect((await namesAt(sha, { path: '.', directory: { recurse: true } })).names).toEqual(['a', 'b']);
    });
  });

  it('fetches at once what changed of all that an overlay has read before', async () => {
    const files = (value: string) => ({
      'apps/dev/patch.yaml': configMap('a', `${value} in dev`),
      'bases/web/a.yaml': configMap('a', value),
      'bases/web/b.yaml': configMap('b', value),
    });
    const first = await commit({
      ...heap(),
      ...files('one'),
      'apps/dev/kustomization.yaml': 'resources: [../../bases/web]\npatches: [{path: patch.yaml}]\n',
      'bases/web/kustomization.yaml': 'resources: [a.yaml, b.yaml]\n',
    });
    const reader = startReader();
    const source = { path: 'apps/dev' };
    const { readSets } = await reader.render([at(first, source)], CONTEXT);
    const second = await commit(files('two'));
    const { objects } = await reader.render([at(second, source)], CONTEXT, readSets);
    expect(objects).toMatchObject([{ data: { of: 'two in dev' } }, { data: { of: 'two' } }]);
    expect(cost().fetches).toBe(1);
  });

  describe('comparing many sources', () => {
    const apps = (count: number) => Array.from({ length: count }, (_, index) => `apps/a${index}`);

    async function renderAll(paths: readonly string[]) {
      const revision = await commit(Object.fromEntries(paths.map((path) => [`${path}/a.yaml`, configMap('a')])));
      const reader = startReader();
      return Promise.all(
        paths.map(async (path) => (await reader.render([at(revision, { path })], CONTEXT)).readSets[0]),
      );
    }

    it('asks as often for fifty as for five, and tells of each what changed', async () => {
      const costs: number[] = [];
      for (const count of [5, 50]) {
        const paths = apps(count);
        const readSets = await renderAll(paths);
        const revision = await commit({ 'apps/a3/a.yaml': configMap('a', `of ${count}`), 'README.md': `${count}` });
        const items = paths.map((path, index) => ({
          resolved: at(revision, { path }),
          readSet: readSets[index],
          project: 'default',
        }));
        const changed = await startReader().changedPathsOfMany(items);
        expect(changed).toEqual(paths.map((path) => (path === 'apps/a3' ? ['apps/a3/a.yaml'] : [])));
        costs.push(cost().fetches);
      }
      expect(costs[1]).toBe(costs[0]);
    });

    it('tells of several commits, of charts, and of what nobody remembers', async () => {
      const [readSet] = await renderAll(['apps/a0']);
      const second = await commit({ 'apps/a0/b.yaml': configMap('b') });
      const third = await commit({ 'apps/a0/b.yaml': null });
      const chart = { repoURL: 'https://charts.example.com', chart: 'web' };
      const project = 'default';
      const changed = await startReader().changedPathsOfMany([
        { resolved: at(third, { path: 'apps/a0' }), readSet, project },
        { resolved: at(second, { path: 'apps/a0' }), readSet, project },
        { resolved: at(second, { path: 'apps/a1' }), readSet: 'anything', project },
        { resolved: at('1.0.0', chart), readSet: { version: '1.0.0' }, project },
        { resolved: at('1.1.0', chart), readSet: { version: '1.0.0' }, project },
      ]);
      expect(changed).toEqual([[], ['apps/a0'], ['apps/a1'], [], ['web']]);
    });
  });

  it('resolves versions among the tags of a prefix', async () => {
    const sha = await commit({ 'a.yaml': configMap('a') });
    repository.refs.set('refs/tags/web/1.2.0', sha);
    repository.refs.set('refs/tags/web/1.10.0', await commit({ 'a.yaml': configMap('b') }));
    repository.refs.set('refs/tags/api/1.11.0', sha);
    await server.publish(repository);
    const resolve = async (targetRevision: string) => {
      const source = { repoURL: `${server.url}/team/deploy.git`, path: '.', targetRevision, tagPrefix: 'web/' };
      return (await startReader().resolve(source, 'default')).revision;
    };
    expect(await resolve('1.*')).toBe(repository.refs.get('refs/tags/web/1.10.0'));
    expect(await resolve('1.2.0')).toBe(sha);
    expect(await resolve('main')).toBe(repository.refs.get('refs/heads/main'));
  });
});
