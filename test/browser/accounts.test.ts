// Accounts as people use them: tokens that are shown once, passwords, and what one may do.

import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { checkAccessibility } from '../support/accessibility.ts';
import { describeInBrowser } from '../support/browser.ts';
import { everyLook, screenshot } from '../support/looks.ts';
import { openGround, PASSWORD, type ServedGround } from '../support/served.ts';

/** All six where somebody looks at them: HAWSER_LOOKS=1. */
const look = process.env.HAWSER_LOOKS ? everyLook : screenshot;

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name });
const dialog = (page: Page) => page.getByRole('dialog');

describeInBrowser('accounts', (browser) => {
  let ground: ServedGround;
  beforeAll(async () => {
    ground = await openGround({
      anonymous: 'nothing',
      accounts: { viewer: 'readonly', robot: 'admin' },
      settings: { 'argocd-cm': { 'accounts.robot': 'apiKey' } },
    });
  });
  afterAll(() => ground.close());

  it('are listed, and their tokens are made, shown once, and taken back', async () => {
    const page = await browser.open(`${ground.url}/accounts`, { session: await ground.login() });
    await page.getByRole('link', { name: 'robot' }).waitFor();
    await checkAccessibility(page);
    await look(page, 'accounts');
    await page.getByRole('link', { name: 'robot' }).click();
    await page.getByText('There is none.').waitFor();
    await button(page, 'New token').click();
    const sheet = dialog(page);
    await sheet.getByLabel('Name (optional)').fill('ci');
    await look(page, 'account-token');
    await button(page, 'Make').click();
    await sheet.getByText('Copy it now: it is not shown again.').waitFor();
    await checkAccessibility(page);
    await look(page, 'account-token-made');
    const token = (await sheet.locator('code').first().textContent()) ?? '';
    const who = await fetch(`${ground.url}/api/v1/session/userinfo`, { headers: { authorization: `Bearer ${token}` } });
    expect(await who.json()).toMatchObject({ loggedIn: true, username: 'robot' });
    await button(page, 'Done').click();
    await page.getByRole('cell', { name: 'ci', exact: true }).waitFor();
    await checkAccessibility(page);
    await everyLook(page, 'account');
    await button(page, 'Take back').click();
    await sheet.getByRole('textbox').fill('ci');
    await sheet.getByRole('button', { name: 'Take back' }).click();
    await page.getByText('There is none.').waitFor();
  });

  it('change their own password', async () => {
    const page = await browser.open(`${ground.url}/accounts/viewer`, { session: await ground.login('viewer') });
    await button(page, 'Change password').click();
    const sheet = dialog(page);
    await sheet.getByLabel('Your password now').fill(PASSWORD);
    await sheet.getByLabel('New password').fill('short');
    await sheet.getByLabel('The new one once more').fill('short');
    await button(page, 'Change').last().click();
    await sheet.getByLabel('New password').and(sheet.locator('[aria-invalid]')).waitFor();
    await checkAccessibility(page);
    await look(page, 'account-password');
    await sheet.getByLabel('New password').fill('another battery staple');
    await sheet.getByLabel('The new one once more').fill('another battery staple');
    await button(page, 'Change').last().click();
    await page.getByText('The password is changed.', { exact: false }).waitFor();
    expect(await ground.login('viewer', 'another battery staple')).toContain('.');
  });

  it('are told what they may do', async () => {
    const page = await browser.open(`${ground.url}/accounts?tab=rights`, {
      session: await ground.login('viewer', 'another battery staple'),
    });
    await page.getByRole('rowheader', { name: 'Applications', exact: true }).waitFor();
    await page.getByLabel('Object').fill('default/shop');
    await button(page, 'Ask').click();
    await page.getByText('No, you may not sync applications default/shop.').waitFor();
    await checkAccessibility(page);
    await everyLook(page, 'accounts-rights');
  });
});
