// Repositories and credentials by the API, over a real Git server: tried before they are saved, and shown without what is secret.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { repositorySecretName } from '../../src/application/repository-secret.ts';
import { at } from '../../src/base/json.ts';
import { chooseRemote, chooseWriter } from '../../src/git/credentials.ts';
import { type Listening, listen } from '../../src/node/listen.ts';
import { decodeSecret } from '../../src/operation/settings.ts';
import { type Ask, openApi } from '../support/api-accounts.ts';
import { createChartRepository, createRegistry, packChart, SECRET } from '../support/chart-servers.ts';
import { createGround, type Ground } from '../support/ground.ts';
import { connectSandbox } from '../support/sandbox-transport.ts';

const PASSWORD = 'git-password';
const READ = { username: 'devops', password: PASSWORD };

let ground: Ground;
let as: Record<'machine' | 'reader' | 'former' | 'maker' | 'shopper' | 'nobody', Ask>;
let privateUrl: string;
let openUrl: string;

beforeAll(async () => {
  ground = await createGround(connectSandbox());
  await ground.createRepository(
    'devops/private',
    { 'a/Chart.yaml': 'name: a\nversion: 1.0.0\n', 'a.txt': '' },
    { isPrivate: true },
  );
  await ground.createRepository('devops/open', {
    'charts/web/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.0.0\n',
    'charts/web/values.yaml': 'image:\n  tag: "1"\nports: [80, 443]\nempty:\n',
    'charts/web/values-dev.yaml': 'image:\n  tag: dev\n',
    'charts/web/more/values.yml': '',
    'overlays/dev/kustomization.yaml': 'resources: [pod.yaml]\n',
    'overlays/dev/pod.yaml':
      'apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n  containers: [{name: web, image: "nginx:1.29"}]\n',
    'plain/a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n',
  });
  privateUrl = `${ground.gitUrl}/devops/private`;
  openUrl = `${ground.gitUrl}/devops/open`;
  as = await openApi(ground, {
    reader: ['repositories, get, *, allow', 'applications, create, default/*, allow'],
    former: [
      'repositories, get, *, allow',
      'applications, create, default/*, allow',
      'applications, get, default/*, allow',
    ],
    maker: ['repositories, create, *, allow', 'repositories, get, *, allow'],
    shopper: ['repositories, *, shop/*, allow'],
    nobody: ['projects, get, *, allow'],
  });
});
afterAll(() => ground.close());

const one = (url: string, more = '') => `/api/v1/repositories/${encodeURIComponent(url)}${more}`;
const secret = async (url: string, project = '') =>
  decodeSecret(await ground.get('v1', 'Secret', ground.namespace, repositorySecretName(url, project)));

const metadataOf = (name: string) => ({
  ...{ name, namespace: ground.namespace },
  labels: { 'argocd.argoproj.io/secret-type': 'repository' },
});

