// Repositories as people connect them: tried, given their webhook, changed and deleted by clicking, at a Git server that has an API for webhooks.

import { createHmac } from 'node:crypto';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { applicationManifest } from '../../src/application/manifest.ts';
import { at } from '../../src/base/json.ts';
import { type Listening, listen } from '../../src/node/listen.ts';
import { checkAccessibility } from '../support/accessibility.ts';
import { describeInBrowser } from '../support/browser.ts';
import { everyLook, screenshot, settle } from '../support/looks.ts';
import { openGround, type ServedGround } from '../support/served.ts';

const MAP = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\ndata:\n  a: b\n';

/** The Git server of the ground, with as much of Gitea's API as making a webhook takes. */
interface Forge extends Listening {
  hooks: Record<string, unknown>[];
}

async function startForge(ground: ServedGround): Promise<Forge> {
  const forge = { hooks: [] as Record<string, unknown>[] };
  const listening = await listen(
    async (request) => {
      const { pathname } = new URL(request.url);
      if (!pathname.startsWith('/api/')) return ground.git.handle(request);
      const text = await request.text();
      const body: unknown = text === '' ? {} : JSON.parse(text);
      if (pathname === '/api/v1/version') return Response.json({ version: '1.26.0' });
      if (request.method === 'GET') return Response.json(forge.hooks);
      if (!pathname.endsWith('/tests')) {
        forge.hooks = [{ id: 7, active: true, events: ['push'], ...(body as object) }];
        return Response.json(forge.hooks[0], { status: 201 });
      }
      await deliver(ground, `${listening.url}/team/deploy`, String(at(forge.hooks[0], 'config', 'secret')));
      return new Response(null, { status: 204 });
    },
    { host: '127.0.0.1', port: 0 },
  );
  return Object.assign(forge, listening);
}

async function deliver(ground: ServedGround, url: string, secret: string): Promise<void> {
  const commit = 'a'.repeat(40);
  const repository = { html_url: url, clone_url: `${url}.git`, default_branch: 'main' };
  const body = JSON.stringify({ ref: 'refs/heads/main', before: commit, after: commit, repository });
  const answer = await fetch(`${ground.url}/api/webhook`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-gitea-event': 'push',
      'x-gitea-delivery': crypto.randomUUID(),
      'x-gitea-signature': createHmac('sha256', secret).update(body).digest('hex'),
    },
    body,
  });
  if (!answer.ok) throw new Error(`the webhook was answered ${answer.status}: ${await answer.text()}`);
}

/** All six where somebody looks at them: HAWSER_LOOKS=1. */
const look = process.env.HAWSER_LOOKS ? everyLook : screenshot;

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name });
const dialog = (page: Page) => page.getByRole('dialog');

