import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { at } from '../../../src/base/json.ts';
import { adminCommand } from '../../../src/cli/admin/admin.ts';
import { createKubeClient } from '../../../src/kube/client.ts';
import { createForeignRender } from '../../../src/node/foreign-render.ts';
import { listen } from '../../../src/node/listen.ts';
import { openPreviewHawser } from '../../../src/node/preview-hawser.ts';
import { prepareHome } from '../../../src/operation/prepare-home.ts';
import { createGitServer } from '../../../src/sandbox/git/server.ts';
import { argoExport } from '../../support/argo-export.ts';
import { captureIo } from '../../support/captured-io.ts';
import { createGround } from '../../support/ground.ts';
import { eventually } from '../../support/hawser-process.ts';
import { findPeer } from '../../support/peers.ts';
import { connectSandbox, type SandboxTransport } from '../../support/sandbox-transport.ts';

const CHART = {
  'deploy/Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 1.0.0\n',
  'deploy/values.yaml': 'color: blue\n',
  'deploy/templates/settings.yaml':
    'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\ndata:\n  color: {{ .Values.color }}\n  on: {{ .Capabilities.KubeVersion.Version | quote }}\n',
  'deploy/templates/secret.yaml':
    'apiVersion: v1\nkind: Secret\nmetadata:\n  name: token\nstringData:\n  token: {{ .Values.token | default "first-secret" }}\n',
};

const closing: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function serveGit(files: Readonly<Record<string, string>>, isPrivate = false): Promise<string> {
  const git = createGitServer({ users: { devops: 'git-password' }, onPush: () => undefined });
  const repository = git.create('team/shop', { defaultBranch: 'main', isPrivate });
  await git.commit(repository, 'main', files, {
    message: 'Begin\n',
    author: { name: 'Kim', email: 'kim@example.com' },
    atMs: Date.now(),
  });
  const listening = await listen((request) => git.handle(request), { host: '127.0.0.1', port: 0 });
  closing.push(() => listening.close());
  return `${listening.url}/team/shop.git`;
}

async function newCluster(): Promise<SandboxTransport> {
  const cluster = connectSandbox();
  await prepareHome(createKubeClient(cluster, { fieldManager: 'test' }), 'argocd');
  cluster.requests.length = 0;
  return cluster;
}

interface RunOptions {
  readonly input?: string;
  /** Scripts by name, in place of the programs on the PATH. */
  readonly programs?: Readonly<Record<string, string>>;
  /** The answer of somebody at the terminal. */
  readonly answer?: string;
}

async function admin(cluster: SandboxTransport, args: readonly string[], options: RunOptions = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'hawser-admin-'));
  closing.push(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, script] of Object.entries(options.programs ?? {})) {
    mkdirSync(join(folder, 'bin'), { recursive: true });
    writeFileSync(join(folder, 'bin', name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, 'bin', name), 0o755);
  }
  const { io, output } = captureIo(folder);
  const { answer } = options;
  const env = { PATH: options.programs ? `${join(folder, 'bin')}:/usr/bin:/bin` : join(folder, 'nothing') };
  const parts = {
    connect: async () => cluster,
    openPreview: (over: Parameters<typeof openPreviewHawser>[0], namespace: string) =>
      openPreviewHawser(over, namespace, createForeignRender(env)),
  };
  const before = {
    ...io,
    readStdin: async () => options.input ?? '',
    ...(answer !== undefined && { ask: async () => answer }),
  };
  const code = await runInside(() => adminCommand(args, before, parts), before.stderr);
  return { code, folder, ...output() };
}

/** Errors as a process shows them. */
async function runInside(work: () => Promise<number>, stderr: (text: string) => void): Promise<number> {
  const { exitCodeOf, formatError, isHawserError } = await import('../../../src/base/errors.ts');
  try {
    return await work();
  } catch (error) {
    if (!isHawserError(error)) throw error;
    stderr(`Error: ${formatError(error)}\n`);
    return exitCodeOf(error);
  }
}

const writes = (cluster: SandboxTransport) =>
  cluster.requests.filter((request) => !request.startsWith('GET') && !request.includes('dryRun=All'));

/** What the real helm prints for the chart above, but for what a test changes. */
const fakeHelm = (color: string) => `
case "$1" in version) echo v3.99.0;; *) cat <<END
apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
data:
  color: ${color}
  on: v1.36.3
---
apiVersion: v1
kind: Secret
metadata:
  name: token
stringData:
  token: other-secret
END
esac`;