describe('a repository', () => {
  it.each([
    ['without credentials', {}],
    ['with a wrong password', { username: 'devops', password: 'wrong' }],
  ])('that cannot be reached %s is not saved', async (_, credentials) => {
    const answer = await as.machine('POST', '/api/v1/repositories', { repo: privateUrl, ...credentials });
    expect(answer).toMatchObject({
      status: 400,
      body: { code: 9, message: expect.stringContaining('error testing repository connectivity: ') },
    });
    expect(await secret(privateUrl)).toEqual({});
  });

  it('is saved as Argo CD saves it, after it was reached, and shown without its password', async () => {
    const made = await as.maker('POST', '/api/v1/repositories', { repo: privateUrl, name: 'private', ...READ });
    expect(made).toMatchObject({ status: 200, body: { repo: privateUrl, type: 'git', name: 'private' } });
    expect(await secret(privateUrl)).toEqual({ url: privateUrl, type: 'git', name: 'private', ...READ });
    const got = await as.reader('GET', one(privateUrl));
    expect(got).toMatchObject({
      status: 200,
      body: {
        repo: privateUrl,
        type: 'git',
        username: 'devops',
        connectionState: { status: 'Successful', message: '', attemptedAt: expect.stringMatching(/Z$/) },
      },
    });
    expect(JSON.stringify([made, got])).not.toContain(PASSWORD);
  });

  it('is the same when it is made again; other settings need upsert, and the right to update', async () => {
    const body = { repo: privateUrl, type: 'git', name: 'private', ...READ };
    expect((await as.maker('POST', '/api/v1/repositories', body)).status).toBe(200);
    const other = { ...body, name: 'other' };
    expect(await as.maker('POST', '/api/v1/repositories', other)).toMatchObject({
      status: 400,
      body: {
        code: 3,
        message: 'existing repository spec is different; use upsert flag to force update; difference in keys "name"',
      },
    });
    expect((await as.maker('POST', '/api/v1/repositories?upsert=true', other)).status).toBe(403);
    expect((await as.machine('POST', '/api/v1/repositories?upsert=true', other)).status).toBe(200);
    expect((await secret(privateUrl)).name).toBe('other');
  });

  it('keeps the secret of its webhook when its settings are replaced', async () => {
    const name = repositorySecretName(privateUrl, '');
    const ref = { apiVersion: 'v1', kind: 'Secret', namespace: ground.namespace, name };
    await ground.client.patch(ref, { data: { webhookSecret: btoa('hook') } }, { type: 'merge' });
    expect((await as.machine('PUT', one(privateUrl), READ)).status).toBe(200);
    expect(await secret(privateUrl)).toEqual({ url: privateUrl, webhookSecret: 'hook', ...READ });
    expect(await as.machine('PUT', one(privateUrl), { username: 'devops', password: 'wrong' })).toMatchObject({
      status: 400,
      body: { code: 9 },
    });
  });

  it('is told of by what is known of late where nobody shall wait, and by the kind of its credentials', async () => {
    const other = await ground.client.create({
      ...{ apiVersion: 'v1', kind: 'Secret', metadata: metadataOf('untried') },
      stringData: { url: 'http://127.0.0.1:1/untried', bearerToken: 'a-bearer-token' },
    });
    expect((await as.reader('GET', one(privateUrl))).status).toBe(200);
    const { body } = await as.reader('GET', '/api/v1/repositories?connection=known');
    await ground.client.remove({ ...other, namespace: ground.namespace, name: 'untried' });
    const items = at(body, 'items');
    const known = Array.isArray(items)
      ? items.map((item) => [at(item, 'repo'), at(item, 'credentials'), at(item, 'connectionState', 'status')])
      : [];
    expect(known).toContainEqual([privateUrl, ['basic'], 'Successful']);
    expect(known).toContainEqual(['http://127.0.0.1:1/untried', ['bearer'], 'Unknown']);
    expect(JSON.stringify(body)).not.toContain('a-bearer-token');
  });

  it('keeps the credentials that nobody gave again where that is asked for, and sends them no other way', async () => {
    const change = (body: object) => as.machine('PUT', one(privateUrl, '?keepCredentials=true'), body);
    expect((await change({ name: 'another' })).status).toBe(200);
    expect(await secret(privateUrl)).toMatchObject({ name: 'another', ...READ });
    const proxied = await change({ name: 'another', proxy: 'http://127.0.0.1:1' });
    expect(proxied).toMatchObject({ status: 400, body: { message: expect.stringContaining('with another proxy') } });
    expect((await change({ name: 'another', insecure: true })).status).toBe(400);
    expect((await as.machine('PUT', one(privateUrl), { name: 'another' })).status).toBe(400);
    expect((await change({ username: 'devops', password: 'wrong' })).status).toBe(400);
    expect(await secret(privateUrl)).toMatchObject(READ);
    expect((await change(READ)).status).toBe(200);
  });

  it('tells that it cannot be reached, when it is asked anew', async () => {
    const stateOf = async (query: string) =>
      at((await as.machine('GET', one(privateUrl, query))).body, 'connectionState');
    expect(await stateOf('')).toMatchObject({ status: 'Successful' });
    ground.gitAway(true);
    try {
      // What is a moment old is not asked again.
      expect(await stateOf('')).toMatchObject({ status: 'Successful' });
      expect(await stateOf('?forceRefresh=true')).toMatchObject({
        status: 'Failed',
        message: expect.stringContaining('Unable to connect to repository: '),
      });
    } finally {
      ground.gitAway(false);
    }
    expect(await stateOf('?forceRefresh=true')).toMatchObject({ status: 'Successful' });
  });

  it('of a project is that project’s, and seen by its people alone', async () => {
    const body = { repo: privateUrl, project: 'shop', ...READ };
    expect((await as.shopper('POST', '/api/v1/repositories', { repo: privateUrl, ...READ })).status).toBe(403);
    expect((await as.shopper('POST', '/api/v1/repositories', body)).status).toBe(200);
    expect(await secret(privateUrl, 'shop')).toMatchObject({ project: 'shop' });
    const urlsFor = async (ask: Ask) => {
      const items = at((await ask('GET', '/api/v1/repositories')).body, 'items');
      return Array.isArray(items) ? items.map((item) => [at(item, 'project') ?? '', at(item, 'repo')]) : [];
    };
    expect(await urlsFor(as.shopper)).toEqual([['shop', privateUrl]]);
    expect(await urlsFor(as.machine)).toEqual([
      ['', privateUrl],
      ['shop', privateUrl],
    ]);
    expect(await urlsFor(as.nobody)).toEqual([]);
    // Of two with one address, the project says which.
    expect(await as.machine('GET', one(privateUrl, '?appProject=shop'))).toMatchObject({ body: { project: 'shop' } });
    expect((await as.machine('GET', one(privateUrl, '?appProject=other'))).status).toBe(404);
    expect((await as.shopper('DELETE', one(privateUrl, '?appProject=shop'))).status).toBe(200);
    expect(await secret(privateUrl, 'shop')).toEqual({});
  });

  it('that is not known, or not to be seen, is 403', async () => {
    for (const [ask, url] of [
      [as.machine, 'https://git.example.com/none'],
      [as.nobody, privateUrl],
    ] as const) {
      expect(await ask('GET', one(url))).toMatchObject({
        status: 403,
        body: { code: 7, message: 'permission denied' },
      });
      expect((await ask('DELETE', one(url))).status).toBe(403);
    }
  });

  it('of an unknown type is refused, and one behind SSH says what to do', async () => {
    expect(await as.machine('POST', '/api/v1/repositories', { repo: openUrl, type: 'svn' })).toMatchObject({
      status: 400,
      body: { message: 'unsupported repository type "svn"' },
    });
    expect(await as.machine('POST', '/api/v1/repositories', { repo: 'git@git.example.com:a/b.git' })).toMatchObject({
      status: 400,
      body: { message: expect.stringContaining('https://git.example.com/a/b') },
    });
  });

  it('is tried without being saved', async () => {
    expect(await as.maker('POST', one(openUrl, '/validate'), openUrl)).toEqual({ status: 200, body: {} });
    const query = `/validate?username=devops&password=${PASSWORD}&insecure=true`;
    expect((await as.maker('POST', one(privateUrl, query), privateUrl)).status).toBe(200);
    expect((await as.maker('POST', one(`${ground.gitUrl}/devops/nosuch`, '/validate'), '')).status).toBe(400);
    expect((await as.reader('POST', one(openUrl, '/validate'), openUrl)).status).toBe(403);
    expect(await secret(openUrl)).toEqual({});
  });

  it('made by hand only loses its label when it is deleted', async () => {
    const metadata = {
      name: 'by-hand',
      namespace: ground.namespace,
      labels: { 'argocd.argoproj.io/secret-type': 'repository' },
    };
    const data = { url: btoa(openUrl) };
    await ground.client.create({ apiVersion: 'v1', kind: 'Secret', metadata, type: 'Opaque', data });
    expect((await as.machine('DELETE', one(openUrl))).status).toBe(200);
    const left = await ground.get('v1', 'Secret', ground.namespace, 'by-hand');
    expect(left?.metadata.labels ?? {}).toEqual({});
  });

  it('with a user in its address is shown and found without', async () => {
    const url = openUrl.replace('://', `://devops:${PASSWORD}@`);
    const made = await as.machine('POST', '/api/v1/repositories', { repo: url });
    expect(made).toMatchObject({ status: 200, body: { repo: openUrl } });
    const list = await as.machine('GET', '/api/v1/repositories');
    expect(JSON.stringify([made, list])).not.toContain(PASSWORD);
    expect((await as.machine('DELETE', one(openUrl))).status).toBe(200);
  });
});

