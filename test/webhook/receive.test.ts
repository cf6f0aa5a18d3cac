import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { isHawserError } from '../../src/base/errors.ts';
import { createLargeBodies } from '../../src/webhook/body.ts';
import type { RepositorySecrets } from '../../src/webhook/provider.ts';
import { type ReceiveOptions, receiveWebhook } from '../../src/webhook/receive.ts';
import type { KnownSecrets } from '../../src/webhook/verify.ts';

const SECRET = 'for-tests';
const OPTIONS: ReceiveOptions = {
  secrets: { 'webhook.gogs.secret': SECRET },
  insecure: false,
  maxBytes: 1 << 20,
  largeBodies: createLargeBodies(2),
};
const PUSH = {
  ref: 'refs/heads/main',
  before: '1'.repeat(40),
  after: '2'.repeat(40),
  repository: {
    html_url: 'http://git.example.com/devops/ops-deploy',
    clone_url: 'http://git.example.com/devops/ops-deploy.git',
    default_branch: 'main',
  },
  pusher: { login: 'kim' },
};

interface Shape {
  readonly body?: string;
  readonly headers?: Record<string, string>;
  readonly secret?: string;
  readonly event?: string;
  readonly method?: string;
}

const signatureOf = (body: string, secret = SECRET) => createHmac('sha256', secret).update(body).digest('hex');

function deliver({
  body = JSON.stringify(PUSH),
  headers,
  secret,
  event = 'push',
  method = 'POST',
}: Shape = {}): Request {
  return new Request('http://hawser.example.com/api/webhook', {
    method,
    ...(method !== 'GET' && { body }),
    headers: headers ?? {
      'content-type': 'application/json',
      'x-gogs-event': event,
      'x-gogs-delivery': 'd-1',
      'x-gogs-signature': signatureOf(body, secret),
      'x-github-event': event,
    },
  });
}

