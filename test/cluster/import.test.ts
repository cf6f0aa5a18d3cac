// Import and export, and `hawser cluster add`, against a real API server: what it takes and refuses is what counts.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../src/app.ts';
import { adminCommand } from '../../src/cli/admin/admin.ts';
import { clusterCommand } from '../../src/cli/cluster/cluster.ts';
import { createKubeClient, type KubeClient } from '../../src/kube/client.ts';
import { createForeignRender } from '../../src/node/foreign-render.ts';
import { openKubeconfigContext, readKubeconfigContexts } from '../../src/node/kubeconfig.ts';
import { type Listening, listen } from '../../src/node/listen.ts';
import { openPreviewHawser } from '../../src/node/preview-hawser.ts';
import { decodeSecret } from '../../src/operation/settings.ts';
import { appPlatform } from '../support/app-platform.ts';
import { argoExport } from '../support/argo-export.ts';
import { captureIo } from '../support/captured-io.ts';
import { createGround, type Ground, TOKEN } from '../support/ground.ts';
import { missingCluster, type RealCluster, startRealCluster } from '../support/real-cluster.ts';

const missing = missingCluster();
if (missing) console.warn(`SKIPPED: import against a real API server: ${missing}`);

const MANIFEST = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\ndata:\n  color: blue\n';

describe.skipIf(missing)('a real cluster', () => {
  let cluster: RealCluster;
  let ground: Ground;
  let client: KubeClient;
  let listening: Listening;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'hawser-import-'));
    cluster = await startRealCluster();
    ground = await createGround(cluster.transport);
    client = createKubeClient(cluster.transport, { fieldManager: 'test' });
    const app = createApp(ground.hawser, appPlatform());
    listening = await listen((request) => app.fetch(request), { host: '127.0.0.1', port: 0 });
  });
  afterAll(async () => {
    await listening?.close();
    await ground?.close();
    await cluster?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function admin(args: readonly string[], input = '') {
    const { io, output } = captureIo(folder);
    const code = await adminCommand(
      args,
      { ...io, readStdin: async () => input },
      {
        connect: async () => cluster.transport,
        openPreview: (over, namespace) => openPreviewHawser(over, namespace, createForeignRender({ PATH: folder })),
      },
    );
    return { code, ...output() };
  }

  it('takes an installation over, is synced by it, and finds nothing to do the second time', async () => {
    const repository = await ground.createRepository('team/shop', { 'deploy/settings.yaml': MANIFEST });
    const all = argoExport({ repoURL: `${ground.gitUrl}/${repository.path}`, path: 'deploy' });
    // The ground has a secret of its own.
    const input = all
      .split('---\n')
      .filter((document) => !document.includes('name: argocd-secret'))
      .join('---\n');
    await client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop-dev' } });

    const told = await admin(['import', '-'], input);
    expect(told.stdout).toContain('argoproj.io/Application shop in namespace argocd created (dry run)');
    expect(told.stdout).toMatch(/^argocd\/shop +1 +not compared +1 of 1 differ$/m);
    expect(
      await client.get({ apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', namespace: 'argocd', name: 'shop' }),
    ).toBeUndefined();

    expect(await admin(['import', '-', '--apply', '--no-render'], input)).toMatchObject({ code: 0, stderr: '' });
    const exported = await admin(['export']);
    expect(exported.stdout).toContain('kind: ApplicationSet\nmetadata:\n  name: fleet\n');
    expect((await ground.application('shop')).status.resources).toMatchObject([{ name: 'settings' }]);

    await ground.sync('shop');
    expect((await ground.get('v1', 'ConfigMap', 'shop-dev', 'settings'))?.data).toEqual({ color: 'blue' });
    const again = await admin(['import', '-', '--apply', '--no-render'], input);
    expect(again).toMatchObject({ code: 0, stderr: '' });
    expect(again.stdout.split('\n').filter((line) => line !== '' && !line.endsWith('needs pruning'))).toEqual([]);
    const live = await admin(['import', '--live']);
    expect(live).toMatchObject({ code: 0 });
    expect(live.stdout).toMatch(/^argocd\/shop +1 +not compared +equal$/m);
  });

  it('gives an installation back: what was exported can be imported again', async () => {
    const { stdout } = await admin(['export', '-o', '-']);
    await client.remove({ apiVersion: 'argoproj.io/v1alpha1', kind: 'AppProject', namespace: 'argocd', name: 'shop' });
    await client
      .patch(
        { apiVersion: 'argoproj.io/v1alpha1', kind: 'AppProject', namespace: 'argocd', name: 'shop' },
        { metadata: { finalizers: null } },
        { type: 'merge' },
      )
      .catch(() => undefined);
    expect(await admin(['import', '-', '--apply', '--no-render'], stdout)).toMatchObject({ code: 0, stderr: '' });
    expect((await admin(['export'])).stdout).toBe(stdout);
  });

  it('lets hawser in by a ServiceAccount of its own', async () => {
    const { io, output } = captureIo(folder);
    const [{ name: context } = { name: 'none' }] = await readKubeconfigContexts(cluster.kubeconfig);
    const code = await clusterCommand(['add', context, '--name', 'itself', '--upsert', '-y'], io, {
      openServer: async () => ({ url: listening.url, token: TOKEN }),
      openContext: (name, file) => openKubeconfigContext(name, file ?? cluster.kubeconfig),
    }).catch((error: unknown) => String(error));
    expect({ code, ...output() }).toMatchObject({ code: 0, stderr: '' });
    const { items } = await client.list(
      { apiVersion: 'v1', kind: 'Secret' },
      { namespace: 'argocd', labelSelector: 'argocd.argoproj.io/secret-type=cluster' },
    );
    expect(items.map(decodeSecret)).toMatchObject([{ name: 'itself', server: cluster.transport.server }]);
    const listed = captureIo(folder);
    await clusterCommand(['list'], listed.io, {
      openServer: async () => ({ url: listening.url, token: TOKEN }),
      openContext: () => Promise.reject(new Error('not asked for')),
    });
    expect(listed.output().stdout).toMatch(/ itself +\S+ +Successful/);
  });
});