describe('hawser admin import', () => {
  it('tells what would become of everything, and writes nothing', async () => {
    const cluster = await newCluster();
    const input = argoExport({ repoURL: await serveGit(CHART), path: 'deploy' });
    const { code, stdout, stderr } = await admin(cluster, ['import', '-'], { input });
    expect(stdout).toContain('/Secret argocd-secret in namespace argocd created (dry run)\n');
    expect(stdout).toContain(
      'argoproj.io/Application shop in namespace argocd created (dry run): the operation that was',
    );
    expect(stdout).toMatch(/^argocd\/shop +2 +not compared +2 of 2 differ$/m);
    expect(stdout).toContain('not compared: there is no helm on the PATH');
    expect(stdout).toContain('  ! the cluster has nothing of it yet\n');
    expect(stderr).toBe('Nothing was written. --apply writes it.\n');
    expect(code).toBe(1);
    expect(writes(cluster)).toEqual([]);
  });

  it('writes with --apply, and the second time finds nothing to do', async () => {
    const cluster = await newCluster();
    const input = argoExport({ repoURL: await serveGit(CHART), path: 'deploy' });
    const first = await admin(cluster, ['import', '-', '--apply'], { input });
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(first.stdout).toContain(
      'argoproj.io/ApplicationSet fleet in namespace argocd created: no Applications are made of it yet',
    );
    cluster.requests.length = 0;
    const second = await admin(cluster, ['import', '-', '--apply', '--no-render'], { input });
    expect(second).toMatchObject({ code: 0, stdout: 'nothing to do: all is as the import has it\n' });
    expect(writes(cluster)).toEqual([]);
  });

  it.each([
    ['y', true],
    ['', false],
  ])('asks whoever sits at the terminal, and with the answer "%s" writes: %s', async (answer, isWritten) => {
    const cluster = await newCluster();
    const input = argoExport({ repoURL: 'http://127.0.0.1:1/shop.git', path: 'deploy' });
    await admin(cluster, ['import', '-', '--no-render'], { input, answer });
    expect(writes(cluster).length > 0).toBe(isWritten);
  });

  it('shows how helm renders it otherwise, without what is secret', async () => {
    const cluster = await newCluster();
    const input = argoExport({ repoURL: await serveGit(CHART), path: 'deploy' });
    const { code, stdout } = await admin(cluster, ['import', '-'], { input, programs: { helm: fakeHelm('green') } });
    expect(code).toBe(1);
    expect(stdout).toMatch(/^argocd\/shop +2 +2 differ +helm v3\.99\.0 /m);
    expect(stdout).toContain('===== /ConfigMap /settings (hawser and helm v3.99.0: differs) ======');
    expect(stdout).toContain('-  color: green\n+  color: blue\n');
    expect(stdout).not.toMatch(/first-secret|other-secret/);
  });

  it.skipIf(!findPeer('helm'))('finds that the real helm renders the same', async () => {
    const cluster = await newCluster();
    const input = argoExport({ repoURL: await serveGit(CHART), path: 'deploy' });
    const programs = { helm: `exec ${findPeer('helm')} "$@"` };
    const { stdout } = await admin(cluster, ['import', '-', '-o', 'json'], { input, programs });
    expect(JSON.parse(stdout).applications).toMatchObject([
      { name: 'shop', rendered: { verdict: 'equal', objects: 2, tool: expect.stringMatching(/^helm v3\./) } },
    ]);
  });

  it('reads private repositories with the credentials that the file brings', async () => {
    const cluster = await newCluster();
    const repoURL = await serveGit(CHART, true);
    const input = argoExport({ repoURL, path: 'deploy' });
    const closed = await admin(cluster, ['import', '-'], { input });
    expect(closed.stdout).toMatch(/^argocd\/shop +0 +not rendered/m);
    const credentials = { url: repoURL, username: 'devops', password: 'git-password' };
    const data = Object.entries(credentials).map(([key, value]) => `  ${key}: ${btoa(value)}\n`);
    const secret = `apiVersion: v1\nkind: Secret\ndata:\n${data.join('')}metadata:\n  labels: {argocd.argoproj.io/secret-type: repository}\n  name: own\n---\n`;
    const open = await admin(cluster, ['import', '-'], { input: secret + input });
    expect(open.stdout).toMatch(/^argocd\/shop +2 +not compared/m);
    expect(open.stdout + open.stderr).not.toContain('git-password');
  });

  it('shows what a first sync would change in a cluster that has some of it', async () => {
    const cluster = await newCluster();
    const client = createKubeClient(cluster, { fieldManager: 'argocd-controller' });
    await client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop-dev' } });
    const live = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings', namespace: 'shop-dev' } };
    await client.create({ ...live, data: { color: 'red' } });
    const input = argoExport({ repoURL: await serveGit(CHART), path: 'deploy' });
    const { stdout } = await admin(cluster, ['import', '-'], { input });
    expect(stdout).toContain('===== /ConfigMap shop-dev/settings (the cluster and Git: differs) ======');
    expect(stdout).toContain('-  color: red\n+  color: blue\n');
    expect(stdout).toContain('===== /Secret shop-dev/token (the cluster and Git: only in Git) ======');
  });

  it('says of each Application what cannot be done for it', async () => {
    const cluster = await newCluster();
    const repoURL = await serveGit(CHART);
    const application = (name: string, spec: string) =>
      `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: ${name}}\nspec: {project: default, destination: {server: 'https://kubernetes.default.svc', namespace: a}, ${spec}}\n---\n`;
    const input = [
      application('plugin', `source: {repoURL: '${repoURL}', path: deploy, plugin: {name: own}}`),
      application('hydrated', `sourceHydrator: {drySource: {repoURL: '${repoURL}', path: deploy}}`),
      application('missing', `source: {repoURL: '${repoURL}', path: nowhere}`),
      application('version', `source: {repoURL: '${repoURL}', path: deploy, helm: {version: v2}}`),
    ].join('');
    const { stdout } = await admin(cluster, ['import', '-'], { input });
    expect(stdout).toContain('argocd/plugin\n  ! spec.source.plugin: config management plugins run foreign binaries');
    expect(stdout).toContain('argocd/hydrated\n  ! spec.sourceHydrator: hawser writes no branch');
    expect(stdout).toMatch(/^argocd\/missing +0 +not rendered/m);
    expect(stdout).toContain('nowhere');
    expect(stdout).toContain('argocd/version\n  ! spec.source.helm.version: charts are rendered as');
  });

  it('removes with --prune what the file does not have, and leaves what an Application deployed', async () => {
    const cluster = await newCluster();
    const client = createKubeClient(cluster, { fieldManager: 'test' });
    const input = argoExport({ repoURL: 'http://127.0.0.1:1/shop.git', path: 'deploy' });
    await admin(cluster, ['import', '-', '--no-render', '--apply'], { input });
    const rest = input
      .split('---\n')
      .filter((document) => !document.includes('kind: Application\n'))
      .join('---\n');
    const told = await admin(cluster, ['import', '-', '--no-render', '--apply'], { input: rest });
    expect(told.stdout).toContain('argoproj.io/Application shop needs pruning\n');
    const pruned = await admin(cluster, ['import', '-', '--no-render', '--apply', '--prune'], { input: rest });
    expect(pruned.stdout).toContain('argoproj.io/Application shop pruned\n');
    const ref = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', namespace: 'argocd', name: 'shop' };
    expect(await client.get(ref)).toBeUndefined();
  });

  it('changes nothing the second time while hawser works on what was imported', async () => {
    const cluster = connectSandbox();
    const ground = await createGround(cluster);
    closing.push(() => ground.close());
    const repository = await ground.createRepository('team/shop', CHART);
    const input = argoExport({ repoURL: `${ground.gitUrl}/${repository.path}`, path: 'deploy' }).replace(
      '  project: shop\n  source:',
      '  project: shop\n  syncPolicy:\n    automated: {}\n  source:',
    );
    const withoutSecret = input
      .split('---\n')
      .filter((document) => !document.includes('name: argocd-secret'))
      .join('---\n');
    await ground.client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop-dev' } });
    await admin(cluster, ['import', '-', '--no-render', '--apply'], { input: withoutSecret });
    await ground.refresh('shop');
    const app = await ground.application('shop');
    expect(app.status.history?.map(({ id }) => id)).toEqual([7, 8]);
    cluster.requests.length = 0;
    const { stdout } = await admin(cluster, ['import', '-', '--no-render', '--apply'], { input: withoutSecret });
    expect(stdout.split('\n').filter((line) => line !== '' && !line.endsWith('needs pruning'))).toEqual([]);
    expect(writes(cluster)).toEqual([]);
  });

  it.each([
    ['no source', ['import'], 'what to import is not said'],
    ['a file and --live', ['import', 'a.yaml', '--live'], '--live takes what is in the cluster, and no file'],
    ['a file that is not there', ['import', 'a.yaml'], 'ENOENT'],
    ['a label that is none', ['import', '-', '--skip-resources-with-label', 'a'], 'is no label'],
  ])('refuses %s', async (_, args, message) => {
    const { code, stderr } = await admin(await newCluster(), args);
    expect(stderr).toContain(message);
    expect(code).toBe(2);
  });

  it('says what to do where the cluster has no Applications', async () => {
    const { stderr } = await admin(connectSandbox(), ['import', '-']);
    expect(stderr).toContain('hawser install --crds-only');
  });
});

