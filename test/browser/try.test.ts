// Trying a change by clicking: the difference as one types, what of it touches the cluster, the patch, and the commit.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { checkAccessibility } from '../support/accessibility.ts';
import { describeInBrowser } from '../support/browser.ts';
import { everyLook, screenshot } from '../support/looks.ts';
import { openGround, type ServedGround } from '../support/served.ts';

type Page = Awaited<ReturnType<Parameters<Parameters<typeof describeInBrowser>[1]>[0]['open']>>;

const CHART = {
  'charts/web/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.0.0\n',
  'charts/web/values.yaml': 'replicas: 1\nimage: nginx:1.29\n',
  'charts/web/values-dev.yaml': '# What dev has of its own.\nreplicas: 2\nindex: |\n  Hello from dev\n',
  'charts/web/templates/deployment.yaml': `apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}
  labels: {app: web}
spec:
  replicas: {{ required "replicas are needed" .Values.replicas }}
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: web
          image: {{ .Values.image }}
`,
  'charts/web/templates/configmap.yaml':
    'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}-html\ndata:\n  index.html: |\n{{ .Values.index | default "" | indent 4 }}\n',
  'charts/web/templates/secret.yaml':
    'apiVersion: v1\nkind: Secret\nmetadata:\n  name: {{ .Release.Name }}-key\nstringData:\n  key: {{ .Values.key | default "hidden-in-git" }}\n',
};

