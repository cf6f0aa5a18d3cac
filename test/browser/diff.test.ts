// DIFF and HISTORY by clicking: what a sync would change, in every way it can be looked at, and what was deployed before.

import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { checkAccessibility } from '../support/accessibility.ts';
import { describeInBrowser } from '../support/browser.ts';
import { everyLook, screenshot } from '../support/looks.ts';
import { openGround, type ServedGround } from '../support/served.ts';

const deployment = (image: string, replicas: number, order: readonly string[]) =>
  JSON.stringify({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web' },
    spec: {
      replicas,
      selector: { matchLabels: { app: 'web' } },
      template: {
        metadata: { labels: { app: 'web' } },
        spec: {
          containers: order.map((name) => ({
            name,
            image: name === 'nginx' ? image : 'envoy:1.30',
            env: [{ name: 'A', value: '1' }],
            ports: [{ containerPort: name === 'nginx' ? 80 : 9901 }],
          })),
        },
      },
    },
  });
const configMap = (name: string, data: Readonly<Record<string, string>>) =>
  JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data });
const secret = (value: string) =>
  JSON.stringify({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'key' }, stringData: { password: value } });
const lines = (changed: string) =>
  Array.from({ length: 60 }, (_, index) => (index === 30 ? changed : `line ${index}`)).join('\n');

