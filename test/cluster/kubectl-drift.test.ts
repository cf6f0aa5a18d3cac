// kubectl against objects of Git on a real API server: warned of, refused, seen and put back by `hawser serve`; and not held up for a
// moment when it is killed.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applicationManifest } from '../../src/application/manifest.ts';
import { type Listening, listen } from '../../src/node/listen.ts';
import { createGitServer } from '../../src/sandbox/git/server.ts';
import { freePort } from '../support/control-plane.ts';
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
import { missingCluster, type RealCluster, startRealCluster } from '../support/real-cluster.ts';

const NAMESPACE = 'hawser-drift';
const OBJECTS = 'kubectl-drift';
const AUTHOR = { name: 'Kim', email: 'kim@example.com' };
const TOKEN = 'token-for-tests';

const FILES = {
  'settings.yaml': `{apiVersion: v1, kind: ConfigMap, metadata: {name: settings, namespace: ${OBJECTS}}, data: {key: git}}\n`,
  'web.yaml': `apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: ${OBJECTS}}
spec:
  replicas: 0
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: "registry.example.com/web:1"}]}
`,
};

const kubectl = findPeer('kubectl') ?? '';
const missing = kubectl === '' ? 'no kubectl (bash .ci/peers.sh kubernetes builds it)' : missingCluster();
if (missing) console.warn(`SKIPPED: drift by kubectl: ${missing}`);

