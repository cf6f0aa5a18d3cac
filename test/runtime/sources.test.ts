// Where manifests come from: private and peculiar Git servers, submodules and files of Git LFS, remote bases, charts of repositories and
// registries, templates inside templates; and the way back, a commit.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at } from '../../src/base/json.ts';
import { formatPacket } from '../../src/git/pkt-line.ts';
import { ALL_WAYS, INCLUDES, INCLUDES_TEXT } from '../render/helm/nesting-charts.ts';
import {
  type ChartServer,
  configMapChart,
  createChartRepository,
  createRegistry,
  packChart,
} from '../support/chart-servers.ts';
import { type LfsServer, startLfsServer } from '../support/lfs-server.ts';
import { createRuntimeGround, NAMESPACE, type RuntimeGround } from './support/ground.ts';

const configMap = (name: string, key = 'one') =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\ndata:\n  key: ${key}\n`;

let ground: RuntimeGround;
let lfs: LfsServer;
/** What the Git server's machine serves beside Git. */
const charts: Record<string, ChartServer> = {
  '/charts/': createChartRepository([
    packChart('web', '1.0.0', configMapChart('web')),
    packChart('web', '1.1.0', configMapChart('web')),
  ]),
  '/v2/': createRegistry([packChart('oci', '2.0.0', configMapChart('oci'))]),
};

beforeAll(async () => {
  lfs = await startLfsServer();
  ground = await createRuntimeGround({
    answerGit: async (request) => {
      const url = new URL(request.url);
      if (url.pathname === '/cm.yaml') return new Response(configMap('file'));
      const [server] = Object.entries(charts).flatMap(([path, one]) => (url.pathname.startsWith(path) ? [one] : []));
      if (server) return server.handle(request);
      if (!url.pathname.startsWith('/picky/')) return undefined;
      const body = request.method === 'POST' ? await request.clone().text() : '';
      if (body.includes('agent=git/hawser')) return new Response(formatPacket('ERR unknown client'));
      return ground.git.handle(new Request(request.url.replace('/picky/', '/devops/'), request));
    },
  });
});
afterAll(async () => {
  await ground?.close();
  await lfs?.close();
});

const dataOf = async (namespace: string, name: string) =>
  at(await ground.get('v1', 'ConfigMap', namespace, name), 'data');
const messageOf = async (name: string) => {
  const { status } = await ground.application(name);
  return status.conditions?.map(({ message }) => message).join('\n') ?? '';
};
const secret = (name: string, type: string, data: Readonly<Record<string, string>>) =>
  ground.client.create({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace: NAMESPACE, labels: { 'argocd.argoproj.io/secret-type': type } },
    data: Object.fromEntries(Object.entries(data).map(([key, value]) => [key, btoa(value)])),
  });

describe('a Git server', () => {
  it('that does not understand hawser’s own requests is read as others read it', async () => {
    const repository = await ground.createRepository('devops/deploy', { 'web/cm.yaml': configMap('picky') });
    const place = { repository, path: 'web', destinationNamespace: 'picky' };
    await ground.createApplication({ ...place, name: 'picky' });
    await ground.patchApplication('picky', { spec: { source: { repoURL: `${ground.gitUrl}/picky/deploy` } } });
    expect((await ground.sync('picky')).status.sync?.status).toBe('Synced');
    expect(await dataOf('picky', 'picky')).toEqual({ key: 'one' });
  });

  it('takes a commit by the API with the credentials for writing, which the next sync has', async () => {
    const repository = await ground.deploy('written', { 'cm.yaml': configMap('written') });
    const baseRevision = repository.refs.get('refs/heads/main') ?? '';
    const commit = (more: object) =>
      ground.request('POST', '/api/v1/applications/written/commits', {
        ...{ branch: 'main', message: 'Write two', files: { 'cm.yaml': configMap('written', 'two') }, baseRevision },
        ...more,
      });
    expect(await commit({})).toMatchObject({
      status: 400,
      body: { message: expect.stringContaining('nobody gave credentials for writing to it') },
    });
    await secret('writer', 'repo-write-creds', { url: ground.gitUrl, username: 'devops', password: 'git-password' });
    const made = await commit({});
    expect(made).toMatchObject({ status: 200, body: { branch: 'main' } });
    expect(repository.refs.get('refs/heads/main')).toBe(at(made.body, 'commit'));
    expect((await ground.sync('written')).status.sync?.status).toBe('Synced');
    expect(await dataOf('written', 'written')).toEqual({ key: 'two' });
    // The same once more, within the same second, would be the same commit.
    const files = { 'cm.yaml': configMap('written', 'three') };
    expect(await commit({ files })).toMatchObject({
      status: 409,
      body: { message: expect.stringContaining('has moved on') },
    });
  });

  it('has submodules and files in Git LFS, which are read as files', async () => {
    const lib = await ground.createRepository('devops/lib', { 'lib.yaml': configMap('lib') });
    await secret('modular', 'repository', { url: `${ground.gitUrl}/devops/modular`, enableLfs: 'true' });
    await ground.deploy(
      'modular',
      {
        '.gitmodules': '[submodule "lib"]\n\tpath = m/lib\n\turl = ../lib\n',
        '.lfsconfig': `[lfs]\n\turl = ${lfs.url}/devops/app.git/info/lfs\n`,
        'm/lib': { content: lib.refs.get('refs/heads/main') ?? '', mode: '160000' },
        'm/large.yaml': lfs.add(configMap('large')),
      },
      { path: 'm', spec: { source: { directory: { recurse: true } } } },
    );
    expect(await dataOf('modular', 'lib')).toEqual({ key: 'one' });
    expect(await dataOf('modular', 'large')).toEqual({ key: 'one' });
  });

  it('is read by the tag, the branch or the commit that is wanted', async () => {
    const repository = await ground.deploy('revisions', { 'cm.yaml': configMap('a', 'first') });
    const first = repository.refs.get('refs/heads/main') ?? '';
    repository.refs.set('refs/tags/v1.0.0', first);
    await ground.commit(repository, { 'cm.yaml': configMap('a', 'next') }, 'next');
    await ground.commit(repository, { 'cm.yaml': configMap('a', 'main') });
    for (const [targetRevision, key] of [
      ['next', 'next'],
      ['v1.0.0', 'first'],
      ['main', 'main'],
      ['v1.*', 'first'],
      ['HEAD', 'main'],
      [first, 'first'],
    ]) {
      await ground.patchApplication('revisions', { spec: { source: { targetRevision: targetRevision ?? '' } } });
      const { status } = await ground.sync('revisions');
      expect([targetRevision, status.sync?.status]).toEqual([targetRevision, 'Synced']);
      expect(await dataOf('revisions', 'a')).toEqual({ key });
    }
  });
});

describe('a kustomization', () => {
  it('has a base at a branch of another repository, and a file of a server', async () => {
    const files = { 'dir/kustomization.yaml': 'resources: [cm.yaml]\n', 'dir/cm.yaml': configMap('base') };
    await ground.createRepository('team/base', files);
    const resources = `["${ground.gitUrl}/team/base//dir?ref=main", "${ground.gitUrl}/cm.yaml"]`;
    await ground.deploy('remote', { 'kustomization.yaml': `resources: ${resources}\nnamePrefix: p-\n` });
    expect(await dataOf('remote', 'p-base')).toEqual({ key: 'one' });
    expect(await dataOf('remote', 'p-file')).toEqual({ key: 'one' });
  });

  it('says what of it is not there', async () => {
    const resources = `["${ground.gitUrl}/team/base//dir?ref=gone"]`;
    await ground.deploy('gone', { 'kustomization.yaml': `resources: ${resources}\n` }, { isSynced: false });
    await ground.refresh('gone');
    expect(await messageOf('gone')).toMatch(/remote base .*gone/);
  });
});

describe('a chart', () => {
  it('of a repository is the newest that the version allows, with the values of the Application', async () => {
    const source = { repoURL: `${ground.gitUrl}/charts`, chart: 'web', path: null, targetRevision: '1.*' };
    await ground.deploy('of-charts', {}, { spec: { source: { ...source, helm: { valuesObject: { key: 'mine' } } } } });
    expect(await dataOf('of-charts', 'web')).toEqual({ chart: '1.1.0', key: 'mine' });
  });

  it('of a registry is read by its tag, with a file of values of its own', async () => {
    const host = new URL(ground.gitUrl).host;
    await secret('registry', 'repository', {
      ...{ url: `${host}/charts`, name: 'registry', type: 'helm' },
      ...{ enableOCI: 'true', insecureOCIForceHttp: 'true' },
    });
    const source = { repoURL: `${host}/charts`, chart: 'oci', path: null, targetRevision: '2.0.0' };
    await ground.deploy('of-oci', {}, { spec: { source: { ...source, helm: { valueFiles: ['values-dev.yaml'] } } } });
    expect(await dataOf('of-oci', 'oci')).toEqual({ chart: '2.0.0', key: 'dev' });
  });

  it('takes its values from another repository', async () => {
    const values = await ground.createRepository('team/values', { 'prod.yaml': 'key: of the team\n' });
    await ground.deploy(
      'two-sources',
      {},
      {
        spec: {
          source: null,
          sources: [
            {
              ...{ repoURL: `${ground.gitUrl}/charts`, chart: 'web', targetRevision: '1.0.0' },
              helm: { valueFiles: ['$values/prod.yaml'] },
            },
            { repoURL: `${ground.gitUrl}/${values.path}`, targetRevision: 'main', ref: 'values' },
          ],
        },
      },
    );
    expect(await dataOf('two-sources', 'web')).toEqual({ chart: '1.0.0', key: 'of the team' });
  });
});

describe('templates inside templates', () => {
  const before = INCLUDES.slice(0, INCLUDES.indexOf('a: |'));
  const include = '{{- include "down" (dict "n" .Values.levels "items" (list 1)) | nindent 4 }}';
  const META = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: nested}\n';
  const TEXT = INCLUDES_TEXT.slice(INCLUDES_TEXT.indexOf('a: |') + 'a: |\n'.length).replace(/^ {2}/gm, '');

  const render = async (name: string, template: string, values: string) => {
    const files = { 'Chart.yaml': 'apiVersion: v2\nname: demo\nversion: 0.1.0\n', 'values.yaml': values };
    await ground.deploy(name, { ...files, 'templates/a.yaml': template }, { isSynced: false });
    return ground.sync(name);
  };

  it('are a thousand deep, as deep as helm allows', async () => {
    await render('includes', `${before}\n${META}data:\n  a: |\n    ${include}\n`, 'levels: 1000\n');
    expect(await dataOf('includes', 'nested')).toEqual({ a: TEXT });
  });

  it('are thousands that enter one another in every way', async () => {
    const at = ALL_WAYS.indexOf('v: {{');
    const template = `${ALL_WAYS.slice(0, at)}\n${META}data:\n  ${ALL_WAYS.slice(at).trim().replace('\n', '\n  ')}\n`;
    await render('all-ways', template, 'levels: 990\nk: 6\n');
    expect(await dataOf('all-ways', 'nested')).toMatchObject({ v: expect.stringMatching(/yes$/), w: 'ok' });
  });

  it.each([
    [
      'include',
      'include-endless',
      `${before}\n${META}data:\n  a: |\n    ${include}\n`,
      'rendering template has a nested reference name: down',
    ],
    [
      'template',
      'template-endless',
      '{{ define "t" }}{{ template "t" . }}{{ end }}{{ template "t" . }}',
      'exceeded maximum template depth (100000)',
    ],
    [
      'tpl',
      'tpl-endless',
      '{{ $s := "{{ tpl .s . }}" }}{{ tpl $s (dict "s" $s) }}',
      'exceeded maximum template depth (100000)',
    ],
  ])('without an end by %s are an error of the Application, and hawser goes on', async (_, name, template, told) => {
    const { status } = await render(name, template, 'levels: 1001\n');
    expect(status.sync?.status).toBe('Unknown');
    expect(await messageOf(name)).toContain(told);
    expect(await (await ground.open('/healthz')).text()).toBe('ok');
  });
});

describe('Jsonnet', () => {
  const library = '{ cm(name, data):: { apiVersion: "v1", kind: "ConfigMap", metadata: { name: name }, data: data } }';
  const jsonnet = {
    extVars: [{ name: 'app', value: '$ARGOCD_APP_NAME' }],
    tlas: [{ name: 'count', value: '1 + 1', code: true }],
    libs: ['lib'],
  };
  const deployProgram = async (name: string, program: string) => {
    const files = { 'app/main.jsonnet': program, 'lib/objects.libsonnet': library };
    const repository = await ground.createRepository(`devops/${name}`, files);
    await ground.createApplication({ repository, name, path: 'app', destinationNamespace: name });
    await ground.patchApplication(name, { spec: { source: { directory: { jsonnet } } } });
    return repository;
  };

  it('gives its objects, with libraries, variables and arguments; and a push to the library alone concerns it', async () => {
    const program = `
      function(count) local o = import 'objects.libsonnet';
      [o.cm('one', { app: std.extVar('app'), count: std.toString(count) }), if count > 2 then o.cm('two', {})]
    `;
    const repository = await deployProgram('programs', program);
    expect((await ground.sync('programs')).status.sync?.status).toBe('Synced');
    expect(await dataOf('programs', 'one')).toEqual({ app: 'programs', count: '2' });
    const files = { 'lib/objects.libsonnet': library.replace('data: data', 'data: data { more: "yes" }') };
    const { applications } = await ground.push(repository, files);
    expect(applications).toMatchObject([{ name: 'programs', verdict: 'manual' }]);
    await ground.until('programs', { status: { sync: { status: 'OutOfSync' } } });
  });

  it.each([
    ['endless', 'local f(x) = f(x); function(count) f(1)', 'max stack frames exceeded.'],
    ['huge', 'function(count) std.makeArray(2000000000, function(i) i)', 'an array of more than 4000000 elements'],
    ['outside', 'function(count) import "../../etc/passwd"', `couldn't open import "../../etc/passwd"`],
  ])('that cannot be evaluated is an error of the Application: %s', async (name, program, told) => {
    await deployProgram(name, program);
    await ground.sync(name);
    expect(await messageOf(name)).toContain(told);
  });
});

it('tells nobody the passwords', async () => {
  const { items } = await ground.client.list({ apiVersion: 'argoproj.io/v1alpha1', kind: 'Application' }, {});
  expect(JSON.stringify(items) + ground.logs().join('\n')).not.toContain('git-password');
});
