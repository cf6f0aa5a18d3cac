import { afterAll, beforeAll, expect, it } from 'vitest';
import type { JsonObject } from '../../src/base/json.ts';
import { checkAccessibility } from '../support/accessibility.ts';
import { describeInBrowser } from '../support/browser.ts';
import { everyLook, screenshot } from '../support/looks.ts';
import { openGround, type ServedGround } from '../support/served.ts';

const CHART = {
  'web/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.0.0\n',
  'web/values.yaml': 'replicas: 1\ngreeting: hello\n',
  'web/values-prd.yaml': 'replicas: 3\n',
  'web/templates/config.yaml':
    'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}\ndata:\n  greeting: {{ .Values.greeting | quote }}\n  replicas: {{ .Values.replicas | quote }}\n',
};

const HELD_MESSAGE =
  "sync to 0000000 is held until 2026-12-23T21:00:00Z: no allow window is active: allow '0 6 * * *' for 1h (Asia/Seoul): night";

describeInBrowser('the list of Applications', (browser) => {
  let ground: ServedGround;
  let empty: ServedGround;
  beforeAll(async () => {
    [ground, empty] = await Promise.all([openGround({ applications: 1000 }), openGround()]);
  });
  afterAll(async () => {
    await Promise.all([ground.close(), empty.close()]);
  });

  it('shows what needs somebody first, in either view, and finds it by its counts, filters and words', async () => {
    const page = await browser.open(`${ground.url}/applications?view=table`);
    const names = page.locator('[data-open]');
    await names.first().waitFor();
    expect(await names.first().textContent()).toBe('app-0007');
    const counts = page.getByRole('navigation', { name: 'Counts by state' });
    await counts.getByRole('link', { name: '200 OutOfSync' }).click();
    await expect.poll(() => page.url()).toContain('sync=OutOfSync');
    await counts.getByRole('link', { name: '200 of 1,000' }).waitFor();
    await page.getByRole('button', { name: 'Filter · 1' }).click();
    const panel = page.getByRole('dialog', { name: 'Filters' });
    await panel.getByRole('checkbox', { name: 'shop' }).first().check();
    await counts.getByRole('link', { name: /^\d+ of 1,000$/ }).waitFor();
    await checkAccessibility(page);
    await screenshot(page, 'applications-filters');
    await page.keyboard.press('Escape');
    expect(await panel.count()).toBe(0);
    await page.getByRole('searchbox', { name: 'Search' }).fill('app-0005');
    await expect.poll(() => names.allTextContents()).toEqual(['app-0005']);
    await page.getByText('Tiles').click();
    await expect.poll(() => page.url()).toContain('view=tiles');
    await expect.poll(() => names.allTextContents()).toEqual(['app-0005']);
    await page.getByRole('link', { name: 'Clear all' }).click();
    await counts.getByRole('link', { name: '1,000 Applications' }).waitFor();
  });

  it('says which filter to take off where nothing matches', async () => {
    const page = await browser.open(`${ground.url}/applications?proj=shop&search=app-0001`);
    await page.getByRole('heading', { name: 'No Application matches' }).waitFor();
    await checkAccessibility(page);
    await page.getByRole('link', { name: /^Project: shop/ }).click();
    await page.getByRole('link', { name: 'app-0001', exact: true }).waitFor();
  });

  it('keeps filters as links', async () => {
    const page = await browser.open(`${ground.url}/applications?health=Degraded&view=table`);
    await page.getByRole('button', { name: 'Filter · 1' }).click();
    await page.getByRole('textbox', { name: 'Name of these filters' }).fill('Broken');
    await page.getByRole('button', { name: 'Save these' }).click();
    await page.goto(`${ground.url}/applications`);
    await page.getByRole('button', { name: 'Filter', exact: true }).click();
    await page.getByRole('link', { name: 'Broken' }).click();
    await expect.poll(() => page.url()).toContain('health=Degraded');
  });

  it('has no more rows in the page than are near what is in view, wherever one scrolls', async () => {
    const page = await browser.open(`${ground.url}/applications?view=table&sort=name`);
    const rows = page.locator('[data-key]');
    await rows.first().waitFor();
    expect(await rows.count()).toBeLessThan(60);
    await page.evaluate('scrollTo(0, document.documentElement.scrollHeight)');
    await page.getByRole('link', { name: 'app-0999', exact: true }).waitFor();
    expect(await rows.count()).toBeLessThan(60);
    await page.evaluate('scrollTo(0, 20000)');
    await page.getByRole('link', { name: 'app-0500', exact: true }).waitFor();
  });

  it('shows 40 Applications on a screen of 1080 lines when it is compact', async () => {
    const page = await browser.open(`${ground.url}/applications?view=table`, { width: 1920, height: 1080 });
    await page.context().addCookies([{ name: 'hawser.density', value: 'compact', url: ground.url }]);
    await page.reload();
    await page.locator('[data-key]').first().waitFor();
    const whole = await page.evaluate<number>(
      `[...document.querySelectorAll('[data-key]')].filter((row) => row.getBoundingClientRect().bottom <= innerHeight).length`,
    );
    expect(whole).toBeGreaterThanOrEqual(40);
    await checkAccessibility(page);
    await screenshot(page, 'applications-compact');
  });

  it('is walked, selected and opened by keyboard', async () => {
    const page = await browser.open(`${ground.url}/applications?view=table&sort=name`);
    await page.locator('[data-key]').first().waitFor();
    const focused = () => page.evaluate<string>('document.activeElement?.textContent ?? ""');
    await page.keyboard.press('j');
    await expect.poll(focused).toBe('app-0000');
    await page.keyboard.press('j');
    await page.keyboard.press('ArrowDown');
    await expect.poll(focused).toBe('app-0002');
    await page.keyboard.press('k');
    await page.keyboard.press('x');
    await page.keyboard.press('End');
    await expect.poll(focused).toBe('app-0999');
    await page.keyboard.press('x');
    const bar = page.getByRole('region', { name: 'Selected Applications' });
    await bar.getByText('2 selected').waitFor();
    await checkAccessibility(page);
    await screenshot(page, 'applications-selected');
    await page.keyboard.press('s');
    await expect
      .poll(() => decodeURIComponent(page.url()))
      .toContain('bulk=sync&selected=argocd/app-0001,argocd/app-0999');
    await page.goBack();
    await bar.getByRole('button', { name: 'Clear the selection' }).click();
    await page.getByRole('link', { name: 'app-0999', exact: true }).press('Enter');
    await expect.poll(() => page.url()).toContain('/applications/argocd/app-0999');
  });

  it('shows a change of the cluster at once, and marks the row for a moment', async () => {
    const page = await browser.open(`${ground.url}/applications?view=table&search=app-0003`);
    const row = page.getByRole('row', { name: /app-0003/ });
    await row.getByText('Healthy').waitFor();
    await patchStatus('app-0003', { health: { status: 'Degraded' } });
    await row.getByText('Degraded').waitFor();
    await patchStatus('app-0003', { conditions: [{ type: 'SyncHeld', message: HELD_MESSAGE }] });
    await row.getByText(/opens .*06:00 Asia\/Seoul/).waitFor();
    await row.getByRole('button', { name: 'Approve' }).click();
    const dialog = page.getByRole('dialog', { name: 'Sync app-0003 now, before its window opens?' });
    await dialog.getByRole('button', { name: 'Approve and sync' }).waitFor();
    await checkAccessibility(page);
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await page.setViewportSize({ width: 390, height: 844 });
    await row.getByRole('button', { name: 'Approve' }).waitFor();
    await screenshot(page, 'applications-held');
  });

  it('compares several, and says how far that is', async () => {
    const page = await browser.open(`${ground.url}/applications?view=table&search=app-000&sort=name`);
    browser.expectProblem(page, /answered [45]\d\d/);
    await page.getByRole('checkbox', { name: 'Select app-0000' }).click();
    await page.getByRole('checkbox', { name: 'Select app-0002' }).click({ modifiers: ['Shift'] });
    const bar = page.getByRole('region', { name: 'Selected Applications' });
    await bar.getByText('3 selected').waitFor();
    await bar.getByRole('button', { name: 'Refresh', exact: true }).click();
    await bar
      .getByRole('status')
      .getByText(/compared$/)
      .waitFor();
  });

  it('finds the Application of an address without a namespace', async () => {
    const page = await browser.open(`${ground.url}/applications/app-0004`);
    await expect.poll(() => page.url()).toContain('/applications/argocd/app-0004');
  });

  it('looks as it should in every size and theme', async () => {
    const tiles = await browser.open(`${ground.url}/applications?view=tiles`);
    await tiles.locator('[data-key]').first().waitFor();
    await checkAccessibility(tiles);
    await everyLook(tiles, 'applications-tiles');
    const table = await browser.open(`${ground.url}/applications?view=table`);
    await table.locator('[data-key]').first().waitFor();
    await checkAccessibility(table);
    await everyLook(table, 'applications-table');
    const korean = await browser.open(`${ground.url}/applications?view=table`, { locale: 'ko-KR', theme: 'dark' });
    await korean.getByRole('heading', { name: '애플리케이션' }).waitFor();
    await korean.locator('[data-key]').first().waitFor();
    await checkAccessibility(korean);
    await screenshot(korean, 'applications-korean');
  });

  it('begins an empty installation with three steps, and makes the first Application of what Git offers', async () => {
    const repository = await empty.createRepository('devops/ops-deploy', CHART);
    const repoURL = `${empty.gitUrl}/${repository.path}`;
    const page = await browser.open(`${empty.url}/applications`);
    await page.getByRole('heading', { name: 'Three steps to the first deployment' }).waitFor();
    await page.getByText(`${empty.url}/api/webhook`).waitFor();
    expect(await page.getByRole('link', { name: 'Connect a repository' }).getAttribute('href')).toBe(
      '/repositories?sheet=connect',
    );
    await checkAccessibility(page);
    await everyLook(page, 'applications-empty');

    await page.getByRole('link', { name: 'New app' }).first().click();
    const sheet = page.getByRole('dialog', { name: 'New Application' });
    await sheet.getByRole('button', { name: 'Create' }).click();
    await sheet.getByText('fields need something').waitFor();
    await sheet.getByRole('textbox', { name: 'Application name' }).fill('Web');
    await sheet.getByText(/^Small letters, digits/).waitFor();
    await sheet.getByRole('textbox', { name: 'Application name' }).fill('web');
    await sheet.getByText('Automatic', { exact: true }).click();
    await sheet.getByRole('checkbox', { name: 'Prune resources' }).check();
    await sheet.getByRole('combobox', { name: 'Prune propagation policy' }).selectOption('background');
    await sheet
      .getByRole('textbox', { name: 'Repository URL' })
      .or(sheet.getByRole('combobox', { name: 'Repository URL' }))
      .fill(repoURL);
    await expect.poll(() => offered(page, 'Path')).toEqual(['web']);
    expect(await offered(page, 'Revision')).toEqual(['HEAD', 'main']);
    await sheet.getByLabel('Path', { exact: true }).fill('web');
    await sheet.getByText('Recognised as a Helm chart').waitFor();
    await sheet.getByRole('checkbox', { name: 'values-prd.yaml' }).check();
    await sheet.getByLabel('Namespace', { exact: true }).fill('web');
    await sheet.getByText('As a command').click();
    await sheet.getByText(/^hawser app create web .*--values values-prd.yaml .*--auto-prune/).waitFor();
    await checkAccessibility(page);
    await everyLook(page, 'applications-new');

    // Nothing is lost by a reload, nor by a refusal.
    await page.reload();
    await sheet.getByRole('checkbox', { name: 'values-prd.yaml' }).waitFor();
    await sheet.getByLabel('Path', { exact: true }).fill('gone');
    browser.expectProblem(page, /answered 4\d\d/);
    await sheet.getByRole('button', { name: 'Create' }).click();
    await sheet.getByRole('alert').getByText('The Application could not be created').waitFor();
    await expect.poll(() => sheet.getByLabel('Path', { exact: true }).getAttribute('aria-invalid')).toBe('true');
    await sheet.getByLabel('Path', { exact: true }).fill('web');
    await sheet.getByRole('button', { name: 'Create' }).click();
    await expect.poll(() => page.url()).toContain('/applications/argocd/web');
    const made = await empty.client.get({
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Application',
      namespace: empty.namespace,
      name: 'web',
    });
    expect(made?.spec).toMatchObject({
      source: { repoURL, path: 'web', helm: { valueFiles: ['values-prd.yaml'] } },
      destination: { namespace: 'web' },
      syncPolicy: {
        automated: { prune: true },
        syncOptions: ['CreateNamespace=true', 'PrunePropagationPolicy=background'],
      },
    });
  });

  it('takes what a link says of a new Application, and lets its YAML be edited', async () => {
    const json = JSON.stringify({
      metadata: { name: 'linked' },
      spec: { source: { repoURL: 'https://git.example.test/a/b', path: 'x' } },
    });
    const page = await browser.open(`${ground.url}/applications?new=${encodeURIComponent(json)}`);
    browser.expectProblem(page, /answered [45]\d\d/);
    const sheet = page.getByRole('dialog', { name: 'New Application' });
    const name = sheet.getByLabel('Application name');
    await name.waitFor();
    await expect.poll(() => name.inputValue()).toBe('linked');
    const yaml = sheet.getByRole('textbox', { name: 'Application as YAML' });
    await name.fill('renamed');
    await page.reload();
    await expect.poll(() => name.inputValue()).toBe('renamed');
    const write = async (text: string) => {
      await yaml.press('ControlOrMeta+a');
      await yaml.press('Delete');
      await page.keyboard.insertText(text);
    };
    await write('{metadata: {name: other}, spec: {sources: [{repoURL: a, path: b}]}}');
    await expect.poll(() => name.inputValue()).toBe('other');
    await sheet.getByText('This Application has several sources.').waitFor();
    await write('metadata: {');
    await sheet.getByText('The YAML on the other side has an error.').waitFor();
    expect(await name.isDisabled()).toBe(true);
  });

  async function patchStatus(name: string, status: JsonObject): Promise<void> {
    const ref = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', namespace: ground.namespace, name };
    await ground.client.patch(ref, { status }, { type: 'merge' });
  }
});

/** What the list of a field offers. */
function offered(page: { evaluate<T>(text: string): Promise<T> }, label: string): Promise<readonly string[]> {
  return page.evaluate<readonly string[]>(
    `(() => {
      const field = [...document.querySelectorAll('dialog label')].find((one) => one.textContent === ${JSON.stringify(label)});
      const input = document.getElementById(field?.htmlFor ?? '');
      return [...(input?.list?.options ?? [])].map((option) => option.value);
    })()`,
  );
}
