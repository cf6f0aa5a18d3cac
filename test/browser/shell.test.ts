// What surrounds every page: ways to it and back, keys, language, theme, who looks, and a server that is away.

import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { checkAccessibility } from '../support/accessibility.ts';
import { describeInBrowser } from '../support/browser.ts';
import {
  openDemo,
  openGround,
  PASSWORD,
  type ServedAccounts,
  type ServedDemo,
  withAccounts,
} from '../support/served.ts';
import { openTcpGate } from '../support/tcp-gate.ts';

const addressOf = (page: Page) => {
  const { pathname, search } = new URL(page.url());
  return `${pathname}${search}`;
};
const link = (page: Page, name: string) => page.locator('main').getByRole('link', { name, exact: true });

describeInBrowser('the way through the UI', (browser) => {
  let demo: ServedDemo;
  beforeAll(async () => {
    demo = await openDemo();
  });
  afterAll(() => demo.close());

  it('goes to any Application by the palette', async () => {
    const page = await browser.open(`${demo.url}/deliveries`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.keyboard.press('Control+k');
    const palette = page.getByRole('dialog', { name: 'Open the palette' });
    await palette.getByRole('combobox').fill('prdweb');
    await palette.getByRole('option', { name: /^prd-web/ }).waitFor();
    await checkAccessibility(page);
    await page.keyboard.press('Enter');
    await expect.poll(() => addressOf(page)).toBe('/applications/argocd/prd-web');
    await palette.waitFor({ state: 'detached' });
    await expect.poll(() => page.title()).toMatch(/prd-web/);
  });

  it('tells of the keys that do something here, and does it', async () => {
    const page = await browser.open(`${demo.url}/applications`);
    await link(page, 'dev-nginx').waitFor();
    await page.keyboard.press('?');
    const help = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
    await help.getByText('Deliveries', { exact: true }).waitFor();
    await checkAccessibility(page);
    await page.keyboard.press('Escape');
    await help.waitFor({ state: 'detached' });
    await page.keyboard.press('g');
    await page.keyboard.press('d');
    await expect.poll(() => addressOf(page)).toBe('/deliveries');
    await page.keyboard.press('g');
    await page.keyboard.press('a');
    await expect.poll(() => addressOf(page)).toBe('/applications');
  });

  it('has an address for what is looked at, and goes back and forward between them', async () => {
    const page = await browser.open(`${demo.url}/applications?sync=OutOfSync`);
    await link(page, 'prd-web').click();
    await expect.poll(() => addressOf(page)).toBe('/applications/argocd/prd-web');
    await page.getByRole('heading', { level: 1, name: /prd-web/ }).waitFor();
    await page.goBack();
    await expect.poll(() => addressOf(page)).toBe('/applications?sync=OutOfSync');
    await link(page, 'prd-web').waitFor();
    expect(await link(page, 'dev-web').count()).toBe(0);
    await page.goForward();
    await page.getByRole('heading', { level: 1, name: /prd-web/ }).waitFor();
    expect(addressOf(page)).toBe('/applications/argocd/prd-web');
  });

  it('finds an Application whose address says no namespace', async () => {
    const page = await browser.open(`${demo.url}/applications/dev-web?view=list`);
    await expect.poll(() => addressOf(page)).toBe('/applications/argocd/dev-web?view=list');
  });

  it('says that there is no such Application, and which is meant', async () => {
    const page = await browser.open(demo.url);
    browser.expectProblem(page, /answered 40[34]: GET .*\/dev-ngnx/);
    await page.goto(`${demo.url}/applications/argocd/dev-ngnx`);
    await link(page, 'argocd/dev-nginx').click();
    await page.getByRole('heading', { level: 1, name: /dev-nginx/ }).waitFor();
  });

  it('says in a page that there is no such page', async () => {
    const page = await browser.open(demo.url);
    browser.expectProblem(page, /answered 404: GET .*\/no-such-page$/);
    await page.goto(`${demo.url}/no-such-page`);
    await page.getByText('The address leads nowhere').waitFor();
    await checkAccessibility(page);
    await page.getByRole('link', { name: 'To the Applications' }).click();
    await link(page, 'dev-nginx').waitFor();
  });

  it('is walked with the keyboard alone', async () => {
    const page = await browser.open(`${demo.url}/applications`);
    await link(page, 'dev-nginx').waitFor();
    await page.keyboard.press('Tab');
    const focused = () => page.evaluate<string>('document.activeElement.textContent.trim()');
    expect(await focused()).toBe('Skip to the content');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.evaluate<string>('document.activeElement.id')).toBe('content');
    // Round to the rail again.
    await page.evaluate('document.body.focus(), document.querySelector("nav a[href=\\"/clusters\\"]").focus()');
    await page.keyboard.press('Enter');
    await expect.poll(() => addressOf(page)).toBe('/clusters');
    await page.getByRole('button', { name: 'Language' }).focus();
    await page.keyboard.press('Enter');
    await expect.poll(focused).toBe('English');
    await page.keyboard.press('ArrowDown');
    await expect.poll(focused).toBe('한국어');
    await page.keyboard.press('Escape');
    expect(await page.evaluate<string>('document.activeElement.getAttribute("aria-label")')).toBe('Language');
  });
});

