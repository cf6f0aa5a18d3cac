// Deliveries in a browser: a push that arrives while one looks, what it meant, replay, what was refused, what is held, and drift.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { checkAccessibility } from '../support/accessibility.ts';
import { describeInBrowser } from '../support/browser.ts';
import { everyLook } from '../support/looks.ts';
import { openDemo, type ServedDemo } from '../support/served.ts';

describeInBrowser('deliveries', (browser) => {
  let demo: ServedDemo;
  beforeAll(async () => {
    demo = await openDemo();
  });
  afterAll(() => demo.close());

  const rows = 'ol > li';

  it('teach how a webhook is set up while there are none, then show a push as it comes', async () => {
    const page = await browser.open(`${demo.url}/deliveries`, { session: await demo.login() });
    await page.getByRole('heading', { name: 'No push has come yet' }).waitFor();
    await page.getByText(`${demo.url}/api/webhook`).waitFor();
    await page.locator('label').filter({ hasText: 'GitLab' }).click();
    await page.getByText('webhook.gitlab.secret').first().waitFor();
    await checkAccessibility(page);
    await demo.edit('nginx-chart/values-dev.yaml', 'image.tag=1.26.2');
    const row = page.locator(rows).filter({ hasText: 'devops/ops-deploy' });
    await row.getByText('Set image.tag=1.26.2').waitFor();
    await row.getByText('Synced').waitFor();
    await row.getByText('Waits for SYNC').waitFor();
    await checkAccessibility(page);
  });

  it('say of one push where it came from, what it meant and what became of it, and are worked on again', async () => {
    const page = await browser.open(`${demo.url}/deliveries`, { session: await demo.login() });
    await page.getByRole('link', { name: 'devops/ops-deploy' }).first().click();
    await page.getByRole('heading', { name: 'What it meant' }).waitFor();
    await page.getByText('with the secret of the server’s webhooks').waitFor();
    await page.getByText('Succeeded').first().waitFor();
    await page.getByRole('link', { name: 'Look at the plan' }).first().waitFor();
    await checkAccessibility(page);
    await everyLook(page, 'delivery');
    const before = page.url();
    await page.getByRole('button', { name: 'Replay' }).click();
    await page.getByText('The push is worked on again.').waitFor();
    await expect.poll(() => page.url()).toMatch(/-replay-[0-9a-f]{8}$/);
    await page.getByText('Deployed already').first().waitFor();
    await page.goBack();
    await expect.poll(() => page.url()).toBe(before);
  });

  it('are filtered by the address, which one comes back to', async () => {
    const page = await browser.open(`${demo.url}/deliveries?verdict=error`, { session: await demo.login() });
    await page.getByRole('heading', { name: 'No push of that kind' }).waitFor();
    await page.getByRole('button', { name: 'Clear the filters' }).click();
    await page.locator(rows).first().waitFor();
    await page.getByLabel('Branch or tag').fill('main');
    await expect.poll(() => page.url()).toContain('ref=main');
    await page.locator(rows).first().waitFor();
  });

  it('that were refused are told to those who can mend it, in Korean too', async () => {
    const headers = { 'x-gogs-event': 'push', 'x-gogs-signature': 'a'.repeat(64) };
    await fetch(`${demo.url}/api/webhook`, { method: 'POST', headers, body: '{"ref":"refs/heads/main"}' });
    const page = await browser.open(`${demo.url}/deliveries`, { session: await demo.login(), locale: 'ko-KR' });
    await page.getByText('거부됨').click();
    await page.getByText('the signature does not match').waitFor();
    await checkAccessibility(page);
  });

  it('that are held back stand at the top with when the window opens, and go on when they are approved', async () => {
    const project = {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'AppProject',
      namespace: demo.namespace,
      name: 'default',
    };
    // Open for a minute in the night of 29 February: closed now.
    const window = {
      ...{ kind: 'allow', schedule: '0 3 29 2 *', duration: '1m', timeZone: 'Asia/Seoul', applications: ['*'] },
      ...{ manualSync: true, description: 'leap night' },
    };
    await demo.client.patch(project, { spec: { syncWindows: [window] } }, { type: 'merge' });
    await demo.edit('nginx-chart/values-dev.yaml', 'replicaCount=3');
    const page = await browser.open(`${demo.url}/deliveries`, {
      session: await demo.login(),
      timezone: 'Europe/Berlin',
    });
    const held = page.getByRole('region', { name: /waits? for a sync window/ });
    await held.getByRole('link', { name: 'dev-nginx' }).waitFor();
    await held.getByText('Asia/Seoul').waitFor();
    await held.getByText('1 push, 1 commit').waitFor();
    await held.getByText('for you').waitFor();
    await checkAccessibility(page);
    await everyLook(page, 'deliveries-held');
    await held.getByRole('button', { name: 'Approve now' }).click();
    await page.getByText('The sync of dev-nginx goes on.').waitFor();
    await held.waitFor({ state: 'detached' });
    await demo.client.patch(project, { spec: { syncWindows: [] } }, { type: 'merge' });
  });

  it('have drift beside them: who changed what, and whether it is as Git says again', async () => {
    const page = await browser.open(`${demo.url}/deliveries?tab=drift`, { session: await demo.login() });
    await page.getByRole('heading', { name: 'Nobody has changed anything beside Git' }).waitFor();
    const deployment = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'dev-nginx', name: 'dev-nginx' };
    await demo.client.patch(deployment, { spec: { replicas: 7 } }, { type: 'merge', fieldManager: 'kubectl-edit' });
    const row = page.locator(rows).filter({ hasText: 'dev-nginx' });
    await row.getByText('/spec/replicas').waitFor();
    await row.getByText('kubectl-edit').waitFor();
    await row.getByText('As Git says again').waitFor();
    await checkAccessibility(page);
    await everyLook(page, 'drift');
  });
});