describeInBrowser('repositories', (browser) => {
  let ground: ServedGround;
  let forge: Forge;
  let session: string;
  beforeAll(async () => {
    ground = await openGround({ anonymous: 'readonly', accounts: { viewer: 'readonly' } });
    session = await ground.login();
    forge = await startForge(ground);
    await ground.set('argocd-cm', { url: ground.url });
    await ground.createRepository('team/deploy', { 'm/map.yaml': MAP }, { isPrivate: true });
    await ground.createRepository('team/docs', { 'README.md': '' });
    const spec = { name: 'shop', namespace: ground.namespace, path: 'm', destinationNamespace: 'shop' };
    await ground.client.create(applicationManifest({ ...spec, repoURL: `${forge.url}/team/deploy` }));
  });
  afterAll(async () => {
    await ground.close();
    await forge.close();
  });
  const open = (path: string, options = {}) => browser.open(`${ground.url}${path}`, { session, ...options });
  const repo = () => `${forge.url}/team/deploy.git`;

  it('are none at first, and the page says how one is connected', async () => {
    const page = await open('/repositories');
    await page.getByRole('heading', { name: 'No repository is connected yet' }).waitFor();
    await checkAccessibility(page);
    await look(page, 'repositories-empty');
  });

  it('are tried before they are connected, and get their webhook', async () => {
    const page = await open('/repositories');
    await button(page, 'Connect repo').first().click();
    const sheet = dialog(page);
    await button(page, 'Connect').last().click();
    await sheet.getByText('Say where it is.').waitFor();
    await sheet.getByLabel('Address').fill('git@git.example.com:team/deploy.git');
    await sheet.getByRole('button', { name: 'Use https://git.example.com/team/deploy.git' }).click();
    await sheet.getByLabel('Address').fill(repo());
    browser.expectProblem(page, /answered 400/);
    await button(page, 'Test').click();
    await sheet.getByText('The server wants other credentials', { exact: false }).waitFor();
    await checkAccessibility(page);
    await look(page, 'repositories-connect-failed');
    await sheet.getByText('User and password', { exact: true }).click();
    await sheet.getByLabel('User', { exact: true }).fill('devops');
    await sheet.getByLabel('Password or token').fill('git-password');
    await button(page, 'Test').click();
    await sheet.getByText('It answers, and takes the credentials.').waitFor();
    await sheet.getByText('As a command').click();
    await sheet.getByText(`hawser repo add ${repo()} --username devops --password-stdin`, { exact: false }).waitFor();
    await look(page, 'repositories-connect');
    await button(page, 'Connect').last().click();

    await page.getByRole('heading', { name: 'team/deploy', level: 1 }).waitFor();
    await page.getByText('Connected', { exact: true }).waitFor();
    await page.getByText('Nothing has come yet').waitFor();
    await button(page, 'Make the webhook').click();
    await look(page, 'repository-hook');
    await button(page, 'Make it').click();
    await sheet.getByText('Gitea has a webhook of team/deploy now.').waitFor();
    await sheet.getByText('hawser has received a signed delivery for refs/heads/main.').waitFor();
    await checkAccessibility(page);
    await look(page, 'repository-hook-made');
    expect(at(forge.hooks[0], 'config', 'url')).toBe(`${ground.url}/api/webhook`);
    await button(page, 'Done').click();
    await page.getByText('Pushes arrive').waitFor();
    await checkAccessibility(page);
    await everyLook(page, 'repository');
  });

  it('have their webhook made by hand, with a secret that is shown once', async () => {
    const page = await open(`/repositories/${encodeURIComponent(repo())}?part=hook-guide&host=gogs`);
    const sheet = dialog(page);
    await sheet.getByText('Settings → Webhooks → Add Webhook → Gogs').waitFor();
    await button(page, 'Make a new secret').click();
    await sheet.getByText('Copy it now', { exact: false }).waitFor();
    const shown = await sheet.locator('code').allTextContents();
    const secret = shown.find((text) => /^[0-9a-f]{48}$/.test(text)) ?? '';
    await deliver(ground, `${forge.url}/team/deploy`, secret);
    await checkAccessibility(page);
    await look(page, 'repository-hook-guide');
    await sheet.getByRole('radio', { name: 'GitHub' }).check({ force: true });
    await sheet.getByText('Just the push event.').waitFor();
    expect(page.url()).toContain('host=github');
    await button(page, 'Done').click();
    await page.reload();
    await page.getByText('Pushes arrive').waitFor();
    expect(await page.getByText(secret).count()).toBe(0);
  });

  it('are listed with their connection, changed without giving the password again, and deleted by name', async () => {
    const closed = await listen(async () => new Response(), { host: '127.0.0.1', port: 0 });
    await closed.close();
    await ground.client.create({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: {
        name: 'away',
        namespace: ground.namespace,
        labels: { 'argocd.argoproj.io/secret-type': 'repository' },
      },
      stringData: { url: `${closed.url}/team/away.git`, type: 'git', name: 'away' },
    });
    const page = await open('/repositories');
    await page.getByText('Not reached').waitFor();
    await page.getByText('Connected', { exact: true }).waitFor();
    await checkAccessibility(page);
    await everyLook(page, 'repositories');
    await page.getByRole('link', { name: 'away' }).click();
    await page.getByText('Nothing listens there', { exact: false }).waitFor();
    await look(page, 'repository-failed');
    await page.goBack();
    await page.getByRole('link', { name: 'team/deploy' }).click();
    await button(page, 'Edit').click();
    const sheet = dialog(page);
    await sheet.getByLabel('Name (optional)').fill('deploy');
    await button(page, 'Save').click();
    await page.getByRole('heading', { name: 'deploy', level: 1, exact: true }).waitFor();
    await page.getByText('Connected', { exact: true }).waitFor();
    await button(page, 'Delete').click();
    await sheet.getByRole('textbox').fill('deploy');
    await expect.poll(() => sheet.getByRole('button', { name: 'Delete' }).getAttribute('aria-disabled')).toBeNull();
    await settle(page);
    await checkAccessibility(page);
    await look(page, 'repository-delete');
    await sheet.getByRole('button', { name: 'Delete' }).click();
    await page.getByText('deploy is deleted.').waitFor();
    await expect.poll(() => page.getByRole('link', { name: 'away' }).count()).toBe(1);
    expect(await page.getByRole('link', { name: 'deploy' }).count()).toBe(0);
  });

  it('take credentials from templates, and trust certificates that are added', async () => {
    const page = await open('/repositories?tab=credentials');
    await button(page, 'Add template').click();
    const sheet = dialog(page);
    await sheet.getByLabel('Addresses that begin with').fill(`${forge.url}/team/`);
    await sheet.getByLabel('User', { exact: true }).fill('devops');
    await sheet.getByLabel('Password or token').fill('git-password');
    await look(page, 'repositories-template');
    await button(page, 'Save').click();
    await page.getByText(`${forge.url}/team/`).waitFor();
    await checkAccessibility(page);
    await look(page, 'repositories-credentials');
    await button(page, 'Delete').click();
    await sheet.getByRole('textbox').fill(`${forge.url}/team/`);
    await sheet.getByRole('button', { name: 'Delete' }).click();
    await page.getByText('The template is deleted.').waitFor();
    await page.getByRole('link', { name: 'Certificates' }).click();
    await button(page, 'Add').click();
    await sheet.getByText('SSH host key', { exact: true }).click();
    const key = 'AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl';
    await sheet.getByLabel('Lines of known_hosts').fill(`# github.com\ngithub.com ssh-ed25519 ${key}\n`);
    await sheet.getByRole('button', { name: 'Add' }).click();
    await page.getByRole('cell', { name: 'github.com' }).waitFor();
    await checkAccessibility(page);
    await look(page, 'repositories-certificates');
  });

  it('are shown to whoever may only read, and what is not permitted says so', async () => {
    const page = await open('/repositories', { session: await ground.login('viewer') });
    await button(page, 'Connect repo').first().waitFor();
    const connect = button(page, 'Connect repo').first();
    await expect.poll(() => connect.getAttribute('title')).toBe('You have no right to connect repositories.');
  });

  it('are connected for a project by whoever may do so there alone', async () => {
    await ground.set('argocd-rbac-cm', {
      'policy.csv': 'p, viewer, repositories, create, shop/*, allow\ng, viewer, role:readonly\ng, admin, role:admin',
    });
    await ground.client.create({
      ...{
        apiVersion: 'argoproj.io/v1alpha1',
        kind: 'AppProject',
        metadata: { name: 'shop', namespace: ground.namespace },
      },
      spec: {},
    });
    // The rights that were read last count for two seconds.
    const viewer = await ground.login('viewer');
    const mayCreate = async () => {
      const answer = await fetch(`${ground.url}/api/v1/session/rights`, {
        headers: { authorization: `Bearer ${viewer}` },
      });
      return JSON.stringify(await answer.json()).includes('"projects":["shop"]');
    };
    await expect.poll(mayCreate).toBe(true);
    const page = await open('/repositories?sheet=connect', { session: viewer });
    const sheet = dialog(page);
    await expect.poll(() => sheet.getByLabel('Project').locator('option').allTextContents()).toEqual(['shop']);
    await sheet.getByLabel('Address').fill(`${forge.url}/team/docs.git`);
    await sheet.getByRole('button', { name: 'Connect', exact: true }).click();
    await page.getByRole('heading', { name: 'team/docs', level: 1 }).waitFor();
    await page.getByRole('link', { name: 'shop' }).waitFor();
  });

  it('say what is wrong where the list does not come, and try again', async () => {
    const page = await open('/clusters');
    await page.getByRole('heading', { name: 'Clusters', level: 1 }).waitFor();
    browser.expectProblem(page, /repositories/);
    await page.route('**/api/v1/repositories?*', (route) => route.abort());
    await page.getByRole('link', { name: 'Repositories' }).first().click();
    await page.getByText('hawser does not answer', { exact: false }).waitFor();
    await checkAccessibility(page);
    await look(page, 'repositories-offline');
    await page.unroute('**/api/v1/repositories?*');
    await button(page, 'Try again').click();
    await page.getByRole('link', { name: 'away' }).waitFor();
  });

  it('speak Korean', async () => {
    const page = await open('/repositories', { locale: 'ko-KR' });
    await page.getByRole('heading', { name: '저장소', level: 1 }).waitFor();
    await page.getByText('연결 안 됨').waitFor();
    await look(page, 'repositories-ko');
    await page.getByRole('link', { name: 'away' }).click();
    await page.getByText('그 주소에서 응답하는 서버가 없거나', { exact: false }).waitFor();
    await button(page, '직접 만들기').click();
    await page.getByText('시크릿 입력').waitFor();
    await look(page, 'repository-hook-guide-ko');
    await button(page, '완료').click();
    await button(page, '편집').click();
    await look(page, 'repositories-connect-ko');
  });
});
