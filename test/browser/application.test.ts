// One Application in a browser: its state, its tree by keys, its objects, logs, events, and what happens while somebody looks.

import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseApplication } from '../../src/application/parse.ts';
import { checkAccessibility } from '../support/accessibility.ts';
import { describeInBrowser, type OpenOptions } from '../support/browser.ts';
import { everyLook, screenshot } from '../support/looks.ts';
import { openGround, type ServedGround } from '../support/served.ts';

const WAVE = 'argocd.argoproj.io/sync-wave';
type Annotations = Readonly<Record<string, string>>;

const map = (name: string, value: string, annotations: Annotations = {}) =>
  JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, annotations }, data: { key: value } });
const secret = (name: string) =>
  JSON.stringify({ apiVersion: 'v1', kind: 'Secret', metadata: { name }, stringData: { password: 'never-shown' } });
const deployment = (name: string, replicas: number, annotations: Annotations = {}) =>
  JSON.stringify({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, annotations },
    spec: {
      replicas,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: {
          containers: [
            { name: 'app', image: 'registry.example.com/shop/web:1.4.2' },
            { name: 'proxy', image: 'envoy:1.31' },
          ],
        },
      },
    },
  });
const service = (name: string, annotations: Annotations = {}) =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, annotations },
    spec: { selector: { app: name }, ports: [{ port: 80 }] },
  });
const quota = (name: string) =>
  JSON.stringify({ apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name }, spec: { hard: { pods: '40' } } });

const SHOP = {
  'm/quota.yaml': quota('limits'),
  'm/settings.yaml': map('settings', 'one', { [WAVE]: '-1' }),
  'm/login.yaml': secret('login'),
  'm/web.yaml': deployment('web', 3),
  'm/web-service.yaml': service('web'),
  'm/worker.yaml': deployment('worker', 2, { [WAVE]: '1' }),
  'm/front.yaml': service('front', { [WAVE]: '2' }),
  'm/long.yaml': map('a-name-so-long-that-it-does-not-fit-into-one-line-of-the-tree', 'x', { [WAVE]: '2' }),
};

