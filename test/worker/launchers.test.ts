// npm run dev and wrangler dev against a real API server, which has a private CA: with each kind of credentials, both say what they reached.

import { chmodSync, cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applicationManifest } from '../../src/application/manifest.ts';
import { at } from '../../src/base/json.ts';
import { createKubeClient, type KubeClient } from '../../src/kube/client.ts';
import { connectKubeconfig } from '../../src/node/kubeconfig.ts';
import { type Listening, listen } from '../../src/node/listen.ts';
import { prepareHome } from '../../src/operation/prepare-home.ts';
import { pushDeliveries } from '../../src/sandbox/git/push-payload.ts';
import type { SandboxRepository } from '../../src/sandbox/git/repository.ts';
import { createGitServer, type SandboxPush } from '../../src/sandbox/git/server.ts';
import { type ControlPlane, missingControlPlane, startControlPlane } from '../support/control-plane.ts';
import { createHome, type Home, startProcess } from '../support/hawser-process.ts';

const CHECKOUT = resolve(import.meta.dirname, '../..');
const TOKEN = 'hawser-test-token';
const SECRET = 'secret-for-tests';
const missing = missingControlPlane();
if (missing) console.warn(`npm run dev and wrangler dev are not tried against a real API server: ${missing}`);

describe.skipIf(missing !== undefined)('against a real API server', () => {
  let home: Home;
  let plane: ControlPlane;
  let client: KubeClient;
  let gitListening: Listening;
  let repository: SandboxRepository;
  let announced: SandboxPush[] = [];
  const git = createGitServer({ onPush: (push) => void announced.push(push) });

  beforeAll(async () => {
    home = createHome();
    plane = await startControlPlane();
    client = createKubeClient(await connectKubeconfig({ kubeconfig: plane.kubeconfig }), { fieldManager: 'test' });
    gitListening = await listen((request) => git.handle(request), { host: '127.0.0.1', port: 0 });
    repository = git.create('devops/app', { defaultBranch: 'main' });
    await commit('zero');
  });
  afterAll(async () => {
    await gitListening?.close();
    await plane?.stop();
    home?.remove();
  });

  async function commit(value: string) {
    const files = { 'a.yaml': `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {key: ${value}}\n` };
    const author = { name: 'Kim', email: 'kim@example.com' };
    await git.commit(repository, 'main', files, { message: 'Change\n', author, atMs: Date.now() });
  }

  async function prepare() {
    await prepareHome(client, 'argocd');
    await client.apply({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'argocd-secret', namespace: 'argocd' },
      data: { 'webhook.gogs.secret': btoa(SECRET) },
    });
    const repoURL = `${gitListening.url}/devops/app`;
    const place = { namespace: 'argocd', repoURL, path: '.', destinationNamespace: 'default' };
    await client.create(applicationManifest({ ...place, name: 'app', automated: {} }));
  }

  /** As client certificate and private CA are in one kubeconfig, a token is in another, and here a plugin gives it. */
  function kubeconfigOfPlugin(): string {
    const plugin = join(home.folder, 'plugin.sh');
    const status = { token: TOKEN, expirationTimestamp: '2099-01-01T00:00:00Z' };
    const apiVersion = 'client.authentication.k8s.io/v1';
    const credential = JSON.stringify({ apiVersion, kind: 'ExecCredential', status });
    writeFileSync(plugin, `#!/bin/sh\necho run >>${home.folder}/runs\necho '${credential}'\n`);
    chmodSync(plugin, 0o755);
    const config = JSON.parse(readFileSync(plane.tokenKubeconfig, 'utf8')) as { users: unknown[] };
    config.users = [{ name: 'admin', user: { exec: { apiVersion, command: plugin, interactiveMode: 'Never' } } }];
    const path = join(home.folder, 'plugin.kubeconfig');
    writeFileSync(path, JSON.stringify(config));
    return path;
  }

  /** What `npm run dev` says, and what it answers when it is asked for the Applications. */
  async function runDev(kubeconfig: string) {
    const flags = ['--port', '0', '--kubeconfig', kubeconfig, '--data', join(home.folder, 'storage')];
    const dev = startProcess(process.execPath, [join(CHECKOUT, 'src/main-dev.ts'), ...flags], { env: home.env });
    try {
      const [, url] = await dev.waitFor(/hawser in workerd: (\S+)[\s\S]*Ctrl-C ends it/);
      const [, token] = /^ok {4}token: (\w+), for this run/m.exec(dev.output().stdout) ?? [];
      const headers = { authorization: `Bearer ${token}` };
      const { status } = await fetch(`${url}/api/v1/applications`, { headers });
      return { said: dev.output().stdout, status };
    } finally {
      await dev.end();
    }
  }

  it('npm run dev says by a token what the cluster lacks, and what to do', async () => {
    const { said } = await runDev(plane.tokenKubeconfig);
    for (const line of [
      `ok    API server: ${plane.server}, Kubernetes v1.`,
      "ok    clock: is the API server's\n",
      'FAIL  CustomResourceDefinition Application: is missing\n' +
        '        → npm run --silent hawser -- install --crds-only --namespace argocd | kubectl apply --server-side -f -\n',
      'FAIL  webhook secrets: none is set: every webhook is refused\n        → npm run --silent hawser -- repo add URL',
    ]) {
      expect(said).toContain(line);
    }
    expect(said).not.toContain(TOKEN);
  });

  it.each([
    ['a client certificate', () => plane.kubeconfig],
    ['an exec plugin', kubeconfigOfPlugin],
  ])('npm run dev works by %s, and says what it reached', async (_, kubeconfig) => {
    if ((await client.resourceFor('argoproj.io/v1alpha1', 'Application')) === undefined) await prepare();
    const { said, status } = await runDev(kubeconfig());
    for (const line of [
      `ok    API server: ${plane.server}, Kubernetes v1.`,
      'ok    CustomResourceDefinition Application: is there\n',
      'ok    webhook secrets: webhook.gogs.secret\n',
      'ok    Argo CD: no controller of it runs here\n',
      'ok    namespace argocd: 1 Application\n',
    ]) {
      expect(said).toContain(line);
    }
    expect(said).not.toContain('FAIL');
    expect(status).toBe(200);
  });

  it('npm run dev runs the exec plugin once, not for each request', () => {
    expect(readFileSync(join(home.folder, 'runs'), 'utf8')).toBe('run\n');
  });

  it('wrangler dev runs what the checked-in files say, follows a signed push, and says what is missing', async () => {
    const wrangler = startWrangler(home, plane);
    try {
      const [, url] = await wrangler.waitFor(/Ready on (http:\/\/\S+)/);
      // It begins with the first request.
      expect(await (await fetch(`${url}/healthz`)).text()).toBe('ok');
      await wrangler.waitFor(/"the cluster was reached"/);
      announced = [];
      await commit('one');
      const delivering = { provider: 'gogs', serverUrl: gitListening.url, secret: SECRET } as const;
      const deliveryId = () => crypto.randomUUID();
      const deliveries = announced.flatMap((push) => pushDeliveries(push, { ...delivering, deliveryId }));
      for (const { headers, body, event } of deliveries) {
        const response = await fetch(`${url}/api/webhook`, { method: 'POST', headers, body });
        if (event === 'push') expect(response.status).toBe(202);
        await response.text();
      }
      const revision = repository.refs.get('refs/heads/main');
      const app = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', namespace: 'argocd', name: 'app' };
      await expect
        .poll(async () => at(await client.get(app), 'status', 'sync'), { timeout: 30_000 })
        .toMatchObject({ status: 'Synced', revision });
      const made = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'default', name: 'a' };
      expect((await client.get(made))?.data).toEqual({ key: 'one' });
      const said = wrangler.output().stdout;
      expect(said).toContain(`"hawser serves","cluster":"${plane.server}","namespace":"argocd"`);
      expect(said).toContain('"cache":"R2"');
      expect(said).toContain('HAWSER_TOKEN is not set');
      expect(said).not.toContain(TOKEN);
    } finally {
      await wrangler.end();
    }
  }, 170_000);
});