describeInBrowser('how the UI looks to whom', (browser) => {
  let demo: ServedDemo;
  beforeAll(async () => {
    demo = await openDemo();
  });
  afterAll(() => demo.close());

  it('speaks Korean to a Korean browser, and what was chosen from then on', async () => {
    const page = await browser.open(`${demo.url}/applications`, { locale: 'ko-KR' });
    await page.getByRole('heading', { level: 1, name: '애플리케이션' }).waitFor();
    await page.getByRole('button', { name: '언어' }).click();
    await page.getByRole('menuitemradio', { name: 'English' }).click();
    await page.getByRole('heading', { level: 1, name: 'Applications' }).waitFor();
    expect(await page.evaluate('document.documentElement.lang')).toBe('en');
    await page.reload();
    await page.getByRole('heading', { level: 1, name: 'Applications' }).waitFor();
  });

  it.each(['light', 'dark'] as const)(
    'follows a %s system, and a theme that was chosen at once and from then on',
    async (system) => {
      const page = await browser.open(`${demo.url}/applications`, { theme: system });
      await link(page, 'dev-nginx').waitFor();
      /** 0 is black, 255 is white. */
      const lightness = () =>
        page.evaluate<number>(`(() => {
        const canvas = document.createElement('canvas').getContext('2d');
        canvas.fillStyle = getComputedStyle(document.documentElement).backgroundColor;
        canvas.fillRect(0, 0, 1, 1);
        return canvas.getImageData(0, 0, 1, 1).data[1];
      })()`);
      const isSo = (theme: 'light' | 'dark') =>
        expect.poll(async () => (await lightness()) > 127).toBe(theme === 'light');
      await isSo(system);
      const other = system === 'light' ? 'dark' : 'light';
      await page.getByRole('button', { name: 'Theme' }).click();
      await page.getByRole('menuitemradio', { name: other === 'dark' ? 'Dark' : 'Light', exact: true }).click();
      await isSo(other);
      await page.reload();
      await isSo(other);
      await page.getByRole('button', { name: 'Theme' }).click();
      await page.getByRole('menuitemradio', { name: 'As the system' }).click();
      await isSo(system);
    },
  );
});

