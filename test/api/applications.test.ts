// Applications over the API: found, made, changed and deleted as Argo CD's clients do it, in its words and status codes.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at, isObject, stringAt } from '../../src/base/json.ts';
import type { SandboxRepository } from '../../src/sandbox/git/repository.ts';
import { createGround, type Ground, NAMESPACE } from '../support/ground.ts';
import { connectSandbox } from '../support/sandbox-transport.ts';

const APPLICATIONS = '/api/v1/applications';
const configMap = (name: string, value: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\ndata:\n  key: ${value}\n`;
const SECRET =
  'apiVersion: v1\nkind: Secret\nmetadata:\n  name: password\nstringData:\n  password: not-for-everybody\n';

let ground: Ground;
let repository: SandboxRepository;
let repoURL: string;
beforeAll(async () => {
  ground = await createGround(connectSandbox());
  repository = await ground.createRepository('devops/app', {
    'm/a.yaml': configMap('settings', 'one'),
    'other/b.yaml': configMap('other', 'two'),
    'secret/s.yaml': SECRET,
    'broken/c.yaml': 'kind: ConfigMap\n',
  });
  repoURL = `${ground.gitUrl}/${repository.path}`;
  await ground.client.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'team' } });
});
afterAll(() => ground.close());

function body(name: string, spec: Record<string, unknown> = {}, metadata: Record<string, unknown> = {}) {
  const source = { repoURL, path: 'm', targetRevision: 'main' };
  const destination = { server: 'https://kubernetes.default.svc', namespace: 'team' };
  return { metadata: { name, ...metadata }, spec: { project: 'default', source, destination, ...spec } };
}

const create = (name: string, spec?: Record<string, unknown>, metadata?: Record<string, unknown>, query = '') =>
  ground.request('POST', `${APPLICATIONS}${query}`, body(name, spec, metadata));

describe('making an Application', () => {
  it('gives it with what the cluster adds, and compares it', async () => {
    const { status, body: made } = await create('made', {}, { labels: { team: 'blue' }, annotations: { note: 'a' } });
    expect(status).toBe(200);
    expect(made).toMatchObject({
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Application',
      metadata: { name: 'made', namespace: NAMESPACE, labels: { team: 'blue' }, annotations: { note: 'a' } },
      spec: { project: 'default', source: { repoURL, path: 'm' } },
    });
    expect(stringAt(made, 'metadata', 'uid')).toBeTruthy();
    expect(at(made, 'metadata', 'managedFields')).toBeUndefined();
    expect((await ground.application('made')).status.sync).toMatchObject({ status: 'OutOfSync' });
  });

  it('gives the one that is there for the same once more, and refuses another spec unless it is to be changed', async () => {
    const first = await create('again');
    const second = await create('again');
    expect(second).toMatchObject({ status: 200, body: { metadata: { uid: at(first.body, 'metadata', 'uid') } } });
    const other = { source: { repoURL, path: 'other' } };
    expect(await create('again', other)).toMatchObject({
      status: 400,
      body: { code: 3, message: 'existing application spec is different, use upsert flag to force update' },
    });
    const changed = await create('again', other, { labels: { more: 'b' } }, '?upsert=true');
    expect(changed).toMatchObject({
      status: 200,
      body: { metadata: { labels: { more: 'b' } }, spec: { source: { path: 'other' } } },
    });
  });

  it('never takes an operation, a status or what else is not a person’s to write', async () => {
    const { body: made } = await ground.request('POST', APPLICATIONS, {
      ...body('plain', {}, { ownerReferences: [{ kind: 'x' }], uid: 'mine' }),
      operation: { sync: { manifests: ['{}'] } },
      status: { sync: { status: 'Synced' } },
    });
    expect(at(made, 'operation')).toBeUndefined();
    expect(at(made, 'status', 'sync', 'status')).not.toBe('Synced');
    expect(at(made, 'metadata', 'ownerReferences')).toBeUndefined();
    expect(at(made, 'metadata', 'uid')).not.toBe('mine');
  });

  it.each([
    ['without a name', { metadata: { name: '' }, spec: {} }, 'metadata.name is missing'],
    ['without a spec', { metadata: { name: 'x' } }, 'body: spec'],
    [
      'in a project that is not there',
      { project: 'nowhere' },
      'app is not allowed in project "nowhere", or the project does not exist',
    ],
    [
      'with two names of its cluster',
      { destination: { server: 'https://kubernetes.default.svc', name: 'in-cluster' } },
      "can't have both name and server defined",
    ],
    ['of a cluster that is not there', { destination: { name: 'mars' } }, 'mars'],
    [
      'without a path',
      { source: { repoURL: 'http://localhost/a/b' } },
      'spec.source.repoURL and either spec.source.path',
    ],
    [
      'of a branch that is not there',
      { source: { path: 'm', targetRevision: 'nowhere' } },
      'repository not accessible',
    ],
    ['of a folder that is not there', { source: { path: 'nowhere' } }, 'Unable to generate manifests'],
    ['of what cannot be rendered', { source: { path: 'broken' } }, 'Unable to generate manifests'],
    [
      'with two sources of one name',
      {
        sources: [
          { path: 'm', name: 'a' },
          { path: 'm', name: 'a' },
        ],
      },
      'application bad has duplicate source name: a',
    ],
  ])('%s is refused with the reason', async (_, given, message) => {
    const withRepository = (source: unknown) => (isObject(source) ? { repoURL, ...source } : source);
    const spec = 'spec' in given || 'metadata' in given ? undefined : { ...given };
    if (spec && 'source' in spec) spec.source = withRepository(spec.source) as never;
    if (spec && 'sources' in spec) spec.sources = (spec.sources as unknown[]).map(withRepository) as never;
    const answer = spec ? await create('bad', spec) : await ground.request('POST', APPLICATIONS, given);
    expect(answer).toMatchObject({ status: 400, body: { code: 3, message: expect.stringContaining(message) } });
    expect(await ground.get('argoproj.io/v1alpha1', 'Application', NAMESPACE, 'bad')).toBeUndefined();
  });

  it('does not look at the sources where nobody wants it', async () => {
    const spec = { source: { repoURL, path: 'nowhere' } };
    expect(await create('unseen', spec, {}, '?validate=false')).toMatchObject({ status: 200 });
  });

  it('tells what the API server says against it', async () => {
    const { status, body: answer } = await create('Not_A_Name');
    expect(status).toBe(400);
    expect(stringAt(answer, 'message')).toContain('Not_A_Name');
    expect(at(answer, 'code')).toBe(3);
  });

  it('is refused in a namespace that may hold none', async () => {
    expect(await create('elsewhere', {}, { namespace: 'team' })).toMatchObject({
      status: 403,
      body: { code: 7, message: expect.stringContaining("namespace 'team' is not permitted") },
    });
  });
});

describe('changing an Application', () => {
  beforeAll(async () => {
    await create('changed', {}, { labels: { a: '1' }, annotations: { b: '2' } });
    await ground.application('changed');
  });

  it('PUT replaces spec, labels, annotations and finalizers, whatever version the client has seen', async () => {
    const finalizer = 'resources-finalizer.argocd.argoproj.io';
    const changed = body(
      'changed',
      { source: { repoURL, path: 'other' } },
      { resourceVersion: '1', labels: { c: '3' }, finalizers: [finalizer] },
    );
    const { status, body: answer } = await ground.request('PUT', `${APPLICATIONS}/changed`, changed);
    expect(status).toBe(200);
    expect(answer).toMatchObject({ metadata: { labels: { c: '3' }, finalizers: [finalizer] } });
    expect(at(answer, 'spec', 'source')).toEqual({ repoURL, path: 'other' });
    expect(at(answer, 'metadata', 'annotations', 'b')).toBeUndefined();
    const { status: after } = await ground.application('changed');
    expect(after.resources).toMatchObject([{ name: 'other' }]);
  });

  it('PUT does not rename', async () => {
    expect(await ground.request('PUT', `${APPLICATIONS}/changed`, body('other'))).toMatchObject({ status: 400 });
  });

  it('PUT …/spec gives the spec', async () => {
    const { spec } = body('changed', { revisionHistoryLimit: 3 });
    const answer = await ground.request('PUT', `${APPLICATIONS}/changed/spec`, spec);
    expect(answer).toMatchObject({ status: 200, body: { source: { path: 'm' }, revisionHistoryLimit: 3 } });
  });

  it.each([
    ['json', [{ op: 'replace', path: '/spec/source/path', value: 'other' }], { spec: { source: { path: 'other' } } }],
    ['merge', { spec: { source: { path: 'm' }, revisionHistoryLimit: null } }, { spec: { source: { path: 'm' } } }],
    ['json', [{ op: 'add', path: '/metadata/labels', value: { d: '4' } }], { metadata: { labels: { d: '4' } } }],
  ])('PATCH by a %s patch', async (patchType, patch, expected) => {
    const request = { name: 'changed', patch: JSON.stringify(patch), patchType };
    const answer = await ground.request('PATCH', `${APPLICATIONS}/changed`, request);
    expect(answer).toMatchObject({ status: 200, body: expected });
  });

  it.each([
    ['a patch of another kind', { patch: '{}', patchType: 'strategic' }, "Patch type 'strategic' is not supported", 3],
    ['what is no JSON', { patch: '{' }, 'not valid JSON', 3],
    ['a list for a merge', { patch: '[]', patchType: 'merge' }, 'what the patch makes is no Application', 3],
    ['a path that is not there', { patch: '[{"op":"remove","path":"/spec/nothing"}]' }, 'remove /spec/nothing', 9],
    ['another name', { patch: '{"metadata":{"name":"x"}}', patchType: 'merge' }, 'metadata of the body', 3],
    [
      'a spec that cannot be',
      { patch: '{"spec":{"project":"nowhere"}}', patchType: 'merge' },
      'not allowed in project',
      3,
    ],
  ])('PATCH with %s is refused', async (_, request, message, code) => {
    const answer = await ground.request('PATCH', `${APPLICATIONS}/changed`, request);
    expect(answer).toMatchObject({ status: 400, body: { code, message: expect.stringContaining(message) } });
  });

  it('a patch reaches neither status nor operation', async () => {
    const patch = JSON.stringify({ status: { sync: { status: 'Mine' } }, operation: { sync: {} } });
    const { body: answer } = await ground.request('PATCH', `${APPLICATIONS}/changed`, { patch, patchType: 'merge' });
    expect(at(answer, 'operation')).toBeUndefined();
    expect(at(answer, 'status', 'sync', 'status')).not.toBe('Mine');
  });
});

describe('changing an Application while Git is away', () => {
  it('is possible where nothing else is to be rendered', async () => {
    await create('away', { syncPolicy: { automated: { prune: true } } });
    await ground.hawser.idle();
    ground.gitAway(true);
    const merge = (spec: unknown) =>
      ground.request('PATCH', `${APPLICATIONS}/away`, { patch: JSON.stringify({ spec }), patchType: 'merge' });
    expect(await merge({ syncPolicy: { automated: null } })).toMatchObject({ status: 200 });
    expect(await merge({ source: { path: 'other' } })).toMatchObject({
      status: 400,
      body: { message: expect.stringContaining('repository not accessible') },
    });
    ground.gitAway(false);
    await ground.hawser.idle();
    expect((await ground.request('GET', `${APPLICATIONS}/away`)).body).toMatchObject({
      spec: { source: { path: 'm' } },
    });
  });
});

describe('finding Applications', () => {
  beforeAll(async () => {
    await create('found-a', {}, { labels: { tier: 'front' } });
    await create('found-b', { source: { repoURL, path: 'other' } }, { labels: { tier: 'back' } });
  });
  const names = async (query: string) => {
    const { body: list } = await ground.request('GET', `${APPLICATIONS}?${query}`);
    const items = at(list, 'items');
    return (Array.isArray(items) ? items : []).map((item) => stringAt(item, 'metadata', 'name'));
  };

  it.each([
    ['name=found-a', ['found-a']],
    ['selector=tier=front', ['found-a']],
    [`selector=${encodeURIComponent('tier in (front,back)')}`, ['found-a', 'found-b']],
    ['selector=tier=front&projects=default', ['found-a']],
    ['selector=tier&projects=other', []],
    ['selector=tier&project=other&project=default', ['found-a', 'found-b']],
    [`selector=tier&repo=REPO`, ['found-a', 'found-b']],
    ['repo=http://localhost/nobody/knows', []],
    ['search=ound-b', ['found-b']],
    [`name=found-a&appNamespace=${NAMESPACE}`, ['found-a']],
    ['name=found-a&appNamespace=team', []],
    ['name=nobody', []],
    ['name=found-a&unknown=1', ['found-a']],
  ])('?%s', async (query, expected) => {
    expect(await names(query.replace('REPO', encodeURIComponent(`${repoURL}.git`)))).toEqual(expected);
  });

  it('gives the version of the list, from which a watch goes on, and the fields that are asked for', async () => {
    const fields = 'fields=metadata.resourceVersion,items.metadata.name,items.spec.source';
    const { body: list } = await ground.request('GET', `${APPLICATIONS}?name=found-a&${fields}`);
    expect(list).toEqual({
      metadata: { resourceVersion: expect.stringMatching(/^\d+$/) },
      items: [{ metadata: { name: 'found-a' }, spec: { source: { repoURL, path: 'm', targetRevision: 'main' } } }],
    });
    const { body: without } = await ground.request('GET', `${APPLICATIONS}/found-a?fields=-spec,metadata.labels`);
    expect(at(without, 'spec')).toBeUndefined();
    expect(at(without, 'metadata', 'name')).toBe('found-a');
    expect(at(without, 'metadata', 'labels')).toBeUndefined();
  });

  it('refuses a selector that is none', async () => {
    expect((await ground.request('GET', `${APPLICATIONS}?selector=a%20b%20c`)).status).toBe(400);
  });

  it.each([['refresh=normal'], ['refresh=hard'], ['refresh=true']])('?%s compares first', async (query) => {
    const { body: app } = await ground.request('GET', `${APPLICATIONS}/found-a?${query}`);
    expect(at(app, 'status', 'sync', 'status')).toBe('OutOfSync');
  });
});

describe('an Application’s sources', () => {
  beforeAll(async () => {
    await create('sources', { source: { repoURL, path: 'secret' } });
    await ground.application('sources');
  });

  it('its manifests carry their tracking, and no value of a Secret', async () => {
    const { status, body: answer } = await ground.request('GET', `${APPLICATIONS}/sources/manifests`);
    expect(status).toBe(200);
    const [manifest = ''] = at(answer, 'manifests') as string[];
    expect(JSON.parse(manifest)).toMatchObject({
      kind: 'Secret',
      metadata: { annotations: { 'argocd.argoproj.io/tracking-id': 'sources:/Secret:team/password' } },
    });
    expect(manifest).not.toContain('not-for-everybody');
    expect(manifest).not.toContain(btoa('not-for-everybody'));
    expect(at(answer, 'revision')).toMatch(/^[0-9a-f]{40}$/);
  });

  it('its manifests at another revision', async () => {
    const other = await ground.request('GET', `${APPLICATIONS}/sources/manifests?revision=nowhere`);
    expect(other).toMatchObject({ status: 422, body: { message: expect.stringContaining('nowhere') } });
  });

  it('a commit has its author, date, message and tags', async () => {
    const { status } = await ground.application('sources');
    const commit = status.sync?.revision ?? '';
    for (const revision of [commit, commit.slice(0, 8)]) {
      const answer = await ground.request(
        'GET',
        `${APPLICATIONS}/sources/revisions/${revision}/metadata?sourceIndex=0`,
      );
      expect(answer).toMatchObject({
        status: 200,
        body: {
          author: 'Kim <kim@example.com>',
          date: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
          message: 'Change',
        },
      });
    }
  });

  it.each([
    ['revisions/main/metadata', 400, 'revision main must be resolved'],
    ['revisions/0123456789012345678901234567890123456789/metadata', 422, '0123456789'],
    ['revisions/0123456789/metadata?sourceIndex=1', 400, 'source index 1 not found because there is only 1 source'],
    ['revisions/0123456789/metadata?versionId=1', 400, 'version ID 1 not found because the app has no history'],
    ['revisions/0123456789/chartdetails', 400, 'no chart found for application: sources'],
    ['revisions/0123456789/ocimetadata', 400, 'is no registry'],
  ])('%s says what is wrong', async (path, status, message) => {
    const answer = await ground.request('GET', `${APPLICATIONS}/sources/${path}`);
    expect(answer).toMatchObject({ status, body: { message: expect.stringContaining(message) } });
  });
});

describe('sync windows and links', () => {
  beforeAll(async () => {
    const project = { apiVersion: 'argoproj.io/v1alpha1', kind: 'AppProject', namespace: NAMESPACE, name: 'windows' };
    const { namespace, name, ...type } = project;
    await ground.client.create({
      ...type,
      metadata: { namespace, name },
      spec: {
        sourceRepos: ['*'],
        destinations: [{ server: '*', namespace: '*' }],
        syncWindows: [
          { kind: 'deny', schedule: '* * * * *', duration: '1h', applications: ['windowed'], manualSync: true },
          { kind: 'allow', schedule: '0 0 1 1 *', duration: '1m', applications: ['windowed'] },
        ],
      },
    });
    await create('windowed', { project: 'windows' }, { annotations: { team: 'a&b' } });
    await create('unwindowed');
  });

  it('shows which windows concern an Application, which are open, and whether a person may sync', async () => {
    const { body: windows } = await ground.request('GET', `${APPLICATIONS}/windowed/syncwindows`);
    const deny = { kind: 'deny', schedule: '* * * * *', duration: '1h', manualSync: true };
    expect(windows).toMatchObject({ activeWindows: [deny], canSync: true });
    expect(at(windows, 'assignedWindows')).toHaveLength(2);
    const { body: none } = await ground.request('GET', `${APPLICATIONS}/unwindowed/syncwindows`);
    expect(none).toEqual({ canSync: true });
  });

  it('fills the links of argocd-cm', async () => {
    await ground.client.apply({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'argocd-cm', namespace: NAMESPACE },
      data: {
        'application.links': [
          '- url: https://example.com/{{.app.metadata.name}}?team={{ index .app.metadata.annotations "team" | urlquery }}',
          '  title: Dashboard',
          '  icon.class: fa-book',
          '- url: https://example.com/{{.app.spec.project',
          '  title: Broken',
          '- url: https://example.com/{{.cluster.server}}',
          '  title: Cluster',
          '  description: where it runs',
        ].join('\n'),
      },
    });
    const { body: links } = await ground.request('GET', `${APPLICATIONS}/windowed/links`);
    expect(links).toEqual({
      items: [
        { title: 'Dashboard', url: 'https://example.com/windowed?team=a%26b', iconClass: 'fa-book' },
        { title: 'Cluster', url: 'https://example.com/https://kubernetes.default.svc', description: 'where it runs' },
      ],
    });
    expect(ground.logs.join('\n')).toContain('Broken');
  });
});

describe('deleting an Application', () => {
  it('takes the policy in whatever case, and says who asked', async () => {
    await create('deleted');
    await ground.sync('deleted');
    const answer = await ground.request('DELETE', `${APPLICATIONS}/deleted?cascade=true&propagationPolicy=Foreground`);
    expect(answer).toEqual({ status: 200, body: {} });
    await ground.hawser.idle();
    expect(await ground.get('argoproj.io/v1alpha1', 'Application', NAMESPACE, 'deleted')).toBeUndefined();
    expect(ground.logs.join('\n')).toContain('"by":"hawser"');
    expect((await ground.request('DELETE', `${APPLICATIONS}/deleted`)).status).toBe(404);
  });
});
