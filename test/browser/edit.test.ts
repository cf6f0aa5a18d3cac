// Parameters, manifest and deletion by clicking: what would come of a change is seen before it is saved, and nobody is written over.

import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { checkAccessibility } from '../support/accessibility.ts';
import { describeInBrowser } from '../support/browser.ts';
import { NAMESPACE } from '../support/ground.ts';
import { everyLook, screenshot } from '../support/looks.ts';
import { openGround, type ServedGround } from '../support/served.ts';

const CHART = {
  'chart/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.0.0\n',
  'chart/values.yaml': 'image:\n  repository: nginx\n  tag: 1.29.1\nreplicas: 1\n',
  'chart/values-prod.yaml': 'replicas: 3\n',
  'chart/templates/deployment.yaml': `apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}
spec:
  replicas: {{ .Values.replicas }}
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"}]}
`,
  'asking/map.yaml':
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: dear, annotations: {argocd.argoproj.io/sync-options: Delete=confirm}}\n',
  'kustomize/kustomization.yaml': 'resources: [map.yaml, deployment.yaml]\n',
  'kustomize/map.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {a: "1"}\n',
  'kustomize/deployment.yaml': `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: "redis:7.4"}]}
`,
};

describeInBrowser('changing and deleting an Application', (browser) => {
  let ground: ServedGround;
  const refOf = (name: string) => ({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    ...{ namespace: NAMESPACE, name },
  });
  const specOf = async (name: string) => (await ground.client.get(refOf(name)))?.spec as Record<string, unknown>;

  beforeAll(async () => {
    ground = await openGround();
    const repository = await ground.createRepository('devops/web', CHART);
    const make = (name: string, path: string, more: object = {}) =>
      ground.createApplication({ name, repository, path, destinationNamespace: name, ...more });
    await make('chart', 'chart');
    await make('kust', 'kustomize');
    await make('asking', 'asking', { automated: {} });
    await make('gone', 'kustomize', { automated: {} });
  });
  afterAll(() => ground.close());

  const open = (path: string, options = {}) => browser.open(`${ground.url}/applications/argocd/${path}`, options);
  const sheet = (page: Page) => page.getByRole('dialog');

  it('sets another tag of a chart’s image, shows what comes of it, and saves it', async () => {
    const page = await open('chart/parameters');
    await page.getByLabel('nginx (image.tag)').fill('1.29.2');
    await page.getByRole('button', { name: 'What it would change' }).click();
    await page.getByText('What a sync would change then').waitFor();
    await page.getByText('image: nginx:1.29.2').waitFor();
    await checkAccessibility(page);
    await everyLook(page, 'parameters');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('Saved.').waitFor();
    expect((await specOf('chart')).source).toMatchObject({
      helm: { parameters: [{ name: 'image.tag', value: '1.29.2' }] },
    });
  });

  it('offers what the chart has: values files and values with what they are', async () => {
    const page = await open('chart/parameters');
    await page.getByRole('button', { name: 'values-prod.yaml' }).click();
    await page.getByText(/^Values of the chart/).click();
    await page.getByRole('button', { name: 'Set: replicas' }).click();
    const diff = sheet(page).getByRole('group', { name: 'What you changed' });
    await expect.poll(() => diff.locator('ins').allTextContents()).toContain('      - name: replicas');
    expect(await diff.locator('ins').allTextContents()).toContain('      - values-prod.yaml');
    await checkAccessibility(page);
    await page.getByRole('heading', { name: 'Parameters', exact: true }).scrollIntoViewIfNeeded();
    await screenshot(page, 'parameters-set');
  });

  it('sets another tag of a kustomization’s image', async () => {
    const page = await open('kust/parameters');
    await page.getByLabel('redis', { exact: true }).fill('8.0');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('Saved.').waitFor();
    expect((await specOf('kust')).source).toMatchObject({ kustomize: { images: ['redis:8.0'] } });
  });

  it('edits the manifest as YAML, with errors in place, and by switches', async () => {
    const page = await open('kust/manifest');
    const editor = sheet(page).getByRole('textbox', { name: 'kust.yaml' });
    await editor.click();
    await page.keyboard.press('Control+End');
    await page.keyboard.type('broken: [');
    await page.locator('.cm-lint-marker-error').first().waitFor();
    await page.getByText(/^Line 21: /).waitFor();
    expect(await editor.locator('.cm-line').last().textContent()).toBe('broken: [');
    await checkAccessibility(page);
    await everyLook(page, 'manifest');
    for (let index = 0; index < 'broken: ['.length; index++) await page.keyboard.press('Backspace');
    await expect.poll(() => page.locator('.cm-lint-marker-error').count()).toBe(0);
    await page.getByRole('link', { name: 'Sync policy' }).click();
    await page.getByRole('checkbox', { name: 'Automated sync' }).check();
    await page.getByRole('checkbox', { name: 'Prune', exact: true }).check();
    await page.getByLabel('How often a failed sync is tried again').fill('3');
    await checkAccessibility(page);
    await screenshot(page, 'manifest-policy');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('Saved.').waitFor();
    expect((await specOf('kust')).syncPolicy).toMatchObject({ automated: { prune: true }, retry: { limit: 3 } });
    await page.getByRole('link', { name: 'Desired manifests' }).click();
    await page.getByText(/Secrets are masked. 2 objects/).waitFor();
    await ground.hawser.idle();
  });

  it('follows what somebody else changes before anything is typed', async () => {
    const page = await open('chart/manifest');
    const editor = sheet(page).getByRole('textbox', { name: 'chart.yaml' });
    await editor.getByText('targetRevision: HEAD').waitFor();
    const later = { spec: { source: { targetRevision: 'main' } } };
    await ground.client.patch(refOf('chart'), later, { type: 'merge' });
    await editor.getByText('targetRevision: main').waitFor();
    expect(await page.getByRole('group', { name: 'What you changed' }).count()).toBe(0);
  });

  it('tells where somebody else has changed it meanwhile, and keeps what was typed', async () => {
    const page = await open('chart/manifest?tab=policy');
    await page.getByLabel('Entries of the history that are kept').fill('5');
    await ground.client.patch(refOf('chart'), { spec: { info: [{ name: 'owner', value: 'Kim' }] } }, { type: 'merge' });
    await page.getByRole('heading', { name: 'Somebody else has changed it meanwhile.' }).waitFor();
    expect(await page.getByLabel('Entries of the history that are kept').inputValue()).toBe('5');
    await checkAccessibility(page);
    await page.getByRole('button', { name: 'Begin anew from theirs' }).click();
    await page.getByLabel('Entries of the history that are kept').fill('6');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('Saved.').waitFor();
    expect(await specOf('chart')).toMatchObject({ revisionHistoryLimit: 6, info: [{ name: 'owner', value: 'Kim' }] });
  });

  it('deletes it in one of three ways once its name is typed, and goes back to the list when it is gone', async () => {
    const page = await open('gone/delete');
    await page.getByText('1 ConfigMap, 1 Deployment').waitFor();
    await checkAccessibility(page);
    await everyLook(page, 'delete');
    await page.getByRole('radio', { name: 'They stay' }).check({ force: true });
    await page.getByText('All of its 2 objects stay.').waitFor();
    await page.getByRole('radio', { name: 'Foreground' }).check({ force: true });
    await page.getByLabel('Type gone to confirm').fill('gone');
    await page.getByRole('button', { name: 'Delete the Application' }).click();
    await expect.poll(() => new URL(page.url()).pathname).toBe('/applications');
    const left = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'gone', name: 'settings' };
    expect(await ground.client.get(left)).toBeUndefined();
    expect(await ground.client.get(refOf('gone'))).toBeUndefined();
  });

  it('asks once more for what wants a person’s word, and goes on when it has it', async () => {
    const page = await open('asking/delete');
    await page.getByText('ConfigMap dear').waitFor();
    await page.getByLabel('Type asking to confirm').fill('asking');
    await page.getByRole('button', { name: 'Delete the Application' }).click();
    await page.getByRole('heading', { name: 'It waits for your word' }).waitFor();
    await checkAccessibility(page);
    await screenshot(page, 'delete-asking');
    await page.getByRole('button', { name: 'Confirm the deletion' }).click();
    await expect.poll(() => new URL(page.url()).pathname).toBe('/applications');
    expect(await ground.client.get(refOf('asking'))).toBeUndefined();
  });
});
