// hawser install on a real API server: it takes the manifests, holds Applications to their schema, and lets hawser in.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at, isObject } from '../../src/base/json.ts';
import { createKubeClient } from '../../src/kube/client.ts';
import { connectKubeconfig } from '../../src/node/kubeconfig.ts';
import { parseDocuments } from '../../src/render/yaml/plain.ts';
import { createHome, eventually, type Home, runHawser, runProcess, startHawser } from '../support/hawser-process.ts';
import { findPeer } from '../support/peers.ts';
import { missingCluster, type RealCluster, startRealCluster } from '../support/real-cluster.ts';

const NAMESPACE = 'hawser-install';
const APPLY = ['apply', '--server-side', '-f', '-'];

const kubectl = findPeer('kubectl') ?? '';
const missing = kubectl === '' ? 'no kubectl (bash .ci/peers.sh kubernetes builds it)' : missingCluster();
if (missing) console.warn(`SKIPPED: hawser install on a real API server: ${missing}`);

const DRY_SOURCE = { repoURL: 'x', path: 'a', targetRevision: 'main' };

function application(name: string, spec: Record<string, unknown> = {}): string {
  return JSON.stringify({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name, namespace: NAMESPACE },
    spec: {
      project: 'default',
      source: { repoURL: 'https://git.example.com/a/b', path: '.' },
      destination: { server: 'https://kubernetes.default.svc', namespace: 'default' },
      ...spec,
    },
  });
}

