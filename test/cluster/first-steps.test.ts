// The first steps of the documentation, one after another, with the real API server, kubectl and Gitea: apply what hawser install prints, log in,
// make a repository and its webhook known, create an Application, push. There is no kubelet: the container's very arguments are run here, as its
// ServiceAccount.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at } from '../../src/base/json.ts';
import { type ControlPlane, freePort, missingControlPlane, startControlPlane } from '../support/control-plane.ts';
import { type Gitea, missingGitea, startGitea } from '../support/gitea.ts';
import {
  createHome,
  eventually,
  type Home,
  type RunningProcess,
  runHawser,
  runProcess,
  startHawser,
} from '../support/hawser-process.ts';
import { findPeer } from '../support/peers.ts';

const kubectl = findPeer('kubectl') ?? '';
const missing = kubectl === '' ? 'no kubectl' : (missingControlPlane() ?? missingGitea());
if (missing) console.warn(`SKIPPED: the first steps on a real API server: ${missing}`);

const configMap = (value: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata: {greeting: ${value}}\n`;

describe.skipIf(missing !== undefined)('the first steps', () => {
  let plane: ControlPlane;
  let gitea: Gitea;
  let home: Home;
  let server: RunningProcess | undefined;
  let url = '';
  let repository = '';

  beforeAll(async () => {
    home = createHome();
    [plane, gitea] = await Promise.all([startControlPlane(), startGitea()]);
    await gitea.api('POST', '/user/repos', { name: 'ops', auto_init: true, default_branch: 'main', private: true });
    await commit('Begin', configMap('hello'), 'POST');
    repository = `${gitea.url}/${gitea.user}/ops.git`;
  });
  afterAll(async () => {
    await server?.end('SIGKILL');
    await gitea?.stop();
    await plane?.stop();
    home?.remove();
  });

  const environment = () => ({ ...home.env, KUBECONFIG: plane.kubeconfig });

  async function commit(message: string, text: string, method: 'POST' | 'PUT', sha?: unknown): Promise<void> {
    const content = Buffer.from(text).toString('base64');
    const body = { message, content, branch: 'main', ...(sha !== undefined && { sha }) };
    await gitea.api(method, `/repos/${gitea.user}/ops/contents/web/cm.yaml`, body);
  }

  async function run(args: readonly string[], input = ''): Promise<string> {
    const { code, stdout, stderr } = await runProcess(kubectl, args, { env: environment(), input });
    expect(code, `kubectl ${args.join(' ')}: ${stderr}`).toBe(0);
    return stdout;
  }

  async function hawser(...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await runHawser(args, { env: environment() });
    expect(code, `hawser ${args.join(' ')}: ${stdout}${stderr}`).toBe(0);
    return stdout;
  }

  const greeting = async () => {
    const args = ['get', 'configmap', 'web', '-n', 'web', '-o', 'jsonpath={.data.greeting}'];
    const { code, stdout } = await runProcess(kubectl, args, { env: environment() });
    return code === 0 ? stdout : undefined;
  };

  it('install: first the definitions, then all', async () => {
    await run(['apply', '--server-side', '-f', '-'], await hawser('install', '--crds-only'));
    await run(['wait', '--for=condition=Established', 'crd/applications.argoproj.io', 'crd/appprojects.argoproj.io']);
    const all = await hawser('install', '--image', 'hawser:0.1.0', '--node-port', '30002');
    await run(['apply', '--server-side', '-f', '-'], all);
    const service = JSON.parse(await run(['get', 'service', 'hawser', '-n', 'argocd', '-o', 'json']));
    expect(at(service, 'spec', 'ports', 0, 'nodePort')).toBe(30002);
  });

  it('runs with the arguments of the Deployment, as its ServiceAccount', async () => {
    const deployment = JSON.parse(await run(['get', 'deployment', 'hawser', '-n', 'argocd', '-o', 'json']));
    const args = at(deployment, 'spec', 'template', 'spec', 'containers', 0, 'args') as string[];
    const own: Readonly<Record<string, string>> = {
      '--host': '127.0.0.1',
      '--port': String(await freePort()),
      '--notice-port': '0',
      '--metrics-port': '0',
      '--data': join(home.folder, 'data'),
    };
    const here = args.map((arg, index) => own[args[index - 1] ?? ''] ?? arg);
    const config = JSON.parse(await run(['config', 'view', '--raw', '--minify', '--flatten', '-o', 'json']));
    const token = (await run(['create', 'token', 'hawser', '-n', 'argocd'])).trim();
    config.users = config.users.map(({ name }: { name: string }) => ({ name, user: { token } }));
    const kubeconfig = join(home.folder, 'pod.kubeconfig');
    writeFileSync(kubeconfig, JSON.stringify(config), { mode: 0o600 });
    server = startHawser([...here, '--kubeconfig', kubeconfig], { env: home.env });
    [, url = ''] = await server.waitFor(/"hawser serves","url":"([^"]+)"/);
  });

  it('log in with the first password, as with Argo CD', async () => {
    const args = ['-n', 'argocd', 'get', 'secret', 'argocd-initial-admin-secret', '-o', 'jsonpath={.data.password}'];
    const password = await eventually('the Secret', async () => {
      const { code, stdout } = await runProcess(kubectl, args, { env: environment() });
      return code === 0 ? atob(stdout) : undefined;
    });
    await hawser('login', url, '--username', 'admin', '--password', password, '--plaintext');
  });

  it('make the repository and its webhook known, of which a signed delivery comes', async () => {
    const account = ['--username', gitea.user, '--password', gitea.password];
    const told = await hawser('repo', 'add', repository, ...account, '--hook', 'gitea', '--server', url);
    expect(told).toContain("signed with this repository's secret");
  });

  it('create an Application, which syncs by itself', async () => {
    const place = ['--dest-server', 'https://kubernetes.default.svc', '--dest-namespace', 'web'];
    const policy = ['--sync-policy', 'automated', '--sync-option', 'CreateNamespace=true'];
    await hawser('app', 'create', 'web', '--repo', repository, '--path', 'web', ...place, ...policy);
    await hawser('app', 'wait', 'web', '--sync', '--timeout', '60');
    expect(await greeting()).toBe('hello');
  });

  it('push, and the cluster follows', async () => {
    const before = await gitea.api('GET', `/repos/${gitea.user}/ops/contents/web/cm.yaml?ref=main`);
    await commit('Greet', configMap('good-day'), 'PUT', at(before, 'sha'));
    await expect.poll(greeting, { timeout: 30_000 }).toBe('good-day');
  });

  it('upgrade: the same two commands again, which take nothing of anybody’s away', async () => {
    await run([
      'patch',
      'configmap',
      'argocd-cm',
      '-n',
      'argocd',
      '--type=merge',
      '-p',
      '{"data":{"url":"https://own"}}',
    ]);
    await run(['apply', '--server-side', '-f', '-'], await hawser('install', '--crds-only'));
    const all = await hawser('install', '--image', 'hawser:0.2.0', '--node-port', '30002');
    await run(['apply', '--server-side', '-f', '-'], all);
    const url = await run(['get', 'configmap', 'argocd-cm', '-n', 'argocd', '-o', 'jsonpath={.data.url}']);
    expect(url).toBe('https://own');
    expect(await run(['get', 'applications', '-n', 'argocd', '-o', 'name'])).toContain('application.argoproj.io/web');
  });

  it('upgrade: a project that somebody has changed is not changed back', async () => {
    const project = ['appproject', 'default', '-n', 'argocd'];
    await run(['patch', ...project, '--type=merge', '-p', '{"spec":{"sourceRepos":["https://own/*"]}}']);
    const all = await hawser('install');
    const apply = ['apply', '--server-side', '-f', '-'];
    const { code, stderr } = await runProcess(kubectl, apply, { env: environment(), input: all });
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining('.spec.sourceRepos') });
    await run(apply, await hawser('install', '--no-default-project'));
    expect(await run(['get', ...project, '-o', 'jsonpath={.spec.sourceRepos[*]}'])).toBe('https://own/*');
  });
});