describe.skipIf(missing !== undefined)('kubectl and objects of Git, on a real API server', () => {
  let cluster: RealCluster;
  let home: Home;
  let server: RunningProcess;
  let gitListening: Listening;
  let port = '';
  const git = createGitServer({});
  const repository = git.create('devops/web', { defaultBranch: 'main' });

  async function run(args: readonly string[], input = '', env: Readonly<Record<string, string>> = {}) {
    return runProcess(kubectl, args, { env: { ...home.env, KUBECONFIG: cluster.kubeconfig, ...env }, input });
  }
  async function succeed(args: readonly string[], input = ''): Promise<{ stdout: string; stderr: string }> {
    const { code, stdout, stderr } = await run(args, input);
    if (code !== 0) throw new Error(`kubectl ${args.join(' ')}: ${stderr}`);
    return { stdout, stderr };
  }
  const inObjects = (...args: string[]) => [...args, '-n', OBJECTS];
  const waitFor = (path: string, value: string) =>
    succeed(['wait', 'app/web', '-n', NAMESPACE, `--for=jsonpath={${path}}=${value}`, '--timeout=30s']);
  const isInSync = () => waitFor('.status.sync.status', 'Synced');
  const isOutOfSync = () => waitFor('.status.sync.status', 'OutOfSync');
  const selfHeal = (on: boolean) =>
    succeed([
      ...['patch', 'app', 'web', '-n', NAMESPACE, '--type', 'merge', '-p'],
      JSON.stringify({ spec: { syncPolicy: { automated: on ? { selfHeal: true } : null } } }),
    ]);
  async function sync(): Promise<void> {
    const operation = '{"operation":{"initiatedBy":{"username":"kim"},"sync":{}}}';
    await succeed(['patch', 'app', 'web', '-n', NAMESPACE, '--type', 'merge', '-p', operation]);
    await isInSync();
  }
  async function install(mode: string): Promise<void> {
    const url = `https://127.0.0.1:${port}/notice`;
    const flags = ['--namespace', NAMESPACE, '--crds-only', '--notice-url', url, `--drift=${mode}`];
    const { stdout } = await runHawser(['install', ...flags], { env: home.env });
    await succeed(['apply', '--server-side', '--force-conflicts', '-f', '-'], stdout);
  }
  async function serve(): Promise<void> {
    const flags = ['--kubeconfig', cluster.kubeconfig, '--namespace', NAMESPACE, '--port', '0', '--notice-port', port];
    server = startHawser(['serve', ...flags], { env: { ...home.env, HAWSER_TOKEN: TOKEN } });
    await server.waitFor(/"hawser serves"/);
  }
  /** The API server learns of a registration after a moment. */
  const isWarned = () =>
    eventually('a warning', async () => {
      const patch = '{"data":{"key":"probe"}}';
      const args = inObjects('patch', 'cm', 'settings', '--dry-run=server', '-p', patch);
      return (await run(args)).stderr.includes('belongs to the Application web') ? true : undefined;
    });

  beforeAll(async () => {
    home = createHome();
    cluster = await startRealCluster();
    gitListening = await listen((request) => git.handle(request), { host: '127.0.0.1', port: 0 });
    await git.commit(repository, 'main', FILES, { message: 'Change\n', author: AUTHOR, atMs: Date.now() });
    port = String(await freePort());
    await install('warn');
    await serve();
    await succeed(['create', 'namespace', OBJECTS]);
    const manifest = applicationManifest({
      ...{ name: 'web', namespace: NAMESPACE, path: '.', destinationNamespace: OBJECTS },
      repoURL: `${gitListening.url}/devops/web`,
    });
    await succeed(['apply', '-f', '-'], JSON.stringify(manifest));
    await isOutOfSync();
    await sync();
    await isWarned();
  });

  afterAll(async () => {
    await server?.end();
    await run(['delete', 'validatingwebhookconfiguration', `hawser-${NAMESPACE}`]);
    await gitListening?.close();
    await cluster?.stop();
    home?.remove();
  });

  it.each([
    ['edit', () => run(inObjects('edit', 'cm', 'settings'), '', { EDITOR: "sed -i 's/key: git/key: hand/'" })],
    ['scale', () => run(inObjects('scale', 'deploy', 'web', '--replicas=1'))],
    ['set image', () => run(inObjects('set', 'image', 'deploy/web', 'web=registry.example.com/web:2'))],
    ['annotate', () => run(inObjects('annotate', 'cm', 'settings', 'argocd.argoproj.io/tracking-id-'))],
    ['delete', () => run(inObjects('delete', 'cm', 'settings'))],
  ])('kubectl %s prints where to change it, and the Application shows OutOfSync', async (_, write) => {
    const { code, stderr } = await write();
    expect(code).toBe(0);
    expect(stderr).toMatch(
      /Warning: (ConfigMap|Deployment) kubectl-drift\/\w+ belongs to the Application web: change it in http/,
    );
    await isOutOfSync();
    await sync();
  });

  it('what nobody else minds is done without a word', async () => {
    const { stderr } = await succeed(inObjects('annotate', 'cm', 'settings', 'note=mine'));
    expect(stderr).toBe('');
  });

  it('hawser app drift says who it was', async () => {
    const url = /"url":"(http:[^"]+)"/.exec(server.output().stdout + server.output().stderr)?.[1] ?? '';
    const env = { ...home.env, HAWSER_TOKEN: TOKEN, HAWSER_SERVER: url };
    const { stdout, stderr } = await runHawser(['app', 'drift', 'web'], { env });
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^TIME +BY +TOOL +OBJECT +CHANGED\n/);
    expect(stdout).toMatch(/\/data\/key: git → hand/);
    expect(stdout).toMatch(/kubectl-edit/);
    expect(stdout).toMatch(/ConfigMap kubectl-drift\/settings +deleted/);
    expect(stdout).toMatch(/Deployment kubectl-drift\/web +\/spec\/replicas: 0 → 1/);
  });

  it('selfHeal puts back what was edited and what was deleted', async () => {
    await selfHeal(true);
    const { stderr } = await succeed(inObjects('patch', 'cm', 'settings', '-p', '{"data":{"key":"hand"}}'));
    expect(stderr).toContain('or this will be put back');
    await succeed(inObjects('wait', 'cm/settings', '--for=jsonpath={.data.key}=git', '--timeout=30s'));
    await succeed(inObjects('delete', 'cm', 'settings'));
    await eventually('the ConfigMap', async () =>
      (await run(inObjects('get', 'cm', 'settings'))).code === 0 ? true : undefined,
    );
    await isInSync();
    await selfHeal(false);
  });

  it('enforced, kubectl is refused until the glass is broken', async () => {
    await server.end();
    await install('enforce');
    await serve();
    await eventually('the refusal', async () => {
      const { code } = await run(
        inObjects('patch', 'cm', 'settings', '--dry-run=server', '-p', '{"data":{"key":"hand"}}'),
      );
      return code === 0 ? undefined : true;
    });
    for (const args of [
      ['patch', 'cm', 'settings', '-p', '{"data":{"key":"hand"}}'],
      ['delete', 'cm', 'settings'],
      ['delete', 'cm', '--all'],
      ['scale', 'deploy', 'web', '--replicas=2'],
    ]) {
      const { code, stderr } = await run(inObjects(...args));
      expect(code).toBe(1);
      expect(stderr).toContain('belongs to the Application web, which is enforced');
    }
    const [, command = ''] =
      /(annotate configmap settings -n kubectl-drift \S+)=REASON/.exec(
        (await run(inObjects('delete', 'cm', 'settings'))).stderr,
      ) ?? [];
    await succeed([...command.split(' ').slice(0, -1), `${command.split(' ').at(-1)}=incident`]);
    const { stderr } = await succeed(inObjects('patch', 'cm', 'settings', '-p', '{"data":{"key":"hand"}}'));
    expect(stderr).toContain('Warning: ');
    await isOutOfSync();
    await sync();
  });

  it.each([
    [
      'a program is warned',
      'system:serviceaccount:ci:deployer',
      /Warning: ConfigMap .* belongs to the Application web/,
    ],
    ['a controller is told nothing', 'system:serviceaccount:kube-system:replicaset-controller', /^$/],
  ])('enforced, %s and not refused', async (_, user, expected) => {
    const as = ['--as', user, '--as-group', 'system:masters'];
    const { code, stderr } = await run(inObjects('patch', 'cm', 'settings', '-p', '{"data":{"more":"theirs"}}', ...as));
    expect(code).toBe(0);
    expect(stderr).toMatch(expected);
    await isOutOfSync();
    await sync();
  });

  it('hanging, it refuses and loses no write', async () => {
    process.kill(server.pid, 'SIGSTOP');
    try {
      const { code } = await run(inObjects('patch', 'cm', 'settings', '-p', '{"data":{"key":"hand"}}'));
      expect(code).toBe(0);
    } finally {
      process.kill(server.pid, 'SIGCONT');
    }
  });

  it('killed, it holds up no write', async () => {
    await server.end('SIGKILL');
    const client = cluster.transport;
    const startedMs = performance.now();
    for (let count = 0; count < 20; count++) {
      const response = await client.fetch(
        `/api/v1/namespaces/${OBJECTS}/configmaps/settings?fieldManager=kubectl-edit`,
        {
          method: 'PATCH',
          headers: { 'content-type': 'application/merge-patch+json' },
          body: JSON.stringify({ data: { key: String(count) } }),
        },
      );
      expect(response.status).toBe(200);
      await response.text();
    }
    // Not a measure: a single write that waits for the bound of the webhook would take a second.
    expect(performance.now() - startedMs).toBeLessThan(20 * 500);
    expect((await run(inObjects('delete', 'cm', 'settings'))).code).toBe(0);
  });

  it('enforced, a namespace can be deleted with all that is in it', async () => {
    await serve();
    await sync();
    await eventually('the refusal', async () => {
      const { code } = await run(inObjects('delete', 'cm', 'settings', '--dry-run=server'));
      return code === 0 ? undefined : true;
    });
    await succeed(['delete', 'namespace', OBJECTS, '--timeout=50s']);
    await isOutOfSync();
  });
});
