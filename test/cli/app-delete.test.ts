// `hawser app delete` and `confirm-deletion` against a running demo, as a user types them.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createKubeClient, type KubeClient } from '../../src/kube/client.ts';
import { connectKubeconfig } from '../../src/node/kubeconfig.ts';
import { type DemoProcess, startDemoProcess } from '../support/demo-process.ts';
import { eventually, type Outcome, runHawser } from '../support/hawser-process.ts';

let demo: DemoProcess;
let client: KubeClient;

beforeAll(async () => {
  demo = await startDemoProcess();
  client = createKubeClient(await connectKubeconfig({ kubeconfig: demo.kubeconfig }), { fieldManager: 'test' });
  await eventually('the first comparison', async () => {
    const { stdout } = await hawser('app', 'list');
    return stdout.match(/Synced|OutOfSync/g)?.length === 4 ? stdout : undefined;
  });
}, 60_000);

afterAll(async () => {
  await demo?.process.end();
  demo?.home.remove();
});

function hawser(...args: string[]): Promise<Outcome> {
  return runHawser(args, { env: demo.home.env });
}

async function deployments(namespace: string): Promise<number> {
  return (await client.list({ apiVersion: 'apps/v1', kind: 'Deployment' }, { namespace })).items.length;
}

async function namespaceOf(name: string): Promise<string> {
  const { stdout } = await hawser('app', 'get', name, '-o', 'json');
  return JSON.parse(stdout).spec.destination.namespace;
}

describe('hawser app delete', () => {
  it('refuses a policy that is none, and names an Application that does not exist', async () => {
    expect(await hawser('app', 'delete', 'dev-web', '-p', 'sideways')).toMatchObject({ code: 2 });
    const unknown = await hawser('app', 'delete', 'nobody');
    expect(unknown.code).toBe(2);
    expect(unknown.stderr).toContain('"nobody" not found');
  });

  it('leaves the objects with --cascade=false', async () => {
    const namespace = await namespaceOf('dev-web');
    await hawser('app', 'sync', 'dev-web');
    const before = await deployments(namespace);
    expect(before).toBeGreaterThan(0);

    const { code, stdout } = await hawser('app', 'delete', 'dev-web', '--cascade=false', '--wait', '--yes');

    expect({ code, stdout }).toEqual({ code: 0, stdout: "application 'dev-web' deleted\n" });
    expect((await hawser('app', 'list', '-o', 'name')).stdout).not.toContain('dev-web');
    expect(await deployments(namespace)).toBe(before);
  });

  it('takes the objects with it, and says what holds it up until a person confirms', { timeout: 60_000 }, async () => {
    const namespace = await namespaceOf('prd-web');
    await hawser('app', 'sync', 'prd-web');
    const { items } = await client.list({ apiVersion: 'apps/v1', kind: 'Deployment' }, { namespace });
    const name = items[0]?.metadata.name ?? '';
    const annotations = { 'argocd.argoproj.io/sync-options': 'Delete=confirm' };
    const ref = { apiVersion: 'apps/v1', kind: 'Deployment', namespace, name };
    await client.patch(ref, { metadata: { annotations } }, { type: 'merge' });

    const waiting = await hawser('app', 'delete', 'prd-web', '--wait', '--timeout', '2');
    expect(waiting.code).not.toBe(0);
    expect(waiting.stderr).toContain('waiting for a person to confirm the deletion of apps/Deployment');
    expect((await hawser('app', 'get', 'prd-web')).stdout).toContain('Being deleted since');
    const confirmed = await hawser('app', 'confirm-deletion', 'prd-web');
    expect(confirmed).toMatchObject({ code: 0, stdout: "Application 'prd-web' updated successfully\n" });
    await eventually('the end of prd-web', async () => {
      const { stdout } = await hawser('app', 'list', '-o', 'name');
      return stdout.includes('prd-web') ? undefined : stdout;
    });
    expect(await deployments(namespace)).toBe(0);
  });
});
