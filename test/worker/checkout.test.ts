// Submodules and files of Git LFS in workerd.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applicationManifest } from '../../src/application/manifest.ts';
import { at } from '../../src/base/json.ts';
import { createKubeClient, type KubeClient } from '../../src/kube/client.ts';
import { type Listening, listen } from '../../src/node/listen.ts';
import { bundleWorker, type RunningWorker, startWorker } from '../../src/node/miniflare.ts';
import { prepareHome } from '../../src/operation/prepare-home.ts';
import { createGitServer } from '../../src/sandbox/git/server.ts';
import { type LfsServer, startLfsServer } from '../support/lfs-server.ts';
import { connectSandbox } from '../support/sandbox-transport.ts';

const TOKEN = 'token-for-tests';
const configMap = (name: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n  namespace: shop\ndata:\n  key: one\n`;
const details = () => ({
  message: 'One\n',
  author: { name: 'Kim', email: 'kim@example.com' },
  atMs: 1_700_000_000_000,
});

describe('an Application with a submodule and a file in Git LFS, in workerd', () => {
  let worker: RunningWorker;
  let client: KubeClient;
  let gitListening: Listening;
  let lfs: LfsServer;

  beforeAll(async () => {
    const cluster = connectSandbox();
    client = createKubeClient(cluster, { fieldManager: 'test' });
    await prepareHome(client, 'argocd');
    lfs = await startLfsServer();
    const git = createGitServer({ onPush: () => undefined });
    gitListening = await listen((request) => git.handle(request), { host: '127.0.0.1', port: 0 });
    const lib = git.create('devops/lib');
    await git.commit(lib, 'main', { 'lib.yaml': configMap('lib') }, details());
    const app = git.create('devops/app');
    const files = {
      '.gitmodules': '[submodule "lib"]\n\tpath = m/lib\n\turl = ../lib\n',
      '.lfsconfig': `[lfs]\n\turl = ${lfs.url}/devops/app.git/info/lfs\n`,
      'm/lib': { content: lib.refs.get('refs/heads/main') ?? '', mode: '160000' as const },
      'm/large.yaml': lfs.add(configMap('large')),
    };
    await git.commit(app, 'main', files, details());
    const repoURL = `${gitListening.url}/devops/app`;
    await client.create({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'app', namespace: 'argocd', labels: { 'argocd.argoproj.io/secret-type': 'repository' } },
      stringData: { url: repoURL, enableLfs: 'true' },
    });
    const options = { name: 'app', namespace: 'argocd', repoURL, path: 'm', destinationNamespace: 'shop' };
    await client.create(applicationManifest({ ...options, automated: {}, syncOptions: ['CreateNamespace=true'] }));
    const patch = { spec: { source: { directory: { recurse: true } } } };
    const reference = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', namespace: 'argocd', name: 'app' };
    await client.patch(reference, patch, { type: 'merge' });
    const bindings = { HAWSER_TOKEN: TOKEN, HAWSER_LOOPBACK: 'true' };
    worker = await startWorker({ script: await bundleWorker(), cluster, port: 0, bindings });
  });
  afterAll(async () => {
    await worker?.close();
    await gitListening?.close();
    await lfs?.close();
  });

  const keyOf = async (name: string) =>
    at(await client.get({ apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop', name }), 'data', 'key');

  it('is deployed with both', async () => {
    await fetch(`${worker.url}/api/refresh`, {
      method: 'POST',
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
      body: JSON.stringify({ application: 'app' }),
    });
    await expect.poll(() => keyOf('lib'), { timeout: 30_000 }).toBe('one');
    await expect.poll(() => keyOf('large'), { timeout: 30_000 }).toBe('one');
  });
});
