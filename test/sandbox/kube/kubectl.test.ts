// The real kubectl on the sandbox. test/cluster/kubectl.test.ts runs the same sessions on a real API server.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatKubeconfig } from '../../../src/sandbox/listen/kubeconfig.ts';
import { type Listening, listen } from '../../../src/sandbox/listen/listen.ts';
import { createSandbox, type Sandbox } from '../../../src/sandbox/sandbox.ts';
import { createHome, type Home, runProcess, startProcess } from '../../support/hawser-process.ts';
import { findPeer } from '../../support/peers.ts';
import { newNamespace } from './differential/run.ts';
import { runSession } from './kubectl/run.ts';
import { SESSIONS } from './kubectl/sessions.ts';

const kubectl = findPeer('kubectl');
if (!kubectl) console.warn('SKIPPED: no kubectl on this machine: the sandbox is not tried with it');

describe.skipIf(!kubectl)('kubectl on the sandbox', () => {
  let sandbox: Sandbox;
  let listening: Listening;
  let home: Home;
  let kubeconfig: string;

  beforeAll(async () => {
    sandbox = createSandbox({
      clock: { now: () => Date.now() },
      random: (length) => crypto.getRandomValues(new Uint8Array(length)),
    });
    listening = await listen(sandbox.fetch);
    home = createHome();
    kubeconfig = join(home.folder, 'kubeconfig');
    writeFileSync(kubeconfig, formatKubeconfig(listening.url));
  });
  afterAll(async () => {
    sandbox?.close();
    await listening?.close();
    home?.remove();
  });

  const env = () => ({ ...home.env, KUBECONFIG: kubeconfig });
  const run = (...args: string[]) => runProcess(kubectl ?? '', args, { env: env() });
  async function output(...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await run(...args);
    if (code !== 0) throw new Error(`kubectl ${args.join(' ')}: ${stderr}`);
    return stdout.trim();
  }

  it.each(SESSIONS)('$title', { timeout: 60_000 }, (session) =>
    runSession({ kubectl: kubectl ?? '', kubeconfig, home }, session, newNamespace('kubectl')),
  );

  it('waits for a rollout, scales, restarts and undoes it', async () => {
    await output('create', 'deployment', 'shop', '--image=shop:1', '--replicas=3');
    expect(await output('rollout', 'status', 'deployment/shop', '--timeout=20s')).toMatch(
      /deployment "shop" successfully rolled out$/,
    );
    expect(await output('scale', 'deployment', 'shop', '--replicas=1')).toBe('deployment.apps/shop scaled');
    await output('wait', '--for=jsonpath={.status.replicas}=1', 'deployment/shop', '--timeout=20s');
    await output('set', 'image', 'deployment/shop', 'shop=shop:2');
    await output('rollout', 'status', 'deployment/shop', '--timeout=20s');
    expect(
      await output('get', 'pods', '-l', 'app=shop', '-o', 'jsonpath={.items[*].spec.containers[*].image}'),
    ).toMatch(/shop:2/);
    expect(await output('rollout', 'history', 'deployment/shop')).toMatch(/^1 .*\n2 /m);
    await output('rollout', 'undo', 'deployment/shop');
    await output('rollout', 'status', 'deployment/shop', '--timeout=20s');
    expect(await output('get', 'deployment', 'shop', '-o', 'jsonpath={.spec.template.spec.containers[0].image}')).toBe(
      'shop:1',
    );
    await output('rollout', 'restart', 'deployment/shop');
    await output('wait', '--for=condition=Available', 'deployment/shop', '--timeout=20s');
  });

  it('tells of a rollout that cannot end', async () => {
    await output('create', 'deployment', 'broken', '--image=shop:does-not-exist');
    await output('wait', '--for=create', 'pod', '-l', 'app=broken', '--timeout=20s');
    await output(
      'wait',
      '--for=jsonpath={.status.containerStatuses[0].state.waiting.reason}=ImagePullBackOff',
      'pod',
      '-l',
      'app=broken',
      '--timeout=20s',
    );
    expect(await output('get', 'pods', '-l', 'app=broken')).toMatch(/0\/1 +ImagePullBackOff +0 /);
    const { code, stderr } = await run('rollout', 'status', 'deployment/broken', '--timeout=1s');
    expect({ code, stderr }).toEqual({ code: 1, stderr: 'error: timed out waiting for the condition\n' });
  });

  it('sees Pods run on the one node, and reads their logs', async () => {
    await output('run', 'single', '--image=nginx:1.26');
    await output('wait', '--for=condition=Ready', 'pod/single', '--timeout=20s');
    expect(await output('get', 'pod', 'single', '-o', 'wide', '--no-headers')).toMatch(
      /^single +1\/1 +Running +0 +\d+s +10\.\d+\.\d+\.\d+ +sandbox +<none> +<none>$/,
    );
    expect(await output('logs', 'single')).toMatch(/sandbox/);
    expect(await output('get', 'nodes', '--no-headers')).toMatch(/^sandbox +Ready/);
  });

  it('sees Jobs complete and fail', async () => {
    await output('create', 'job', 'good', '--image=busybox', '--', 'true');
    await output('create', 'job', 'bad', '--image=busybox', '--', 'sh', '-c', 'exit 1');
    await output('patch', 'job', 'bad', '-p', '{"spec":{"backoffLimit":0}}');
    await output('wait', '--for=condition=Complete', 'job/good', '--timeout=20s');
    await output('wait', '--for=condition=Failed', 'job/bad', '--timeout=20s');
    expect(await output('get', 'job', 'good', '--no-headers')).toMatch(/^good +Complete +1\/1/);
    expect(await output('get', 'job', 'bad', '--no-headers')).toMatch(/^bad +Failed +0\/1/);
  });

  it('watches as a table', async () => {
    const watching = startProcess(kubectl ?? '', ['get', 'configmaps', '-w', '-l', 'watched=yes'], { env: env() });
    await new Promise((resolve) => setTimeout(resolve, 300));
    await output('create', 'configmap', 'seen', '--from-literal=a=1');
    await output('label', 'configmap', 'seen', 'watched=yes');
    await watching.waitFor(/NAME +DATA +AGE\nseen +1 /);
    await output('patch', 'configmap', 'seen', '-p', '{"data":{"b":"2"}}');
    await watching.waitFor(/seen +2 /);
    await watching.end();
  });

  it('describes a Deployment and its Pods with what happened to them', async () => {
    await output('create', 'deployment', 'told', '--image=nginx:1.26');
    await output('rollout', 'status', 'deployment/told', '--timeout=20s');
    expect(await output('describe', 'deployment', 'told')).toMatch(
      /NewReplicaSet:\s+told-\w+ \(1\/1 replicas created\)/,
    );
    expect(await output('describe', 'pods', '-l', 'app=told')).toMatch(/Status:\s+Running/);
  });
});
