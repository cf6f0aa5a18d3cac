// Every address of the UI, in both languages, light and dark: it shows something, nothing goes wrong on it, and axe finds nothing.
// HAWSER_LOOKS=1 takes screenshots of all, in three widths, for people to judge.

import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { checkAccessibility } from '../support/accessibility.ts';
import { describeInBrowser } from '../support/browser.ts';
import { everyLook, screenshot } from '../support/looks.ts';
import { openDemo, type ServedDemo } from '../support/served.ts';

const APPLICATION = '/applications/argocd/dev-nginx';
const WAITING = '/applications/argocd/prd-web';
const CLUSTER = encodeURIComponent('https://kubernetes.default.svc');
const DEPLOYMENT = 'resource=apps/Deployment/dev-nginx/dev-nginx';

/** By the name of its screenshot; what only the demo knows is made of it. */
const ADDRESSES: Readonly<Record<string, string | ((demo: ServedDemo) => Promise<string>)>> = {
  applications: '/applications',
  'applications-table': '/applications?view=table',
  'applications-none-match': '/applications?search=no-such-name',
  'new-application': '/applications?new=1',
  'bulk-sync': '/applications?bulk=sync&selected=argocd/prd-web,argocd/prd-nginx',
  application: APPLICATION,
  'application-list': `${APPLICATION}?view=list`,
  'application-waiting': WAITING,
  resource: `${APPLICATION}/resource?${DEPLOYMENT}`,
  logs: `${APPLICATION}/logs?${DEPLOYMENT}`,
  diff: `${WAITING}/diff`,
  sync: `${WAITING}/sync`,
  operation: `${APPLICATION}/operation`,
  history: `${APPLICATION}/history`,
  rollback: `${APPLICATION}/sync?rollback=0`,
  events: `${APPLICATION}/events`,
  parameters: `${APPLICATION}/parameters`,
  manifest: `${APPLICATION}/manifest`,
  delete: `${APPLICATION}/delete`,
  try: `${APPLICATION}/try`,
  deliveries: '/deliveries',
  drift: '/deliveries?tab=drift',
  delivery: async ({ hawser }) => `/deliveries/${(await hawser.deliveries.list(1))[0]?.push.key}`,
  projects: '/projects',
  project: '/projects/default',
  windows: '/projects/default/windows',
  window: '/projects/default/windows?window=0',
  repositories: '/repositories',
  repository: async ({ cloneUrl }) => `/repositories/${encodeURIComponent(cloneUrl)}`,
  'connect-repository': '/repositories?sheet=connect',
  clusters: '/clusters',
  cluster: `/clusters/${CLUSTER}`,
  accounts: '/accounts',
  account: '/accounts/admin',
  settings: '/settings',
};

const NOTHING_LOADS = `
  document.querySelector('#app:empty') === null &&
  ![...document.querySelectorAll('[role=status]')].some((one) => /^(Loading|불러오는 중)/.test(one.textContent))
`;

/** As somebody's who opens hawser for the first time, in English and light. */
async function beNew(page: Page): Promise<void> {
  await page.evaluate('localStorage.clear(), sessionStorage.clear()');
  await page.context().clearCookies({ name: 'hawser.language' });
  await page.emulateMedia({ colorScheme: 'light' });
}

/** Until nothing is on its way any more. */
async function untilShown(page: Page): Promise<void> {
  await page.getByRole('heading').first().waitFor({ state: 'attached' });
  // By the debugger each time: what a page would call again and again is text, which its policy forbids.
  await expect.poll(() => page.evaluate<boolean>(NOTHING_LOADS)).toBe(true);
}

describeInBrowser('a view', (browser) => {
  let demo: ServedDemo;
  let page: Page;
  beforeAll(async () => {
    demo = await openDemo();
    const labels = { 'argocd.argoproj.io/secret-type': 'repository' };
    await demo.client.create({
      ...{ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'ops-deploy', namespace: demo.namespace, labels } },
      stringData: { url: demo.cloneUrl, name: 'ops-deploy', type: 'git' },
    });
    const project = {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'AppProject',
      namespace: demo.namespace,
      name: 'default',
    };
    const window = {
      kind: 'allow',
      schedule: '0 6 * * 1-5',
      duration: '4h',
      timeZone: 'Asia/Seoul',
      applications: ['prd-*'],
    };
    await demo.client.patch(project, { spec: { syncWindows: [window] } }, { type: 'merge' });
    const drifting = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'dev-web', name: 'dev-web' };
    await demo.client.patch(drifting, { spec: { replicas: 5 } }, { type: 'merge', fieldManager: 'kubectl-edit' });
    await demo.edit('nginx-chart/values-dev.yaml', 'image.tag=1.26.2');
    page = await browser.open(demo.url, { session: await demo.login(), isKept: true });
  });
  afterAll(() => demo.close());

  it.each(Object.entries(ADDRESSES))('shows itself without a problem, to everybody: %s', async (name, address) => {
    const url = `${demo.url}${typeof address === 'string' ? address : await address(demo)}`;
    await beNew(page);
    await page.goto(url);
    await untilShown(page);
    await checkAccessibility(page);
    await look(page, name);
    // In Korean and dark at once: what axe looks at is words or colours.
    await page.context().addCookies([{ name: 'hawser.language', value: 'ko', url: demo.url }]);
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.reload();
    await untilShown(page);
    await checkAccessibility(page);
    await look(page, `${name}-ko`);
  });
});

function look(page: Page, name: string): Promise<unknown> {
  return process.env.HAWSER_LOOKS ? everyLook(page, name) : screenshot(page, name);
}
