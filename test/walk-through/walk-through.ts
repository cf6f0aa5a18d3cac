// The chapter's walk-through, one step after another, over whatever cluster it is given: the real API server and the sandbox run the same.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Application } from '../../src/application/types.ts';
import { at } from '../../src/base/json.ts';
import type { ClusterTransport } from '../../src/platform.ts';
import { DEMO_FILES } from '../../src/sandbox/demo-repository.ts';
import type { SandboxRepository } from '../../src/sandbox/git/repository.ts';
import { createGround, type Ground, type GroundOptions, NAMESPACE } from '../support/ground.ts';

const HTML_OF_DEV = `<!doctype html>
<html>
  <head><title>DEV</title></head>
  <body>
    <h1>Hello from DEV</h1>
  </body>
</html>
`;

/** A hawser and what is around it, whatever it runs in. */
export type WalkThroughGround = Pick<
  Ground,
  | 'client'
  | 'gitUrl'
  | 'createRepository'
  | 'createApplication'
  | 'push'
  | 'refresh'
  | 'sync'
  | 'application'
  | 'request'
  | 'get'
  | 'close'
> & { readonly logs: readonly string[] };

/** `connect` is called before the first step; the walk-through makes and leaves its own namespaces. */
export function describeWalkThrough(
  name: string,
  connect: () => Promise<ClusterTransport>,
  options: () => Promise<GroundOptions> = async () => ({}),
): void {
  describeWalkThroughOf(name, async () => createGround(await connect(), await options()));
}