describeInBrowser('a server that is away', (browser) => {
  it('is told with the time of what is shown, keeps the page usable, and is caught up with', async () => {
    const demo = await openDemo();
    onTestFinished(() => demo.close());
    const gate = await openTcpGate(demo.url);
    onTestFinished(() => gate.close());
    const page = await browser.open(`${gate.url}/applications`);
    await link(page, 'dev-nginx').waitFor();
    browser.expectProblem(page, /ERR_(CONNECTION|INCOMPLETE|EMPTY|NETWORK)/);
    await gate.cut();
    const told = page.getByRole('status').getByText(/Reconnecting\. State as of \d+:\d\d:\d\d/);
    await told.waitFor();
    await checkAccessibility(page);
    await page.getByRole('searchbox').first().fill('prd');
    await expect.poll(() => link(page, 'dev-nginx').count()).toBe(0);
    await link(page, 'prd-nginx').waitFor();
    const ref = {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Application',
      namespace: demo.namespace,
      name: 'prd-nginx',
    };
    await demo.client.patch(ref, { status: { health: { status: 'Suspended' } } }, { type: 'merge' });
    await gate.mend();
    await told.waitFor({ state: 'detached', timeout: 20_000 });
    await page.getByText('Suspended').first().waitFor();
  });
});

describeInBrowser('an empty installation', (browser) => {
  it('teaches the three steps, each with its command, and begins the first', async () => {
    const ground = await openGround();
    onTestFinished(() => ground.close());
    const page = await browser.open(`${ground.url}/`);
    await page.getByRole('heading', { name: 'Three steps to the first deployment' }).waitFor();
    expect(await page.getByRole('heading', { level: 3 }).allTextContents()).toEqual([
      'Connect a repository',
      'Make an Application',
      'Push',
    ]);
    for (const command of ['hawser repo add', 'hawser app create', 'git push']) {
      await page.getByText(command).first().waitFor();
    }
    await checkAccessibility(page);
    await page.getByRole('link', { name: 'Connect a repository' }).click();
    await page.getByRole('dialog').waitFor();
    expect(addressOf(page)).toContain('/repositories');
  });
});

describeInBrowser('logging in', (browser) => {
  let server: ServedAccounts;
  beforeAll(async () => {
    server = await withAccounts();
    await server.createApplication({
      ...{ name: 'web', path: '.', destinationNamespace: 'web' },
      repository: await server.createRepository('devops/web', {
        'a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n',
      }),
    });
  });
  afterAll(() => server.close());

  it('comes before what is shown, leads back to it, and ends with a word', async () => {
    const page = await browser.open(`${server.url}/applications?search=web`);
    expect(addressOf(page)).toBe(`/login?return_url=${encodeURIComponent('/applications?search=web')}`);
    await checkAccessibility(page);
    browser.expectProblem(page, /answered 401: POST .*\/login$/);
    await page.getByLabel('Name').fill('viewer');
    await page.getByLabel('Password').fill('not this one');
    await page.getByRole('button', { name: 'Log in', exact: true }).click();
    await page.getByRole('alert').waitFor();
    await page.getByLabel('Password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Log in', exact: true }).click();
    await link(page, 'web').waitFor();
    expect(addressOf(page)).toBe('/applications?search=web');
    await page.getByRole('button', { name: 'Logged in as viewer' }).click();
    await page.getByRole('menuitem', { name: 'Log out' }).click();
    await page.getByText('You are logged out.').waitFor();
    await page.goto(`${server.url}/applications`);
    expect(addressOf(page)).toMatch(/^\/login/);
  });

  it('goes by the OIDC provider, and back', async () => {
    const page = await browser.open(`${server.url}/applications?search=web`, { origins: [server.provider.issuer] });
    await page.getByRole('link', { name: 'Log in with Example' }).click();
    await link(page, 'web').waitFor();
    expect(addressOf(page)).toBe('/applications?search=web');
    await page.getByRole('button', { name: 'Logged in as kim@example.com' }).click();
    await page.getByRole('menuitem', { name: 'Log out' }).waitFor();
  });

  it('is offered to whoever may read without it', async () => {
    const open = await withAccounts({ anonymous: 'readonly' });
    onTestFinished(() => open.close());
    const page = await browser.open(`${open.url}/applications`);
    await page.getByRole('link', { name: 'Log in' }).click();
    await page.getByLabel('Name').waitFor();
    expect(addressOf(page)).toBe(`/login?return_url=${encodeURIComponent('/applications')}`);
  });
});