describe('hawser admin import --live', () => {
  const setUp = async (readyReplicas: number) => {
    const cluster = await newCluster();
    const client = createKubeClient(cluster, { fieldManager: 'argocd' });
    const input = argoExport({ repoURL: await serveGit(CHART), path: 'deploy' });
    await admin(cluster, ['import', '-', '--no-render', '--apply'], { input });
    const ref = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', namespace: 'argocd', name: 'shop' };
    await client.patch(ref, { operation: { sync: {} } }, { type: 'merge' });
    const labels = { 'app.kubernetes.io/name': 'argocd-application-controller' };
    await client.create({
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata: { name: 'argocd-application-controller', namespace: 'argocd', labels },
      spec: {
        replicas: readyReplicas,
        serviceName: 'argocd',
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers: [{ name: 'c', image: 'argocd' }] } },
      },
    });
    const controller = {
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      namespace: 'argocd',
      name: 'argocd-application-controller',
    };
    await eventually('its pods', async () => {
      const found = await client.get(controller);
      return Number(at(found, 'status', 'readyReplicas') ?? 0) === readyReplicas ? found : undefined;
    });
    cluster.requests.length = 0;
    return { cluster, client, ref };
  };

  it('renders and compares what is there, and takes over without what was running', async () => {
    const { cluster, client, ref } = await setUp(0);
    const look = await admin(cluster, ['import', '--live']);
    expect(look.stdout).toContain('argoproj.io/Application shop in namespace argocd updated (dry run)');
    expect(look.stdout).toMatch(/^argocd\/shop +2 /m);
    expect(writes(cluster)).toEqual([]);
    expect((await admin(cluster, ['import', '--live', '--apply', '--no-render'])).code).toBe(0);
    expect((await client.get(ref))?.operation).toBeUndefined();
  });

  it('does not take over from an Argo CD that is at work', async () => {
    const { cluster } = await setUp(1);
    const { code, stderr } = await admin(cluster, ['import', '--live', '--apply', '--no-render']);
    expect(stderr).toContain('kubectl -n argocd scale statefulset argocd-application-controller --replicas=0');
    expect(code).not.toBe(0);
    const input = argoExport({ repoURL: 'https://git.example.com/other.git', path: 'deploy' });
    const ofFile = await admin(cluster, ['import', '-', '--apply', '--no-render'], { input });
    expect(ofFile.stderr).toContain('Argo CD works on the Applications of the namespace argocd');
    expect(writes(cluster)).toEqual([]);
  });
});