describe('a look into a repository', () => {
  it('gives its branches and tags', async () => {
    expect(await as.reader('GET', one(openUrl, '/refs'))).toEqual({
      status: 200,
      body: { branches: ['main'], tags: [] },
    });
    // With the credentials that are known for it.
    expect((await as.reader('GET', one(privateUrl, '/refs'))).body).toEqual({ branches: ['main'], tags: [] });
    expect((await as.nobody('GET', one(openUrl, '/refs'))).status).toBe(403);
  });

  it('gives the folders that a tool is for, to those who may make an Application of them', async () => {
    const query = '/apps?revision=main&appName=new&appProject=default';
    expect(await as.reader('GET', one(openUrl, query))).toEqual({
      status: 200,
      body: {
        items: [
          { path: 'charts/web', type: 'Helm' },
          { path: 'overlays/dev', type: 'Kustomize' },
        ],
      },
    });
    expect((await as.reader('GET', one(openUrl, '/apps?appName=new&appProject=shop'))).status).toBe(403);
    expect((await as.maker('GET', one(openUrl, query))).status).toBe(403);
  });

  it('gives what can be set of a chart and of a kustomization', async () => {
    const details = (source: Record<string, unknown>, ask = as.former) =>
      ask('POST', one(openUrl, '/appdetails'), { source, appName: 'new', appProject: 'default' });
    const chart = { path: 'charts/web', targetRevision: 'main', helm: { valueFiles: ['values-dev.yaml'] } };
    expect(await details(chart)).toEqual({
      status: 200,
      body: {
        type: 'Helm',
        helm: {
          valueFiles: ['more/values.yml', 'values-dev.yaml', 'values.yaml'],
          values: 'image:\n  tag: "1"\nports: [80, 443]\nempty:\n',
          parameters: [
            { name: 'empty', value: '<nil>' },
            { name: 'image.tag', value: 'dev' },
            { name: 'ports[0]', value: '80' },
            { name: 'ports[1]', value: '443' },
          ],
          fileParameters: [],
        },
      },
    });
    expect((await details({ path: 'overlays/dev' })).body).toEqual({
      type: 'Kustomize',
      kustomize: { images: ['nginx:1.29'] },
    });
    expect((await details({ path: 'plain' })).body).toEqual({ type: 'Directory', directory: {} });
    expect((await details({ path: '../up' })).status).toBeGreaterThanOrEqual(400);
    expect((await details({ path: 'plain' }, as.maker)).status).toBe(403);
    const nothing = { appName: 'new', appProject: 'default' };
    expect((await as.former('POST', one(openUrl, '/appdetails'), nothing)).status).toBe(400);
  });

  it('gives of an Application that is there what it is, or was, made of alone', async () => {
    await ground.client.create({
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Application',
      metadata: { name: 'made', namespace: ground.namespace },
      spec: {
        project: 'default',
        source: { repoURL: openUrl, path: 'plain' },
        destination: { server: 'https://kubernetes.default.svc', namespace: 'made' },
      },
    });
    const details = (source: Record<string, unknown>) =>
      as.former('POST', one(openUrl, '/appdetails'), { source, appName: 'made', appProject: 'default' });
    expect((await details({ path: 'plain' })).status).toBe(200);
    expect((await details({ path: 'charts/web' })).status).toBe(403);
  });

  it('says what has no charts or tags', async () => {
    expect((await as.reader('GET', one(openUrl, '/oci-tags'))).status).toBe(400);
    expect((await as.reader('GET', one(openUrl, '/helmcharts'))).status).toBeGreaterThanOrEqual(400);
  });
});

