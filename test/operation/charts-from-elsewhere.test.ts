// Applications whose charts, or the charts that these depend on, come from repositories and registries.

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Source } from '../../src/application/types.ts';
import { at } from '../../src/base/json.ts';
import { type Listening, listen } from '../../src/node/listen.ts';
import {
  type ChartServer,
  configMapChart,
  createChartRepository,
  createRegistry,
  packChart,
  SECRET,
} from '../support/chart-servers.ts';
import { createGround, type Ground, NAMESPACE } from '../support/ground.ts';
import { connectSandbox } from '../support/sandbox-transport.ts';

let ground: Ground;
let open: Listening[];
beforeEach(async () => {
  open = [];
  ground = await createGround(connectSandbox());
});
afterEach(async () => {
  for (const one of open) await one.close();
  await ground.close();
});

async function serve(server: ChartServer): Promise<string> {
  const listening = await listen(server.handle, { host: '127.0.0.1', port: 0 });
  open.push(listening);
  return listening.url;
}

async function registerRepository(name: string, data: Record<string, string>): Promise<void> {
  await ground.client.create({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace: NAMESPACE, labels: { 'argocd.argoproj.io/secret-type': 'repository' } },
    stringData: data,
  });
}

async function createApplication(source: Source | readonly Source[], automated = true): Promise<void> {
  await ground.client.create({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name: 'app', namespace: NAMESPACE },
    spec: {
      project: 'default',
      ...(Array.isArray(source) ? { sources: source } : { source }),
      destination: { server: 'https://kubernetes.default.svc', namespace: 'app' },
      syncPolicy: { ...(automated && { automated: { prune: true } }), syncOptions: ['CreateNamespace=true'] },
    },
  });
}

/** Refreshes and gives the ConfigMap's data; throws with the conditions where the Application is not Synced. */
async function deployed(name = 'web'): Promise<unknown> {
  await ground.refresh('app');
  const { status } = await ground.application('app');
  if (status.sync?.status !== 'Synced') throw new Error(JSON.stringify([status.sync, status.conditions]));
  return at(await ground.get('v1', 'ConfigMap', 'app', name), 'data');
}

const web = (version: string) => packChart('web', version, configMapChart('web'));

