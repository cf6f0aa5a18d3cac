// Git servers as their API documentation describes them, on loopback: method, path, headers and body of what hawser sends.

import { createServer, type Server } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { commentOnCommit } from '../../src/git-host/comment.ts';
import { type CommitState, setCommitStatus } from '../../src/git-host/commit-status.ts';
import { type HostKind, hostKindOf, openRepositoryApi } from '../../src/git-host/repository-api.ts';

const COMMIT = '4'.repeat(40);
const BASIC = `Basic ${btoa('bot:secret')}`;

interface Asked {
  readonly line: string;
  readonly authorization: string | undefined;
  readonly type: string | undefined;
  readonly body: unknown;
}

let server: Server;
let url: string;
let asked: Asked[];
let answers: Record<string, { readonly status: number; readonly body: unknown }>;

beforeEach(async () => {
  asked = [];
  answers = {};
  server = createServer((request, response) => {
    const line = `${request.method} ${request.url}`;
    let text = '';
    request.on('data', (chunk) => {
      text += String(chunk);
    });
    request.on('end', () => {
      const { authorization, 'content-type': type } = request.headers;
      asked.push({ line, authorization, type, body: text === '' ? undefined : JSON.parse(text) });
      const { status, body } = answers[line] ?? { status: 201, body: { id: 1 } };
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
});
afterEach(() => new Promise((resolve) => server.close(resolve)));

function open(kind: HostKind, path = 'team/deploy') {
  const opened = openRepositoryApi({
    fetch: (target, init) => fetch(target, init),
    repoURL: `${url}/${path}.git`,
    kind,
    credentials: { kind: 'basic', username: 'bot', password: 'secret' },
    right: 'write commit statuses',
    signal: AbortSignal.timeout(5_000),
  });
  if (!opened) throw new Error('no API');
  return opened;
}

const send = (kind: HostKind, state: CommitState, description = 'synced', path?: string) => {
  const { api, repository } = open(kind, path);
  const status = { state, name: 'hawser/app', description, url: 'https://hawser.example.com/applications/app' };
  return setCommitStatus(kind, api, repository, COMMIT, status);
};

describe('a commit status', () => {
  it.each([
    ['github', 'running', 'POST /api/v3/repos/team/deploy/statuses/', 'pending'],
    ['github', 'success', 'POST /api/v3/repos/team/deploy/statuses/', 'success'],
    ['github', 'failure', 'POST /api/v3/repos/team/deploy/statuses/', 'failure'],
    ['gitea', 'running', 'POST /api/v1/repos/team/deploy/statuses/', 'pending'],
    ['gitea', 'error', 'POST /api/v1/repos/team/deploy/statuses/', 'error'],
    ['forgejo', 'pending', 'POST /api/v1/repos/team/deploy/statuses/', 'pending'],
  ] as const)('of %s that is %s is sent as %s… with the state %s', async (kind, state, line, sent) => {
    await send(kind, state);
    expect(asked).toEqual([
      {
        line: `${line}${COMMIT}`,
        authorization: BASIC,
        type: 'application/json',
        body: {
          state: sent,
          context: 'hawser/app',
          description: 'synced',
          target_url: 'https://hawser.example.com/applications/app',
        },
      },
    ]);
  });

  it.each([
    ['running', 'running'],
    ['pending', 'pending'],
    ['success', 'success'],
    ['failure', 'failed'],
    ['error', 'failed'],
  ] as const)('of GitLab that is %s is sent as %s, with the password as a token', async (state, sent) => {
    await send('gitlab', state, 'synced', 'group/team/deploy');
    expect(asked).toEqual([
      {
        line: `POST /api/v4/projects/group%2Fteam%2Fdeploy/statuses/${COMMIT}`,
        authorization: 'Bearer secret',
        type: 'application/json',
        body: {
          state: sent,
          name: 'hawser/app',
          description: 'synced',
          target_url: 'https://hawser.example.com/applications/app',
        },
      },
    ]);
  });

  it('that GitLab has already is no error, and any other refusal is one', async () => {
    const line = `POST /api/v4/projects/team%2Fdeploy/statuses/${COMMIT}`;
    answers[line] = {
      status: 400,
      body: { message: 'Cannot transition status via :run from :running (Reason(s): …)' },
    };
    await send('gitlab', 'running');
    answers[line] = { status: 400, body: { message: { name: ['is too long'] } } };
    await expect(send('gitlab', 'running')).rejects.toThrow('is too long');
  });

  it('tells which right the token may lack', async () => {
    answers[`POST /api/v1/repos/team/deploy/statuses/${COMMIT}`] = { status: 403, body: { message: 'no' } };
    await expect(send('gitea', 'success')).rejects.toMatchObject({
      code: 'GitUnauthorized',
      message: expect.stringContaining('the token may lack the right to write commit statuses') as unknown,
    });
  });

  it('has one line of as many characters as GitHub takes', async () => {
    await send('github', 'failure', `one\ntwo ${'ü'.repeat(300)}`);
    const [{ body } = { body: {} }] = asked;
    const { description } = body as { description: string };
    expect(description.startsWith('one two ü')).toBe(true);
    expect(description).toHaveLength(140);
  });
});

describe('a comment', () => {
  it('at GitHub is the commit’s', async () => {
    const { api, repository } = open('github');
    expect(await commentOnCommit('github', api, repository, COMMIT, 'held')).toBe(true);
    expect(asked).toMatchObject([
      { line: `POST /api/v3/repos/team/deploy/commits/${COMMIT}/comments`, body: { body: 'held' } },
    ]);
  });

  it('at GitLab is the commit’s', async () => {
    const { api, repository } = open('gitlab');
    expect(await commentOnCommit('gitlab', api, repository, COMMIT, 'held')).toBe(true);
    expect(asked).toMatchObject([
      { line: `POST /api/v4/projects/team%2Fdeploy/repository/commits/${COMMIT}/comments`, body: { note: 'held' } },
    ]);
  });

  it('at Gitea is that of the pull request that brought the commit', async () => {
    const { api, repository } = open('gitea');
    answers[`GET /api/v1/repos/team/deploy/commits/${COMMIT}/pull`] = { status: 200, body: { number: 7 } };
    expect(await commentOnCommit('gitea', api, repository, COMMIT, 'held')).toBe(true);
    expect(asked[1]).toMatchObject({
      line: 'POST /api/v1/repos/team/deploy/issues/7/comments',
      body: { body: 'held' },
    });
  });

  it('at Gitea is none where no pull request brought the commit; at Gogs there are none', async () => {
    const { api, repository } = open('gitea');
    answers[`GET /api/v1/repos/team/deploy/commits/${COMMIT}/pull`] = { status: 404, body: { message: 'no' } };
    expect(await commentOnCommit('gitea', api, repository, COMMIT, 'held')).toBe(false);
    expect(await commentOnCommit('gogs', open('gogs').api, repository, COMMIT, 'held')).toBe(false);
    expect(asked).toHaveLength(1);
  });
});

describe('the kind of a Git server', () => {
  it.each([
    ['https://github.com/team/deploy', undefined, 'github'],
    ['https://codeberg.org/team/deploy', 'gitea', 'forgejo'],
    ['https://git.example.com/team/deploy', 'gitlab', 'gitlab'],
    ['https://git.example.com/team/deploy', 'bitbucket', undefined],
    ['https://git.example.com/team/deploy', undefined, undefined],
  ])('at %s, told to be %s, is %s', (repoURL, told, kind) => {
    expect(hostKindOf(repoURL, told)).toBe(kind);
  });
});
