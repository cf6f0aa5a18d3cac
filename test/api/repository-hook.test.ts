// The webhook of a repository by the API, at a Git server whose REST API is as Gitea documents it: made, mended, heard of, made by hand.

import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { repositorySecretName } from '../../src/application/repository-secret.ts';
import { at } from '../../src/base/json.ts';
import { decodeSecret } from '../../src/operation/settings.ts';
import { type Ask, openApi } from '../support/api-accounts.ts';
import { createGround, type Ground } from '../support/ground.ts';
import { connectSandbox } from '../support/sandbox-transport.ts';

const OUTSIDE = 'https://hawser.example.com';
const READ = { username: 'devops', password: 'git-password' };

interface Asked {
  readonly line: string;
  readonly authorization: string | null;
  readonly body: unknown;
}

let ground: Ground;
let as: Record<'machine' | 'reader' | 'changer' | 'nobody', Ask>;
let url: string;
let asked: Asked[];
/** What the Git server has. */
let hooks: Record<string, unknown>[];
/** Whether it can reach hawser. */
let isReached: boolean;

async function start(outside?: string): Promise<void> {
  ground = await createGround(connectSandbox());
  const metadata = { name: 'argocd-cm', namespace: ground.namespace };
  if (outside) {
    await ground.client.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { url: outside } });
  }
  const repository = await ground.createRepository('devops/app', { 'm/a.yaml': MAP }, { isPrivate: true });
  await ground.createApplication({ name: 'app', repository, path: 'm', destinationNamespace: 'app' });
  await ground.createApplication({ name: 'hidden', repository, path: 'm', destinationNamespace: 'b' });
  url = `${ground.gitUrl}/devops/app`;
  asked = [];
  hooks = [];
  isReached = true;
  ground.answerGit(answerAsGitea);
  as = await openApi(ground, {
    reader: ['repositories, get, *, allow', 'applications, get, default/app, allow'],
    changer: ['repositories, get, *, allow', 'repositories, update, *, allow'],
    nobody: ['projects, get, *, allow'],
  });
  await as.machine('POST', '/api/v1/repositories', { repo: url, ...READ });
}
afterEach(() => ground.close());

const MAP = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n';

async function answerAsGitea(request: Request): Promise<Response | undefined> {
  const { pathname } = new URL(request.url);
  if (!pathname.startsWith('/api/')) return undefined;
  const text = await request.text();
  const body: unknown = text === '' ? undefined : JSON.parse(text);
  asked.push({
    line: `${request.method} ${pathname}`,
    authorization: request.headers.get('authorization'),
    body,
  });
  if (pathname === '/api/v1/version') return Response.json({ version: '1.26.0' });
  if (request.method === 'GET') return Response.json(hooks);
  if (pathname.endsWith('/tests')) {
    if (isReached) await deliver(String(at(hooks[0], 'config', 'secret')));
    return new Response(null, { status: 204 });
  }
  const hook = { id: 7, active: true, events: ['push'], ...(body as object) };
  hooks = [hook];
  return Response.json(hook, { status: request.method === 'POST' ? 201 : 200 });
}

async function deliver(secret: string): Promise<number> {
  const body = JSON.stringify({
    ref: 'refs/heads/main',
    before: 'a'.repeat(40),
    after: 'a'.repeat(40),
    repository: { html_url: url, clone_url: `${url}.git`, default_branch: 'main' },
  });
  const { status } = await ground.webhook(
    {
      'content-type': 'application/json',
      'x-gitea-event': 'push',
      'x-gitea-delivery': crypto.randomUUID(),
      'x-gitea-signature': createHmac('sha256', secret).update(body).digest('hex'),
    },
    body,
  );
  return status;
}

const path = () => `/api/v1/repositories/${encodeURIComponent(url)}/webhook`;
const secret = async () =>
  decodeSecret(await ground.get('v1', 'Secret', ground.namespace, repositorySecretName(url, '')));