describeInBrowser('the page of an Application', (browser) => {
  let ground: ServedGround;
  beforeAll(async () => {
    ground = await openGround({ anonymous: 'readonly', accounts: { viewer: 'readonly' } });
    await deploy('shop', SHOP);
  });
  afterAll(() => ground.close());

  async function deploy(name: string, files: Readonly<Record<string, string>>, syncs = true) {
    await ground.client.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
    const repository = await ground.createRepository(`devops/${name}`, files);
    await ground.createApplication({ name, repository, path: 'm', destinationNamespace: name });
    if (syncs) await post(`/api/v1/applications/${name}/sync`, {});
    return repository;
  }

  async function post(path: string, body: object): Promise<void> {
    const answer = await fetch(`${ground.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${ground.token}` },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(await answer.text());
    await ground.hawser.idle();
  }

  async function status(name: string) {
    const ref = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', namespace: ground.namespace, name };
    const found = await ground.client.get(ref);
    if (!found) throw new Error(`${name} is gone`);
    return parseApplication(found).status;
  }

  /** As an admin. */
  const open = (url: string, options: OpenOptions = {}) => browser.open(url, { token: ground.token, ...options });
  const pageOf = (name: string, rest = '') => `${ground.url}/applications/${ground.namespace}/${name}${rest}`;
  const box = (page: Page, kind: string, name: string) =>
    page.locator(`[role=treeitem][data-key$="${kind}/shop/${name}"]`);
  const focused = (page: Page) =>
    page.evaluate<string | null>(`document.activeElement?.getAttribute('data-key') ?? null`);

  it('says its state in one sentence, and shows waves as columns with owners above what they own', async () => {
    const page = await open(pageOf('shop'));
    await page.getByText(/^Synced: /).waitFor();
    await box(page, 'Deployment', 'web').waitFor();
    const waves = await page.evaluate<string[]>(
      `[...document.querySelectorAll('[role=tree] > [role=group]')].map((one) => one.ariaLabel)`,
    );
    expect(waves).toEqual(['Wave -1', 'Wave 0', 'Wave 1', 'Wave 2']);
    await expect.poll(() => box(page, 'Deployment', 'web').textContent()).toContain('3/3 ready');
    await checkAccessibility(page);
    await everyLook(page, 'application');
  });

  it('is walked by arrow keys; Enter opens an object, Escape closes it, back and forward find it again', async () => {
    const page = await open(pageOf('shop', '?fold=none'));
    const web = box(page, 'Deployment', 'web');
    await web.waitFor();
    await expect.poll(() => web.getAttribute('aria-expanded')).toBe('false');
    await web.focus();
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => web.getAttribute('aria-expanded')).toBe('true');
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => focused(page)).toContain('ReplicaSet/shop/web-');
    await page.keyboard.press(' ');
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => focused(page)).toContain('Pod/shop/web-');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: /^Pod/ }).waitFor();
    expect(page.url()).toContain('/shop/resource?fold=none&resource=/Pod/shop/web-');
    await page.keyboard.press('Escape');
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0);
    expect(page.url()).toBe(pageOf('shop', '?fold=none'));
    await expect.poll(() => focused(page)).toContain('Pod/shop/web-');
    await page.goForward();
    await page.getByRole('dialog', { name: /^Pod/ }).waitFor();
    await page.goBack();
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0);
    await box(page, 'Deployment', 'web').focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => focused(page)).toMatch(/\/shop\/(limits|login|web)$/);
  });

  it('is filtered by the address, and tells how many match', async () => {
    const page = await open(pageOf('shop'));
    await page.getByRole('searchbox', { name: 'Find an object' }).fill('worker');
    await page
      .getByText('of 22 objects')
      .or(page.getByText(/of \d+ objects/))
      .first()
      .waitFor();
    expect(page.url()).toContain('?q=worker');
    expect(await box(page, 'Deployment', 'web').count()).toBe(0);
    await box(page, 'Deployment', 'worker').waitFor();
    await page.reload();
    await box(page, 'Deployment', 'worker').waitFor();
    await page.getByRole('button', { name: 'Show everything' }).click();
    await box(page, 'Deployment', 'web').waitFor();
  });

  it('lists its objects, sorted and grouped, and its Pods by node', async () => {
    const page = await open(pageOf('shop', '?view=list&by=wave&sort=-name'));
    const names = page.locator('tbody td:nth-child(2) a');
    await names.first().waitFor();
    await expect
      .poll(() => page.locator('tbody th').allTextContents())
      .toEqual([expect.stringContaining('Wave -1'), 'Wave 0 4 objects', 'Wave 1 1 object', 'Wave 2 2 objects']);
    await page.getByRole('button', { name: 'Name', exact: true }).click();
    expect(page.url()).not.toContain('sort=');
    await checkAccessibility(page);
    await screenshot(page, 'application-list');
    await page.getByRole('link', { name: /^Pods/ }).click();
    await expect.poll(() => page.getByRole('link', { name: /^web-/ }).count()).toBe(3);
    await checkAccessibility(page);
    await screenshot(page, 'application-pods');
  });

  it('shows an object: what it is, as it is, as Git wants it, with Secrets masked', async () => {
    const page = await open(pageOf('shop', '/resource?resource=/Secret/shop/login'));
    const sheet = page.getByRole('dialog');
    await sheet.getByText('kubectl get secret login -n shop -o yaml').waitFor();
    await checkAccessibility(page);
    for (const tab of ['Live', 'Desired', 'Diff']) {
      await sheet.getByRole('link', { name: tab, exact: true }).click();
      await expect.poll(() => sheet.getByText('Loading…').count()).toBe(0);
      await sheet
        .getByText('++++++++')
        .or(sheet.getByText(/No difference|nothing/i))
        .first()
        .waitFor();
    }
    const text = await page.evaluate<string>('document.documentElement.outerHTML');
    expect(text).not.toMatch(/never-shown|bmV2ZXItc2hvd24/);
    await page.goto(pageOf('shop', '/resource?resource=apps/Deployment/shop/web'));
    await sheet.getByRole('link', { name: /^ReplicaSet/ }).waitFor();
    await everyLook(page, 'application-resource');
  });

  it('runs an action after it was asked for, and shows at once what it made', async () => {
    await deploy('scaled', { 'm/web.yaml': deployment('web', 1) });
    const page = await open(pageOf('scaled', '/resource?resource=apps/Deployment/scaled/web'));
    await page.getByRole('button', { name: 'Actions' }).click();
    await page.getByRole('menuitem', { name: 'Scale…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Scale web?' });
    await dialog.getByLabel('replicas').fill('4');
    await screenshot(page, 'application-action');
    await dialog.getByRole('button', { name: 'Scale' }).click();
    await page.getByText('4/4 ready').first().waitFor();
    expect(
      await ground.client.get({ apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'scaled', name: 'web' }),
    ).toMatchObject({
      spec: { replicas: 4 },
    });
  });

  it('deletes an object when its name is typed, and the page tells what is missing', async () => {
    await deploy('pruned', { 'm/settings.yaml': map('settings', 'one') });
    const page = await open(pageOf('pruned', '/resource?resource=/ConfigMap/pruned/settings'));
    await page.getByRole('button', { name: 'Actions' }).click();
    await page.getByRole('menuitem', { name: 'Delete…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Delete ConfigMap settings?' });
    await dialog.getByRole('textbox').fill('setting');
    expect(await dialog.getByRole('button', { name: 'Delete the ConfigMap' }).getAttribute('aria-disabled')).toBe(
      'true',
    );
    await dialog.getByRole('textbox').fill('settings');
    await checkAccessibility(page);
    await dialog.getByRole('button', { name: 'Delete the ConfigMap' }).click();
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0);
    await ground.hawser.idle();
    const refresh = page.getByRole('button', { name: 'Refresh', exact: true });
    await refresh.click();
    await page.getByText(/^OutOfSync: /).waitFor();
    await page.getByText('1 to look at').waitFor();
  });

  it('follows logs: of a Pod and container, found and marked, as a file', async () => {
    const page = await open(pageOf('shop', '/logs'));
    const log = page.getByRole('region', { name: 'Logs' });
    await log.getByText('Here would be what app of shop/web-').first().waitFor();
    await page.getByLabel('Container', { exact: true }).selectOption('proxy');
    await log.getByText('what proxy of shop/').first().waitFor();
    await page.getByLabel('Find in these lines').fill('never started');
    await expect.poll(() => log.locator('mark').first().textContent()).toBe('never started');
    await page.getByLabel('Only lines that match').check();
    await expect.poll(() => log.getByText('Here would be').count()).toBe(0);
    await page.getByLabel('Times').check();
    expect(page.url()).toContain('container=proxy&find=never+started&only=1&times=1');
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download' }).click();
    expect((await download).suggestedFilename()).toBe('shop-proxy.log');
    await checkAccessibility(page);
    await screenshot(page, 'application-logs');
  });

  it('tells of a Pod that is gone as it is', async () => {
    const page = await open(pageOf('shop', '/resource?resource=/Pod/shop/web-gone&tab=logs'));
    await page.getByText('It has no Pods now').waitFor();
    await page.getByRole('link', { name: 'Summary' }).click();
    await page.getByText('The cluster does not have it.').waitFor();
  });

  it('shows events, and what was reported of one object', async () => {
    const page = await open(pageOf('shop', '/events'));
    await page.getByRole('cell', { name: 'OperationCompleted' }).waitFor();
    await checkAccessibility(page);
    await screenshot(page, 'application-events');
  });

  it('shows what a push changes without being loaded again, and what was changed by hand', async () => {
    const repository = await deploy('live', { 'm/a.yaml': map('a', 'one'), 'm/b.yaml': map('b', 'one') });
    const page = await open(pageOf('live'));
    await page.getByText(/^Synced: /).waitFor();
    await ground.push(repository, { 'm/a.yaml': map('a', 'two') }, 'Give a another value\n');
    await page.getByText(/^OutOfSync: 1 of 2 objects differ/).waitFor();
    await page.getByText('Give a another value').first().waitFor();
    await ground.client.patch(
      { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'live', name: 'b' },
      { data: { key: 'by hand' } },
      { type: 'merge', fieldManager: 'kubectl-edit' },
    );
    await page.getByRole('group').filter({ hasText: 'Changed by hand' }).getByText('/data/key').waitFor();
    expect((await status('live')).sync?.status).toBe('OutOfSync');
    await checkAccessibility(page);
    await screenshot(page, 'application-drift');
  });

  it('lets a person approve what a sync window holds, after it was asked for', async () => {
    const project = {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'AppProject',
      namespace: ground.namespace,
      name: 'default',
    };
    const window = {
      kind: 'allow',
      schedule: '0 6 1 1 *',
      duration: '1m',
      applications: ['held'],
      timeZone: 'Asia/Seoul',
    };
    const repository = await deploy('held', { 'm/a.yaml': map('a', 'one') });
    await ground.client.patch(project, { spec: { syncWindows: [window] } }, { type: 'merge' });
    const ref = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', namespace: ground.namespace, name: 'held' };
    await ground.client.patch(ref, { spec: { syncPolicy: { automated: { prune: true } } } }, { type: 'merge' });
    await ground.push(repository, { 'm/a.yaml': map('a', 'two') });
    const page = await open(pageOf('held'));
    const notice = page.getByRole('region', { name: 'A sync waits for a sync window' });
    await notice.getByText(/01-01 06:00 Asia\/Seoul/).waitFor();
    await page.getByText('Closed: automatic syncs wait').waitFor();
    await checkAccessibility(page);
    await notice.getByRole('button', { name: 'Approve now' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Approve now' }).click();
    await page.getByText(/^Synced: /).waitFor();
    expect((await status('held')).sync?.status).toBe('Synced');
  });

  it('shows 500 objects with few of them in the page, and finds the one that differs', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 500 }, (_, index) => [`m/c${index}.yaml`, map(`c${index}`, 'x')]),
    );
    const repository = await deploy('many', files);
    await ground.push(repository, { 'm/c250.yaml': map('c250', 'y') });
    const page = await open(pageOf('many'));
    await page.getByRole('treeitem', { name: /499 × ConfigMap/ }).waitFor();
    await page.locator('[data-key="/ConfigMap/many/c250"]').waitFor();
    expect(await page.getByRole('treeitem').count()).toBe(2);
    await page.getByLabel('How much is shown').selectOption('all');
    await page.locator('[data-key="/ConfigMap/many/c0"]').waitFor();
    expect(await page.getByRole('treeitem').count()).toBeLessThan(300);
    await page.locator('[data-key="/ConfigMap/many/c0"]').focus();
    await page.keyboard.press('End');
    await expect
      .poll(() => page.evaluate<string>(`document.activeElement.getAttribute('data-key')`))
      .toBe('/ConfigMap/many/c99');
    const scrolled = await page.evaluate<number>('scrollY');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: /c99/ }).waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0);
    expect(await page.evaluate<number>('scrollY')).toBe(scrolled);
    await screenshot(page, 'application-many');
  });

  it('tells that it was deleted while somebody looked', async () => {
    await deploy('leaving', { 'm/a.yaml': map('a', 'one') }, false);
    const page = await open(pageOf('leaving'));
    // What was asked just before may be answered after it has gone.
    browser.expectProblem(page, /answered 404: GET .*\/leaving\//);
    browser.expectProblem(page, /status of 404/);
    await page.getByText(/^OutOfSync: /).waitFor();
    const ref = {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Application',
      namespace: ground.namespace,
      name: 'leaving',
    };
    await ground.client.remove(ref);
    await page.getByText('This Application was deleted').waitFor();
    expect(await page.getByRole('link', { name: 'Sync', exact: true }).count()).toBe(0);
    await checkAccessibility(page);
  });

  it('names the ones that may have been meant where there is no such Application', async () => {
    const page = await open(pageOf('shopp'));
    browser.expectProblem(page, /404/);
    await page.getByText('There is no Application argocd/shopp').waitFor();
    await page.getByRole('link', { name: 'argocd/shop', exact: true }).click();
    await page.getByText(/^Synced: /).waitFor();
  });

  it('speaks Korean', async () => {
    const page = await open(pageOf('shop'), { locale: 'ko-KR' });
    await page.getByRole('link', { name: '동기화', exact: true }).waitFor();
    await box(page, 'Deployment', 'web').waitFor();
    expect(await page.getByRole('main').textContent()).toContain('웨이브 1');
    await checkAccessibility(page);
    await screenshot(page, 'application-korean');
  });

  it('shows all to whoever may only read, and says why nothing can be done', async () => {
    const page = await browser.open(pageOf('shop'), { session: await ground.login('viewer') });
    await page.getByText(/^Synced: /).waitFor();
    const sync = page.getByRole('button', { name: 'Sync', exact: true });
    await expect.poll(() => sync.getAttribute('title')).toBe('You may not sync this Application');
    await page.getByRole('button', { name: 'More', exact: true }).click();
    expect(await page.getByRole('menuitem', { name: 'Delete…' }).getAttribute('title')).toBe(
      'You may not delete this Application',
    );
  });
});