/** The same for a ground of its own. */
export function describeWalkThroughOf(name: string, open: () => Promise<WalkThroughGround>): void {
  describe(`the walk-through on ${name}`, () => {
    let ground: WalkThroughGround;
    let repository: SandboxRepository;
    const dev = (changes: Readonly<Record<string, string>>): string =>
      Object.entries(changes).reduce((text, [from, to]) => {
        expect(text).toContain(from);
        return text.replace(from, to);
      }, DEMO_FILES['nginx-chart/values-dev.yaml'] ?? '');
    const managed = async (app: string) => {
      const { body } = await ground.request('GET', `/api/v1/applications/${app}/managed-resources`);
      return at(body, 'items') as {
        kind: string;
        name: string;
        normalizedLiveState: string;
        predictedLiveState: string;
        modified: boolean;
      }[];
    };
    const resource = (app: Application, kind: string) => app.status.resources?.find((entry) => entry.kind === kind);

    beforeAll(async () => {
      ground = await open();
      repository = await ground.createRepository('devops/ops-deploy', DEMO_FILES);
    });
    afterAll(() => ground?.close());

    it('shows a new Application OutOfSync, with nothing applied', async () => {
      await ground.createApplication({
        name: 'dev-nginx',
        repository,
        path: 'nginx-chart',
        valueFiles: ['values-dev.yaml'],
        destinationNamespace: 'dev-nginx',
      });
      const answer = await ground.refresh('dev-nginx');
      expect(answer.applications).toMatchObject([{ name: 'dev-nginx', verdict: 'manual' }]);
      const app = await ground.application('dev-nginx');
      expect(app.status.conditions ?? []).toEqual([]);
      expect(app.status.sync?.status).toBe('OutOfSync');
      expect(app.status.health?.status).toBe('Missing');
      expect(app.status.resources?.map(({ kind, status }) => `${kind} ${status}`).sort()).toEqual([
        'ConfigMap OutOfSync',
        'Deployment OutOfSync',
        'Service OutOfSync',
      ]);
      expect(await ground.get('v1', 'Namespace', '', 'dev-nginx')).toBeUndefined();
    });

    it('makes the namespace and the objects by SYNC, and index.html is byte for byte that of values-dev.yaml', async () => {
      const app = await ground.sync('dev-nginx');
      expect(app.status.operationState).toMatchObject({ phase: 'Succeeded' });
      expect(app.status.sync?.status).toBe('Synced');
      expect(await ground.get('v1', 'Namespace', '', 'dev-nginx')).toBeDefined();
      const deployment = await ground.get('apps/v1', 'Deployment', 'dev-nginx', 'dev-nginx');
      expect(at(deployment, 'spec', 'template', 'spec', 'containers', 0, 'image')).toBe('nginx:1.26.1');
      expect(at(deployment, 'spec', 'replicas')).toBe(1);
      const service = await ground.get('v1', 'Service', 'dev-nginx', 'dev-nginx');
      expect(at(service, 'spec', 'ports', 0, 'nodePort')).toBe(30000);
      const configMap = await ground.get('v1', 'ConfigMap', 'dev-nginx', 'dev-nginx-html');
      expect(at(configMap, 'data', 'index.html')).toBe(HTML_OF_DEV);
      expect(configMap?.metadata.annotations?.['argocd.argoproj.io/tracking-id']).toBe(
        'dev-nginx:/ConfigMap:dev-nginx/dev-nginx-html',
      );
      expect(app.status.history).toMatchObject([{ id: 0, initiatedBy: { username: 'hawser' } }]);
    });

    it('shows a push in manual mode as OutOfSync with the diff, and applies nothing until SYNC', async () => {
      const changed = dev({ '1.26.1': '1.26.2', 'replicaCount: 1': 'replicaCount: 2' });
      const answer = await ground.push(repository, { 'nginx-chart/values-dev.yaml': changed });
      expect(answer.applications).toMatchObject([
        { name: 'dev-nginx', verdict: 'manual', paths: ['nginx-chart/values-dev.yaml'] },
      ]);
      const app = await ground.application('dev-nginx');
      expect(app.status.sync).toMatchObject({ status: 'OutOfSync' });
      expect(resource(app, 'Deployment')?.status).toBe('OutOfSync');
      expect(resource(app, 'ConfigMap')?.status).toBe('Synced');
      const live = await ground.get('apps/v1', 'Deployment', 'dev-nginx', 'dev-nginx');
      expect(at(live, 'spec', 'replicas')).toBe(1);
      const diff = (await managed('dev-nginx')).find(({ kind }) => kind === 'Deployment');
      expect(diff).toMatchObject({ modified: true });
      expect(at(JSON.parse(diff?.normalizedLiveState ?? ''), 'spec', 'replicas')).toBe(1);
      expect(at(JSON.parse(diff?.predictedLiveState ?? ''), 'spec', 'replicas')).toBe(2);
      expect(diff?.predictedLiveState).toContain('nginx:1.26.2');

      expect((await ground.sync('dev-nginx')).status.sync?.status).toBe('Synced');
      const after = await ground.get('apps/v1', 'Deployment', 'dev-nginx', 'dev-nginx');
      expect(at(after, 'spec', 'replicas')).toBe(2);
      expect(at(after, 'spec', 'template', 'spec', 'containers', 0, 'image')).toBe('nginx:1.26.2');
    });

    it('syncs the next push without a hand once automated sync is on', async () => {
      const ref = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', namespace: NAMESPACE, name: 'dev-nginx' };
      await ground.client.patch(ref, { spec: { syncPolicy: { automated: {} } } }, { type: 'merge' });
      const changed = dev({ '1.26.1': '1.27.0', 'replicaCount: 1': 'replicaCount: 3' });
      const answer = await ground.push(repository, { 'nginx-chart/values-dev.yaml': changed });
      expect(answer.applications).toMatchObject([{ name: 'dev-nginx', verdict: 'sync' }]);
      const app = await ground.application('dev-nginx');
      expect(app.status.sync).toMatchObject({ status: 'Synced' });
      expect(app.status.operationState).toMatchObject({
        phase: 'Succeeded',
        operation: { initiatedBy: { automated: true } },
      });
      const live = await ground.get('apps/v1', 'Deployment', 'dev-nginx', 'dev-nginx');
      expect(at(live, 'spec', 'replicas')).toBe(3);
    });

    it('answers "already deployed" to the same commit, and "unaffected" to a push that the Application does not read', async () => {
      const again = await ground.request('POST', '/api/refresh', { all: true });
      expect(again.body).toMatchObject({ applications: [{ name: 'dev-nginx', verdict: 'already deployed' }] });
      const answer = await ground.push(repository, { 'README.md': 'Nothing that matters.\n' });
      expect(answer.applications).toMatchObject([{ name: 'dev-nginx', verdict: 'unaffected', paths: [] }]);
      const other = await ground.push(repository, { 'README.md': 'On a branch.\n' }, 'feature');
      expect(other.applications).toMatchObject([{ name: 'dev-nginx', verdict: 'branch mismatch' }]);
    });

    it('runs the same chart with values-prd.yaml beside it', async () => {
      await ground.createApplication({
        name: 'prd-nginx',
        repository,
        path: 'nginx-chart',
        valueFiles: ['values-prd.yaml'],
        destinationNamespace: 'prd-nginx',
      });
      const app = await ground.sync('prd-nginx');
      expect(app.status.sync?.status).toBe('Synced');
      const service = await ground.get('v1', 'Service', 'prd-nginx', 'prd-nginx');
      expect(at(service, 'spec', 'ports', 0, 'nodePort')).toBe(30001);
      expect(at(await ground.get('v1', 'ConfigMap', 'prd-nginx', 'prd-nginx-html'), 'data', 'index.html')).toContain(
        'PRD',
      );
      expect((await ground.application('dev-nginx')).status.sync?.status).toBe('Synced');
    });

    it("shows the API server's message on the resource when both want node port 30000", async () => {
      await ground.createApplication({
        name: 'clash',
        repository,
        path: 'nginx-chart',
        valueFiles: ['values-dev.yaml'],
        destinationNamespace: 'clash',
      });
      const app = await ground.sync('clash');
      expect(app.status.operationState?.phase).toBe('Failed');
      const result = app.status.operationState?.syncResult?.resources?.find(({ kind }) => kind === 'Service');
      expect(result?.status).toBe('SyncFailed');
      expect(result?.message).toContain(
        'spec.ports[0].nodePort: Invalid value: 30000: provided port is already allocated',
      );
    });

    it('syncs Kustomize overlays, and a change of their base', async () => {
      await ground.createApplication({
        name: 'dev-web',
        repository,
        path: 'app/overlays/dev',
        destinationNamespace: 'dev-web',
        automated: {},
      });
      await ground.createApplication({
        name: 'prd-web',
        repository,
        path: 'app/overlays/prd',
        destinationNamespace: 'prd-web',
      });
      await ground.refresh('dev-web');
      expect((await ground.application('dev-web')).status).toMatchObject({
        sync: { status: 'Synced' },
        sourceType: 'Kustomize',
      });
      expect((await ground.sync('prd-web')).status.sync?.status).toBe('Synced');
      const live = await ground.get('apps/v1', 'Deployment', 'prd-web', 'prd-web');
      expect(at(live, 'spec', 'replicas')).toBe(2);
      expect(live?.metadata.labels?.environment).toBe('prd');
      const base = DEMO_FILES['app/base/service.yaml'] ?? '';
      const answer = await ground.push(repository, { 'app/base/service.yaml': base.replace('port: 80', 'port: 8080') });
      const verdicts = Object.fromEntries(answer.applications.map(({ name: app, verdict }) => [app, verdict]));
      expect(verdicts).toMatchObject({ 'dev-web': 'sync', 'prd-web': 'manual', 'dev-nginx': 'unaffected' });
      await ground.application('dev-web');
      expect(at(await ground.get('v1', 'Service', 'dev-web', 'dev-web'), 'spec', 'ports', 0, 'port')).toBe(8080);
      expect(at(await ground.get('v1', 'Service', 'prd-web', 'prd-web'), 'spec', 'ports', 0, 'port')).toBe(80);
    });

    it('prunes a file that was deleted from Git, and does not when prune is off', async () => {
      const plain = await ground.createRepository('devops/plain', {
        'manifests/one.yaml': configMap('one', 'a'),
        'manifests/two.yaml': configMap('two', 'a'),
      });
      const common = { repository: plain, path: 'manifests', destinationNamespace: 'plain' };
      await ground.createApplication({ ...common, name: 'plain', automated: {} });
      await ground.refresh('plain');
      expect((await ground.application('plain')).status.sync?.status).toBe('Synced');

      await ground.push(plain, { 'manifests/two.yaml': null });
      const kept = await ground.application('plain');
      expect(kept.status.sync?.status).toBe('OutOfSync');
      expect(kept.status.resources?.find(({ name: entry }) => entry === 'two')).toMatchObject({
        requiresPruning: true,
      });
      expect(await ground.get('v1', 'ConfigMap', 'plain', 'two')).toBeDefined();

      const ref = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', namespace: NAMESPACE, name: 'plain' };
      await ground.client.patch(ref, { spec: { syncPolicy: { automated: { prune: true } } } }, { type: 'merge' });
      await ground.push(plain, { 'manifests/three.yaml': configMap('three', 'a') });
      expect((await ground.application('plain')).status.sync?.status).toBe('Synced');
      expect(await ground.get('v1', 'ConfigMap', 'plain', 'two')).toBeUndefined();
      expect(await ground.get('v1', 'ConfigMap', 'plain', 'three')).toBeDefined();
    });

    it('says what a private repository needs before its Secret exists, and works after', async () => {
      const secret = await ground.createRepository(
        'devops/private',
        { 'a.yaml': configMap('secret-one', 'a') },
        { isPrivate: true },
      );
      await ground.createApplication({
        name: 'private',
        repository: secret,
        path: '.',
        destinationNamespace: 'private',
        automated: {},
      });
      await ground.refresh('private');
      const before = await ground.application('private');
      expect(before.status.sync?.status).toBe('Unknown');
      const condition = before.status.conditions?.find(({ type }) => type === 'ComparisonError');
      expect(condition?.message).toMatch(/credentials|username|authenticat/i);
      expect(condition?.message).toContain('argocd.argoproj.io/secret-type');

      await ground.client.create({
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: {
          name: 'private-repository',
          namespace: NAMESPACE,
          labels: { 'argocd.argoproj.io/secret-type': 'repository' },
        },
        data: {
          url: btoa(`${ground.gitUrl}/devops/private`),
          username: btoa('devops'),
          password: btoa('git-password'),
        },
      });
      await ground.refresh('private');
      const after = await ground.application('private');
      expect(after.status.conditions ?? []).toEqual([]);
      expect(after.status.sync?.status).toBe('Synced');
      expect(JSON.stringify(before.status) + ground.logs.join('\n')).not.toContain('git-password');
    });

    it('sees a key added and a value changed by hand, shows both in the diff, and takes both back', async () => {
      const drifted = await ground.createRepository('devops/drift', {
        'cm/cm.yaml': configMap('settings', 'from-git'),
      });
      await ground.createApplication({ name: 'drift', repository: drifted, path: 'cm', destinationNamespace: 'drift' });
      expect((await ground.sync('drift')).status.sync?.status).toBe('Synced');
      const ref = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'drift', name: 'settings' };
      await ground.client.patch(
        ref,
        { data: { added: 'by hand', key: 'changed by hand' } },
        { type: 'merge', fieldManager: 'kubectl-edit' },
      );

      await ground.refresh('drift');
      expect((await ground.application('drift')).status.sync?.status).toBe('OutOfSync');
      const diff = (await managed('drift')).find(({ kind }) => kind === 'ConfigMap');
      expect(at(JSON.parse(diff?.normalizedLiveState ?? ''), 'data')).toEqual({
        added: 'by hand',
        key: 'changed by hand',
      });
      expect(at(JSON.parse(diff?.predictedLiveState ?? ''), 'data')).toEqual({ key: 'from-git' });

      expect((await ground.sync('drift')).status.sync?.status).toBe('Synced');
      expect(at(await ground.client.get(ref), 'data')).toEqual({ key: 'from-git' });
    });

    it('has a history of each deployment', async () => {
      const app = await ground.application('dev-nginx');
      expect(
        app.status.history?.map(({ id, initiatedBy }) => [id, initiatedBy?.automated ?? initiatedBy?.username]),
      ).toEqual([
        [0, 'hawser'],
        [1, 'hawser'],
        [2, true],
      ]);
      const revisions = app.status.history?.map(({ revision }) => revision) ?? [];
      expect(new Set(revisions).size).toBe(3);
      expect(revisions.every((revision) => /^[0-9a-f]{40}$/.test(revision ?? ''))).toBe(true);
    });
  });
}

function configMap(name: string, value: string): string {
  return `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\ndata:\n  key: ${value}\n`;
}
