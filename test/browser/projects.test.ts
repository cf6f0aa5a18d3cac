// Projects in a browser: made, changed and deleted, their sync windows on the week's calendar in two time zones, their roles and tokens.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { at } from '../../src/base/json.ts';
import { checkAccessibility } from '../support/accessibility.ts';
import { describeInBrowser } from '../support/browser.ts';
import { everyLook } from '../support/looks.ts';
import { openGround, type ServedGround } from '../support/served.ts';

describeInBrowser('projects', (browser) => {
  let ground: ServedGround;
  beforeAll(async () => {
    ground = await openGround();
    const repository = await ground.createRepository('devops/app', { 'm/a.yaml': '' });
    await ground.createApplication({ name: 'shop-web', repository, path: 'm', destinationNamespace: 'shop' });
    await ground.client.create({
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'AppProject',
      metadata: { name: 'shop', namespace: ground.namespace },
      spec: { sourceRepos: ['*'], destinations: [{ server: '*', namespace: 'shop' }] },
    });
  });
  afterAll(() => ground.close());

  const project = (name: string) => ({
    ...{ apiVersion: 'argoproj.io/v1alpha1', kind: 'AppProject', namespace: ground.namespace, name },
  });
  const specOf = async (name: string) => (await ground.client.get(project(name)))?.spec;

  it('are made by a form', async () => {
    const page = await browser.open(`${ground.url}/projects`);
    await page.getByRole('link', { name: 'New project' }).click();
    await page.getByLabel('Name', { exact: true }).fill('till');
    await page.getByLabel('Description').fill('The shop');
    await page.getByLabel('Source repositories').fill('https://git.example.com/shop/*');
    await page.getByLabel('Namespace', { exact: true }).fill('shop-*');
    await page.getByLabel('Cluster-scoped kinds that are allowed').fill('Namespace');
    await page.getByText('Namespace: write it as group/Kind').first().waitFor();
    await page.getByLabel('Cluster-scoped kinds that are allowed').fill('/Namespace');
    await checkAccessibility(page);
    await page.getByRole('button', { name: 'Create the project' }).click();
    await page.getByRole('heading', { name: 'till', level: 1 }).waitFor();
    await page.getByText('https://git.example.com/shop/*').waitFor();
    expect(await specOf('till')).toEqual({
      description: 'The shop',
      sourceRepos: ['https://git.example.com/shop/*'],
      destinations: [{ server: '*', namespace: 'shop-*' }],
      clusterResourceWhitelist: [{ group: '', kind: 'Namespace' }],
    });
  });

  it('have sync windows, which are drawn on a week in their own time and the reader’s', async () => {
    const page = await browser.open(`${ground.url}/projects/default/windows`, { timezone: 'America/New_York' });
    await page.getByRole('link', { name: 'New window' }).click();
    await page.getByLabel('Description').fill('night');
    await page.getByLabel('Schedule').fill('0 22 * * 1-6');
    await page.getByText('Monday to Saturday at 22:00').waitFor();
    await page.getByLabel('Duration').fill('eight hours');
    await page.getByText('A length of time as 8h or 1h30m').first().waitFor();
    await page.getByLabel('Duration').fill('8h');
    await page.getByLabel('Time zone').fill('Asia/Seoul');
    // The week as it will be, before anything is saved.
    await page
      .getByRole('img', { name: /^Allow: Mon 22:00 – Tue 06:00, night$/ })
      .first()
      .waitFor();
    await checkAccessibility(page);
    await page.getByRole('button', { name: 'Add the window' }).click();
    await page.getByText('The window is saved.').waitFor();
    expect(await specOf('default')).toMatchObject({
      syncWindows: [
        {
          ...{ kind: 'allow', schedule: '0 22 * * 1-6', duration: '8h', timeZone: 'Asia/Seoul' },
          ...{ applications: ['*'], description: 'night' },
        },
      ],
    });
    const calendar = page.getByRole('region', { name: 'Sync windows of the week' });
    await calendar.getByRole('link', { name: 'Allow: Mon 22:00 – Tue 06:00, night' }).first().waitFor();
    await calendar.getByText('New York').waitFor();
    await page.getByText('1 Application').waitFor();
    await page.getByLabel('Shown in').selectOption('America/New_York');
    await expect.poll(() => page.url()).toContain('zone=America/New_York');
    await calendar.getByText('Seoul').waitFor();
    await calendar
      .getByRole('link', { name: /^Allow: Mon 0[89]:00 – Mon 1[67]:00, night$/ })
      .first()
      .waitFor();
    await checkAccessibility(page);
    await everyLook(page, 'project-windows');
  });

  it('show in a week in which the clocks change that they do', async () => {
    const address = `${ground.url}/projects/default/windows?zone=America/New_York&week=2026-03-08`;
    const page = await browser.open(address, { timezone: 'Asia/Seoul' });
    await page.getByText('23 h').waitFor();
    await page.getByText('In this week the difference to Asia/Seoul changes.').waitFor();
    await page.getByRole('link', { name: 'The next week' }).click();
    await expect.poll(() => page.url()).toContain('week=2026-03-09');
    await page.goBack();
    await page.getByText('23 h').waitFor();
  });

  it('lose a window only after a second word', async () => {
    const page = await browser.open(`${ground.url}/projects/default/windows?window=0`);
    await page.getByRole('button', { name: 'Delete the window' }).click();
    expect(at(await specOf('default'), 'syncWindows')).toHaveLength(1);
    await page.getByRole('button', { name: 'Delete it for good?' }).click();
    await page.getByRole('heading', { name: 'No sync window' }).waitFor();
    expect(at(await specOf('default'), 'syncWindows') ?? []).toEqual([]);
  });

  it('have roles, whose tokens are shown once and revoked', async () => {
    const page = await browser.open(`${ground.url}/projects/shop/roles`);
    await page.getByRole('link', { name: 'New role' }).click();
    await page.getByLabel('Name', { exact: true }).fill('ci');
    await page.getByRole('button', { name: 'May sync' }).click();
    await page.getByLabel('Groups').fill('platform:deployers');
    await page.getByRole('button', { name: 'Save the role' }).click();
    await page.getByText('applications sync shop/*').waitFor();
    expect(at(await specOf('shop'), 'roles')).toEqual([
      {
        name: 'ci',
        policies: [
          'p, proj:shop:ci, applications, get, shop/*, allow',
          'p, proj:shop:ci, applications, sync, shop/*, allow',
        ],
        groups: ['platform:deployers'],
      },
    ]);
    await page.getByRole('link', { name: 'Make a token' }).click();
    await page.getByLabel('Name of the token').fill('jenkins');
    await page.getByRole('button', { name: 'Make a token' }).click();
    await page.getByText('it is not shown again').waitFor();
    const token = (await page.locator('dialog code').first().textContent()) ?? '';
    expect(token.split('.')).toHaveLength(3);
    await page.getByRole('button', { name: 'Close' }).last().click();
    await page.getByText('jenkins').waitFor();
    expect(await page.content()).not.toContain(token);
    await checkAccessibility(page);
    const status = async () =>
      (await fetch(`${ground.url}/api/v1/projects/shop`, { headers: { authorization: `Bearer ${token}` } })).status;
    expect(await status()).not.toBe(401);
    await page.getByRole('button', { name: 'Revoke', exact: true }).click();
    await page.getByRole('button', { name: 'Revoke it for good?' }).click();
    await page.getByText('No token').waitFor();
    expect(await status()).toBe(401);
  });

  it('are changed as YAML too, and deleted by their name', async () => {
    const page = await browser.open(`${ground.url}/projects/shop?edit=yaml`);
    await page.getByText('sourceRepos:').waitFor();
    await checkAccessibility(page);
    await page.getByRole('button', { name: 'Close' }).click();
    await page.getByRole('link', { name: 'Delete' }).click();
    await page.getByLabel('Type shop to confirm').fill('shop');
    await page.getByRole('button', { name: 'Delete the project' }).click();
    await page.getByText('The project shop is deleted.').waitFor();
    expect(await specOf('shop')).toBeUndefined();
  });
});