async function refusalOf(request: Request, options: ReceiveOptions = OPTIONS): Promise<string> {
  try {
    await receiveWebhook(request, options);
  } catch (error) {
    if (isHawserError(error)) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'accepted';
}

describe('a webhook', () => {
  it('becomes a push', async () => {
    expect(await receiveWebhook(deliver(), OPTIONS)).toEqual({
      pushes: [
        {
          kind: 'git',
          key: expect.stringMatching(/^[0-9a-f]{40}$/),
          deliveryId: 'd-1',
          provider: 'gogs',
          webUrls: [PUSH.repository.html_url],
          otherUrls: [PUSH.repository.clone_url],
          ref: 'refs/heads/main',
          before: PUSH.before,
          after: PUSH.after,
          defaultBranch: 'main',
          pusher: 'kim',
          proof: 'server',
        },
      ],
    });
  });

  it.each([
    ['its JSON, as Gogs, Gitea and Forgejo sign', (json: string, _form: string) => signatureOf(json)],
    ['its body', (_json: string, form: string) => signatureOf(form)],
  ])('is read from a form that is signed over %s', async (_, sign) => {
    const json = JSON.stringify(PUSH);
    const body = new URLSearchParams({ payload: json }).toString();
    const headers = {
      'content-type': 'application/x-www-form-urlencoded',
      'x-gogs-event': 'push',
      'x-gogs-signature': sign(json, body),
    };
    expect(await receiveWebhook(deliver({ body, headers }), OPTIONS)).toMatchObject({
      pushes: [{ ref: 'refs/heads/main' }],
    });
  });

  it('has the same key when it is sent again, and another for what another push brings', async () => {
    const keyOf = async (push: unknown) => {
      const parsed = await receiveWebhook(deliver({ body: JSON.stringify(push) }), OPTIONS);
      return 'pushes' in parsed ? parsed.pushes[0]?.key : undefined;
    };
    const first = await keyOf(PUSH);
    expect(await keyOf(PUSH)).toBe(first);
    expect(await keyOf({ ...PUSH, after: '3'.repeat(40) })).not.toBe(first);
  });
});

describe('bad input', () => {
  const signed = (signature: string) => ({ 'x-gogs-event': 'push', 'x-gogs-signature': signature });
  const good = signatureOf(JSON.stringify(PUSH));
  const refused = 'Unauthenticated: the gogs webhook is refused:';

  it.each<[string, Shape, string]>([
    ['no known header', { headers: {} }, 'InvalidInput: Unknown webhook event'],
    ['an empty event', { headers: { 'x-gogs-event': '' } }, 'InvalidInput: Unknown webhook event'],
    ['no known header and GET', { headers: {}, method: 'GET' }, 'InvalidInput: Unknown webhook event'],
    ['GET', { method: 'GET' }, 'MethodNotAllowed: a gogs webhook is a POST, not a GET'],
    ['PUT', { method: 'PUT' }, 'MethodNotAllowed: a gogs webhook is a POST, not a PUT'],
    ['a wrong secret', { secret: 'another' }, `${refused} the signature does not match`],
    ['no signature', { headers: { 'x-gogs-event': 'push' } }, `${refused} the header x-gogs-signature is missing`],
    [
      'an upper-case signature',
      { headers: signed(good.toUpperCase()) },
      `${refused} the header x-gogs-signature is not of the form that it must have`,
    ],
    [
      'a prefixed signature',
      { headers: signed(`sha256=${good}`) },
      `${refused} the header x-gogs-signature is not of the form that it must have`,
    ],
    ['no JSON', { body: 'hello' }, 'InvalidInput: the payload is not valid JSON'],
    ['a byte order mark', { body: '\ufeff{}' }, 'InvalidInput: the payload is not valid JSON'],
    ['an empty body', { body: '' }, 'InvalidInput: the payload is not valid JSON'],
    [
      'JSON that is nested too deep',
      { body: `${'['.repeat(50_000)}${']'.repeat(50_000)}` },
      'InvalidInput: JSON of more than 1000 levels is not taken',
    ],
    ['a list', { body: '[]' }, "InvalidInput: the webhook payload's JSON is a list, not an object"],
    ['a wrong type', { body: '{"ref":1}' }, "InvalidInput: the webhook payload's ref is a number, not a text"],
    [
      'a wrong type inside a list',
      { body: '{"commits":[{"added":["a"]},{"added":"b"}]}' },
      "InvalidInput: the webhook payload's commits[1].added is a string, not a list",
    ],
    ['another event', { event: 'issues' }, "InvalidInput: the gogs event 'issues' is not supported"],
  ])('%s is refused by name', async (_, shape, expected) => {
    expect(await refusalOf(deliver(shape))).toBe(expected);
  });

  it.each([
    '{}',
    'null',
    '{"repository":{"html_url":"http://x/y"}}',
    '{"ref":"refs/heads/main","repository":null}',
    '{"ref":"refs/heads/main","repository":{"html_url":""}}',
  ])('%s changes nothing', async (body) => {
    expect(await receiveWebhook(deliver({ body }), OPTIONS)).toEqual({
      ignored: 'the payload names no repository, or no ref of it',
    });
  });

  it('is refused without reading it where its signature is missing', async () => {
    let isRead = false;
    const body = new ReadableStream(
      {
        pull: (controller) => {
          isRead = true;
          controller.enqueue(new Uint8Array(256 << 10));
        },
      },
      { highWaterMark: 0 },
    );
    const request = new Request('http://hawser.example.com/api/webhook', {
      method: 'POST',
      body,
      headers: { 'x-gogs-event': 'push' },
      duplex: 'half',
    });
    expect(await refusalOf(request)).toBe(`${refused} the header x-gogs-signature is missing`);
    expect(isRead).toBe(false);
  });

  it('is cut off at the limit while it streams, without a length announced', async () => {
    const chunk = new Uint8Array(256 << 10);
    let sent = 0;
    const body = new ReadableStream({
      pull: (controller) => {
        sent += chunk.byteLength;
        controller.enqueue(chunk);
      },
    });
    const request = new Request('http://hawser.example.com/api/webhook', {
      method: 'POST',
      body,
      headers: signed(good),
      duplex: 'half',
    });
    expect(await refusalOf(request)).toBe('TooLarge: payload must be valid JSON under 1 MB');
    expect(sent).toBeLessThan(3 << 20);
  });
});

describe('secrets', () => {
  const OWN: RepositorySecrets = {
    url: 'http://git.example.com/devops/ops-deploy.git',
    secrets: ['own', 'own before'],
  };
  const NONE = { ...OPTIONS, secrets: {} };

  it('are wanted, unless the operator says otherwise', async () => {
    expect(await refusalOf(deliver(), NONE)).toBe('Unauthenticated: no secret is configured for gogs webhooks');
    expect(await refusalOf(deliver(), { ...NONE, insecure: true })).toBe('accepted');
    expect(await refusalOf(deliver({ headers: { 'x-gogs-event': 'push' } }), { ...NONE, insecure: true })).toBe(
      'accepted',
    );
  });

  it('refuse a wrong signature where one is set, whatever the operator says', async () => {
    const refused = 'Unauthenticated: the gogs webhook is refused: the signature does not match';
    expect(await refusalOf(deliver({ secret: 'another' }), { ...OPTIONS, insecure: true })).toBe(refused);
    const own = { ...NONE, insecure: true, repositorySecrets: [OWN] };
    expect(await refusalOf(deliver({ secret: 'another' }), own)).toBe(refused);
  });

  it.each<[string, Record<string, string>]>([
    ['the key of the server', { 'webhook.gogs.secret': 'new', 'webhook.gogs.secret.previous': 'old' }],
    ['the previous key alone', { 'webhook.gogs.secret.previous': 'old' }],
  ])('count by %s during rotation', async (_, secrets) => {
    for (const key of Object.values(secrets)) {
      expect(await refusalOf(deliver({ secret: key }), { ...OPTIONS, secrets })).toBe('accepted');
    }
    expect(await refusalOf(deliver({ secret: 'older' }), { ...OPTIONS, secrets })).not.toBe('accepted');
  });

  it('may name another key of the same Secret', async () => {
    const secrets = { 'webhook.gogs.secret': '$shared', shared: ' new\n' };
    expect(await refusalOf(deliver({ secret: 'new' }), { ...OPTIONS, secrets })).toBe('accepted');
    expect(await refusalOf(deliver({ secret: '$shared' }), { ...OPTIONS, secrets })).not.toBe('accepted');
  });

  it('of a repository count for it beside those of the server', async () => {
    const options = { ...OPTIONS, repositorySecrets: [OWN] };
    for (const secret of [SECRET, 'own', 'own before']) {
      expect(await refusalOf(deliver({ secret }), options)).toBe('accepted');
    }
    expect(await refusalOf(deliver({ secret: 'another' }), options)).not.toBe('accepted');
  });

  it('of a repository verify no push to another one', async () => {
    const other = { ...PUSH, repository: { html_url: 'http://git.example.com/devops/another' } };
    const request = deliver({ body: JSON.stringify(other), secret: 'own' });
    expect(await refusalOf(request, { ...NONE, repositorySecrets: [OWN] })).toBe(
      'Unauthenticated: no secret is configured for gogs webhooks',
    );
  });

  it('of a repository do not verify a payload that only mentions it', async () => {
    const other = { ...PUSH, repository: { html_url: 'http://git.example.com/devops/another' }, note: 'ops-deploy' };
    const request = deliver({ body: JSON.stringify(other), secret: 'own' });
    expect(await refusalOf(request, { ...NONE, repositorySecrets: [OWN] })).toBe(
      'Unauthenticated: the gogs webhook is refused: it is signed with the secret of another repository',
    );
  });

  it('that several repositories share verify each of them', async () => {
    const shared = ['app', 'app-config'].map((name) => ({
      url: `https://git.example.com/o/${name}.git`,
      secrets: ['shared'],
    }));
    const push = { ...PUSH, repository: { html_url: 'http://git.example.com/o/app-config' } };
    const request = deliver({ body: JSON.stringify(push), secret: 'shared' });
    expect(await receiveWebhook(request, { ...NONE, repositorySecrets: shared })).toMatchObject({
      pushes: [{ webUrls: ['http://git.example.com/o/app-config'] }],
    });
  });

  it('of another repository that is mentioned do not stand in the way of what the operator allows', async () => {
    const open = { ...NONE, insecure: true, repositorySecrets: [OWN] };
    const other = { ...PUSH, repository: { html_url: 'http://git.example.com/devops/ops-deploy-2' } };
    expect(await refusalOf(deliver({ body: JSON.stringify(other), secret: 'any' }), open)).toBe('accepted');
  });

  it('of a repository verify a delivery that tells of no push, too', async () => {
    const body = JSON.stringify({ ref: 'next', ref_type: 'branch', repository: PUSH.repository });
    const request = deliver({ body, event: 'create', secret: 'own' });
    expect(await receiveWebhook(request, { ...NONE, repositorySecrets: [OWN] })).toHaveProperty('ignored');
  });

  it('of a repository do not speak for another address in the same payload', async () => {
    const forged = {
      ...PUSH,
      repository: { ...PUSH.repository, ssh_url: 'ssh://git@git.example.com/payments/prod.git' },
    };
    const request = deliver({ body: JSON.stringify(forged), secret: 'own' });
    expect(await receiveWebhook(request, { ...OPTIONS, repositorySecrets: [OWN] })).toMatchObject({
      pushes: [{ webUrls: [PUSH.repository.html_url], otherUrls: [PUSH.repository.clone_url] }],
    });
  });

  it('of a repository give the push no name that is one of another repository', async () => {
    const keyOf = async (repository: object, secret: string) => {
      const request = deliver({ body: JSON.stringify({ ...PUSH, repository }), secret });
      const parsed = await receiveWebhook(request, { ...OPTIONS, repositorySecrets: [OWN] });
      return 'pushes' in parsed ? parsed.pushes[0]?.key : undefined;
    };
    const victim = { html_url: 'http://git.example.com/payments/prod' };
    const forged = { ...victim, clone_url: PUSH.repository.clone_url };
    expect(await keyOf(forged, 'own')).not.toBe(await keyOf(victim, SECRET));
    expect(await keyOf(PUSH.repository, 'own')).toBe(await keyOf(PUSH.repository, SECRET));
  });

  it('are asked for anew, once, where a delivery fails by those that are known', async () => {
    let asked = 0;
    const fresh = (known: KnownSecrets | undefined) => ({
      ...OPTIONS,
      freshSecrets: async () => {
        asked++;
        return known;
      },
    });
    expect(await refusalOf(deliver(), fresh({ secrets: {} }))).toBe('accepted');
    expect(asked).toBe(0);
    expect(await refusalOf(deliver({ secret: 'new' }), fresh({ secrets: { 'webhook.gogs.secret': 'new' } }))).toBe(
      'accepted',
    );
    expect(asked).toBe(1);
    expect(await refusalOf(deliver({ secret: 'own' }), fresh({ secrets: {}, repositorySecrets: [OWN] }))).toBe(
      'accepted',
    );
    expect(await refusalOf(deliver({ secret: 'new' }), fresh(undefined))).toBe(
      'Unauthenticated: the gogs webhook is refused: the signature does not match',
    );
    expect(asked).toBe(3);
  });
});