describe('hawser admin export', () => {
  it('gives, of what an import has made, the file that was imported', async () => {
    const input = argoExport({ repoURL: 'https://git.example.com/shop.git', path: 'deploy' });
    const first = await newCluster();
    await admin(first, ['import', '-', '--no-render', '--apply'], { input });
    const exported = await admin(first, ['export']);
    const second = await newCluster();
    await admin(second, ['import', '-', '--no-render', '--apply'], { input: exported.stdout });
    expect((await admin(second, ['export'])).stdout).toBe(exported.stdout);
    // But for the operations, which are not taken over.
    const withoutOperations = input
      .replace(/^operation:\n( .*\n)*/m, '')
      .replace(/^ {2}operationState:\n( {4}.*\n)*/m, '');
    expect(exported.stdout).toBe(withoutOperations);
  });

  it('writes a file that nobody else may read', async () => {
    const cluster = await newCluster();
    const { folder, stdout } = await admin(cluster, ['export', '-o', 'backup.yaml']);
    expect(stdout).toBe('');
    const { statSync, readFileSync } = await import('node:fs');
    expect(statSync(join(folder, 'backup.yaml')).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(folder, 'backup.yaml'), 'utf8')).toContain('kind: AppProject');
  });

  it.each([
    [[], false],
    [['--application-namespaces', 'team-*'], true],
    [['--grpc-web', '--server', 'argocd.example.com', '--application-namespaces', '/team-.*/'], true],
  ])('with %j has Applications of other namespaces: %s', async (flags, has) => {
    const cluster = await newCluster();
    const client = createKubeClient(cluster, { fieldManager: 'test' });
    await client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'team-a' } });
    await client.create({
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Application',
      metadata: { name: 'far', namespace: 'team-a' },
      spec: { project: 'default', destination: {}, source: { repoURL: 'https://git.example.com/a.git', path: '.' } },
    });
    const { stdout } = await admin(cluster, ['export', ...flags]);
    expect(stdout.includes('namespace: team-a')).toBe(has);
  });
});

describe('hawser admin initial-password', () => {
  it('prints the password, and beside it what to do', async () => {
    const cluster = await newCluster();
    const client = createKubeClient(cluster, { fieldManager: 'test' });
    const before = await admin(cluster, ['initial-password']);
    expect(before.stderr).toContain('there is no Secret argocd/argocd-initial-admin-secret');
    await client.create({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'argocd-initial-admin-secret', namespace: 'argocd' },
      data: { password: btoa('first') },
    });
    const { stdout, stderr } = await admin(cluster, ['initial-password']);
    expect(stdout).toBe('first\n');
    expect(stderr).toContain('hawser account update-password');
  });
});