describe('a repository of charts', () => {
  const charts = [packChart('web', '1.0.0', {}), packChart('web', '1.1.0', {}), packChart('db', '2.0.0', {})];
  let helm: Listening;
  let registry: Listening;
  beforeAll(async () => {
    const open = (handle: (request: Request) => Response | Promise<Response>) =>
      listen(handle, { host: '127.0.0.1', port: 0 });
    helm = await open(createChartRepository(charts, { isPrivate: true }).handle);
    registry = await open(createRegistry(charts, { realm: '' }).handle);
  });
  afterAll(async () => {
    await helm.close();
    await registry.close();
  });

  it('is tried, and tells which charts it has', async () => {
    const repo = `${helm.url}/charts`;
    const made = { repo, type: 'helm', name: 'charts' };
    expect((await as.machine('POST', '/api/v1/repositories', made)).status).toBe(400);
    expect((await as.machine('POST', '/api/v1/repositories', { ...made, ...SECRET })).status).toBe(200);
    expect((await as.reader('GET', one(repo, '/helmcharts'))).body).toEqual({
      items: [
        { name: 'db', versions: ['2.0.0'] },
        { name: 'web', versions: ['1.1.0', '1.0.0'] },
      ],
    });
    const source = { chart: 'web', targetRevision: '1.x' };
    const body = { source, appName: 'charted', appProject: 'default' };
    expect((await as.former('POST', one(repo, '/appdetails'), body)).body).toMatchObject({
      type: 'Helm',
      helm: { valueFiles: [] },
    });
  });

  it('that is a registry is tried with its credentials, and tells the tags of a chart', async () => {
    const host = registry.url.replace('http://', '');
    const made = { repo: `${host}/charts`, type: 'helm', enableOCI: true, insecureOCIForceHttp: true };
    expect((await as.machine('POST', '/api/v1/repositories', { ...made, ...SECRET, password: 'wrong' })).status).toBe(
      400,
    );
    expect((await as.machine('POST', '/api/v1/repositories', { ...made, ...SECRET })).status).toBe(200);
    const oci = { repo: `oci://${host}/charts/web`, insecureOCIForceHttp: true, ...SECRET };
    expect(await as.machine('POST', '/api/v1/repositories', oci)).toMatchObject({ status: 200, body: { type: 'oci' } });
    expect((await as.reader('GET', one(oci.repo, '/oci-tags'))).body).toEqual({ tags: ['1.1.0', '1.0.0'] });
    expect((await as.reader('GET', one(made.repo, '/helmcharts'))).status).toBe(400);
  });
});