describe('a webhook that is asked for', () => {
  beforeEach(() => start(OUTSIDE));

  it("is made with the repository's own secret and credentials, tried out, and heard of", async () => {
    const { status, body } = await as.changer('POST', path(), {});
    expect({ status, body }).toMatchObject({
      status: 200,
      body: {
        ...{ host: 'gitea', title: 'Gitea', repository: 'devops/app', action: 'created', trial: 'asked' },
        ...{ webhookUrl: `${OUTSIDE}/api/webhook`, heard: 'refs/heads/main', mended: [], others: 0 },
      },
    });
    const made = asked.find(({ line }) => line === 'POST /api/v1/repos/devops/app/hooks');
    const { webhookSecret = '' } = await secret();
    expect(webhookSecret).toMatch(/^[0-9a-f]{48}$/);
    expect(made).toMatchObject({
      authorization: `Basic ${btoa('devops:git-password')}`,
      body: { config: { url: `${OUTSIDE}/api/webhook`, content_type: 'json', secret: webhookSecret } },
    });
    expect(JSON.stringify(body)).not.toContain(webhookSecret);
    const again = await as.changer('POST', path(), { host: 'gitea', waitSeconds: 0 });
    expect(again.body).toMatchObject({ action: 'updated', trial: 'none' });
    expect((await secret()).webhookSecret).toBe(webhookSecret);
  });

  it('takes a token for this once, and tells what was wrong with the one that was there', async () => {
    hooks = [
      { id: 7, active: false, events: ['issues'], config: { url: `${OUTSIDE}/api/webhook`, content_type: 'form' } },
    ];
    const { body } = await as.changer('POST', path(), { token: 'for-once', host: 'gitea', waitSeconds: 0 });
    expect(body).toMatchObject({
      action: 'updated',
      mended: [expect.stringContaining('not active'), expect.anything(), expect.anything()],
    });
    expect(new Set(asked.map(({ authorization }) => authorization))).toEqual(new Set(['Bearer for-once']));
    expect(JSON.stringify(await secret())).not.toContain('for-once');
  });

  it('takes the credentials for writing before those for reading, where one may change those', async () => {
    const writer = { repo: url, username: 'devops', password: 'git-password', name: 'writer' };
    expect((await as.machine('POST', '/api/v1/write-repositories', writer)).status).toBe(200);
    await ground.client.patch(
      {
        ...{ apiVersion: 'v1', kind: 'Secret', namespace: ground.namespace },
        name: repositorySecretName(url, '', 'repository-write'),
      },
      { stringData: { password: 'may-write' } },
      { type: 'merge' },
    );
    const authorizations = async (ask: Ask) => {
      asked = [];
      await ask('POST', path(), { host: 'gitea', waitSeconds: 0 });
      return [...new Set(asked.map(({ authorization }) => atob(authorization?.slice(6) ?? '')))];
    };
    expect(await authorizations(as.changer)).toEqual(['devops:git-password']);
    expect(await authorizations(as.machine)).toEqual(['devops:may-write']);
  });

  it('that is not heard of says what to look at', async () => {
    isReached = false;
    const { status, body } = await as.changer('POST', path(), { waitSeconds: 1 });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      action: 'created',
      advice: expect.stringContaining('ALLOWED_HOST_LIST = hawser.example.com'),
    });
    expect(at(body, 'heard')).toBeUndefined();
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['another address', { address: 'https://evil.example.com' }, 'is no address of hawser that it knows of'],
    ['a Git server that there is not', { host: 'svn' }, 'body: host'],
    ['a longer wait', { waitSeconds: 31 }, 'body: waitSeconds'],
  ])('is refused for %s', async (_, body, message) => {
    expect(await as.changer('POST', path(), body)).toMatchObject({
      status: 400,
      body: { message: expect.stringContaining(message) },
    });
    expect(asked).toEqual([]);
  });

  it('is refused for a repository of charts', async () => {
    const charts = {
      ...{ apiVersion: 'v1', kind: 'Secret' },
      metadata: {
        name: 'charts',
        namespace: ground.namespace,
        labels: { 'argocd.argoproj.io/secret-type': 'repository' },
      },
    };
    await ground.client.create({ ...charts, stringData: { url: 'https://charts.example.com', type: 'helm' } });
    const one = `/api/v1/repositories/${encodeURIComponent('https://charts.example.com')}/webhook`;
    expect(await as.changer('POST', one, {})).toMatchObject({
      status: 400,
      body: { message: expect.stringContaining('of type helm') },
    });
  });

  it('needs the right to change the repository', async () => {
    expect((await as.reader('POST', path(), {})).status).toBe(403);
    expect((await as.reader('PUT', path(), { secret: 'long enough' })).status).toBe(403);
    expect((await as.nobody('GET', path())).status).toBe(403);
    expect(asked).toEqual([]);
  });

  it('is told of: the address, where its secret is, and what came, for Applications that one may see', async () => {
    const before = await as.reader('GET', path());
    expect(before.body).toEqual({
      addresses: [`${OUTSIDE}/api/webhook`],
      contentType: 'application/json',
      secret: { namespace: ground.namespace, name: repositorySecretName(url, ''), key: 'webhookSecret', isSet: false },
      sharedKeys: ['webhook.gogs.secret'],
    });
    await as.changer('POST', path(), {});
    await ground.hawser.idle();
    const { body } = await as.reader('GET', path());
    expect(body).toMatchObject({
      secret: { isSet: true },
      lastDelivery: { provider: 'gitea', ref: 'refs/heads/main', applications: [{ name: 'app' }] },
    });
    expect(at((await as.changer('GET', path())).body, 'lastDelivery')).toEqual({
      provider: 'gitea',
      receivedAt: expect.stringMatching(/Z$/),
      applications: [],
    });
  });

  it('by hand has the secret that was chosen, and the one before counts beside it', async () => {
    await as.changer('POST', path(), { waitSeconds: 0 });
    const { webhookSecret: first = '' } = await secret();
    const kept = await as.changer('PUT', path(), { secret: 'chosen by hand' });
    expect(kept).toMatchObject({ status: 200, body: { secret: { isSet: true } } });
    expect(JSON.stringify(kept.body)).not.toContain('chosen by hand');
    expect([await deliver('chosen by hand'), await deliver(first), await deliver('another one')]).toEqual([
      202, 202, 401,
    ]);
  });
});

describe('without an address that hawser knows of', () => {
  beforeEach(() => start());

  it('is not made, and what to do is told', async () => {
    expect(await as.changer('POST', path(), {})).toMatchObject({
      status: 400,
      body: {
        code: 9,
        message: expect.stringContaining('where Git servers find hawser is not known'),
      },
    });
    expect(asked).toEqual([]);
    expect(at((await as.changer('GET', path())).body, 'addresses')).toEqual([]);
  });
});
