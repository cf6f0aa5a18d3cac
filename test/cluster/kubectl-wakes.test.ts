// A user with kubectl alone, from installing on: hawser serve outside of a real cluster, told of writes by its API server.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applicationManifest } from '../../src/application/manifest.ts';
import { type Listening, listen } from '../../src/node/listen.ts';
import { createGitServer } from '../../src/sandbox/git/server.ts';
import { freePort } from '../support/control-plane.ts';
import {
  createHome,
  type Home,
  type RunningProcess,
  runHawser,
  runProcess,
  startHawser,
} from '../support/hawser-process.ts';
import { findPeer } from '../support/peers.ts';
import { missingCluster, type RealCluster, startRealCluster } from '../support/real-cluster.ts';

const NAMESPACE = 'hawser-kubectl';
const AUTHOR = { name: 'Kim', email: 'kim@example.com' };
const CHANGE = { message: 'Change\n', author: AUTHOR, atMs: Date.now() };

const kubectl = findPeer('kubectl') ?? '';
const missing = kubectl === '' ? 'no kubectl (bash .ci/peers.sh kubernetes builds it)' : missingCluster();
if (missing) console.warn(`SKIPPED: kubectl wakes hawser: ${missing}`);

describe.skipIf(missing !== undefined)('kubectl alone, on a real API server', () => {
  let cluster: RealCluster;
  let home: Home;
  let server: RunningProcess;
  let gitListening: Listening;
  const git = createGitServer({});
  const repository = git.create('devops/web', { defaultBranch: 'main' });
  const commit = (value: string) =>
    git.commit(
      repository,
      'main',
      { 'a.yaml': `{apiVersion: v1, kind: ConfigMap, metadata: {name: settings}, data: {key: ${value}}}\n` },
      CHANGE,
    );

  async function run(args: readonly string[], input = ''): Promise<string> {
    const env = { ...home.env, KUBECONFIG: cluster.kubeconfig };
    const { code, stdout, stderr } = await runProcess(kubectl, args, { env, input });
    if (code !== 0) throw new Error(`kubectl ${args.join(' ')}: ${stderr}`);
    return stdout;
  }
  const waitFor = (path: string, value: string) =>
    run(['wait', 'app/web', '-n', NAMESPACE, `--for=jsonpath={${path}}=${value}`, '--timeout=30s']);

  beforeAll(async () => {
    home = createHome();
    cluster = await startRealCluster();
    gitListening = await listen((request) => git.handle(request), { host: '127.0.0.1', port: 0 });
    await commit('one');
    const port = String(await freePort());
    const url = `https://127.0.0.1:${port}/notice`;
    const install = ['install', '--namespace', NAMESPACE, '--crds-only', '--notice-url', url];
    await run(['apply', '--server-side', '-f', '-'], (await runHawser(install, { env: home.env })).stdout);
    const serve = ['serve', '--kubeconfig', cluster.kubeconfig, '--namespace', NAMESPACE];
    server = startHawser([...serve, '--port', '0', '--notice-port', port], { env: home.env });
    await server.waitFor(/"hawser serves"/);
  });

  afterAll(async () => {
    await server?.end();
    await run(['delete', 'validatingwebhookconfiguration', `hawser-${NAMESPACE}`]);
    await gitListening?.close();
    await cluster?.stop();
    home?.remove();
  });

  it('creates an Application, and it turns OutOfSync', async () => {
    const manifest = applicationManifest({
      ...{ name: 'web', namespace: NAMESPACE, path: '.', destinationNamespace: 'kubectl-web' },
      repoURL: `${gitListening.url}/devops/web`,
    });
    await run(['apply', '-f', '-'], JSON.stringify(manifest));
    await waitFor('.status.sync.status', 'OutOfSync');
  });

  it('asks for a sync by the field operation', async () => {
    const operation = '{"operation":{"initiatedBy":{"username":"kim"},"sync":{}}}';
    await run(['patch', 'app', 'web', '-n', NAMESPACE, '--type', 'merge', '-p', operation]);
    await waitFor('.status.operationState.phase', 'Succeeded');
    expect(await run(['get', 'configmap', 'settings', '-n', 'kubectl-web', '-o', 'jsonpath={.data.key}'])).toBe('one');
  });

  it('asks for a refresh by the annotation', async () => {
    await commit('two');
    await run(['annotate', 'app', 'web', '-n', NAMESPACE, 'argocd.argoproj.io/refresh=normal']);
    await waitFor('.status.sync.status', 'OutOfSync');
    const annotations = await run(['get', 'app', 'web', '-n', NAMESPACE, '-o', 'jsonpath={.metadata.annotations}']);
    expect(annotations).not.toContain('refresh');
  });

  it('deletes it with what it has made', async () => {
    const finalizers = '{"metadata":{"finalizers":["resources-finalizer.argocd.argoproj.io"]}}';
    await run(['patch', 'app', 'web', '-n', NAMESPACE, '--type', 'merge', '-p', finalizers]);
    await run(['delete', 'app', 'web', '-n', NAMESPACE, '--timeout=30s']);
    expect(await run(['get', 'configmaps', '-n', 'kubectl-web', '-o', 'name'])).not.toContain('settings');
  });
});