describe('a template of credentials', () => {
  const creds = (url: string) => `/api/v1/repocreds/${encodeURIComponent(url)}`;

  it('is for the repositories below its address that have none of their own', async () => {
    await as.machine('DELETE', one(privateUrl));
    const made = await as.machine('POST', '/api/v1/repocreds', { url: ground.gitUrl, ...READ });
    expect(made).toEqual({ status: 200, body: { url: ground.gitUrl } });
    expect((await as.machine('POST', '/api/v1/repositories', { repo: privateUrl })).status).toBe(200);
    expect(await secret(privateUrl)).toEqual({ url: privateUrl, type: 'git' });
    expect(await as.machine('GET', one(privateUrl))).toMatchObject({
      body: { inheritedCreds: true, username: 'devops', connectionState: { status: 'Successful' } },
    });
  });

  it('is listed without its password, changed and deleted', async () => {
    const list = await as.reader('GET', '/api/v1/repocreds');
    expect(list.body).toEqual({
      metadata: {},
      items: [{ url: ground.gitUrl, username: 'devops', credentials: ['basic'] }],
    });
    expect((await as.nobody('GET', '/api/v1/repocreds')).body).toEqual({ metadata: {}, items: [] });
    expect(await as.machine('POST', '/api/v1/repocreds', { url: ground.gitUrl, username: 'other' })).toMatchObject({
      status: 400,
      body: {
        message: expect.stringContaining(
          'existing repository credentials spec is different; use upsert flag to force update',
        ),
      },
    });
    expect((await as.reader('PUT', creds(ground.gitUrl), { username: 'other' })).status).toBe(403);
    expect((await as.machine('PUT', creds(ground.gitUrl), { username: 'other' })).status).toBe(200);
    expect(await as.machine('PUT', creds('https://none.example.com'), {})).toMatchObject({
      status: 404,
      body: { message: "repository credentials 'https://none.example.com' not found" },
    });
    expect((await as.reader('DELETE', creds(ground.gitUrl))).status).toBe(403);
    expect((await as.machine('DELETE', creds(ground.gitUrl))).status).toBe(200);
    expect((await as.machine('GET', '/api/v1/repocreds')).body).toEqual({ metadata: {}, items: [] });
  });

  it('without an address is refused', async () => {
    expect(await as.machine('POST', '/api/v1/repocreds', { username: 'a' })).toMatchObject({
      status: 400,
      body: { message: 'must specify URL' },
    });
  });
});

