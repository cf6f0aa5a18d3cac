import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { isHawserError } from '../../src/base/errors.ts';
import { createLargeBodies } from '../../src/webhook/body.ts';
import { type ReceiveOptions, receiveWebhook } from '../../src/webhook/receive.ts';

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
}

function deliver({ body = JSON.stringify(PUSH), headers, secret = SECRET, event = 'push' }: Shape = {}): Request {
  const signature = createHmac('sha256', secret).update(body).digest('hex');
  return new Request('http://hawser.example.com/api/webhook', {
    method: 'POST',
    body,
    headers: headers ?? {
      'content-type': 'application/json',
      'x-gogs-event': event,
      'x-gogs-delivery': 'd-1',
      'x-gogs-signature': signature,
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

describe('a Gogs webhook', () => {
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
        },
      ],
    });
  });

  it('is read from a form, too', async () => {
    const body = new URLSearchParams({ payload: JSON.stringify(PUSH) }).toString();
    const signature = createHmac('sha256', SECRET).update(body).digest('hex');
    const request = deliver({
      body,
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'x-gogs-event': 'push',
        'x-gogs-signature': signature,
      },
    });
    expect(await receiveWebhook(request, OPTIONS)).toMatchObject({ pushes: [{ ref: 'refs/heads/main' }] });
  });

  it('takes the create event of a tag for its push, since Gogs sends no other', async () => {
    const body = JSON.stringify({ ref: 'v1.0.0', ref_type: 'tag', sha: '3'.repeat(40), repository: PUSH.repository });
    expect(await receiveWebhook(deliver({ body, event: 'create' }), OPTIONS)).toMatchObject({
      pushes: [{ ref: 'refs/tags/v1.0.0', after: '3'.repeat(40) }],
    });
  });

  it('ignores the create event of a branch, whose push follows', async () => {
    const body = JSON.stringify({ ref: 'next', ref_type: 'branch', repository: PUSH.repository });
    expect(await receiveWebhook(deliver({ body, event: 'create' }), OPTIONS)).toHaveProperty('ignored');
  });
});

describe('a Gitea webhook', () => {
  it('needs only its own headers', async () => {
    const body = JSON.stringify(PUSH);
    const signature = createHmac('sha256', SECRET).update(body).digest('hex');
    const headers = { 'x-gitea-event': 'push', 'x-gitea-signature': signature, 'x-gitea-delivery': 'd-2' };
    expect(await receiveWebhook(deliver({ headers }), OPTIONS)).toMatchObject({
      pushes: [{ provider: 'gitea', deliveryId: 'd-2' }],
    });
  });
});

describe('bad input', () => {
  const signed = (signature: string) => ({ 'x-gogs-event': 'push', 'x-gogs-signature': signature });
  const good = createHmac('sha256', SECRET).update(JSON.stringify(PUSH)).digest('hex');

  it.each<[string, Shape, string]>([
    ['no known header', { headers: {} }, 'InvalidInput: Unknown webhook event'],
    ['a wrong secret', { secret: 'another' }, 'Unauthenticated: the gogs signature does not match'],
    ['no signature', { headers: { 'x-gogs-event': 'push' } }, 'Unauthenticated: the gogs signature does not match'],
    [
      'an upper-case signature',
      { headers: signed(good.toUpperCase()) },
      'Unauthenticated: the gogs signature does not match',
    ],
    [
      'a prefixed signature',
      { headers: signed(`sha256=${good}`) },
      'Unauthenticated: the gogs signature does not match',
    ],
    ['no JSON', { body: 'hello' }, 'InvalidInput: the payload is not valid JSON'],
    ['an empty body', { body: '' }, 'InvalidInput: the payload is not valid JSON'],
    ['a list', { body: '[]' }, 'InvalidInput: the gogs payload is not a JSON object'],
    ['no ref', { body: '{"repository":{"html_url":"http://x/y"}}' }, 'InvalidInput: the gogs payload has no ref'],
    [
      'no repository',
      { body: '{"ref":"refs/heads/main","repository":null}' },
      'InvalidInput: the gogs payload has no repository.html_url',
    ],
    ['another event', { event: 'issues' }, "InvalidInput: the gogs event 'issues' is not supported"],
  ])('%s is refused by name', async (_, shape, expected) => {
    expect(await refusalOf(deliver(shape))).toBe(expected);
  });

  it('is refused where no secret is configured, unless the operator said otherwise', async () => {
    const open = { ...OPTIONS, secrets: {} };
    expect(await refusalOf(deliver(), open)).toBe('Unauthenticated: no secret is configured for gogs webhooks');
    expect(await refusalOf(deliver(), { ...open, insecure: true })).toBe('accepted');
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
      headers: { 'x-gogs-event': 'push' },
      duplex: 'half',
    });
    expect(await refusalOf(request)).toBe('TooLarge: payload must be valid JSON under 1 MB');
    expect(sent).toBeLessThan(3 << 20);
  });
});
