// Notifications from their configuration, as Argo CD's users have it, to the services that are told.

import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createNodePlatform } from '../../src/node/platform.ts';
import { parseState } from '../../src/notify/state.ts';
import { createHawser } from '../../src/operation/create.ts';
import type { ClusterTransport } from '../../src/platform.ts';
import type { SandboxRepository } from '../../src/sandbox/git/repository.ts';
import { createSourceReaders } from '../../src/source/reader.ts';
import { createGround, type Ground, NAMESPACE } from '../support/ground.ts';
import { connectSandbox } from '../support/sandbox-transport.ts';

const NOTIFIED = 'notified.notifications.argoproj.io';
const CONFIG = 'argocd-notifications-cm';

interface Received {
  readonly line: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: unknown;
}

let ground: Ground;
let cluster: ClusterTransport;
let repository: SandboxRepository;
let server: Server;
let url: string;
let received: Received[];
/** By the path: the statuses of the next answers; 200 afterwards. */
let refusals: Record<string, number[]>;
let answers: Record<string, string>;

const configMap = (value: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {value: "${value}"}\n`;

beforeEach(async () => {
  received = [];
  refusals = {};
  answers = {};
  server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk) => {
      text += String(chunk);
    });
    request.on('end', () => {
      const path = request.url ?? '';
      const status = refusals[path]?.shift() ?? 200;
      const isJson = request.headers['content-type']?.startsWith('application/json') ?? false;
      received.push({
        line: `${request.method} ${path}`,
        headers: request.headers,
        body: isJson ? JSON.parse(text) : text,
      });
      response.writeHead(status, { 'content-type': 'application/json' }).end(answers[path] ?? '1');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  cluster = connectSandbox();
  ground = await createGround(cluster);
  repository = await ground.createRepository('team/deploy', { 'app/settings.yaml': configMap('one') });
  await ground.createApplication({
    ...{ name: 'app', repository, path: 'app', destinationNamespace: 'default', automated: {} },
  });
});
afterEach(async () => {
  await ground.close();
  await new Promise((resolve) => server.close(resolve));
});

async function configure(data: Record<string, string>, secrets: Record<string, string> = {}): Promise<void> {
  const labels = { 'app.kubernetes.io/part-of': 'argocd' };
  await ground.client.apply({
    ...{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: CONFIG, namespace: NAMESPACE, labels }, data },
  });
  await ground.client.apply({
    ...{ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'argocd-notifications-secret', namespace: NAMESPACE } },
    data: Object.fromEntries(Object.entries(secrets).map(([key, value]) => [key, btoa(value)])),
  });
}

async function annotate(annotations: Record<string, string>, kind = 'Application', name = 'app'): Promise<void> {
  const ref = { apiVersion: 'argoproj.io/v1alpha1', kind, namespace: NAMESPACE, name };
  await ground.client.patch(ref, { metadata: { annotations } }, { type: 'merge' });
}

async function state() {
  const { metadata } = await ground.application('app');
  return parseState(metadata.annotations?.[NOTIFIED]);
}

const subscribe = (trigger: string, service: string) => `notifications.argoproj.io/subscribe.${trigger}.${service}`;

describe('a webhook', () => {
  const SERVICE = (more = '') =>
    `url: ${url}/base\nheaders:\n- name: Authorization\n  value: Bearer $hook-token\n${more}`;
  const TEMPLATE = `
webhook:
  hook:
    method: POST
    path: /synced
    body: |
      {"app": "{{ .app.metadata.name }}", "revision": "{{ .app.status.operationState.syncResult.revision }}",
       "short": "{{ trunc 7 .app.status.sync.revision }}", "to": "{{ .context.environment }} {{ .serviceType }} {{ .recipient }}",
       "repo": "{{ call .repo.FullNameByRepoURL .app.spec.source.repoURL }}",
       "author": "{{ (call .repo.GetCommitMetadata .app.status.sync.revision).Author }}",
       "year": {{ (call .time.Parse .app.status.operationState.finishedAt).Year }}}
`;
  const TRIGGER = `
- when: app.status.operationState?.phase == 'Succeeded' and app.status.sync.status == 'Synced'
  oncePer: app.status.sync.revision
  send: [told]
`;

  it('says nothing of the commits of a repository that the project does not permit', async () => {
    await configure({
      'service.webhook.hook': `url: ${url}/base\n`,
      'template.told': `webhook:\n  hook:\n    method: POST\n    body: '{{ (call .repo.GetCommitMetadata .app.status.operationState.syncResult.revision).Author }}'\n`,
      'trigger.on-done': "- when: app.status.operationState?.phase == 'Succeeded'\n  send: [told]\n",
    });
    await ground.refresh('app');
    await ground.hawser.idle();
    const project = { apiVersion: 'argoproj.io/v1alpha1', kind: 'AppProject', namespace: NAMESPACE, name: 'default' };
    await ground.client.patch(project, { spec: { sourceRepos: ['https://git.example.com/**'] } }, { type: 'merge' });
    await annotate({ [subscribe('on-done', 'hook')]: 'ops' });
    await ground.refresh('app');
    await ground.hawser.idle();
    expect(received).toEqual([]);
    expect(ground.logs.filter((line) => line.includes('does not permit'))).not.toEqual([]);
  });

  it('is told once for each commit, with what its template says, and the secret only where it belongs', async () => {
    const more = 'basicAuth: {}\n'.slice(0, 0);
    await configure(
      {
        'service.webhook.hook': SERVICE(more),
        'template.told': TEMPLATE,
        'trigger.on-done': TRIGGER,
        context: 'environment: test',
      },
      { 'hook-token': 'very-secret' },
    );
    await annotate({ [subscribe('on-done', 'hook')]: 'ops' });
    await ground.refresh('app');
    const first = (await ground.application('app')).status.sync?.revision ?? '';
    await ground.hawser.idle();
    expect(received.map(({ line }) => line)).toEqual(['POST /base/synced']);
    expect(received[0]?.headers.authorization).toBe('Bearer very-secret');
    expect(JSON.parse(String(received[0]?.body))).toEqual({
      ...{ app: 'app', revision: first, short: first.slice(0, 7), to: 'test hook ops', repo: 'team/deploy' },
      ...{ author: 'Kim <kim@example.com>', year: new Date().getUTCFullYear() },
    });
    // Looked at again, it is not told again; of the next commit it is.
    await ground.refresh('app');
    await ground.restart();
    await ground.hawser.idle();
    expect(received).toHaveLength(1);
    await ground.push(repository, { 'app/settings.yaml': configMap('two') });
    await ground.hawser.idle();
    expect(received).toHaveLength(2);
    const told = await state();
    expect(Object.keys(told).every((key) => /^[0-9a-f]{40}:on-done:\[0\]\.[\w-]{27}:hook:ops$/.test(key))).toBe(true);
    expect(Object.values(told).every((at) => at > 0)).toBe(true);
    expect(ground.logs.join('\n')).not.toContain('very-secret');
  });

  it('that has a fault is asked again, within the retries', async () => {
    await configure({
      'service.webhook.hook': `url: ${url}/base\nretryWaitMin: 10ms\nretryWaitMax: 20ms\n`,
      'template.told': 'message: hello\nwebhook:\n  hook:\n    method: POST\n    body: hello\n',
      'trigger.on-done': TRIGGER,
    });
    refusals['/base'] = [500, 503];
    await annotate({ [subscribe('on-done', 'hook')]: '' });
    await ground.refresh('app');
    await ground.hawser.idle();
    expect(received.map(({ line }) => line)).toEqual(['POST /base', 'POST /base', 'POST /base']);
    expect(Object.values(await state()).every((at) => at > 0)).toBe(true);
  });

  it('that is away for longer is told later, by an alarm', async () => {
    await configure({
      'service.webhook.hook': `url: ${url}/base\nretryMax: 1\nretryWaitMin: 10ms\nretryWaitMax: 20ms\n`,
      'template.told': 'webhook:\n  hook:\n    method: POST\n    body: hello\n',
      'trigger.on-done': TRIGGER,
    });
    refusals['/base'] = [500, 500];
    await annotate({ [subscribe('on-done', 'hook')]: '' });
    await ground.refresh('app');
    await ground.hawser.idle();
    expect(await state()).toEqual({});
    expect(ground.alarms()).toContain('notify/argocd/app');
    await ground.hawser.alarm('notify/argocd/app');
    await ground.hawser.idle();
    expect(received).toHaveLength(3);
    expect(Object.keys(await state())).toHaveLength(1);
  });

  it('is told by the next process where one has died between taking it and telling it, and not before that is sure', async () => {
    await configure({
      'service.webhook.hook': `url: ${url}/base\n`,
      'template.told': 'webhook:\n  hook:\n    method: POST\n    body: hello\n',
      'trigger.on-done': TRIGGER,
    });
    await ground.refresh('app');
    await annotate({ [subscribe('on-done', 'hook')]: '' });
    await ground.refresh('app');
    await ground.hawser.idle();
    const [key = ''] = Object.keys(await state());
    received = [];
    // As a process leaves it that dies before it has told.
    await annotate({ [NOTIFIED]: JSON.stringify({ [key]: -Math.floor(Date.now() / 1_000) }) });
    await ground.restart();
    await ground.hawser.idle();
    expect(received).toHaveLength(0);
    expect(ground.alarms()).toContain('notify/argocd/app');
    ground.clock.moveTo(Date.now() + 10 * 60_000);
    await ground.restart();
    await ground.hawser.idle();
    expect(received).toHaveLength(1);
    expect((await state())[key]).toBeGreaterThan(0);
  });
});

describe('several replicas', () => {
  it('that find the same to tell at the same moment tell it once', async () => {
    await configure({
      'service.webhook.hook': `url: ${url}/base\n`,
      'template.told': 'webhook:\n  hook:\n    method: POST\n    body: hello\n',
      'trigger.on-done': '- when: app.status.operationState.phase == "Succeeded"\n  send: [told]\n',
    });
    await ground.refresh('app');
    await ground.hawser.idle();
    await annotate({ [subscribe('on-done', 'hook')]: '' });
    const replicas = await Promise.all(['a', 'b', 'c', 'd'].map(startReplica));
    await Promise.all(replicas.map(({ hawser }) => hawser.resume()));
    await Promise.all(replicas.map(({ hawser }) => hawser.idle()));
    expect(received.map(({ line }) => line)).toEqual(['POST /base']);
    expect(Object.values(await state())).toHaveLength(1);
    await Promise.all(replicas.map(({ stop }) => stop()));
  });

  async function startReplica(identity: string) {
    const dataFolder = await mkdtemp(join(tmpdir(), `hawser-replica-${identity}-`));
    // All have read what was told before the first of them writes.
    const slow: ClusterTransport = {
      ...cluster,
      fetch: async (path, init) => {
        if (String(init?.body).includes(NOTIFIED)) await new Promise((resolve) => setTimeout(resolve, 200));
        return cluster.fetch(path, init);
      },
    };
    const stopping = new AbortController();
    const platform = await createNodePlatform({
      ...{ home: slow, dataFolder, memoryCache: true },
      log: { info: () => undefined, warn: () => undefined, error: () => undefined },
      settings: { namespace: NAMESPACE, loopback: true, insecureWebhooks: false, token: 'token' },
    });
    const hawser = createHawser({ platform, readSources: createSourceReaders(platform), stopping: stopping.signal });
    const stop = async () => {
      stopping.abort();
      await hawser.idle();
      await platform.close();
      await rm(dataFolder, { recursive: true, force: true });
    };
    return { hawser, stop };
  }
});

describe('Slack', () => {
  it('gets the message of the catalog, its attachments and blocks, for the subscriptions of the ConfigMap', async () => {
    answers['/api/chat.postMessage'] = '{"ok": true, "channel": "C1", "ts": "1.2"}';
    await configure(
      {
        'service.slack': `token: $slack-token\napiURL: ${url}/api/\nusername: hawser\nicon: ":rope:"\n`,
        subscriptions:
          '- recipients: [slack:deployments]\n  triggers: [on-sync-succeeded]\n  selector: team in (a,b),!frozen\n',
        context: 'argocdUrl: https://cd.example.com',
      },
      { 'slack-token': 'xoxb-secret' },
    );
    const ref = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', namespace: NAMESPACE, name: 'app' };
    await ground.refresh('app');
    await ground.hawser.idle();
    expect(received).toEqual([]);
    await ground.client.patch(ref, { metadata: { labels: { team: 'b' } } }, { type: 'merge' });
    await ground.refresh('app');
    await ground.hawser.idle();
    expect(received).toHaveLength(1);
    expect(received[0]?.headers.authorization).toBe('Bearer xoxb-secret');
    const { sync } = (await ground.application('app')).status;
    expect(received[0]?.body).toMatchObject({
      channel: 'deployments',
      username: 'hawser',
      icon_emoji: ':rope:',
      text: expect.stringMatching(
        /^Application app was synced at .* See https:\/\/cd\.example\.com\/applications\/app/,
      ) as unknown,
      attachments: [
        {
          title: 'app was synced',
          color: '#18be52',
          fields: expect.arrayContaining([{ title: 'Revision', value: sync?.revision, short: true }]) as unknown,
        },
      ],
    });
  });

  it('that refuses the token is told once, and the token is told nobody', async () => {
    answers['/api/chat.postMessage'] = '{"ok": false, "error": "invalid_auth"}';
    await configure(
      { 'service.slack': `token: $slack-token\napiURL: ${url}/api/\n` },
      { 'slack-token': 'xoxb-secret' },
    );
    await annotate({ [subscribe('on-created', 'slack')]: 'a' });
    await ground.refresh('app');
    await ground.refresh('app');
    await ground.hawser.idle();
    const lines = ground.logs.filter((line) => line.includes('invalid_auth'));
    expect(lines).toHaveLength(1);
    expect(ground.logs.join('\n')).not.toContain('xoxb-secret');
  });
});

describe('Microsoft Teams', () => {
  it('gets a card by its connector, and an adaptive card by its workflow, for the subscriptions of the AppProject', async () => {
    await configure({
      'service.teams': `recipientUrls:\n  ops: ${url}/connector\n`,
      'service.teams-workflows': `recipientUrls:\n  ops: ${url}/workflow\n`,
      'defaultTriggers.teams': '[on-sync-succeeded]',
      defaultTriggers: '[on-sync-succeeded, on-sync-failed]',
    });
    await annotate(
      {
        'notifications.argoproj.io/subscribe.teams': 'ops',
        'notifications.argoproj.io/subscribe.teams-workflows': 'ops',
      },
      'AppProject',
      'default',
    );
    await ground.refresh('app');
    await ground.hawser.idle();
    const bodies = new Map(received.map(({ line, body }) => [line, body]));
    expect([...bodies.keys()].sort()).toEqual(['POST /connector', 'POST /workflow']);
    expect(bodies.get('POST /connector')).toMatchObject({
      '@type': 'MessageCard',
      '@context': 'https://schema.org/extensions',
      title: 'app was synced',
      themeColor: '#18be52',
      sections: [{ facts: expect.arrayContaining([{ name: 'Sync status', value: 'Synced' }]) as unknown }],
    });
    expect(bodies.get('POST /workflow')).toMatchObject({
      type: 'message',
      attachments: [
        {
          contentType: 'application/vnd.microsoft.card.adaptive',
          content: {
            type: 'AdaptiveCard',
            version: '1.4',
            body: [{ text: 'app was synced' }, {}, { type: 'FactSet' }],
          },
        },
      ],
    });
  });
});

describe('an Application that is being deleted', () => {
  it('is told of before it has gone', async () => {
    await configure({
      'service.webhook.hook': `url: ${url}/base\n`,
      'template.app-deleted': 'webhook:\n  hook:\n    method: PUT\n    body: "{{.app.metadata.name}}"\n',
    });
    await ground.refresh('app');
    await annotate({ [subscribe('on-deleted', 'hook')]: '' });
    await ground.request('DELETE', '/api/v1/applications/app');
    await ground.hawser.idle();
    expect(received.map(({ line, body }) => [line, body])).toEqual([['PUT /base', 'app']]);
    const ref = ['argoproj.io/v1alpha1', 'Application', NAMESPACE, 'app'] as const;
    await expect.poll(() => ground.get(...ref)).toBeUndefined();
  });
});

describe('what cannot be sent', () => {
  it('is told once: an unknown service, trigger or template, and a part that is no YAML', async () => {
    await configure({
      'service.email': 'host: smtp.example.com\n',
      'template.broken': '{{',
      'trigger.on-x': '- when: "true"\n  send: [nobody]\n',
      'service.webhook.hook': `url: ${url}\n`,
    });
    await annotate({
      [subscribe('on-created', 'email')]: 'kim@example.com',
      [subscribe('on-nothing', 'hook')]: '',
      [subscribe('on-x', 'hook')]: '',
      [subscribe('on-created', 'pager')]: '',
    });
    await ground.refresh('app');
    await ground.refresh('app');
    await ground.hawser.idle();
    const { resourceVersion } = (await ground.application('app')).metadata;
    // What would fail again is not begun again.
    await ground.hawser.refresh({ application: 'app', wait: true });
    await ground.hawser.idle();
    const { managedFields: _, ...kept } = (await ground.application('app')).metadata;
    expect(Number(kept.resourceVersion) - Number(resourceVersion)).toBeLessThanOrEqual(1);
    const told = ground.logs.filter((line) => line.startsWith('warn a notification cannot be sent'));
    for (const part of [
      'hawser sends nothing to services of the type email',
      "trigger 'on-nothing' is not configured",
      "template 'nobody' is not configured",
      "notification service 'pager' is not configured",
      'template.broken: ',
    ]) {
      expect(told.filter((line) => line.includes(part))).toHaveLength(1);
    }
    expect(received).toEqual([]);
  });
});

describe('a commit status', () => {
  const authorization = `Basic ${btoa('bot:write-secret')}`;

  async function writeCredentials(): Promise<void> {
    await ground.client.apply({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: {
        ...{ name: 'write', namespace: NAMESPACE, labels: { 'argocd.argoproj.io/secret-type': 'repo-write-creds' } },
      },
      data: Object.fromEntries(
        Object.entries({ url: ground.gitUrl, username: 'bot', password: 'write-secret' }).map(([k, v]) => [k, btoa(v)]),
      ),
    });
  }

  it('is set without any configuration, at each step of a sync, with the credentials for writing', async () => {
    const asked = await watchGit();
    await writeCredentials();
    await annotate({
      [subscribe('on-sync-running', 'gitea')]: '',
      [subscribe('on-sync-succeeded', 'gitea')]: 'status',
    });
    await ground.refresh('app');
    await ground.hawser.idle();
    const { revision } = (await ground.application('app')).status.sync ?? {};
    const statuses = asked.filter(({ line }) => line.startsWith('POST'));
    expect(statuses.map(({ line, headers, body }) => ({ line, authorization: headers.authorization, body }))).toEqual([
      {
        line: `POST /api/v1/repos/team/deploy/statuses/${revision}`,
        authorization,
        body: { state: 'pending', context: 'hawser/app', description: 'the sync has begun' },
      },
      {
        line: `POST /api/v1/repos/team/deploy/statuses/${revision}`,
        authorization,
        body: { state: 'success', context: 'hawser/app', description: 'synced' },
      },
    ]);
  });

  it('is not set with credentials for reading: what is missing is told once', async () => {
    const asked = await watchGit();
    await annotate({ [subscribe('on-sync-succeeded', 'gitea')]: '' });
    await ground.refresh('app');
    await ground.refresh('app');
    await ground.hawser.idle();
    expect(asked).toEqual([]);
    const told = ground.logs.filter((line) => line.includes('nobody gave credentials for that'));
    expect(told).toHaveLength(1);
    expect(told[0]).toContain('repository-write');
  });

  it('is not set at a repository that the project does not permit, whatever the Application says of itself', async () => {
    await ground.refresh('app');
    await ground.hawser.idle();
    const asked = await watchGit();
    await writeCredentials();
    const project = { apiVersion: 'argoproj.io/v1alpha1', kind: 'AppProject', namespace: NAMESPACE, name: 'default' };
    await ground.client.patch(project, { spec: { sourceRepos: ['https://git.example.com/**'] } }, { type: 'merge' });
    await annotate({ [subscribe('on-sync-succeeded', 'gitea')]: '' });
    await ground.refresh('app');
    await ground.hawser.idle();
    expect(asked).toEqual([]);
    expect(ground.logs.filter((line) => line.includes('does not permit'))).toHaveLength(1);
  });

  it('of a sync that a window holds says until when', async () => {
    const asked = await watchGit();
    await writeCredentials();
    const project = { apiVersion: 'argoproj.io/v1alpha1', kind: 'AppProject', namespace: NAMESPACE, name: 'default' };
    const windows = [{ kind: 'deny', schedule: '* * * * *', duration: '1h', applications: ['*'] }];
    await ground.client.patch(project, { spec: { syncWindows: windows } }, { type: 'merge' });
    await annotate({ [subscribe('on-sync-held', 'gitea')]: '' });
    await ground.refresh('app');
    await ground.hawser.idle();
    const [status] = asked.filter(({ line }) => line.startsWith('POST'));
    expect(status?.body).toMatchObject({ state: 'pending', context: 'hawser/app' });
    expect(JSON.stringify(status?.body)).toMatch(/window/);
  });

  /** The sandbox's Git server has no API: what is asked of it is answered here. */
  async function watchGit(): Promise<Received[]> {
    const asked: Received[] = [];
    ground.answerGit(async (request) => {
      const { pathname } = new URL(request.url);
      if (!pathname.startsWith('/api/')) return undefined;
      const text = await request.text();
      const body: unknown = text === '' ? undefined : JSON.parse(text);
      asked.push({ line: `${request.method} ${pathname}`, headers: Object.fromEntries(request.headers), body });
      return Response.json({ id: 1 }, { status: 201 });
    });
    return asked;
  }
});
