// What comes to the webhook's address: pushes, pushes that were sent before or too late, and what nobody should send.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at } from '../../src/base/json.ts';
import type { DeliveryAnswer } from '../../src/operation/push.ts';
import type { SandboxRepository } from '../../src/sandbox/git/repository.ts';
import { SENDERS } from '../support/webhook-senders.ts';
import { createRuntimeGround, type RuntimeGround, WEBHOOK_SECRET } from './support/ground.ts';
import { HOOKS, ZERO } from './support/hooks.ts';

const configMap = (key: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {key: ${key}}\n`;
const NOTHING = '{"ref":"refs/heads/main"}';

describe('a webhook', () => {
  let ground: RuntimeGround;
  let repository: SandboxRepository;
  let address: string;

  beforeAll(async () => {
    ground = await createRuntimeGround({
      config: {
        'argocd-cm': { 'webhook.maxPayloadSizeMB': '1' },
        'argocd-secret': { 'webhook.gogs.secret.previous': 'the secret before' },
      },
    });
    repository = await ground.createRepository('devops/app', { 'm/a.yaml': configMap('one') });
    address = `${ground.gitUrl}/devops/app`;
    const place = { repository, path: 'm', destinationNamespace: 'app', automated: {} };
    await ground.createApplication({ ...place, name: 'app' });
    await ground.refresh('app');
  });
  afterAll(() => ground?.close());

  const head = () => repository.refs.get('refs/heads/main') ?? '';
  const keyOf = async () => at(await ground.get('v1', 'ConfigMap', 'app', 'settings'), 'data', 'key');
  const headersOf = (body: string, secret = WEBHOOK_SECRET, event = 'push') =>
    SENDERS.gogs.headers(body, event, secret);
  const bodyOf = (after: string, before = ZERO) =>
    JSON.stringify(HOOKS.gogs.tell({ repository: address, ref: 'refs/heads/main', before, after }).payload);

  async function post(
    body: string | URLSearchParams | Uint8Array<ArrayBuffer>,
    headers: Record<string, string>,
    method = 'POST',
  ) {
    const init = { method, headers: { 'content-type': 'application/json', ...headers }, body };
    const response = await fetch(`${ground.url}/api/webhook`, init);
    return { status: response.status, body: (await response.json()) as unknown };
  }
  const deliver = (body: string, more: Record<string, string> = {}) => post(body, { ...headersOf(body), ...more });

  it('that is sent twice is done once, and both are answered', async () => {
    await ground.commit(repository, { 'm/a.yaml': configMap('two') });
    const delivering = { 'x-gogs-delivery': 'twice' };
    const first = await deliver(bodyOf(head()), delivering);
    expect(first).toMatchObject({ status: 202, body: { deliveryId: 'twice', applications: [{ name: 'app' }] } });
    const again = await deliver(bodyOf(head()), delivering);
    expect(again).toMatchObject({
      status: 202,
      body: { notes: [expect.stringContaining('this delivery came before')], applications: [{ name: 'app' }] },
    });
    await ground.done({ deliveryId: 'twice' });
    expect(await keyOf()).toBe('two');
    const { body } = await ground.request('GET', '/api/deliveries?limit=50');
    const ids = (at(body, 'items') as DeliveryAnswer[]).map(({ deliveryId }) => deliveryId);
    expect(ids.filter((id) => id === 'twice')).toHaveLength(1);
    expect((await ground.settled('app')).status.history).toHaveLength(2);
  });

  it('of a commit that its branch no longer names starts nothing older', async () => {
    const older = head();
    await ground.done(await ground.push(repository, { 'm/a.yaml': configMap('three') }));
    const late = await deliver(bodyOf(older), { 'x-gogs-delivery': 'late' });
    expect(late.status).toBe(202);
    expect(await ground.done({ deliveryId: 'late' })).toMatchObject({
      applications: [{ name: 'app', verdict: expect.stringMatching(/^(stale|already deployed)$/) }],
    });
    expect(await keyOf()).toBe('three');
    expect((await ground.settled('app')).status.sync).toMatchObject({ status: 'Synced', revision: head() });
  });

  it('of a flood is answered each time, and the last commit is what is deployed', async () => {
    const answers: Promise<DeliveryAnswer>[] = [];
    for (const key of ['f1', 'f2', 'f3', 'f4', 'f5', 'last']) {
      await ground.commit(repository, { 'm/a.yaml': configMap(key) });
      const deliveryId = `flood-${key}`;
      answers.push(deliver(bodyOf(head()), { 'x-gogs-delivery': deliveryId }).then(() => ground.done({ deliveryId })));
    }
    expect(await Promise.all(answers)).toHaveLength(6);
    expect((await ground.settled('app')).status.sync).toMatchObject({ status: 'Synced', revision: head() });
    expect(await keyOf()).toBe('last');
  });

  it('counts with the secret before, too, and as a form that is signed over its JSON', async () => {
    const body = bodyOf(head());
    expect((await post(body, headersOf(body, 'the secret before'))).status).toBe(202);
    const form = new URLSearchParams({ payload: body });
    const headers = { ...headersOf(body), 'content-type': 'application/x-www-form-urlencoded' };
    expect((await post(form, headers)).status).toBe(202);
  });

  it('is verified by the secret of its repository alone, for that repository alone', async () => {
    const own = 'secret-of-the-repository';
    await ground.client.create({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: {
        name: 'own',
        namespace: 'argocd',
        labels: { 'argocd.argoproj.io/secret-type': 'repository' },
      },
      data: { url: btoa(address), webhookSecret: btoa(own) },
    });
    const body = bodyOf(head());
    expect(await post(body, headersOf(body, own))).toMatchObject({ status: 202 });
    const other = body.replaceAll('/devops/app', '/devops/app2');
    expect(await post(other, headersOf(other, own))).toMatchObject({
      status: 401,
      body: { code: 16, message: expect.stringMatching(/secret of another repository|signature does not match/) },
    });
  });

  it.each([
    ['hello', 'the payload is not valid JSON'],
    ['', 'the payload is not valid JSON'],
    ['\u{feff}{}', 'the payload is not valid JSON'],
    ['[]', "the webhook payload's JSON is a list, not an object"],
    ['{"ref":1}', "the webhook payload's ref is a number, not a text"],
    [`${'['.repeat(2_000)}${']'.repeat(2_000)}`, ''],
  ])('with the body %j is refused', async (body, told) => {
    const answer = await deliver(body);
    expect(answer).toMatchObject({ status: 400, body: { code: 3, message: expect.stringContaining(told) } });
  });

  it('that names no repository changes nothing', async () => {
    expect(await deliver(NOTHING)).toEqual({
      status: 200,
      body: { reason: 'the payload names no repository, or no ref of it', applications: [] },
    });
  });

  it('of a repository that nobody has says so', async () => {
    const body = bodyOf(head()).replaceAll('/devops/app', '/devops/nobody');
    const answer = await deliver(body);
    expect(answer).toMatchObject({ status: 202, body: { applications: [] } });
    expect(at(answer.body, 'reason')).toContain('no Application has');
  });

  it.each([
    ['without a header that tells whose it is', { status: 400, told: 'Unknown webhook event' }, {}],
    [
      'of another event',
      { status: 400, told: "the gogs event 'issues' is not supported" },
      headersOf(NOTHING, WEBHOOK_SECRET, 'issues'),
    ],
    [
      'with the signature in upper case',
      { status: 401, told: 'is not of the form that it must have' },
      { 'x-gogs-event': 'push', 'x-gogs-signature': 'A'.repeat(64) },
    ],
  ])('%s is refused', async (_, { status, told }, headers) => {
    expect(await post(NOTHING, headers)).toMatchObject({ status, body: { message: expect.stringContaining(told) } });
  });

  it('is a POST', async () => {
    for (const method of ['PUT', 'PATCH', 'DELETE'])
      expect(await post(NOTHING, headersOf(NOTHING), method)).toMatchObject({
        status: 405,
        body: { message: `a gogs webhook is a POST, not a ${method}` },
      });
  });

  it('that is too large is refused, whether its length was announced or not', async () => {
    const large = new Uint8Array((1 << 20) + 1).fill(32);
    const headers = { 'x-gogs-event': 'push', 'x-gogs-signature': 'a'.repeat(64) };
    const told = { status: 413, body: { message: expect.stringContaining('payload must be valid JSON under 1 MB') } };
    expect(await post(large, headers)).toMatchObject(told);
    const stream = new Blob([large]).stream();
    const response = await fetch(`${ground.url}/api/webhook`, {
      ...{ method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: stream },
      ...{ duplex: 'half' },
    });
    expect({ status: response.status, body: await response.json() }).toMatchObject(told);
    expect((await deliver(NOTHING)).status).toBe(200);
  });

  it('leaves no secret in the log, and no trace of a stack in an answer', async () => {
    const log = ground.logs().join('\n');
    for (const secret of [WEBHOOK_SECRET, 'the secret before', 'secret-of-the-repository'])
      expect(log).not.toContain(secret);
    expect(log).not.toContain('request failed');
  });
});

describe('a webhook of a hawser whose operator accepts what nobody has signed', () => {
  let ground: RuntimeGround;
  beforeAll(async () => {
    ground = await createRuntimeGround({ insecureWebhooks: true });
  });
  afterAll(() => ground?.close());

  const deliver = async (name: 'gogs' | 'github', secret: string | undefined) => {
    const event = 'push';
    const body = NOTHING;
    const headers = secret === undefined ? { [`x-${name}-event`]: event } : SENDERS[name].headers(body, event, secret);
    const response = await fetch(`${ground.url}/api/webhook`, { method: 'POST', headers, body });
    await response.text();
    return response.status;
  };

  it('counts without a signature where no secret is set', async () => {
    expect(await deliver('github', undefined)).toBe(200);
  });

  it('is refused with a wrong one where one is set', async () => {
    expect(await deliver('gogs', 'a guess')).toBe(401);
    expect(await deliver('gogs', undefined)).toBe(401);
    expect(await deliver('gogs', WEBHOOK_SECRET)).toBe(200);
  });
});
