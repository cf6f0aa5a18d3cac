// Webhooks at Git servers as their API documentation describes them, on loopback; the real Gitea is in test/git-server/repo-hook.test.ts.

import { createServer, type Server } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HawserError } from '../../src/base/errors.ts';
import { addHook } from '../../src/cli/repo-hook.ts';
import { hookProblems } from '../../src/git-host/hooks/hook-host.ts';
import { openHost, recogniseHost } from '../../src/git-host/hooks/hosts.ts';
import type { HostKind } from '../../src/git-host/repository-api.ts';

const WEBHOOK = 'https://hawser.example.com/api/webhook';

let server: Server;
let url: string;
let asked: { readonly line: string; readonly authorization: string | undefined; readonly body: unknown }[];
let answers: Record<string, unknown>;

beforeEach(async () => {
  asked = [];
  answers = {};
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const line = `${request.method} ${request.url}`;
      const text = Buffer.concat(chunks).toString();
      asked.push({
        line,
        authorization: request.headers.authorization,
        body: text === '' ? undefined : JSON.parse(text),
      });
      const answer = answers[line];
      const status = answer === undefined ? 404 : request.method === 'POST' ? 201 : 200;
      response
        .writeHead(status, { 'content-type': 'application/json' })
        .end(JSON.stringify(answer ?? { message: 'Not Found' }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
});
afterEach(() => new Promise((resolve) => server.close(resolve)));

const address = (credentials: Parameters<typeof openHost>[1]['credentials'] = { kind: 'bearer', token: 'T' }) => ({
  fetch: (target: string, init: RequestInit) => fetch(target, init),
  repoURL: `${url}/team/deploy.git`,
  ...(credentials && { credentials }),
  signal: AbortSignal.timeout(5_000),
});

async function setUp(choice: string, heard: string | undefined) {
  const told: string[] = [];
  const wish = {
    choice,
    webhookUrl: WEBHOOK,
    secret: 'S',
    address: address(),
    credentials: { kind: 'bearer', token: 'T' } as const,
    listen: async () => async () => heard,
    patienceMs: 10,
    tell: (line: string) => told.push(line),
    sleep: async () => undefined,
  };
  const error = await addHook(wish).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return { told, error: error instanceof HawserError ? `${error.message}; ${error.hint}` : error };
}

describe('GitHub', () => {
  it('gets a webhook for pushes with the secret, and is asked for a ping', async () => {
    answers = {
      'GET /api/v3/repos/team/deploy/hooks?per_page=100': [{ id: 1, config: { url: 'https://other.example.com' } }],
      'POST /api/v3/repos/team/deploy/hooks': { id: 7 },
      'POST /api/v3/repos/team/deploy/hooks/7/pings': {},
    };
    const { told, error } = await setUp('github', 'ping');
    expect(error).toBeUndefined();
    expect(told.at(-1)).toContain('hawser has received its ping');
    expect(asked[1]).toEqual({
      line: 'POST /api/v3/repos/team/deploy/hooks',
      authorization: 'Bearer T',
      body: {
        name: 'web',
        active: true,
        events: ['push'],
        config: { url: WEBHOOK, content_type: 'json', secret: 'S', insecure_ssl: '0' },
      },
    });
    expect(asked[2]?.line).toBe('POST /api/v3/repos/team/deploy/hooks/7/pings');
  });

  it('changes the webhook that is there already, and says what was wrong with it', async () => {
    const hook = {
      id: 7,
      active: false,
      events: ['issues'],
      config: { url: WEBHOOK, content_type: 'form', insecure_ssl: '1' },
      last_response: { code: 502, message: 'failed to connect' },
    };
    answers = {
      'GET /api/v3/repos/team/deploy/hooks?per_page=100': [hook],
      'PATCH /api/v3/repos/team/deploy/hooks/7': hook,
      'POST /api/v3/repos/team/deploy/hooks/7/pings': {},
    };
    const { told } = await setUp('github', 'ping');
    expect(told[0]).toContain(
      'has the new secret (before: it is not active: switch it on; it does not send the events push',
    );
    expect(told[0]).toContain('failed to connect');
    expect(asked.map(({ line }) => line)).toContain('PATCH /api/v3/repos/team/deploy/hooks/7');
  });
});

describe('GitLab', () => {
  it('gets a webhook for pushes and tags, and is asked for a test', async () => {
    answers = {
      'GET /api/v4/projects/team%2Fdeploy/hooks?per_page=100': [],
      'POST /api/v4/projects/team%2Fdeploy/hooks': { id: 3 },
      'POST /api/v4/projects/team%2Fdeploy/hooks/3/test/push_events': { message: '201 Created' },
    };
    const { error } = await setUp('gitlab', 'refs/heads/main');
    expect(error).toBeUndefined();
    expect(asked[1]?.body).toEqual({
      url: WEBHOOK,
      token: 'S',
      push_events: true,
      tag_push_events: true,
      enable_ssl_verification: true,
    });
  });

  it('takes no user and password: the password is the token', async () => {
    answers = { 'GET /api/v4/projects/team%2Fdeploy/hooks?per_page=100': [{ id: 3, url: WEBHOOK, push_events: true }] };
    const { host, api, repository } = openHost('gitlab', address({ kind: 'basic', username: 'bot', password: 'P' }));
    const [hook] = await host.list(api, repository);
    expect(asked[0]?.authorization).toBe('Bearer P');
    expect(hook && hookProblems(host, hook)).toEqual(['it does not send the events tag_push_events: switch them on']);
  });
});

describe('Gogs', () => {
  it('takes a token by its own word, sends creations and deletions too, and must be tried out by hand', async () => {
    answers = {
      'GET /api/v1/repos/team/deploy/hooks?limit=50': [],
      'POST /api/v1/repos/team/deploy/hooks': { id: 9 },
    };
    const { told, error } = await setUp('gogs', undefined);
    expect(told.at(-1)).toContain('press "Test Delivery"');
    expect(error).toContain('LOCAL_NETWORK_ALLOWLIST = hawser.example.com');
    expect(asked[1]).toEqual({
      line: 'POST /api/v1/repos/team/deploy/hooks',
      authorization: 'token T',
      body: {
        type: 'gogs',
        active: true,
        events: ['push', 'create', 'delete'],
        config: { url: WEBHOOK, content_type: 'json', secret: 'S' },
      },
    });
  });
});

describe('the kind of a Git server', () => {
  it.each<[string, Record<string, unknown>, HostKind | undefined]>([
    ['Gitea', { 'GET /api/v1/version': { version: '1.26.0' } }, 'gitea'],
    ['Forgejo', { 'GET /api/v1/version': { version: '11.0.1+gitea-1.22.0' } }, 'forgejo'],
    ['GitHub Enterprise', { 'GET /api/v3/meta': { verifiable_password_authentication: true } }, 'github'],
    ['GitLab, which wants a token for it', { 'GET /api/v4/version': { message: '401 Unauthorized' } }, 'gitlab'],
    ['Gogs', { 'GET /api/v1/users/search?q=': { ok: true, data: [] } }, 'gogs'],
    ['another one', {}, undefined],
  ])('is told by what its API answers: %s', async (_, given, kind) => {
    answers = given;
    expect(await recogniseHost(address(undefined))).toBe(kind);
  });

  it('must be named where nothing tells it', async () => {
    const { error } = await setUp('auto', 'ping');
    expect(error).toContain('--hook gitea|forgejo|gogs|github|gitlab');
  });
});

it('without a token it says that one is needed', () => {
  const open = () => openHost('github', { ...address(), credentials: undefined } as never);
  expect(open).toThrow('to manage webhooks at 127.0.0.1, a token is needed');
});
