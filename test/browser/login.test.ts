// Logging in and out in a browser, what one chooses for the look of the pages, and a session that ends while a page is open.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { checkAccessibility } from '../support/accessibility.ts';
import { describeInBrowser } from '../support/browser.ts';
import { everyLook } from '../support/looks.ts';
import { PASSWORD, type ServedAccounts, withAccounts } from '../support/served.ts';

describeInBrowser('the login', (browser) => {
  let served: ServedAccounts;
  beforeAll(async () => {
    served = await withAccounts({ anonymous: 'nothing' });
  });
  afterAll(() => served.close());

  it('leads to where one wanted to go, and says what was wrong', async () => {
    const page = await browser.open(`${served.url}/projects?name=a`);
    await expect.poll(() => page.url()).toContain('/login?return_url=');
    await checkAccessibility(page);
    await everyLook(page, 'login');
    browser.expectProblem(page, /401/);
    await page.getByLabel('Name').fill('admin');
    await page.getByLabel('Password').fill('wrong');
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByRole('alert').waitFor();
    await checkAccessibility(page);
    await page.getByLabel('Password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByRole('heading', { name: 'Projects' }).waitFor();
    expect(page.url()).toBe(`${served.url}/projects?name=a`);
    await page.getByRole('button', { name: 'Logged in as admin' }).click();
    await page.getByRole('menuitem', { name: 'Log out' }).click();
    await page.getByText('You are logged out.').waitFor();
  });

  it('speaks Korean to whoever wants it, then and later', async () => {
    const page = await browser.open(`${served.url}/login?return_url=/settings`);
    await page.getByRole('link', { name: '한국어' }).click();
    await page.getByLabel('이름').fill('admin');
    await page.getByLabel('비밀번호').fill(PASSWORD);
    await page.getByRole('button', { name: '로그인' }).click();
    await page.getByRole('heading', { name: '화면 설정' }).waitFor();
  });

  it('may be by the provider', async () => {
    const page = await browser.open(`${served.url}/login?return_url=/projects`, {
      origins: [served.provider.issuer],
    });
    await page.getByRole('link', { name: /^Log in with/ }).click();
    await page.getByRole('heading', { name: 'Projects' }).waitFor();
  });

  it('is kept for the look of the pages', async () => {
    const page = await browser.open(`${served.url}/settings`, { session: await served.login() });
    const root = (name: string) => page.evaluate<string | null>(`document.documentElement.dataset.${name} ?? null`);
    await page
      .locator('label')
      .filter({ hasText: /^Dark$/ })
      .click();
    await page
      .locator('label')
      .filter({ hasText: /^Compact$/ })
      .click();
    await page
      .locator('label')
      .filter({ hasText: /^With names$/ })
      .click();
    expect([await root('theme'), await root('density'), await root('rail')]).toEqual(['dark', 'compact', 'pinned']);
    await checkAccessibility(page);
    await page.reload();
    await page.getByRole('heading', { name: 'Appearance' }).waitFor();
    expect([await root('theme'), await root('density'), await root('rail')]).toEqual(['dark', 'compact', 'pinned']);
    await everyLook(page, 'settings');
  });

  it('that has ended is asked for in another tab, and what was typed stays', async () => {
    const session = await served.login();
    const page = await browser.open(`${served.url}/projects?new=project`, { session });
    await page.getByLabel('Name', { exact: true }).fill('draft');
    browser.expectProblem(page, /401/);
    await fetch(`${served.url}/auth/logout`, {
      headers: { cookie: `argocd.token=${session}`, 'sec-fetch-site': 'same-origin' },
      redirect: 'manual',
    });
    // Not with the mouse: the page may have heard of it already, and then its dialog lies before the button.
    await page.getByRole('button', { name: 'Create the project' }).dispatchEvent('click');
    await page.getByRole('heading', { name: 'You are logged out' }).waitFor();
    await checkAccessibility(page);
    const [tab] = await Promise.all([
      page.context().waitForEvent('page'),
      page.getByRole('button', { name: 'Log in in a new tab' }).click(),
    ]);
    await tab.getByLabel('Name').fill('admin');
    await tab.getByLabel('Password').fill(PASSWORD);
    await tab.getByRole('button', { name: 'Log in' }).click();
    await tab.getByRole('heading', { name: 'Projects' }).waitFor();
    await tab.close();
    await page.evaluate('dispatchEvent(new Event("focus"))');
    await page.getByRole('heading', { name: 'You are logged out' }).waitFor({ state: 'detached' });
    expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('draft');
    await page.getByRole('button', { name: 'Create the project' }).click();
    await page.getByRole('heading', { name: 'draft', level: 1 }).waitFor();
  });
});
