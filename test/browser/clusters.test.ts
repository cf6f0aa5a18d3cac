// Clusters as people add them: from a kubeconfig that is read in the page, tried, changed and deleted by clicking.

import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Listening, listen } from '../../src/node/listen.ts';
import { checkAccessibility } from '../support/accessibility.ts';
import { describeInBrowser } from '../support/browser.ts';
import { everyLook, screenshot } from '../support/looks.ts';
import { openGround, type ServedGround } from '../support/served.ts';

/** All six where somebody looks at them: HAWSER_LOOKS=1. */
const look = process.env.HAWSER_LOOKS ? everyLook : screenshot;

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name });
const dialog = (page: Page) => page.getByRole('dialog');

describeInBrowser('clusters', (browser) => {
  let ground: ServedGround;
  let other: Listening;
  beforeAll(async () => {
    ground = await openGround();
    other = await listen(
      async (request) => {
        if (request.headers.get('authorization') !== 'Bearer cluster-token') {
          return Response.json(
            { kind: 'Status', reason: 'Unauthorized', message: 'Unauthorized', code: 401 },
            { status: 401 },
          );
        }
        return Response.json({ major: '1', minor: '36', gitVersion: 'v1.36.2', gitCommit: 'c' });
      },
      { host: '127.0.0.1', port: 0 },
    );
  });
  afterAll(async () => {
    await ground.close();
    await other.close();
  });

  const kubeconfig = (token: string) =>
    JSON.stringify({
      'current-context': 'east',
      contexts: [
        { name: 'west', context: { cluster: 'files', user: 'east' } },
        { name: 'east', context: { cluster: 'east', user: 'east' } },
      ],
      clusters: [
        { name: 'east', cluster: { server: other.url } },
        { name: 'files', cluster: { server: other.url, 'certificate-authority': '/etc/ca.pem' } },
      ],
      users: [{ name: 'east', user: { token } }],
    });

  it('are added from a kubeconfig of which nothing but the cluster is sent, changed, read anew, and deleted', async () => {
    const page = await browser.open(`${ground.url}/clusters`);
    await page.getByRole('link', { name: 'in-cluster' }).waitFor();
    await page.getByText('Connected', { exact: true }).waitFor();
    await checkAccessibility(page);
    await look(page, 'clusters');
    await button(page, 'Add cluster').click();
    const sheet = dialog(page);
    await look(page, 'clusters-add-empty');
    await sheet.getByRole('textbox', { name: 'Kubeconfig' }).fill('a: [');
    await sheet.getByText('This is no YAML', { exact: false }).waitFor();
    await sheet.getByRole('textbox', { name: 'Kubeconfig' }).fill(kubeconfig('wrong'));
    await sheet.getByRole('radio', { name: /^west/ }).check();
    await sheet.getByText('This context names files on your machine', { exact: false }).waitFor();
    await sheet.getByRole('radio', { name: /^east/ }).check();
    await sheet.getByText('This address means the machine that hawser runs on', { exact: false }).waitFor();
    browser.expectProblem(page, /answered 400/);
    await sheet.getByRole('button', { name: 'Add' }).click();
    await sheet.getByText('The server wants other credentials', { exact: false }).waitFor();
    await checkAccessibility(page);
    await look(page, 'clusters-add');
    await sheet.getByRole('textbox', { name: 'Kubeconfig' }).fill(kubeconfig('cluster-token'));
    const sent = page.waitForRequest((request) => request.method() === 'POST' && request.url().endsWith('/clusters'));
    await sheet.getByRole('button', { name: 'Add' }).click();
    expect((await sent).postData()).not.toContain('/etc/ca.pem');
    await page.getByRole('heading', { name: 'east', level: 1 }).waitFor();
    await page.getByText('v1.36.2').waitFor();

    await button(page, 'Edit').click();
    await sheet.getByLabel('Name', { exact: true }).fill('east-1');
    await sheet.getByLabel('Labels (optional)').fill('region=east\ntier=prod');
    await look(page, 'cluster-edit');
    await button(page, 'Save').click();
    await page.getByText('region=east').waitFor();
    await page.getByText('Connected', { exact: true }).waitFor();
    await checkAccessibility(page);
    await everyLook(page, 'cluster');
    await button(page, 'Delete').click();
    await sheet.getByRole('textbox').fill('east-1');
    await sheet.getByRole('button', { name: 'Delete' }).click();
    await page.getByText('east-1 is deleted.').waitFor();
    await page.getByRole('link', { name: 'in-cluster' }).click();
    await button(page, 'Read the kinds anew').click();
    await page.getByText(/kinds are read anew/).waitFor();
    expect(await button(page, 'Delete').getAttribute('aria-disabled')).toBe('true');
  });
});
