// Three hawser processes on a real API server: one is killed and one is stopped while they work, and the third one finishes.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applicationManifest } from '../../src/application/manifest.ts';
import { delay } from '../../src/base/delay.ts';
import { at } from '../../src/base/json.ts';
import { createKubeClient, type KubeClient } from '../../src/kube/client.ts';
import { type Listening, listen } from '../../src/node/listen.ts';
import { prepareHome } from '../../src/operation/prepare-home.ts';
import { createGitServer } from '../../src/sandbox/git/server.ts';
import { freePort } from '../support/control-plane.ts';
import { createHome, eventually, type Home, type RunningProcess, startHawser } from '../support/hawser-process.ts';
import { missingCluster, type RealCluster, startRealCluster } from '../support/real-cluster.ts';

const NAMESPACE = 'hawser-replicas';
const TOKEN = 'token-for-tests';
/** A Lease lasts 15 seconds; the rest is for looking and finishing, on a machine that may be busy. */
const TAKEN_OVER = { timeout: 60_000, interval: 100 };

/** Its first wave waits for an address, which the test gives it. */
const FILES = {
  'lb.yaml': `apiVersion: v1
kind: Service
metadata: {name: lb, annotations: {argocd.argoproj.io/sync-wave: "-1"}}
spec: {type: LoadBalancer, ports: [{port: 80}]}
`,
  'a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\n',
};

const missing = missingCluster();
if (missing) console.warn(`SKIPPED: replicas: ${missing}`);

describe.skipIf(missing !== undefined)('three replicas on a real API server', () => {
  let cluster: RealCluster;
  let client: KubeClient;
  let home: Home;
  let gitListening: Listening;
  let replicas: readonly { readonly url: string; readonly process: RunningProcess }[] = [];
  const git = createGitServer({});

  beforeAll(async () => {
    home = createHome();
    cluster = await startRealCluster();
    client = createKubeClient(cluster.transport, { fieldManager: 'test' });
    await prepareHome(client, NAMESPACE);
    gitListening = await listen((request) => git.handle(request), { host: '127.0.0.1', port: 0 });
    const ports = await Promise.all([freePort(), freePort(), freePort()]);
    const urls = ports.map((port) => `http://127.0.0.1:${port}`);
    replicas = ports.map((port, index) => ({
      url: urls[index] ?? '',
      process: startHawser(
        [
          ...['serve', '--kubeconfig', cluster.kubeconfig, '--namespace', NAMESPACE, '--port', String(port)],
          ...['--data', `${home.folder}/data-${index}`, '--peers', urls.join(',')],
        ],
        { env: { ...home.env, HAWSER_TOKEN: TOKEN } },
      ),
    }));
    await Promise.all(replicas.map(({ process }) => process.waitFor(/"hawser serves"/)));
    // What a start looks at is looked at: each is idle, and has no Lease.
    await delay(1_000);
    await eventually('idleness', async () => (await countLeases()) === 0 || undefined);
  });

  afterAll(async () => {
    await Promise.all(replicas.map(({ process }) => process.end('SIGKILL')));
    await gitListening?.close();
    await cluster?.stop();
    home?.remove();
  });

  const countLeases = async () =>
    (await client.list({ apiVersion: 'coordination.k8s.io/v1', kind: 'Lease' }, { namespace: NAMESPACE })).items.length;

  async function state(name: string, ...path: string[]): Promise<unknown> {
    const ref = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', namespace: NAMESPACE, name };
    return at(await client.get(ref), 'status', ...path);
  }

  /** The replica works on it, and waits for the address. */
  async function deploy(name: string, replica: number): Promise<void> {
    const repository = git.create(`devops/${name}`, { defaultBranch: 'main' });
    const author = { name: 'Kim', email: 'kim@example.com' };
    await git.commit(repository, 'main', FILES, { message: 'One\n', author, atMs: Date.now() });
    const repoURL = `${gitListening.url}/devops/${name}`;
    const where = { name, namespace: NAMESPACE, repoURL, path: '.', destinationNamespace: `replicas-${name}` };
    await client.create(applicationManifest({ ...where, automated: {} }));
    const answer = await fetch(`${replicas[replica]?.url}/api/refresh`, {
      method: 'POST',
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
      body: JSON.stringify({ application: name }),
    });
    expect(answer.status).toBe(202);
    await expect
      .poll(() => state(name, 'operationState', 'message'), TAKEN_OVER)
      .toBe('waiting for healthy state of /Service/lb');
  }

  const giveAddress = (name: string) =>
    client.patch(
      { apiVersion: 'v1', kind: 'Service', namespace: `replicas-${name}`, name: 'lb' },
      { status: { loadBalancer: { ingress: [{ ip: '192.0.2.1' }] } } },
      { type: 'merge', subresource: 'status' },
    );

  it('finish what a killed and a stopped one had begun, which write nothing more', async () => {
    await Promise.all([deploy('killed', 0), deploy('stopped', 1)]);
    const begun = await Promise.all(['killed', 'stopped'].map((name) => state(name, 'operationState', 'startedAt')));
    const [killed, stopped, heir] = replicas.map(({ process }) => process);
    process.kill(killed?.pid ?? 0, 'SIGKILL');
    process.kill(stopped?.pid ?? 0, 'SIGSTOP');
    await Promise.all([giveAddress('killed'), giveAddress('stopped')]);
    await Promise.all(
      ['killed', 'stopped'].map((name) =>
        expect.poll(() => state(name, 'operationState', 'phase'), TAKEN_OVER).toBe('Succeeded'),
      ),
    );
    const before = await Promise.all([state('stopped', 'operationState'), state('stopped', 'history')]);
    process.kill(stopped?.pid ?? 0, 'SIGCONT');
    await stopped?.waitFor(/this process stops its work/);
    await stopped?.waitFor(/the Lease of an Application was lost/);
    await delay(2_000);
    expect(await Promise.all([state('stopped', 'operationState'), state('stopped', 'history')])).toEqual(before);
    for (const [index, name] of ['killed', 'stopped'].entries()) {
      expect(await state(name, 'operationState', 'startedAt')).toBe(begun[index]);
      expect(await state(name, 'history')).toHaveLength(1);
    }
    expect(heir?.output().stderr).toMatch(/what a dead replica has left/);
  }, 180_000);
});