describe('credentials for writing', () => {
  const WRITE = { username: 'devops', password: PASSWORD };

  it('have rights of their own, and Secrets that nothing reads', async () => {
    const path = '/api/v1/write-repositories';
    expect((await as.reader('POST', path, { repo: openUrl, ...WRITE })).status).toBe(403);
    expect(await as.machine('POST', path, { repo: openUrl })).toMatchObject({
      status: 400,
      body: { message: 'missing credentials in request' },
    });
    expect((await as.machine('POST', path, { repo: openUrl, ...WRITE })).status).toBe(200);
    const name = repositorySecretName(openUrl, '', 'repository-write');
    const saved = await ground.get('v1', 'Secret', ground.namespace, name);
    expect(saved?.metadata.labels).toMatchObject({ 'argocd.argoproj.io/secret-type': 'repository-write' });
    expect((await as.reader('GET', path)).body).toEqual({ metadata: {}, items: [] });
    const list = await as.machine('GET', path);
    expect(list.body).toMatchObject({ items: [{ repo: openUrl, username: 'devops' }] });
    expect(JSON.stringify(list.body)).not.toContain(PASSWORD);
    const read = at((await as.machine('GET', '/api/v1/repositories')).body, 'items');
    expect(Array.isArray(read) && read.map((item) => at(item, 'repo'))).not.toContain(openUrl);
    expect((await as.machine('GET', `${path}/${encodeURIComponent(openUrl)}`)).status).toBe(200);
    expect((await as.machine('DELETE', `${path}/${encodeURIComponent(openUrl)}`)).status).toBe(200);
  });

  it('open nothing to those who read', async () => {
    // Its credentials for reading were those of a template that is gone.
    const path = '/api/v1/write-repositories';
    expect((await as.machine('POST', path, { repo: privateUrl, ...WRITE })).status).toBe(200);
    expect((await as.machine('GET', one(privateUrl, '/refs'))).status).toBeGreaterThanOrEqual(400);
    expect((await as.machine('GET', one(privateUrl, '?forceRefresh=true'))).body).toMatchObject({
      connectionState: { status: 'Failed' },
    });
    expect((await as.machine('DELETE', `${path}/${encodeURIComponent(privateUrl)}`)).status).toBe(200);
  });

  it('come from templates of their own', async () => {
    expect((await as.machine('POST', '/api/v1/write-repocreds', { url: ground.gitUrl, ...WRITE })).status).toBe(200);
    expect((await as.machine('GET', '/api/v1/write-repocreds')).body).toMatchObject({
      items: [{ url: ground.gitUrl }],
    });
    expect((await as.machine('GET', '/api/v1/repocreds')).body).toEqual({ metadata: {}, items: [] });
    const path = `/api/v1/write-repocreds/${encodeURIComponent(ground.gitUrl)}`;
    expect((await as.machine('DELETE', path)).status).toBe(200);
  });

  it('are chosen for writing alone, and those for reading never', () => {
    const url = 'https://git.example.com/a';
    const none = { repositories: [], templates: [], certificates: {} };
    const known = { ...none, repositories: [{ url, username: 'w', password: 'p' }] };
    expect(chooseWriter(url, '', known)?.credentials).toMatchObject({ username: 'w' });
    expect(chooseWriter(url, '', none)).toBeUndefined();
    expect(chooseRemote(url, '', none).credentials).toBeUndefined();
  });
});
