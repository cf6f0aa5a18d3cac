// SYNC in a browser: the plan before anything is done, its progress, its record, rollbacks, what a window holds, and several at once.

import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseApplication } from '../../src/application/parse.ts';
import { at } from '../../src/base/json.ts';
import type { SandboxRepository } from '../../src/sandbox/git/repository.ts';
import { checkAccessibility } from '../support/accessibility.ts';
import { describeInBrowser } from '../support/browser.ts';
import { finishJob } from '../support/jobs.ts';
import { everyLook, screenshot } from '../support/looks.ts';
import { openGround, type ServedGround } from '../support/served.ts';

/** HAWSER_LOOKS=1: in every width, light and dark. */
const look = process.env.HAWSER_LOOKS ? everyLook : screenshot;

const WAVE = 'argocd.argoproj.io/sync-wave';
const HOOK = 'argocd.argoproj.io/hook';
const DELETE = 'argocd.argoproj.io/hook-delete-policy';
const map = (name: string, value: string, annotations: Readonly<Record<string, string>> = {}) =>
  JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, annotations }, data: { key: value } });
const secret = (password: string) =>
  JSON.stringify({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'login' }, stringData: { password } });
const job = (name: string) =>
  JSON.stringify({
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name, annotations: { [HOOK]: 'PreSync', [DELETE]: 'BeforeHookCreation' } },
    spec: {
      suspend: true,
      template: { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'migrate:1' }] } },
    },
  });

const BEFORE = {
  'm/settings.yaml': map('settings', 'one'),
  'm/login.yaml': secret('old-password'),
  'm/old.yaml': map('old-settings', 'one'),
  'm/flags.yaml': map('flags', 'one', { [WAVE]: '2' }),
};
const AFTER = {
  'm/settings.yaml': map('settings', 'two'),
  'm/login.yaml': secret('new-password'),
  'm/old.yaml': null,
  'm/new.yaml': map('new-settings', 'one', { [WAVE]: '-1' }),
};

