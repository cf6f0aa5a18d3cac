// A push refreshes the Applications that read what it touches, wherever that lies, and no other: what was rendered is read from the log.

import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Source } from '../../src/application/types.ts';
import type { FileChange, SandboxRepository } from '../../src/sandbox/git/repository.ts';
import { git, hasGit, temporaryFolder } from '../support/git-cli.ts';
import { type HttpBackend, startHttpBackend } from '../support/git-http-backend.ts';
import { createGround, type Ground, NAMESPACE } from '../support/ground.ts';
import { connectSandbox, type SandboxTransport } from '../support/sandbox-transport.ts';

type Files = Readonly<Record<string, FileChange>>;

const configMap = (name: string, value = 'one') =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\ndata:\n  of: ${value}\n`;
const link = (target: string): FileChange => ({ content: target, mode: '120000' });
const chart = (name: string, more = '') => `apiVersion: v2\nname: ${name}\nversion: 1.0.0\n${more}`;
const TEMPLATE = `apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}-{{ .Chart.Name }}
data:
  values: {{ .Values | toJson | quote }}
`;

const FILES: Files = {
  'README.md': 'one\n',
  'docs/index.md': 'one\n',
  'overlays/dev/kustomization.yaml':
    'resources: [../../base, own.yaml]\ncomponents: [../../component]\npatches: [{path: patch.yaml}]\n',
  'overlays/dev/own.yaml': configMap('own'),
  'overlays/dev/patch.yaml': configMap('own', 'patched'),
  'overlays/dev/README.md': 'one\n',
  'base/kustomization.yaml': 'resources: [cm.yaml]\nconfigMapGenerator: [{name: generated, files: [app.properties]}]\n',
  'base/cm.yaml': configMap('base'),
  'base/app.properties': 'a=1\n',
  'base/unused.yaml': configMap('unused'),
  'component/kustomization.yaml':
    'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\npatches: [{path: patch.yaml}]\n',
  'component/patch.yaml': configMap('base', 'component'),
  'charts/linked/Chart.yaml': chart('linked'),
  'charts/linked/values.yaml': link('../../shared/values.yaml'),
  'charts/linked/templates/cm.yaml': TEMPLATE,
  'shared/values.yaml': 'a: 1\n',
  'shared/other.yaml': 'a: 2\n',
  'charts/web/Chart.yaml': chart('web', 'dependencies: [{name: lib, version: 1.0.0, repository: "file://../lib"}]\n'),
  'charts/web/templates/cm.yaml': TEMPLATE,
  'charts/lib/Chart.yaml': chart('lib'),
  'charts/lib/templates/cm.yaml': TEMPLATE,
  'charts/plain/Chart.yaml': chart('plain'),
  'charts/plain/templates/cm.yaml': TEMPLATE,
  'envs/a.yaml': 'a: 1\n',
  'folder/a.yaml': configMap('folder-a'),
  'folder/deep/b.yaml': configMap('folder-b'),
  'pair/one/a.yaml': configMap('pair-one'),
  'pair/two/a.yaml': configMap('pair-two'),
  'named/a.yaml': configMap('named'),
  'broken/kustomization.yaml': 'resources: [missing.yaml]\n',
};

const VALUES: Files = { 'env/dev.yaml': 'a: dev\n', 'env/prd.yaml': 'a: prd\n' };

/** The source or sources of each Application; `repoURL` is filled in where it is missing. */
type Draft = Omit<Source, 'repoURL'> & { readonly repoURL?: string };
const APPLICATIONS: Readonly<Record<string, readonly Draft[]>> = {
  overlay: [{ path: 'overlays/dev' }],
  linked: [{ path: 'charts/linked' }],
  library: [{ path: 'charts/web' }],
  values: [
    { path: 'charts/plain', helm: { valueFiles: ['$values/env/dev.yaml'] } },
    { repoURL: 'values', ref: 'values' },
  ],
  globs: [{ path: 'charts/plain', helm: { valueFiles: ['/envs/*.yaml'] } }],
  folder: [{ path: 'folder', directory: { recurse: true, include: '{*.yaml,**/*.yaml}' } }],
  pair: [{ path: 'pair/one' }, { path: 'pair/two' }],
  named: [{ path: 'named' }],
  broken: [{ path: 'broken' }],
};
const ANNOTATIONS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  named: { 'argocd.argoproj.io/manifest-generate-paths': '/docs' },
};

describe('a push refreshes those that read what it touches, and only those', () => {
  let ground: Ground;
  let mono: SandboxRepository;
  let values: SandboxRepository;

  beforeAll(async () => {
    ground = await createGround(connectSandbox());
    mono = await ground.createRepository('devops/mono', FILES);
    values = await ground.createRepository('devops/values', VALUES);
    for (const [name, drafts] of Object.entries(APPLICATIONS)) {
      const sources = drafts.map(({ repoURL, ...source }) => {
        const repository = repoURL === 'values' ? values : mono;
        return { ...source, repoURL: `${ground.gitUrl}/${repository.path}`, targetRevision: 'main' };
      });
      const annotations = ANNOTATIONS[name];
      await ground.client.create({
        apiVersion: 'argoproj.io/v1alpha1',
        kind: 'Application',
        metadata: { name, namespace: NAMESPACE, ...(annotations && { annotations }) },
        spec: {
          project: 'default',
          ...(sources.length > 1 ? { sources } : { source: sources[0] }),
          destination: { server: 'https://kubernetes.default.svc', namespace: name },
          syncPolicy: { automated: { prune: true }, syncOptions: ['CreateNamespace=true'] },
        },
      });
    }
    await ground.request('POST', '/api/refresh', { all: true });
    await ground.hawser.idle();
    for (const { metadata, status } of await ground.hawser.listApplications()) {
      const expected = metadata.name === 'broken' ? 'Unknown' : 'Synced';
      expect([metadata.name, status.sync?.status, status.conditions]).toMatchObject([metadata.name, expected, {}]);
    }
  });
  afterAll(() => ground.close());

  /** The names of the Applications that were rendered and compared by what happens in `during`. */
  async function refreshed(during: () => Promise<unknown>): Promise<readonly string[]> {
    const before = ground.logs.length;
    await during();
    await ground.hawser.idle();
    const names = ground.logs.slice(before).flatMap((line) => {
      const match = /^(?:info application compared|warn comparison failed) .*"application":"argocd\/([^"]*)"/.exec(
        line,
      );
      return match?.[1] ? [match[1]] : [];
    });
    return [...new Set(names)].sort();
  }

  it.each<[what: string, files: Files, names: readonly string[]]>([
    ['a README in the root', { 'README.md': 'two\n' }, []],
    ['a README beside the manifests of an overlay', { 'overlays/dev/README.md': 'two\n' }, []],
    ["a manifest of an overlay's base", { 'base/cm.yaml': configMap('base', 'two') }, ['overlay']],
    ['a file beside it that no kustomization names', { 'base/unused.yaml': configMap('unused', 'two') }, []],
    ['a file of a generator in the base', { 'base/app.properties': 'a=2\n' }, ['overlay']],
    ["an overlay's patch", { 'overlays/dev/patch.yaml': configMap('own', 'two') }, ['overlay']],
    ["a component's patch", { 'component/patch.yaml': configMap('base', 'three') }, ['overlay']],
    ['the target of a symlink', { 'shared/values.yaml': 'a: 2\n' }, ['linked']],
    ["what lies beside a symlink's target", { 'shared/other.yaml': 'a: 3\n' }, []],
    ['a symlink that leads elsewhere', { 'charts/linked/values.yaml': link('../../shared/other.yaml') }, ['linked']],
    ['what it led to', { 'shared/values.yaml': 'a: 4\n' }, []],
    ['a chart that another one depends on by file://', { 'charts/lib/values.yaml': 'b: 1\n' }, ['library']],
    [
      'a template that two Applications render',
      { 'charts/plain/templates/cm.yaml': `# two\n${TEMPLATE}` },
      ['globs', 'values'],
    ],
    ['a file that a glob matches', { 'envs/a.yaml': 'a: 2\n' }, ['globs']],
    ['a new file that a glob matches', { 'envs/b.yaml': 'b: 1\n' }, ['globs']],
    ['a match of a glob that goes', { 'envs/b.yaml': null }, ['globs']],
    ['a new file in a directory source', { 'folder/new/c.yaml': configMap('folder-c') }, ['folder']],
    ['a file of a directory source that goes', { 'folder/deep/b.yaml': null }, ['folder']],
    ['one of two sources of one repository', { 'pair/two/a.yaml': configMap('pair-two', 'two') }, ['pair']],
    [
      'both of them',
      { 'pair/one/a.yaml': configMap('pair-one', 'x'), 'pair/two/a.yaml': configMap('pair-two', 'x') },
      ['pair'],
    ],
    [
      "overrides of an Application's own that appear",
      { 'overlays/dev/.argocd-source-overlay.yaml': 'kustomize: {namePrefix: x-}\n' },
      ['overlay'],
    ],
    [
      "another Application's overrides",
      { 'overlays/dev/.argocd-source-other.yaml': 'kustomize: {namePrefix: y-}\n' },
      [],
    ],
    [
      'overrides for whoever reads there',
      { 'overlays/dev/.argocd-source.yaml': 'kustomize: {nameSuffix: -x}\n' },
      ['overlay'],
    ],
    ['what manifest-generate-paths names', { 'docs/more.md': 'one\n' }, ['named']],
    ['what is read, and manifest-generate-paths does not name', { 'named/a.yaml': configMap('named', 'two') }, []],
    ['what is missing for a render that failed', { 'broken/missing.yaml': configMap('missing') }, ['broken']],
    [
      'several at once',
      { 'base/cm.yaml': configMap('base', 'z'), 'folder/a.yaml': configMap('folder-a', 'z'), 'README.md': 'three\n' },
      ['folder', 'overlay'],
    ],
    ['a file of a generator that goes', { 'base/app.properties': null }, ['overlay']],
    ['what brings it back', { 'base/app.properties': 'a=3\n' }, ['overlay']],
  ])('%s', async (_, files, names) => {
    let answer: Awaited<ReturnType<Ground['push']>> | undefined;
    expect(await refreshed(async () => (answer = await ground.push(mono, files)))).toEqual(names);
    const verdicts = answer?.applications.filter(({ verdict }) => verdict !== 'unaffected').map(({ name }) => name);
    expect(verdicts?.sort()).toEqual(names);
    expect(answer?.applications).toHaveLength(Object.keys(APPLICATIONS).length);
  });

  it("a values file of another repository's, and not the one beside it", async () => {
    expect(await refreshed(() => ground.push(values, { 'env/prd.yaml': 'a: two\n' }))).toEqual([]);
    const push = { 'env/dev.yaml': 'a: two\n' };
    let answer: Awaited<ReturnType<Ground['push']>> | undefined;
    expect(await refreshed(async () => (answer = await ground.push(values, push)))).toEqual(['values']);
    expect(answer?.applications).toMatchObject([{ name: 'values', verdict: 'sync', paths: ['$values/env/dev.yaml'] }]);
  });

  it('a push to another branch touches none', async () => {
    const during = () => ground.push(mono, { 'base/cm.yaml': configMap('base', 'branch') }, 'feature');
    expect(await refreshed(during)).toEqual([]);
  });

  it('a delivery of a push that is known already touches none', async () => {
    await ground.commit(mono, { 'folder/a.yaml': configMap('folder-a', 'again') });
    const refresh = () => ground.request('POST', '/api/refresh', { all: true });
    expect(await refreshed(refresh)).toEqual(['folder']);
    expect(await refreshed(refresh)).toEqual([]);
  });

  it('a push back to an older commit brings that back, where something differs', async () => {
    const push = (sha: string) => {
      mono.refs.set('refs/heads/main', sha);
      return ground.push(mono, { 'README.md': `back to ${sha}\n` });
    };
    const older = mono.refs.get('refs/heads/main') ?? '';
    await ground.push(mono, { 'folder/a.yaml': configMap('folder-a', 'newer') });
    await ground.hawser.idle();
    expect(await refreshed(() => push(older))).toEqual(['folder']);
    const found = await ground.get('v1', 'ConfigMap', 'folder', 'folder-a');
    expect(found?.data).toEqual({ of: 'again' });
  });

  it('of pushes that come at once the last one counts, whichever is looked at first', async () => {
    const url = `${ground.gitUrl}/${mono.path}`;
    const deliver = () =>
      ground.hawser.receivePush({
        kind: 'git',
        key: crypto.randomUUID(),
        deliveryId: 'd',
        provider: 'gogs',
        webUrls: [url],
        otherUrls: [],
        ref: 'refs/heads/main',
        after: mono.refs.get('refs/heads/main') ?? '',
      });
    for (let round = 0; round < 5; round++) {
      const before = { 'folder/a.yaml': configMap('folder-a', 'again') };
      await ground.commit(mono, { 'folder/a.yaml': configMap('folder-a', `round-${round}`) });
      const first = deliver();
      await ground.commit(mono, before);
      const second = deliver();
      await ground.commit(mono, { 'README.md': `round ${round}\n` });
      await Promise.all([first, second, deliver(), ground.refresh('folder')]);
      await ground.hawser.idle();
      const found = await ground.get('v1', 'ConfigMap', 'folder', 'folder-a');
      expect(found?.data).toEqual({ of: 'again' });
      expect((await ground.application('folder')).status.sync?.status).toBe('Synced');
    }
  });

  it('a push counts from the last comparison of each, also in a process that has just started', async () => {
    await ground.commit(mono, { 'pair/one/a.yaml': configMap('pair-one', 'unseen') });
    expect(await refreshed(() => ground.restart())).toContain('pair');
    await ground.hawser.idle();
    expect(await refreshed(() => ground.push(mono, { 'docs/index.md': 'three\n' }))).toEqual(['named']);
  });

  it('an Application that was edited meanwhile is compared, whatever was pushed', async () => {
    const ref = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', namespace: NAMESPACE, name: 'pair' };
    await ground.client.patch(
      ref,
      { spec: { ignoreDifferences: [{ kind: 'ConfigMap', jsonPointers: ['/data'] }] } },
      { type: 'merge' },
    );
    expect(await refreshed(() => ground.push(mono, { 'README.md': 'four\n' }))).toEqual(['pair']);
    expect(await refreshed(() => ground.push(mono, { 'README.md': 'five\n' }))).toEqual([]);
  });

  it('an Application that is gone has no verdict, and a new one has', async () => {
    const ref = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', namespace: NAMESPACE, name: 'named' };
    await ground.client.remove(ref);
    await ground.createApplication({
      name: 'new',
      repository: mono,
      path: 'named',
      destinationNamespace: 'new',
      automated: {},
    });
    const answer = await ground.push(mono, { 'README.md': 'six\n' });
    const names = answer.applications.map(({ name, verdict }) => `${name} ${verdict}`);
    expect(names).toContain('new sync');
    expect(names.filter((name) => name.startsWith('named '))).toEqual([]);
    await ground.hawser.idle();
  });

  it('a failed render that nothing was done for is not tried again by a push, but by a refresh', async () => {
    const fails = { 'broken/kustomization.yaml': 'resources: [gone.yaml]\n' };
    expect(await refreshed(() => ground.push(mono, fails))).toEqual(['broken']);
    const answer = await ground.push(mono, { 'README.md': 'seven\n' });
    expect(answer.applications.find(({ name }) => name === 'broken')).toMatchObject({
      verdict: 'unaffected',
      reason: expect.stringContaining('it fails as it did'),
    });
    expect((await ground.application('broken')).status.sync?.status).toBe('Unknown');
    expect(await refreshed(() => ground.request('POST', '/api/refresh', { all: true }))).toContain('broken');
    const mended = { 'broken/gone.yaml': configMap('gone') };
    expect(await refreshed(() => ground.push(mono, mended))).toEqual(['broken']);
    expect((await ground.application('broken')).status.sync?.status).toBe('Synced');
  });
});