/** In a copy of the checkout: it writes dist/ and .wrangler/ beside its configuration. */
function startWrangler(home: Home, plane: ControlPlane) {
  const folder = join(home.folder, 'checkout');
  mkdirSync(folder);
  const files = ['src', 'bin', 'package.json', 'build.js', 'build-ui.js', 'wrangler.toml'];
  for (const name of [...files, 'tsconfig.base.json', 'tsconfig.json', 'tsconfig.ui.json']) {
    cpSync(join(CHECKOUT, name), join(folder, name), { recursive: true });
  }
  symlinkSync(join(CHECKOUT, 'node_modules'), join(folder, 'node_modules'));
  const variables = readFileSync(join(CHECKOUT, '.dev.vars.example'), 'utf8')
    .replace(/^KUBE_SERVER = .*$/m, `KUBE_SERVER = "${plane.server}"`)
    .replace(/^KUBE_TOKEN = .*$/m, `KUBE_TOKEN = "${TOKEN}"`);
  writeFileSync(join(folder, '.dev.vars'), variables);
  const env = {
    ...home.env,
    PATH: `${join(CHECKOUT, 'node_modules/.bin')}:${home.env.PATH}`,
    NODE_EXTRA_CA_CERTS: join(plane.folder, 'ca.crt'),
    // Nothing that leaves this machine.
    CLOUDFLARE_CF_FETCH_ENABLED: 'false',
    WRANGLER_SEND_METRICS: 'false',
    WRANGLER_LOG_PATH: join(home.folder, 'wrangler-logs'),
    CI: 'true',
  };
  const program = join(CHECKOUT, 'node_modules/wrangler/bin/wrangler.js');
  const args = [program, 'dev', '--port', '0'];
  return startProcess(process.execPath, args, { cwd: folder, env, isGroup: true });
}