describe.skipIf(missing !== undefined)('hawser install on a real API server', () => {
  let cluster: RealCluster;
  let home: Home;
  let manifests = '';

  beforeAll(async () => {
    home = createHome();
    cluster = await startRealCluster();
    manifests = (await runHawser(['install', '--namespace', NAMESPACE], { env: home.env })).stdout;
  });

  afterAll(async () => {
    await run(['delete', 'namespace', NAMESPACE, '--wait=false']);
    await cluster?.stop();
    home?.remove();
  });

  function run(args: readonly string[], input = '') {
    return runProcess(kubectl, args, { env: { ...home.env, KUBECONFIG: cluster.kubeconfig }, input });
  }

  async function output(args: readonly string[], input = ''): Promise<string> {
    const { code, stdout, stderr } = await run(args, input);
    if (code !== 0) throw new Error(`kubectl ${args.join(' ')}: ${stderr}`);
    return stdout;
  }

  it('is taken as a whole once its definitions are there, and changes nothing the second time', async () => {
    const definitions = await runHawser(['install', '--crds-only', '--namespace', NAMESPACE], { env: home.env });
    await output(APPLY, definitions.stdout);
    // kubectl wait fails on an object that has no conditions at all yet.
    const established = ['wait', '--for=condition=Established', 'crd/appprojects.argoproj.io'];
    await expect.poll(() => run(established)).toMatchObject({ code: 0 });
    const lines = (await output(APPLY, manifests)).trimEnd().split('\n');
    expect(lines).toHaveLength(parseDocuments(manifests).length);
    expect(lines.every((line) => line.endsWith(' serverside-applied'))).toBe(true);
    const version = async () =>
      output(['get', 'deployment', 'hawser', '-n', NAMESPACE, '-o', 'jsonpath={.metadata.generation}']);
    const before = await version();
    await output(APPLY, manifests);
    expect(await version()).toBe(before);
    const { stderr } = await run(
      ['apply', '--server-side', '--dry-run=server', '--validate=strict', '-f', '-'],
      manifests,
    );
    expect(stderr).toBe('');
  });

  it('makes definitions of whose schemas the API server has nothing to say', async () => {
    const text = await output(['get', 'crd', 'applications.argoproj.io', '-o', 'json']);
    const conditions = at(JSON.parse(text), 'status', 'conditions');
    const byType = Object.fromEntries(
      (Array.isArray(conditions) ? conditions.filter(isObject) : []).map(({ type, status }) => [type, status]),
    );
    expect(byType).toEqual({ NamesAccepted: 'True', Established: 'True' });
  });

  it('keeps what it does not know in an Application, and shows its columns', async () => {
    const spec = {
      source: { repoURL: 'https://git.example.com/a/b', path: '.', plugin: { env: [{ name: 'A', value: 'b' }] } },
      inventedLater: { deep: ['yes'] },
    };
    await output(['apply', '-f', '-'], application('unknown-fields', spec));
    const text = await output(['get', 'application', 'unknown-fields', '-n', NAMESPACE, '-o', 'json']);
    expect(at(JSON.parse(text), 'spec', 'inventedLater', 'deep', 0)).toBe('yes');
    expect(at(JSON.parse(text), 'spec', 'source', 'plugin', 'env', 0, 'value')).toBe('b');
    const status = '{"status":{"sync":{"status":"Synced"},"health":{"status":"Healthy","invented":1}}}';
    await output(['patch', 'app', 'unknown-fields', '-n', NAMESPACE, '--type', 'merge', '-p', status]);
    const listed = await output(['get', 'applications', '-n', NAMESPACE]);
    expect(listed.split('\n')[0]?.split(/ {2,}/)).toEqual(['NAME', 'SYNC STATUS', 'HEALTH STATUS']);
    expect(listed).toMatch(/^unknown-fields +Synced +Healthy$/m);
  });

  it('shows with -o wide what a sync window holds', async () => {
    await output(
      ['apply', '-f', '-'],
      application('held', { source: { repoURL: 'https://git.example.com/a/b', path: '.' } }),
    );
    const condition = { type: 'SyncHeld', message: 'sync to abc is held until noon' };
    const status = JSON.stringify({ status: { conditions: [condition] } });
    await output(['patch', 'app', 'held', '-n', NAMESPACE, '--type', 'merge', '-p', status]);
    const listed = await output(['get', 'applications', '-n', NAMESPACE, '-o', 'wide']);
    expect(listed.split('\n')[0]).toMatch(/ HELD$/);
    expect(listed).toMatch(/^held .* sync to abc is held until noon$/m);
  });

  it.each([
    { field: 'spec.source.helm.valueFiles', spec: { source: { repoURL: 'x', helm: { valueFiles: 'values.yaml' } } } },
    { field: 'spec.syncPolicy.automated.prune', spec: { syncPolicy: { automated: { prune: 'yes' } } } },
    { field: 'spec.source.repoURL', spec: { source: { path: '.' } } },
    { field: 'spec.destination', spec: { destination: undefined } },
    { field: 'spec.project', spec: { project: undefined } },
    { field: 'spec.info[0].value', spec: { info: [{ name: 'a' }] } },
    { field: 'spec.source.plugin.env[0].value', spec: { source: { repoURL: 'x', plugin: { env: [{ name: 'A' }] } } } },
    {
      field: 'spec.source.directory.jsonnet.tlas[0].name',
      spec: { source: { repoURL: 'x', directory: { jsonnet: { tlas: [{ value: 'a' }] } } } },
    },
    { field: 'spec.sourceHydrator.syncSource', spec: { sourceHydrator: { drySource: DRY_SOURCE } } },
    {
      field: 'spec.sourceHydrator.syncSource.path',
      spec: { sourceHydrator: { drySource: DRY_SOURCE, syncSource: { targetBranch: 'env', path: '.' } } },
    },
  ])('refuses an Application with a wrong or missing $field', async ({ field, spec }) => {
    const { code, stderr } = await run(['create', '-f', '-'], application('wrong', spec));
    expect(code).toBe(1);
    expect(stderr).toContain(field);
  });

  it('takes ApplicationSets and AppProjects', async () => {
    const set = {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'ApplicationSet',
      metadata: { name: 'each', namespace: NAMESPACE },
      spec: {
        goTemplate: true,
        generators: [{ list: { elements: [{ name: 'a' }] } }, { matrix: { generators: [] } }],
        syncPolicy: { applicationsSync: 'create-only' },
        template: { metadata: { name: '{{ .name }}' }, spec: JSON.parse(application('x')).spec },
      },
    };
    const project = {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'AppProject',
      metadata: { name: 'team', namespace: NAMESPACE },
      spec: { sourceRepos: ['*'], destinations: [{ namespace: 'team-*', server: '*' }], roles: [{ name: 'ci' }] },
    };
    await output(['apply', '-f', '-'], JSON.stringify(set));
    await output(['apply', '-f', '-'], JSON.stringify(project));
    const kept = await output(['get', 'applicationset', 'each', '-n', NAMESPACE, '-o', 'json']);
    expect(at(JSON.parse(kept), 'spec', 'template', 'metadata', 'name')).toBe('{{ .name }}');
    expect(await output(['get', 'appproj', '-n', NAMESPACE, '-o', 'name'])).toContain('appproject.argoproj.io/team');
  });

  it('gives the ServiceAccount all that a running hawser needs', async () => {
    const token = (await output(['create', 'token', 'hawser', '-n', NAMESPACE])).trim();
    const config = JSON.parse(await output(['config', 'view', '--raw', '--minify', '--flatten', '-o', 'json']));
    config.users = config.users.map(({ name }: { name: string }) => ({ name, user: { token } }));
    const kubeconfig = join(home.folder, 'service-account.kubeconfig');
    writeFileSync(kubeconfig, JSON.stringify(config), { mode: 0o600 });

    const client = createKubeClient(await connectKubeconfig({ kubeconfig }), { fieldManager: 'hawser' });
    const list = await client.list(
      { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application' },
      { namespace: NAMESPACE },
    );
    expect(list.items.map(({ metadata }) => metadata.name)).toContain('unknown-fields');

    const args = ['serve', '--kubeconfig', kubeconfig, '--namespace', NAMESPACE, '--port', '0'];
    const server = startHawser(args, { env: home.env });
    const [, url = ''] = await server.waitFor(/"hawser serves","url":"([^"]+)"/);
    // As the first login to an Argo CD goes.
    const path = ['-o', 'jsonpath={.data.password}'];
    const encoded = await eventually('the first password', async () => {
      const { code, stdout } = await run(['get', 'secret', 'argocd-initial-admin-secret', '-n', NAMESPACE, ...path]);
      return code === 0 ? stdout : undefined;
    });
    const password = atob(encoded);
    const login = ['login', url, '--username', 'admin', '--password', password, '--plaintext'];
    expect(await runHawser(login, { env: home.env })).toMatchObject({ code: 0 });
    const listed = await runHawser(['app', 'list', '-o', 'name'], { env: home.env });
    expect(listed).toMatchObject({ code: 0, stdout: expect.stringContaining('unknown-fields\n') });
    const project = await eventually('the AppProject default', async () => {
      const { code, stdout } = await run(['get', 'appproject', 'default', '-n', NAMESPACE, '-o', 'json']);
      return code === 0 ? stdout : undefined;
    });
    expect(at(JSON.parse(project), 'spec', 'sourceRepos')).toEqual(['*']);
    expect((await server.end()).code).toBe(0);
    const secret = await output(['get', 'secret', 'argocd-secret', '-n', NAMESPACE, '-o', 'json']);
    expect(at(JSON.parse(secret), 'data', 'hawser.token')).toBeDefined();
  });
});
