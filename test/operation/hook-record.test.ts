// Whoever has just made a webhook hears of its signed ping, and of pushes; of nothing that nobody signed, and of no other repository.

import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { listenForHook } from '../../src/operation/hook-record.ts';
import { createGround, type Ground, NAMESPACE } from '../support/ground.ts';
import { connectSandbox } from '../support/sandbox-transport.ts';

const URL_OF = 'https://github.example.com/team/deploy';

let ground: Ground;
beforeEach(async () => {
  ground = await createGround(connectSandbox());
  await ground.client.create({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: 'repo',
      namespace: NAMESPACE,
      labels: { 'argocd.argoproj.io/secret-type': 'repository' },
    },
    stringData: { url: `${URL_OF}.git`, webhookSecret: 'own' },
  });
});
afterEach(() => ground.close());

async function send(event: string, payload: unknown, secret: string): Promise<number> {
  const body = JSON.stringify(payload);
  const headers = {
    'content-type': 'application/json',
    'x-github-event': event,
    'x-github-delivery': crypto.randomUUID(),
    'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
  };
  const { status } = await ground.webhook(headers, body);
  await ground.hawser.idle();
  return status;
}

const repository = { html_url: URL_OF, clone_url: `${URL_OF}.git` };
const listen = () => listenForHook(ground.client, NAMESPACE, { url: `${URL_OF}.git`, clock: ground.clock });

it("hears a ping that is signed with the repository's secret", async () => {
  const heard = await listen();
  expect(await heard()).toBeUndefined();
  expect(await send('ping', { zen: 'z', repository }, 'own')).toBe(200);
  expect(await heard()).toBe('ping');
});

it('hears a push', async () => {
  const heard = await listen();
  expect(await send('push', { ref: 'refs/heads/main', after: 'a'.repeat(40), repository }, 'own')).toBe(202);
  expect(await heard()).toBe('refs/heads/main');
});

it('hears nothing of what is signed with another secret, and of what came before', async () => {
  await send('ping', { repository }, 'own');
  const heard = await listen();
  expect(await send('ping', { repository }, 'wrong')).toBe(401);
  expect(await heard()).toBeUndefined();
});

it('does not take a ping for another repository from whoever knows the secret of one', async () => {
  const other = { html_url: 'https://github.example.com/team/other', clone_url: URL_OF.replace('deploy', 'other') };
  const heard = await listenForHook(ground.client, NAMESPACE, { url: other.html_url, clock: ground.clock });
  await send('ping', { zen: 'deploy', repository: other }, 'own');
  expect(await heard()).toBeUndefined();
});