describe('an Application with a chart of an HTTP repository', () => {
  it('deploys the newest version that its constraint allows, and a newer one at the next refresh', async () => {
    const charts = [web('1.0.0'), web('1.1.0'), web('2.0.0')];
    const url = await serve(createChartRepository(charts, { isPrivate: true }));
    await registerRepository('charts', { type: 'helm', name: 'charts', url: `${url}/charts`, ...SECRET });
    await createApplication({ repoURL: `${url}/charts`, chart: 'web', targetRevision: '^1.0.0' });
    expect(await deployed()).toEqual({ chart: '1.1.0', key: 'default' });
    expect((await ground.application('app')).status).toMatchObject({
      sync: { revision: '1.1.0' },
      sourceType: 'Helm',
      history: [{ revision: '1.1.0' }],
    });
    charts.push(web('1.2.0'));
    expect(await deployed()).toEqual({ chart: '1.2.0', key: 'default' });
  });

  it('takes values files of the chart, inline values and parameters', async () => {
    const url = await serve(createChartRepository([web('1.0.0')]));
    const source = { repoURL: `${url}/charts`, chart: 'web', targetRevision: '1.0.0' };
    await createApplication({ ...source, helm: { valueFiles: ['values-dev.yaml'] } });
    expect(await deployed()).toEqual({ chart: '1.0.0', key: 'dev' });
    const patch = {
      spec: { source: { helm: { parameters: [{ name: 'key', value: '$ARGOCD_APP_NAME-$ARGOCD_APP_REVISION' }] } } },
    };
    await ground.client.patch(
      { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', namespace: NAMESPACE, name: 'app' },
      patch,
      { type: 'merge' },
    );
    expect(await deployed()).toEqual({ chart: '1.0.0', key: 'app-1.0.0' });
  });

  it('tells why there is no such version, and prunes nothing', async () => {
    const charts = [web('1.0.0')];
    const url = await serve(createChartRepository(charts));
    await createApplication({ repoURL: `${url}/charts`, chart: 'web', targetRevision: '*' });
    await deployed();
    charts.splice(0, 1, web('2.0.0-rc.1'));
    await ground.refresh('app');
    const { status } = await ground.application('app');
    expect(status.conditions?.[0]?.message).toContain("none of 1 versions satisfies '*'");
    expect(await ground.get('v1', 'ConfigMap', 'app', 'web')).toBeDefined();
  });

  it('takes its values from Git, and follows a push there', async () => {
    const url = await serve(createChartRepository([web('1.0.0')]));
    const repository = await ground.createRepository('devops/values', {
      'envs/dev/values.yaml': 'key: from git\n',
      'envs/dev/other.txt': 'text',
    });
    const git = `${ground.gitUrl}/${repository.path}`;
    await createApplication([
      {
        repoURL: `${url}/charts`,
        chart: 'web',
        targetRevision: '1.x',
        helm: { valueFiles: ['$values/envs/dev/values.yaml'] },
      },
      { repoURL: git, targetRevision: 'main', ref: 'values' },
    ]);
    expect(await deployed()).toEqual({ chart: '1.0.0', key: 'from git' });
    const { status } = await ground.application('app');
    expect(status.sync?.revisions).toEqual(['1.0.0', expect.stringMatching(/^[0-9a-f]{40}$/)]);
    const other = await ground.push(repository, { 'envs/dev/other.txt': 'changed' });
    expect(other.applications).toMatchObject([{ verdict: 'unaffected' }]);
    const answer = await ground.push(repository, { 'envs/dev/values.yaml': 'key: pushed\n' });
    expect(answer.applications).toMatchObject([{ verdict: 'sync', paths: ['$values/envs/dev/values.yaml'] }]);
    await ground.application('app');
    expect(at(await ground.get('v1', 'ConfigMap', 'app', 'web'), 'data', 'key')).toBe('pushed');
  });
});

describe('an Application with a chart of a registry', () => {
  it.each([
    ['as Argo CD has it, without a scheme', '', 'web', '1.*', '1.1.0+b1'],
    ['with oci:// and a chart', 'oci://', 'web', '1.0.0', '1.0.0'],
  ])('deploys it, named %s', async (_, scheme, chart, targetRevision, version) => {
    const server = createRegistry([web('1.0.0'), web('1.1.0+b1')], { realm: '' });
    const host = new URL(await serve(server)).host;
    await registerRepository('registry', {
      type: 'helm',
      name: 'registry',
      url: `${host}/charts`,
      enableOCI: 'true',
      insecureOCIForceHttp: 'true',
      ...SECRET,
    });
    await createApplication({ repoURL: `${scheme}${host}/charts`, chart, targetRevision });
    expect(await deployed()).toEqual({ chart: version, key: 'default' });
    expect((await ground.application('app')).status.sync?.revision).toBe(version);
  });

  it('that its URL names itself is deployed by its digest', async () => {
    const host = new URL(await serve(createRegistry([web('1.0.0')]))).host;
    const url = `oci://${host}/charts/web`;
    await registerRepository('registry', { type: 'oci', name: 'web', url, insecureOCIForceHttp: 'true' });
    await createApplication({ repoURL: url, path: '.', targetRevision: '1.0.0' });
    expect(await deployed()).toEqual({ chart: '1.0.0', key: 'default' });
    expect((await ground.application('app')).status.sync?.revision).toMatch(/^sha256:[0-9a-f]{64}$/);
  });
});

describe('a chart in Git that depends on others', () => {
  async function deployUmbrella(dependencies: string, files: Record<string, string> = {}): Promise<void> {
    const repository = await ground.createRepository('devops/umbrella', {
      'umbrella/Chart.yaml': `apiVersion: v2\nname: umbrella\nversion: 0.1.0\ndependencies:\n${dependencies}`,
      'umbrella/values.yaml': 'web:\n  key: from the parent\n',
      ...files,
    });
    await createApplication({
      repoURL: `${ground.gitUrl}/${repository.path}`,
      path: 'umbrella',
      targetRevision: 'main',
    });
  }
  const dependency = (url: string, version = '^1.0.0') =>
    `- name: web\n  version: "${version}"\n  repository: "${url}"\n`;

  it('gets them from an HTTP repository', async () => {
    const url = await serve(createChartRepository([web('1.0.0'), web('1.1.0'), web('2.0.0')]));
    await deployUmbrella(dependency(`${url}/charts`));
    expect(await deployed()).toEqual({ chart: '1.1.0', key: 'from the parent' });
  });

  it('gets them from a registry, and from a repository by its name', async () => {
    const host = new URL(await serve(createRegistry([web('1.0.0'), web('1.0.1')]))).host;
    await registerRepository('registry', {
      type: 'helm',
      name: 'r',
      url: `oci://${host}/charts`,
      insecureOCIForceHttp: 'true',
    });
    const url = await serve(createChartRepository([packChart('api', '3.0.0', configMapChart('api'))]));
    await registerRepository('charts', { type: 'helm', name: 'ours', url: `${url}/charts` });
    await deployUmbrella(`${dependency(`oci://${host}/charts`)}- name: api\n  version: 3.0.0\n  repository: "@ours"\n`);
    expect(await deployed()).toEqual({ chart: '1.0.1', key: 'from the parent' });
    expect(await deployed('api')).toEqual({ chart: '3.0.0', key: 'default' });
  });

  it('gets them from a folder of the same repository', async () => {
    await deployUmbrella(dependency('file://../web'), {
      'web/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.5.0\n',
      ...Object.fromEntries(Object.entries(configMapChart('web')).map(([file, text]) => [`web/${file}`, text])),
    });
    expect(await deployed()).toEqual({ chart: '1.5.0', key: 'from the parent' });
  });

  it('whose lock is out of date is not rendered', async () => {
    const url = await serve(createChartRepository([web('1.0.0')]));
    const lock = `dependencies:\n- name: web\n  version: 1.0.0\n  repository: "${url}/charts"\ndigest: sha256:00\n`;
    await deployUmbrella(dependency(`${url}/charts`), { 'umbrella/Chart.lock': lock });
    await ground.refresh('app');
    const { status } = await ground.application('app');
    expect(status.conditions?.[0]?.message).toContain('the lock file (Chart.lock) is out of sync');
  });
});
