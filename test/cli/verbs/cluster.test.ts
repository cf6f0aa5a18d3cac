import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { managerObjects } from '../../../src/cli/cluster/manager-account.ts';
import { createKubeClient } from '../../../src/kube/client.ts';
import { decodeSecret } from '../../../src/operation/settings.ts';
import { type ClusterGate, openClusterGate } from '../../support/cluster-gate.ts';
import { connectSandbox, type SandboxTransport } from '../../support/sandbox-transport.ts';
import { createVerbs, type Verbs } from '../../support/verbs.ts';

const TOKEN = 'token-of-the-manager';

let verbs: Verbs;
let target: SandboxTransport;
let gate: ClusterGate;
beforeAll(async () => {
  target = connectSandbox();
  gate = await openClusterGate(() => target, TOKEN);
  verbs = await createVerbs(async (name) => ({
    transport: target,
    server: gate.url,
    ...(name === 'tls' && { insecure: true }),
  }));
  // What the token controller of a cluster does.
  await createKubeClient(target, { fieldManager: 'test' }).create({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'argocd-manager-long-lived-token', namespace: 'kube-system' },
    data: { token: btoa(TOKEN) },
  });
});
afterAll(async () => {
  await verbs.close();
  await gate.close();
});

describe('hawser cluster add', () => {
  it('makes a ServiceAccount with its rights there, and the cluster known here', async () => {
    const { stdout, stderr, code } = await verbs.run('cluster add prod --label env=prod --project shop', {
      answers: ['y'],
    });
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: `Cluster '${gate.url}' added\n`, stderr: '' });
    const client = createKubeClient(target, { fieldManager: 'test' });
    for (const { apiVersion, kind, metadata } of managerObjects('kube-system', [])) {
      const ref = {
        apiVersion,
        kind,
        name: metadata.name ?? '',
        ...(metadata.namespace && { namespace: metadata.namespace }),
      };
      expect(await client.get(ref), kind).toBeDefined();
    }
    const { items } = await verbs.ground.client.list(
      { apiVersion: 'v1', kind: 'Secret' },
      { namespace: 'argocd', labelSelector: 'argocd.argoproj.io/secret-type=cluster' },
    );
    expect(items.map((secret) => secret.metadata.labels)).toMatchObject([{ env: 'prod' }]);
    const [data] = items.map(decodeSecret);
    expect(data).toMatchObject({ name: 'prod', server: gate.url, project: 'shop' });
    expect(JSON.parse(data?.config ?? '')).toMatchObject({ bearerToken: TOKEN, tlsClientConfig: { insecure: false } });
  });

  it('does nothing where whoever sits there does not agree', async () => {
    const { stdout } = await verbs.run('cluster add other', { answers: [''] });
    expect(stdout).toBe('The command to add the cluster was cancelled.\n');
  });

  it('gives rights in the namespaces that are named, and no others', () => {
    const objects = managerObjects('kube-system', ['a', 'b']);
    expect(objects.map(({ kind, metadata }) => `${kind} ${metadata.namespace}`)).toEqual([
      'ServiceAccount kube-system',
      'Role a',
      'RoleBinding a',
      'Role b',
      'RoleBinding b',
    ]);
  });

  it('refuses a cluster that is known with other settings, unless it is to replace them', async () => {
    const add = 'cluster add prod -y --name other';
    expect((await verbs.run(add)).code).toBeGreaterThan(0);
    expect((await verbs.run(`${add} --upsert --project shop`)).code).toBe(0);
    expect((await verbs.run('cluster set other --name prod')).stdout).toBe("Cluster 'other' updated.\n");
  });

  it('refuses labels that are none', async () => {
    expect((await verbs.run('cluster add prod -y --label a')).stderr).toContain(
      '--label a is not of the form key=value',
    );
  });
});

describe('hawser cluster', () => {
  it('lists the clusters, and whether they can be reached', async () => {
    const { stdout } = await verbs.run('cluster list');
    expect(stdout).toMatch(/^SERVER +NAME +VERSION +STATUS +MESSAGE +PROJECT\n/);
    expect(stdout).toMatch(new RegExp(`^${gate.url} +prod +\\S+ +Successful .*shop$`, 'm'));
    expect((await verbs.run('cluster list -o server')).stdout).toContain('https://kubernetes.default.svc\n');
  });

  it('shows one by its address or its name, and nothing that is secret', async () => {
    const byName = await verbs.run('cluster get prod');
    expect((await verbs.run(`cluster get ${gate.url}`)).stdout).toBe(byName.stdout);
    expect(byName.stdout).not.toContain(TOKEN);
    expect((await verbs.run('cluster get prod -o wide')).stdout).toMatch(
      /^Cluster information\n\n {2}Server URL: +http:\S+\n {2}Server Name: +prod\n {2}Server Version: +\S+\n {2}Namespaces: +all namespaces\n/,
    );
  });

  it('changes its labels and namespaces', async () => {
    expect((await verbs.run('cluster set prod --label env=test --namespace a --namespace b')).code).toBe(0);
    expect((await verbs.run('cluster get prod -o json')).stdout).toContain('"namespaces": [\n    "a",\n    "b"\n  ]');
    expect((await verbs.run('cluster list')).stdout).toContain(`${gate.url} (2 namespaces)`);
    expect((await verbs.run(['cluster', 'set', 'prod', '--namespace', '*'])).code).toBe(0);
    expect((await verbs.run('cluster set prod')).stderr).toContain('Specify the cluster field to be updated.');
  });

  it('forgets it when whoever sits there agrees', async () => {
    expect((await verbs.run('cluster rm prod', { answers: ['n'] })).stdout).toContain('was cancelled');
    expect((await verbs.run('cluster rm prod', { answers: ['y'] })).stdout).toBe("Cluster 'prod' removed\n");
    expect((await verbs.run('cluster get prod')).code).toBe(2);
  });
});
