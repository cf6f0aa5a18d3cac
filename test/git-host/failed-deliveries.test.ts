// Git servers as their API documentation describes them, on loopback.

import { createServer, type IncomingMessage, type Server } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { resendFailedDeliveries } from '../../src/git-host/failed-deliveries.ts';
import type { ConnectedFetch } from '../../src/platform.ts';

const WEBHOOK = 'https://hawser.example.com/api/webhook';
const SINCE = Date.parse('2026-01-01T12:00:00Z');
const BEFORE = '2026-01-01T11:59:59Z';
const AFTER = '2026-01-01T12:00:01Z';

interface Asked {
  readonly line: string;
  readonly authorization: string | undefined;
}

let server: Server;
let url: string;
let asked: Asked[];
let answers: Record<string, unknown>;

beforeEach(async () => {
  asked = [];
  answers = {};
  server = createServer((request: IncomingMessage, response) => {
    const line = `${request.method} ${request.url}`;
    asked.push({ line, authorization: request.headers.authorization });
    const answer = answers[line];
    if (typeof answer === 'number')
      response.writeHead(answer, answer === 302 ? { location: '/elsewhere' } : {}).end('{}');
    else if (answer === undefined) response.writeHead(404).end('{"message":"Not Found"}');
    else response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
});
afterEach(() => new Promise((resolve) => server.close(resolve)));

function ask(provider?: string, more: Partial<Parameters<typeof resendFailedDeliveries>[0]> = {}) {
  return resendFailedDeliveries({
    fetch: (target, init) => fetch(target, init),
    repoURL: `${url}/team/deploy.git`,
    webhookUrl: WEBHOOK,
    sinceMs: SINCE,
    credentials: { kind: 'basic', username: 'bot', password: 'token' },
    signal: AbortSignal.timeout(5_000),
    ...(provider && { provider }),
    ...more,
  });
}

const lines = () => asked.map(({ line }) => line);
const posts = () => lines().filter((line) => line.startsWith('POST'));

describe('GitHub', () => {
  const HOOKS = 'GET /api/v3/repos/team/deploy/hooks?per_page=100';
  const DELIVERIES = 'GET /api/v3/repos/team/deploy/hooks/7/deliveries?per_page=100';
  const delivery = (id: number, guid: string, status: number, at = AFTER) => ({
    id,
    guid,
    delivered_at: at,
    redelivery: false,
    duration: 0.4,
    status: status === 200 ? 'OK' : 'failed to connect to host',
    status_code: status,
    event: 'push',
    action: null,
  });

  it('is asked to send again what failed since the last look and did not come later, the oldest first', async () => {
    answers = {
      [HOOKS]: [
        { id: 6, active: true, config: { url: 'https://argocd.example.com/api/webhook' } },
        { id: 7, active: true, config: { url: WEBHOOK, content_type: 'json' } },
      ],
      // Newest first.
      [DELIVERIES]: [
        delivery(15, 'came-later', 202),
        delivery(14, 'no-answer', 0),
        delivery(13, 'came-later', 503),
        delivery(12, 'refused', 503),
        delivery(11, 'good', 200),
        delivery(10, 'long-ago', 502, BEFORE),
      ],
      'POST /api/v3/repos/team/deploy/hooks/7/deliveries/12/attempts': {},
      'POST /api/v3/repos/team/deploy/hooks/7/deliveries/14/attempts': {},
    };
    expect(await ask('github')).toEqual({ resent: 2 });
    expect(lines()).toEqual([
      HOOKS,
      DELIVERIES,
      'POST /api/v3/repos/team/deploy/hooks/7/deliveries/12/attempts',
      'POST /api/v3/repos/team/deploy/hooks/7/deliveries/14/attempts',
    ]);
    expect(new Set(asked.map(({ authorization }) => authorization))).toEqual(new Set([`Basic ${btoa('bot:token')}`]));
  });

  it('is asked at its own API for repositories of github.com', async () => {
    const targets: string[] = [];
    await ask(undefined, {
      repoURL: 'https://github.com/team/deploy',
      fetch: async (target) => {
        targets.push(target);
        return Response.json([]);
      },
    });
    expect(targets).toEqual(['https://api.github.com/repos/team/deploy/hooks?per_page=100']);
  });
});

describe('GitLab', () => {
  const PROJECT = '/api/v4/projects/team%2Fdeploy';
  const event = (id: number, key: string, status: string, at = AFTER) => ({
    id,
    url: WEBHOOK,
    trigger: 'push_hooks',
    request_headers: { 'Idempotency-Key': key, 'X-Gitlab-Event': 'Push Hook', 'X-Gitlab-Token': '[REDACTED]' },
    request_data: { object_kind: 'push' },
    response_headers: status === 'internal error' ? {} : { Date: new Date(at).toUTCString() },
    response_body: '',
    execution_duration: 1.1,
    response_status: status,
  });
  const HOOK = { id: 3, url: WEBHOOK, push_events: true, alert_status: 'executable', disabled_until: null };

  it('is asked to send again what failed, as a bearer of the token that is the password', async () => {
    answers = {
      [`GET ${PROJECT}/hooks?per_page=100`]: [HOOK, { ...HOOK, id: 4, url: 'https://elsewhere.example.com/' }],
      [`GET ${PROJECT}/hooks/3/events?per_page=100`]: [
        event(5, 'a', 'internal error'),
        event(4, 'b', '200'),
        event(3, 'b', '503'),
        event(2, 'c', '503'),
        event(1, 'd', '503', BEFORE),
      ],
      [`POST ${PROJECT}/hooks/3/events/2/resend`]: { response_status: 202 },
      [`POST ${PROJECT}/hooks/3/events/5/resend`]: { response_status: 202 },
    };
    expect(await ask('gitlab')).toEqual({ resent: 2 });
    expect(posts()).toEqual([`POST ${PROJECT}/hooks/3/events/2/resend`, `POST ${PROJECT}/hooks/3/events/5/resend`]);
    expect(new Set(asked.map(({ authorization }) => authorization))).toEqual(new Set(['Bearer token']));
  });

  it('is not asked for more where it says that it was too often', async () => {
    answers = {
      [`GET ${PROJECT}/hooks?per_page=100`]: [HOOK],
      [`GET ${PROJECT}/hooks/3/events?per_page=100`]: [event(2, 'b', '503'), event(1, 'a', '503')],
      [`POST ${PROJECT}/hooks/3/events/1/resend`]: 429,
    };
    expect(await ask('gitlab')).toEqual({ resent: 0 });
    expect(posts()).toHaveLength(1);
  });

  it('tells of a hook that it has disabled', async () => {
    answers = {
      [`GET ${PROJECT}/hooks?per_page=100`]: [{ ...HOOK, alert_status: 'temporarily_disabled' }],
      [`GET ${PROJECT}/hooks/3/events?per_page=100`]: [],
    };
    expect(await ask('gitlab')).toEqual({
      resent: 0,
      problem: `GitLab has disabled the webhook ${WEBHOOK} after failures; a test of it there enables it again`,
    });
  });
});

describe.each(['gitea', 'forgejo'])('%s, which tells of no deliveries,', (provider) => {
  it.each([
    ['an active hook', [{ id: 1, active: true, config: { url: WEBHOOK } }], undefined],
    ['no hook of ours', [{ id: 1, active: false, config: { url: 'https://elsewhere.example.com/' } }], undefined],
    [
      'a hook that is off',
      [{ id: 1, active: false, config: { url: WEBHOOK } }],
      `the webhook ${WEBHOOK} of the repository is not active`,
    ],
  ])('is asked about its hook: %s', async (_, hooks, problem) => {
    answers = { 'GET /api/v1/repos/team/deploy/hooks?limit=50': hooks };
    expect(await ask(provider)).toEqual({ resent: 0, ...(problem && { problem }) });
  });
});

describe('a Git server', () => {
  it.each([
    ['is of no known kind', undefined, {}],
    ['keeps no list', 'gogs', {}],
  ])('is asked nothing where it %s', async (_, provider, more) => {
    expect(await ask(provider, more)).toEqual({ resent: 0 });
    expect(asked).toEqual([]);
  });

  it('is asked nothing without credentials', async () => {
    const request = { fetch, repoURL: `${url}/team/deploy`, webhookUrl: WEBHOOK, sinceMs: SINCE, provider: 'github' };
    expect(await resendFailedDeliveries({ ...request, signal: AbortSignal.timeout(5_000) })).toEqual({ resent: 0 });
    expect(asked).toEqual([]);
  });

  it.each([
    [401, 'answered 401 to GET /repos/team/deploy/hooks; the token may lack the right to read webhooks'],
    [403, 'answered 403 to GET /repos/team/deploy/hooks; the token may lack the right to read webhooks'],
    [404, 'answered 404 to GET /repos/team/deploy/hooks'],
    [500, 'answered 500 to GET /repos/team/deploy/hooks'],
    [302, 'answered 302 to GET /repos/team/deploy/hooks'],
  ])('that answers %i is a problem in one sentence, and its redirects are not followed', async (status, text) => {
    answers = { 'GET /api/v1/repos/team/deploy/hooks?limit=50': status };
    const { problem } = await ask('gitea');
    expect(problem).toBe(`its failed deliveries cannot be asked for: ${new URL(url).host} ${text}`);
    expect(asked).toHaveLength(1);
  });

  it('that is away is a problem, too', async () => {
    const { problem } = await ask('gitea', { repoURL: 'http://127.0.0.1:1/team/deploy' });
    expect(problem).toMatch(/^its failed deliveries cannot be asked for: 127\.0\.0\.1:1 cannot be reached/);
  });

  it('that does not answer in time is left alone', async () => {
    const hanging: ConnectedFetch = (_, init) =>
      new Promise((_resolve, reject) => {
        init.signal?.addEventListener('abort', () => reject(init.signal?.reason));
      });
    expect(await ask('gitea', { fetch: hanging, signal: AbortSignal.timeout(20) })).toEqual({ resent: 0 });
  });
});