describe.skipIf(!hasGit())('of many Applications in folders of one repository', () => {
  interface Many {
    readonly ground: Ground;
    readonly transport: SandboxTransport;
    readonly backend: HttpBackend;
    readonly folder: ReturnType<typeof temporaryFolder>;
    close(): Promise<void>;
  }
  const opened: Many[] = [];
  afterAll(async () => {
    for (const one of opened) await one.close();
  });

  async function open(count: number): Promise<Many> {
    const folder = temporaryFolder();
    const transport = connectSandbox();
    const backend = await startHttpBackend(folder.path);
    const ground = await createGround(transport, { keepsCache: true });
    const many = {
      ground,
      transport,
      backend,
      folder,
      close: async () => {
        await ground.close();
        await backend.close();
        folder.remove();
      },
    };
    opened.push(many);
    const work = `${folder.path}/work`;
    await git(folder.path, 'init', '-q', '-b', 'main', work);
    await commitTo(many, Object.fromEntries(names(count).map((name) => [`${name}/a.yaml`, configMap(nameOf(name))])));
    await git(folder.path, 'clone', '-q', '--bare', work, 'many.git');
    await git(`${folder.path}/many.git`, 'config', 'uploadpack.allowFilter', 'true');
    await git(`${folder.path}/many.git`, 'config', 'uploadpack.allowAnySHA1InWant', 'true');
    for (const name of names(count)) {
      await ground.client.create({
        apiVersion: 'argoproj.io/v1alpha1',
        kind: 'Application',
        metadata: { name: nameOf(name), namespace: NAMESPACE },
        spec: {
          project: 'default',
          source: { repoURL: `${backend.url}/many.git`, path: name, targetRevision: 'main' },
          destination: { server: 'https://kubernetes.default.svc', namespace: 'default' },
        },
      });
    }
    await ground.hawser.refresh({ all: true });
    await ground.hawser.idle();
    return many;
  }

  const names = (count: number) =>
    Array.from({ length: count }, (_, index) => `group-${index % 10}/app-${Math.floor(index / 10)}`);

  const nameOf = (folder: string) => folder.replace('/', '-');

  async function commitTo({ folder }: Pick<Many, 'folder'>, files: Readonly<Record<string, string>>): Promise<string> {
    const work = `${folder.path}/work`;
    for (const [path, content] of Object.entries(files)) {
      const at = `${work}/${path}`;
      await mkdir(dirname(at), { recursive: true });
      await writeFile(at, content);
    }
    await git(work, 'add', '-A');
    await git(work, 'commit', '-q', '-m', 'Change');
    return git(work, 'rev-parse', 'HEAD');
  }

  /** What a push to one of them asked of Git and of the cluster until the verdicts were there, and what was compared. */
  async function push(many: Many, version: number) {
    const { ground, backend, transport, folder } = many;
    const after = await commitTo(many, { 'group-3/app-0/a.yaml': configMap('group-3-app-0', String(version)) });
    await git(`${folder.path}/work`, 'push', '-q', `${folder.path}/many.git`, 'main');
    backend.requests.length = 0;
    transport.requests.length = 0;
    const logged = ground.logs.length;
    const { applications } = await ground.hawser.receivePush({
      kind: 'git',
      key: crypto.randomUUID(),
      deliveryId: 'd',
      provider: 'gogs',
      webUrls: [`${backend.url}/many.git`],
      otherUrls: [],
      ref: 'refs/heads/main',
      after,
    });
    await ground.hawser.idle();
    const compared = ground.logs.slice(logged).filter((line) => line.startsWith('info application compared'));
    return {
      verdicts: Object.fromEntries(
        [...Map.groupBy(applications, ({ verdict }) => verdict)].map(([verdict, all]) => [verdict, all.length]),
      ),
      compared: compared.map((line) => /"application":"argocd\/([^"]*)"/.exec(line)?.[1]),
      gitRequests: backend.requests.map(({ method, path }) => `${method} ${path}`),
      // Where work begins before the list is there, the one that is pushed to is read by itself as well.
      reads: [...new Set(transport.requests.filter((line) => line.includes('/applications')))]
        .filter((line) => !/^GET .*\/group-3-app-0$/.test(line))
        .sort(),
    };
  }

  it('a push that touches one renders exactly one, and asks no more of Git and of the cluster than with few', async () => {
    const few = await open(80);
    const many = await open(240);
    // The first one finds what the deployment has written.
    await push(few, 0);
    await push(many, 0);
    for (const [kind, prepare] of [
      ['warm', async () => undefined],
      ['restarted', (one: Many) => one.ground.restart().then(() => one.ground.hawser.idle())],
    ] as const) {
      await prepare(few);
      await prepare(many);
      const ofFew = await push(few, kind.length);
      const ofMany = await push(many, kind.length);
      expect(ofFew.verdicts).toEqual({ manual: 1, unaffected: 79 });
      expect(ofMany).toEqual({ ...ofFew, verdicts: { manual: 1, unaffected: 239 } });
      expect(ofMany.compared).toEqual(['group-3-app-0']);
    }
  }, 120_000);
});
