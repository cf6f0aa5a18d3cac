// The chapter's walk-through by clicking, as its reader does it: from an empty installation with a private repository to a deletion.

import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { at } from '../../src/base/json.ts';
import { DEMO_FILES } from '../../src/sandbox/demo-repository.ts';
import type { SandboxRepository } from '../../src/sandbox/git/repository.ts';
import { checkAccessibility } from '../support/accessibility.ts';
import { describeInBrowser } from '../support/browser.ts';
import { screenshot } from '../support/looks.ts';
import { openGround, type ServedGround } from '../support/served.ts';

const VALUES = 'nginx-chart/values-dev.yaml';
const APPLICATION = '/applications/argocd/dev-nginx';

describeInBrowser('the walk-through by clicking', (browser) => {
  let ground: ServedGround;
  let repository: SandboxRepository;
  let values = DEMO_FILES[VALUES] ?? '';
  beforeAll(async () => {
    ground = await openGround();
    repository = await ground.createRepository('devops/ops-deploy', DEMO_FILES, { isPrivate: true });
  });
  afterAll(() => ground.close());

  const open = (address: string) => browser.open(`${ground.url}${address}`);
  const button = (within: Page | Locator, name: string | RegExp) => within.getByRole('button', { name });
  const clickLink = (page: Page, name: string) => page.locator('main').getByRole('link', { name, exact: true }).click();
  const sheetOf = (page: Page, name: string) => page.getByRole('dialog', { name });
  const deployment = (name = 'dev-nginx') =>
    ground.client.get({ apiVersion: 'apps/v1', kind: 'Deployment', namespace: name, name });
  const image = async () => at(await deployment(), 'spec', 'template', 'spec', 'containers', 0, 'image');
  /** One of a few: what is clicked is the label, or the input that lies below it. */
  const choose = (within: Locator, name: string) => within.getByRole('radio', { name }).check({ force: true });
  /** The one sentence at the top left of a thing. */
  const says = (page: Page, text: RegExp) => page.locator('main').getByText(text).first().waitFor();

  /** Commits a change of values-dev.yaml, and pushes. */
  async function pushValues(from: string, to: string, message: string): Promise<void> {
    expect(values).toContain(from);
    values = values.replace(from, to);
    await ground.push(repository, { [VALUES]: values }, message);
  }

  /** SYNC, its plan, the button that says what it does, and the end of it. */
  async function syncTo(page: Page, plan: RegExp, promise: string): Promise<void> {
    const sheet = page.getByRole('dialog');
    await sheet.getByText(plan).first().waitFor();
    await button(sheet, promise).click();
    await sheet.getByText('Succeeded').first().waitFor();
  }

  it('connects the repository with its password, tried before it is saved', async () => {
    const page = await open('/');
    await page.getByRole('link', { name: 'Connect a repository' }).click();
    const sheet = sheetOf(page, 'Connect a repository');
    await sheet.getByLabel('Address', { exact: true }).fill(`${ground.gitUrl}/devops/ops-deploy`);
    browser.expectProblem(page, /answered 4\d\d: POST .*\/repositories\//);
    await button(sheet, 'Test').click();
    await sheet.getByRole('alert').waitFor();
    await choose(sheet, 'User and password');
    await sheet.getByLabel('User', { exact: true }).fill('devops');
    await sheet.getByLabel('Password or token').fill('git-password');
    await button(sheet, 'Test').click();
    await sheet.getByText('It answers, and takes the credentials.').waitFor();
    await checkAccessibility(page);
    await button(sheet, /^Connect$/).click();
    await sheet.waitFor({ state: 'detached' });
    await page.locator('main').getByText('ops-deploy').first().waitFor();
  });

  it('makes an Application with NEW APP, whose fields Git offers', async () => {
    const page = await open('/applications?new=1');
    const sheet = sheetOf(page, 'New Application');
    await sheet.getByLabel('Application name', { exact: true }).fill('dev-nginx');
    await sheet.getByLabel('Repository URL', { exact: true }).fill(`${ground.gitUrl}/devops/ops-deploy`);
    await sheet.getByText(/4 folders found/).waitFor();
    await sheet.getByLabel('Path', { exact: true }).fill('nginx-chart');
    await sheet.getByText('Recognised as a Helm chart').waitFor();
    await sheet.getByLabel('values-dev.yaml').check();
    await sheet.getByLabel('Namespace', { exact: true }).fill('dev-nginx');
    await sheet.getByLabel('Auto-create namespace').check();
    await screenshot(page, 'walk-through-new-application');
    await button(sheet, 'Create').click();
    await expect.poll(() => new URL(page.url()).pathname).toBe(APPLICATION);
    await says(page, /OutOfSync/);
  });

  it('syncs by hand, with the plan first', async () => {
    const page = await open(APPLICATION);
    await clickLink(page, 'Sync');
    await syncTo(page, /4 new/, 'Apply 4 changes');
    await screenshot(page, 'walk-through-synced');
    await page.keyboard.press('Escape');
    await says(page, /Synced/);
    expect(await image()).toBe('nginx:1.26.1');
  });

  it('shows a push, what it meant, what differs, and brings it to the cluster', async () => {
    const page = await open('/deliveries');
    await page.getByText('No push has come yet').waitFor();
    await pushValues('"1.26.1"', '"1.26.2"', 'Use nginx 1.26.2\n');
    await clickLink(page, 'devops/ops-deploy');
    await page.getByText('Waits for SYNC').first().waitFor();
    await page.getByText('Use nginx 1.26.2').first().waitFor();
    await clickLink(page, 'dev-nginx');
    await says(page, /OutOfSync/);
    await clickLink(page, 'Diff');
    const diff = page.getByRole('dialog');
    await diff.getByText('nginx:1.26.2').first().waitFor();
    await diff.getByText('nginx:1.26.1').first().waitFor();
    expect(await diff.getByText('managedFields').count()).toBe(0);
    await page.keyboard.press('Escape');
    await clickLink(page, 'Sync');
    await syncTo(page, /1 changed/, 'Apply 1 change');
    expect(await image()).toBe('nginx:1.26.2');
  });

  it('has a history, and rolls back to an entry of it by its plan', async () => {
    const page = await open(APPLICATION);
    await clickLink(page, 'History');
    const history = page.getByRole('dialog');
    await history.getByText('Use nginx 1.26.2').waitFor();
    await history.getByRole('link', { name: 'Roll back to this… (#0)' }).click();
    await syncTo(page, /1 changed/, 'Roll back: apply 1 change');
    expect(await image()).toBe('nginx:1.26.1');
  });

  it('says who changed the cluster by hand, and puts it right', async () => {
    const page = await open(APPLICATION);
    await clickLink(page, 'Sync');
    await syncTo(page, /1 changed/, 'Apply 1 change');
    await page.keyboard.press('Escape');
    await says(page, /Synced/);
    await ground.client.patch(
      { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'dev-nginx', name: 'dev-nginx' },
      { spec: { replicas: 7 } },
      { type: 'merge', fieldManager: 'kubectl-edit' },
    );
    await says(page, /OutOfSync/);
    await page.getByRole('heading', { name: 'Changed by hand' }).waitFor();
    await clickLink(page, 'Sync');
    await syncTo(page, /1 changed/, 'Apply 1 change');
    expect(at(await deployment(), 'spec', 'replicas')).toBe(1);
  });

  it('follows pushes by itself, and prunes what Git has no more', async () => {
    await ground.createRepository('devops/plain', { 'a.yaml': configMap('a'), 'b.yaml': configMap('b') });
    const page = await open('/applications?new=1');
    const sheet = sheetOf(page, 'New Application');
    await sheet.getByLabel('Application name', { exact: true }).fill('plain');
    await choose(sheet, 'Automatic');
    await sheet.getByLabel('Prune resources').check();
    await sheet.getByLabel('Repository URL', { exact: true }).fill(`${ground.gitUrl}/devops/plain`);
    await sheet.getByLabel('Path', { exact: true }).fill('.');
    await sheet.getByLabel('Namespace', { exact: true }).fill('plain');
    await sheet.getByLabel('Auto-create namespace').check();
    await button(sheet, 'Create').click();
    await says(page, /Synced/);
    const plain = ground.git.get('devops/plain');
    if (!plain) throw new Error('the repository was made above');
    await ground.push(plain, { 'b.yaml': null, 'c.yaml': configMap('c') }, 'Take b away\n');
    await page.getByText('c', { exact: true }).first().waitFor();
    const names = (await Promise.all(['a', 'b', 'c'].map((name) => ground.client.get(mapRef(name))))).map((found) =>
      found === undefined ? 'gone' : 'there',
    );
    expect(names).toEqual(['there', 'gone', 'there']);
  });

  it('holds a push back while a sync window is closed, and lets a person approve it', async () => {
    const project = await open('/projects/default/windows?window=new');
    const sheet = sheetOf(project, 'New window');
    await choose(sheet, 'Deny');
    await sheet.getByLabel('Schedule', { exact: true }).fill('* * * * *');
    await sheet.getByLabel('Duration', { exact: true }).fill('1h');
    await sheet.getByLabel('Applications').fill('plain');
    await sheet.getByLabel('Syncs that somebody asks for may pass').check();
    await screenshot(project, 'walk-through-window');
    await button(sheet, 'Add the window').click();
    await sheet.waitFor({ state: 'detached' });
    const plain = ground.git.get('devops/plain');
    if (!plain) throw new Error('the repository was made above');
    await ground.push(plain, { 'd.yaml': configMap('d') }, 'Add d\n');
    expect(await ground.client.get(mapRef('d'))).toBeUndefined();
    const page = await open('/deliveries');
    await page.locator('main li').getByText('Held by a window').first().waitFor();
    const held = page.getByRole('region', { name: '1 sync waits for a sync window' });
    await held
      .getByText(/1 push, 1 commit/)
      .first()
      .waitFor();
    await checkAccessibility(page);
    await button(held, 'Approve now').click();
    await expect.poll(() => ground.client.get(mapRef('d'))).toBeDefined();
    await held.waitFor({ state: 'detached' });
  });

  it('deletes an Application with all it has made, once its name is typed', async () => {
    const page = await open(APPLICATION);
    await page.locator('main').getByRole('button', { name: 'More', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Delete…' }).click();
    const sheet = sheetOf(page, 'Delete dev-nginx');
    const confirm = button(sheet, 'Delete the Application');
    expect(await confirm.getAttribute('aria-disabled')).toBe('true');
    await sheet.getByLabel('Type dev-nginx to confirm').fill('dev-nginx');
    await checkAccessibility(page);
    await screenshot(page, 'walk-through-delete');
    await confirm.click();
    await expect.poll(() => new URL(page.url()).pathname).toBe('/applications');
    expect(await deployment()).toBeUndefined();
    await page.locator('main').getByRole('link', { name: 'plain', exact: true }).waitFor();
    expect(await page.locator('main').getByRole('link', { name: 'dev-nginx', exact: true }).count()).toBe(0);
  });
});

function mapRef(name: string) {
  return { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'plain', name };
}

function configMap(name: string): string {
  return `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\ndata:\n  key: ${name}\n`;
}