describeInBrowser('DIFF and HISTORY', (browser) => {
  let ground: ServedGround;

  const sync = async (body: object = {}) => {
    const response = await fetch(`${ground.url}/api/v1/applications/web/sync`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect(response.status).toBe(200);
    await ground.hawser.idle();
  };

  beforeAll(async () => {
    ground = await openGround();
    const repository = await ground.createRepository('devops/web', {
      'app/deployment.json': deployment('nginx:1.29.1', 2, ['nginx', 'envoy']),
      'app/config.json': configMap('config', { 'web.conf': `${lines('old')}\n` }),
      'app/old.json': configMap('old', { a: '1' }),
      'app/same.json': configMap('same', { a: '1' }),
      'app/secret.json': secret('old-password'),
    });
    await ground.createApplication({ name: 'web', repository, path: 'app', destinationNamespace: 'web' });
    await sync();
    await ground.push(repository, { 'app/same.json': configMap('same', { a: '2' }) }, 'Set a to 2\n');
    await sync();
    await ground.push(
      repository,
      {
        'app/deployment.json': deployment('nginx:1.29.2', 3, ['envoy', 'nginx']),
        'app/config.json': configMap('config', { 'web.conf': `${lines('new')}\n` }),
        'app/old.json': null,
        'app/new.json': configMap('new', { b: '2' }),
        'app/secret.json': secret('new-password'),
      },
      'Go to 1.29.2\n',
    );
  });
  afterAll(() => ground.close());

  const open = (part: string, options = {}) => browser.open(`${ground.url}/applications/argocd/web/${part}`, options);
  const object = (page: Page, name: string) => page.getByRole('region', { name, exact: true });

  it('shows what a sync would change, and folds what it would not', async () => {
    const page = await open('diff');
    const counts = page.getByRole('dialog').getByRole('status').first();
    await page.getByText('3 changed', { exact: true }).waitFor();
    expect(await counts.textContent()).toMatch(/1 created.*3 changed.*1 deleted.*1 as wanted/);
    const web = object(page, 'Deployment web/web');
    await web.waitFor();
    expect(await web.locator('del').allTextContents()).toEqual(['  replicas: 2', '        image: nginx:1.29.1']);
    expect(await web.locator('ins').allTextContents()).toEqual(['  replicas: 3', '        image: nginx:1.29.2']);
    expect(await web.locator('ins mark').allTextContents()).toEqual(['3', '2']);
    expect(await web.getByText('moved', { exact: true }).count()).toBe(1);
    const config = object(page, 'ConfigMap web/config');
    expect(await config.locator('ins').allTextContents()).toEqual(['    new']);
    await config
      .getByRole('button', { name: /unchanged lines/ })
      .first()
      .click();
    await config.getByText('line 3', { exact: false }).first().waitFor();
    await checkAccessibility(page);
    await everyLook(page, 'diff');
  });

  it('says of a Secret only that it changed', async () => {
    const page = await open('diff');
    const key = object(page, 'Secret web/key');
    await key.getByText('changed, not shown').waitFor();
    expect(await page.content()).not.toMatch(/old-password|new-password|b2xkLXBhc3N3b3Jk|bmV3LXBhc3N3b3Jk/);
  });

  it('shows it side by side, as the address says, and goes from change to change by keys', async () => {
    const page = await open('diff?diff=split&find=replicas');
    const web = object(page, 'Deployment web/web');
    await web.waitFor();
    expect(await page.getByRole('radio', { name: 'Side by side' }).isChecked()).toBe(true);
    expect(await page.getByRole('region', { name: /^ConfigMap/ }).count()).toBe(0);
    await page.getByRole('heading', { name: 'Difference of web' }).click();
    await page.keyboard.press('n');
    await expect.poll(() => page.evaluate<string>('document.activeElement.textContent')).toContain('replicas: 2');
    await page.keyboard.press('n');
    await expect.poll(() => page.evaluate<string>('document.activeElement.textContent')).toContain('envoy');
    await screenshot(page, 'diff-split');
  });

  it('gives it as a patch, and chosen objects to the sync', async () => {
    const page = await open('diff');
    await object(page, 'Deployment web/web').waitFor();
    await page.getByRole('button', { name: 'As text' }).click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: 'Download as a patch' }).click(),
    ]);
    const chunks: Buffer[] = [];
    for await (const chunk of await download.createReadStream()) chunks.push(Buffer.from(chunk));
    const patch = Buffer.concat(chunks).toString();
    expect(download.suggestedFilename()).toBe('web.patch');
    expect(patch).toContain('--- a/apps/Deployment/web/web.yaml');
    expect(patch).toContain('+  replicas: 3');
    expect(patch).toContain('# Secret/web/key: data.password changed');
    await page.getByRole('checkbox', { name: 'Choose Deployment web/web' }).check();
    await page.getByRole('link', { name: 'Sync 1 object' }).click();
    await expect.poll(() => page.url()).toContain('/sync?resources=apps/Deployment/web/web');
  });

  it('compares with another revision, as the address says', async () => {
    const { status } = await ground.hawser.getApplication('web');
    const page = await open('diff');
    await page.getByLabel('Another revision').fill(status.history?.[1]?.revision ?? '');
    await page.getByRole('button', { name: 'Compare', exact: true }).click();
    await page.getByText('Every object is as wanted.').waitFor();
    expect(page.url()).toContain(`revision=${status.history?.[1]?.revision}`);
    await page.getByRole('button', { name: 'Back to its own revision' }).click();
    await object(page, 'Deployment web/web').waitFor();
  });

  it('tells of each deployment, compares two of them, and leads to a rollback', async () => {
    const page = await open('history');
    const newest = page.getByRole('listitem', { name: 'Deployment 1' });
    await newest.getByText('Set a to 2').waitFor();
    await newest.getByText('Deployed now').waitFor();
    await checkAccessibility(page);
    await everyLook(page, 'history');
    await newest.getByRole('link', { name: /What it changed/ }).click();
    const same = object(page, 'ConfigMap /same');
    const found = page.getByRole('region', { name: /ConfigMap .*same/ });
    await found.waitFor();
    expect(await same.or(found).locator('ins').allTextContents()).toEqual(['  a: "2"']);
    await checkAccessibility(page);
    await page.getByRole('link', { name: 'Back to the history' }).click();
    await page
      .getByRole('listitem', { name: 'Deployment 0' })
      .getByRole('link', { name: /Roll back to this/ })
      .click();
    await expect.poll(() => page.url()).toContain('/sync?rollback=0');
  });

  it('speaks Korean', async () => {
    const page = await open('diff', { locale: 'ko-KR' });
    await page.getByRole('heading', { name: 'web 차이' }).waitFor();
    await page.getByText('변경 3개').waitFor();
  });
});