describeInBrowser('SYNC', (browser) => {
  let ground: ServedGround;
  beforeAll(async () => {
    ground = await openGround();
  });
  afterAll(() => ground.close());

  /** An Application in a namespace of its name, synced with what its repository begins with. */
  async function deploy(name: string, more: { automated?: object } = {}): Promise<SandboxRepository> {
    await ground.client.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
    const repository = await ground.createRepository(`devops/${name}`, BEFORE);
    await ground.createApplication({ name, repository, path: 'm', destinationNamespace: name, ...more });
    await request(name, 'sync', {});
    return repository;
  }

  async function request(name: string, verb: string, body: object): Promise<void> {
    const answer = await fetch(`${ground.url}/api/v1/applications/${name}/${verb}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${ground.token}` },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(await answer.text());
    await ground.hawser.idle();
  }

  async function application(name: string) {
    const ref = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', namespace: ground.namespace, name };
    const found = await ground.client.get(ref);
    if (!found) throw new Error(`${name} is not there`);
    return parseApplication(found);
  }

  const keyIn = async (namespace: string, name: string) =>
    at(await ground.client.get({ apiVersion: 'v1', kind: 'ConfigMap', namespace, name }), 'data', 'key');
  const addressOf = (name: string, rest = '') => `${ground.url}/applications/${ground.namespace}/${name}${rest}`;
  const apply = (page: Page, name: RegExp | string) => page.getByRole('button', { name, exact: true });

  it('shows what it would do, does it when that is confirmed, and tells of each object', async () => {
    const repository = await deploy('shop');
    await ground.push(repository, AFTER);
    const page = await browser.open(addressOf('shop', '/sync'));
    const sheet = page.getByRole('dialog');
    await apply(page, 'Apply 3 changes').waitFor();
    await sheet.getByText('1 object is not in this revision, and stays.').waitFor();
    await checkAccessibility(page);
    await everyLook(page, 'sync-plan');

    await sheet.getByRole('button', { name: 'Prune it' }).click();
    await apply(page, 'Apply 3 changes, delete 1').waitFor();
    expect(page.url()).toContain('prune=1');
    const rows = sheet.getByRole('listitem');
    expect(await rows.allTextContents()).toEqual([
      expect.stringMatching(/^Create.*new-settings/),
      expect.stringMatching(/^Delete.*old-settings/),
      expect.stringMatching(/^Change.*login/),
      expect.stringMatching(/^Change.*settings.*data\.key.*one.*two/),
    ]);
    await sheet.getByRole('button', { name: /^Change.*settings/ }).click();
    await sheet.getByText('key: two').waitFor();
    await sheet.getByRole('button', { name: /^Change.*login/ }).click();
    await screenshot(page, 'sync-diff');
    expect(await page.content()).not.toMatch(/old-password|new-password|b2xkLX|bmV3LX/);
    expect(await keyIn('shop', 'settings')).toBe('one');

    await apply(page, 'Apply 3 changes, delete 1').click();
    await sheet.getByText('5 of 5 done').waitFor();
    expect(page.url()).toContain('/shop/operation');
    expect(await keyIn('shop', 'settings')).toBe('two');
    expect(await keyIn('shop', 'old-settings')).toBeUndefined();
    await checkAccessibility(page);
    await look(page, 'sync-done');

    // From its record alone, as anybody sees it.
    await page.reload();
    await sheet.getByText('5 of 5 done').waitFor();
    expect(await rows.allTextContents()).toContainEqual(expect.stringMatching(/^Deleted.*old-settings.*Done/));
    await sheet.getByRole('button', { name: 'Close' }).last().click();
    await sheet.waitFor({ state: 'detached' });
  });

  it('does what was chosen: objects, options and a revision, all of which stand in the address', async () => {
    const repository = await deploy('chosen');
    await ground.push(repository, AFTER);
    const page = await browser.open(addressOf('chosen', '/sync'));
    const sheet = page.getByRole('dialog');
    await sheet.locator('label', { hasText: /^Choose$/ }).click();
    await sheet.getByRole('button', { name: 'None', exact: true }).click();
    await sheet.getByText('Choose at least one object.').first().waitFor();
    await sheet.getByRole('searchbox', { name: 'Filter objects' }).fill('sett');
    await sheet.getByLabel('ConfigMap settings').check();
    await apply(page, 'Apply 1 change').waitFor();
    await sheet.getByText('Sync options').click();
    await sheet.getByLabel('Replace').check();
    await sheet.getByLabel('Prune propagation').selectOption('background');
    await sheet.getByLabel('Retry').check();
    await expect.poll(() => page.url()).toContain('retry=5,5s,2,3m');
    await apply(page, 'Apply 1 change').waitFor();
    await screenshot(page, 'sync-options');
    await checkAccessibility(page);
    await apply(page, 'Apply 1 change').click();
    await sheet.getByText('1 of 1 done').waitFor();
    const { operation } = (await application('chosen')).status.operationState ?? {};
    expect(operation).toMatchObject({
      sync: {
        resources: [{ kind: 'ConfigMap', name: 'settings', namespace: 'chosen' }],
        syncOptions: ['CreateNamespace=true', 'Replace=true', 'PrunePropagationPolicy=background'],
      },
      retry: { limit: 5, backoff: { duration: '5s', factor: 2, maxDuration: '3m' } },
    });
    expect(await keyIn('chosen', 'new-settings')).toBeUndefined();
  });

  it('tries everything and writes nothing in a dry run', async () => {
    const repository = await deploy('tried');
    await ground.push(repository, AFTER);
    const page = await browser.open(addressOf('tried', '/sync?dry=1'));
    await apply(page, 'Dry run: apply 3 changes').click();
    await page.getByText('Dry run: nothing was written.').waitFor();
    expect(await keyIn('tried', 'settings')).toBe('one');
  });

  it('goes live through its rows while a hook runs, and can be ended', async () => {
    const repository = await deploy('running');
    await ground.push(repository, { ...AFTER, 'm/job.yaml': job('migrate') });
    const page = await browser.open(addressOf('running', '/sync'), { locale: 'ko-KR' });
    const sheet = page.getByRole('dialog');
    await apply(page, '변경 3건 적용, 훅 1개 실행').click();
    const row = (name: string) => sheet.getByRole('listitem').filter({ hasText: name });
    await row('migrate').getByText('실행 중').waitFor();
    await row('new-settings').getByText('예정').waitFor();
    await checkAccessibility(page);
    await look(page, 'sync-running');
    await finishJob(ground.client, 'running', 'migrate');
    await sheet.getByText('성공').waitFor();
    await row('migrate').getByText('완료', { exact: true }).waitFor();

    await sheet.getByRole('link', { name: '다른 동기화 계획' }).click();
    await apply(page, '훅 1개 실행').click();
    await row('migrate').getByText('실행 중').waitFor();
    await sheet.getByRole('button', { name: '중단', exact: true }).click();
    await sheet.getByText('Operation terminated').waitFor();
    expect((await application('running')).status.operationState?.phase).toBe('Failed');
  });

  it('says what a rollback would change, and turns automated sync off where that is chosen', async () => {
    const repository = await deploy('back', { automated: {} });
    await ground.push(repository, AFTER);
    const [first] = (await application('back')).status.history ?? [];
    const page = await browser.open(addressOf('back', `/sync?rollback=${first?.id}`));
    const sheet = page.getByRole('dialog');
    await sheet.getByText('Automated sync is on, and would bring its own revision back.').waitFor();
    await checkAccessibility(page);
    await look(page, 'sync-rollback');
    await sheet.getByRole('button', { name: 'Turn automated sync off' }).click();
    await apply(page, 'Roll back: apply 2 changes').click();
    await sheet.getByText('Succeeded').waitFor();
    const app = await application('back');
    expect(await keyIn('back', 'settings')).toBe('one');
    expect(app.spec.syncPolicy?.automated?.enabled).toBe(false);
  });

  it('says when a closed window opens, and approves what it holds', async () => {
    const repository = await deploy('held', { automated: { prune: true } });
    const ref = {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'AppProject',
      namespace: ground.namespace,
      name: 'default',
    };
    const window = {
      ...{ kind: 'allow', schedule: '0 6 1 1 *', duration: '1m', applications: ['held'] },
      ...{ timeZone: 'Asia/Seoul', description: 'new year' },
    };
    await ground.client.patch(ref, { spec: { syncWindows: [window] } }, { type: 'merge' });
    await ground.push(repository, AFTER);
    const page = await browser.open(addressOf('held', '/sync'));
    const sheet = page.getByRole('dialog');
    await sheet.getByText(/It opens at \d{4}-01-01 06:00 Asia\/Seoul\./).waitFor();
    expect(await apply(page, 'Apply 3 changes, delete 1').getAttribute('aria-disabled')).toBe('true');
    await checkAccessibility(page);
    await look(page, 'sync-held');
    await sheet.getByRole('button', { name: 'Approve now' }).click();
    await sheet.getByText('5 of 5 done').waitFor();
    expect(await keyIn('held', 'settings')).toBe('two');
  });

  it('tells what fails, object by object', async () => {
    const repository = await deploy('broken');
    await ground.push(repository, { 'm/settings.yaml': map('settings', 'one').replace('"one"', '{"a":1}') });
    const page = await browser.open(addressOf('broken', '/sync'));
    const sheet = page.getByRole('dialog');
    await sheet.getByText('The API server refuses some objects.').waitFor();
    await apply(page, 'Apply 1 change').click();
    await sheet.getByText('1 failed').waitFor();
    await checkAccessibility(page);
    await look(page, 'sync-failed');
  });

  it('syncs several, each with its plan, and leaves out what is as Git says', async () => {
    for (const name of ['one', 'two', 'three']) {
      const repository = await deploy(name);
      if (name !== 'three') await ground.push(repository, AFTER);
    }
    const selected = ['one', 'two', 'three'].map((name) => `${ground.namespace}/${name}`).join(',');
    const page = await browser.open(`${ground.url}/applications?bulk=sync&selected=${selected}`);
    const sheet = page.getByRole('dialog');
    await apply(page, 'Sync 2: apply 6 changes').waitFor();
    await sheet.getByText('Left out: it is as Git says.').waitFor();
    await sheet.getByLabel('Prune').selectOption('Yes');
    await apply(page, 'Sync 2: apply 6 changes, delete 2').waitFor();
    await sheet.getByRole('button', { name: 'See the plan' }).first().click();
    await checkAccessibility(page);
    await everyLook(page, 'sync-bulk');
    await apply(page, 'Sync 2: apply 6 changes, delete 2').click();
    await expect.poll(() => sheet.getByText('Succeeded').count()).toBe(2);
    expect([await keyIn('one', 'settings'), await keyIn('two', 'settings')]).toEqual(['two', 'two']);
  });
});