describeInBrowser('a change that is tried', (browser) => {
  let ground: ServedGround;
  const address = () => `${ground.url}/applications/${ground.namespace}/dev-web/try`;
  const head = (branch = 'main') => ground.git.get('devops/app')?.refs.get(`refs/heads/${branch}`);

  beforeAll(async () => {
    ground = await openGround({ accounts: { viewer: 'readonly' }, anonymous: 'readonly' });
    const repository = await ground.createRepository('devops/app', CHART);
    const source = { repoURL: `${ground.gitUrl}/devops/app`, path: 'charts/web', targetRevision: 'main' };
    await ground.client.create({
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Application',
      metadata: { name: 'dev-web', namespace: ground.namespace },
      spec: {
        project: 'default',
        destination: { server: 'https://kubernetes.default.svc', namespace: 'default' },
        source: { ...source, helm: { valueFiles: ['values-dev.yaml'] } },
        syncPolicy: { automated: {} },
      },
    });
    await ground.push(repository, { 'charts/web/NOTES.md': 'x\n' });
  });
  afterAll(() => ground.close());

  const open = async (path = address(), options: Parameters<typeof browser.open>[1] = {}) =>
    browser.open(path, { session: await ground.login(), ...options });

  /** Types at the end of a line of the editor that shows this text. */
  const typeAfter = async (page: Page, line: string, text: string) => {
    await page.locator('.cm-line', { hasText: line }).first().click();
    await page.keyboard.press('End');
    await page.keyboard.insertText(text);
  };

  it('shows what differs as one types, and what of it the cluster would see', async () => {
    const page = await open();
    await page.getByText('Nothing is changed yet').waitFor();
    await page.getByText('3 objects').waitFor();
    await typeAfter(page, 'replicas: 2', '0');
    await page.getByText('1 of 3 differ').waitFor();
    const outcome = page.getByRole('region', { name: 'What it becomes' }).last();
    await expect.poll(() => outcome.innerText()).toMatch(/Deployment[\s\S]*replicas: 2\n[\s\S]*replicas: 20/);
    await page.getByText('1 changed', { exact: true }).waitFor();
    await checkAccessibility(page);
    await everyLook(page, 'try');
  });

  it('keeps file and draft over a reload, and warns before it is lost', async () => {
    const page = await open(`${address()}?file=0:charts/web/values.yaml`);
    await page.locator('.cm-line', { hasText: 'image: nginx:1.29' }).waitFor();
    await typeAfter(page, 'image: nginx:1.29', '.1');
    await page.getByText('1 of 3 differ').waitFor();
    let asked = '';
    page.on('dialog', (dialog) => {
      asked = dialog.type();
      void dialog.accept();
    });
    await page.reload();
    expect(asked).toBe('beforeunload');
    await page.locator('.cm-line', { hasText: 'image: nginx:1.29.1' }).waitFor();
    await page.getByText('1 of 3 differ').waitFor();
    await page.getByRole('button', { name: 'Undo in this file' }).click();
    await page.getByText('Nothing is changed yet').waitFor();
  });

  it('tells where a template fails, and that a change has no effect', async () => {
    const page = await open(`${address()}?file=0:charts/web/templates/deployment.yaml`);
    await typeAfter(page, 'kind: Deployment', '\n{{ fail "not like this" }}');
    await page.getByText('With this change it cannot be rendered').waitFor();
    await expect.poll(() => page.locator('main').innerText()).toContain('not like this');
    await screenshot(page, 'try-broken');
    await page.getByRole('button', { name: 'Discard all' }).click();
    await page.getByText('Nothing is changed yet').waitFor();
    await page.getByRole('combobox', { name: 'File' }).selectOption('0:charts/web/values-dev.yaml');
    await typeAfter(page, '# What dev has', ' Nothing else.');
    await page.getByText('The change makes no difference').waitFor();
  });

  it('shows of a Secret only that it changes', async () => {
    const page = await open();
    await typeAfter(page, 'replicas: 2', '\nkey: s3cr3t-in-the-draft');
    await page.getByText('1 of 3 differ').waitFor();
    const outcome = await page.getByRole('region', { name: 'What it becomes' }).last().innerText();
    expect(outcome).toContain('Secret');
    expect(outcome).not.toMatch(/s3cr3t|czNjcjN0/);
  });

  it('is copied as a patch', async () => {
    const page = await open();
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await typeAfter(page, 'replicas: 2', '5');
    await page.getByText('1 of 3 differ').waitFor();
    await page.getByRole('button', { name: 'Copy as patch' }).click();
    await page.getByText('Copied. Apply it with: git apply').waitFor();
    expect(await page.evaluate<string>('navigator.clipboard.readText()')).toContain(
      'diff --git a/charts/web/values-dev.yaml b/charts/web/values-dev.yaml\n--- a/charts/web/values-dev.yaml\n',
    );
    const downloading = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download patch' }).click();
    expect((await downloading).suggestedFilename()).toBe('dev-web.patch');
  });

  it('is not committed without credentials for writing, and says so', async () => {
    const page = await open();
    await typeAfter(page, 'replicas: 2', '6');
    await page.getByRole('button', { name: 'Commit…' }).click();
    await page.getByText(/hawser has no credentials for writing to this repository/).waitFor();
    await checkAccessibility(page);
  });

  it('is committed to a new branch, and to the branch that is deployed', async () => {
    await ground.client.create({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: {
        name: 'writer',
        namespace: ground.namespace,
        labels: { 'argocd.argoproj.io/secret-type': 'repo-write-creds' },
      },
      data: { url: btoa(ground.gitUrl), username: btoa('devops'), password: btoa('git-password') },
    });
    const before = head();
    const page = await open();
    await typeAfter(page, 'replicas: 2', '7');
    await page.getByText('1 of 3 differ').waitFor();
    await page.getByRole('button', { name: 'Commit…' }).click();
    await page.getByLabel('Name of the branch').fill('try/replicas');
    await everyLook(page, 'try-commit');
    await page.getByRole('button', { name: 'Commit and push' }).click();
    await page.getByText(/^Committed [0-9a-f]{7} to try\/replicas\.$/).waitFor();
    await page.getByText('Nothing is changed yet').waitFor();
    expect(head()).toBe(before);
    expect(head('try/replicas')).toMatch(/^[0-9a-f]{40}$/);

    await typeAfter(page, 'replicas: 2', '8');
    await page.getByText('1 of 3 differ').waitFor();
    await page.getByRole('button', { name: 'Commit…' }).click();
    await page.locator('label', { hasText: 'To main' }).click();
    await page.getByRole('button', { name: 'Commit and push' }).click();
    await page.getByText(/^Committed [0-9a-f]{7} to main\.$/).waitFor();
    await page.locator('.cm-line', { hasText: 'replicas: 28' }).waitFor();
    await page.getByText('Nothing is changed yet').waitFor();
    expect(head()).not.toBe(before);
  });

  it('tells when Git has moved on, and when what one edits is among it', async () => {
    const page = await open();
    await typeAfter(page, 'replicas: 2', '9');
    await page.getByText('1 of 3 differ').waitFor();
    const repository = ground.git.get('devops/app');
    if (!repository) throw new Error('no repository');
    const ofOthers = '# Of somebody else.\nreplicas: 3\nindex: |\n  Hello from dev\n';
    await ground.push(repository, { 'charts/web/values-dev.yaml': ofOthers });
    await page.getByText(/^Git has moved on to [0-9a-f]{7} since this was loaded\.$/).waitFor();
    await page.getByRole('button', { name: 'Load again' }).click();
    await page.getByText(/^Somebody has changed charts\/web\/values-dev\.yaml in Git since you began\./).waitFor();
    await screenshot(page, 'try-overtaken');
    await page.getByRole('button', { name: 'Take what Git has' }).click();
    await page.locator('.cm-line', { hasText: '# Of somebody else.' }).waitFor();
    await page.getByText('Nothing is changed yet').waitFor();
  });

  it('is not for those who may only look', async () => {
    const page = await browser.open(address(), { session: await ground.login('viewer') });
    browser.expectProblem(page, /403/);
    await page.getByText('You may not change what this Application takes from Git.').waitFor();
    await checkAccessibility(page);
    await screenshot(page, 'try-forbidden');
  });

  it('speaks Korean', async () => {
    const page = await open(address(), { locale: 'ko-KR' });
    await page.getByText('아직 바뀐 것이 없습니다').waitFor();
    await screenshot(page, 'try-ko');
  });
});
