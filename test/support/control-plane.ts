// A real Kubernetes control plane on loopback for the cluster suite: etcd, kube-apiserver, kube-controller-manager, in a folder of its own.

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createWriteStream, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findPeer } from './peers.ts';

export interface ControlPlane {
  /** Paths of kubeconfig files for the same cluster: by client certificate, and by bearer token. */
  readonly kubeconfig: string;
  readonly tokenKubeconfig: string;
  readonly server: string;
  readonly folder: string;
  /** Kills the API server and starts it again after a while, over the same etcd; resolves when it serves. */
  restartApiServer(awayMs?: number): Promise<void>;
  stop(): Promise<void>;
}

const TOKEN = 'hawser-test-token';

/** Why no control plane can be started here, or undefined when one can. */
export function missingControlPlane(): string | undefined {
  const missing = ['etcd', 'kube-apiserver', 'kube-controller-manager'].filter((name) => findPeer(name) === undefined);
  return missing.length > 0 ? `no ${missing.join(', ')} (bash .ci/peers.sh kubernetes builds them)` : undefined;
}

export interface ControlPlaneOptions {
  /**
   * etcd waits for the disk, as it does wherever data matter, and controllers may ask 20 times a second: benchmarks shall not be of something
   * that nobody runs.
   */
  readonly durable?: boolean;
  /** Where the API server writes a line for each request that it has answered. */
  readonly auditLog?: string;
}

/** Starts a control plane and waits until it serves and has made the default ServiceAccount. About 5 s. */
export async function startControlPlane(options: ControlPlaneOptions = {}): Promise<ControlPlane> {
  // A port that was free may be another's before it is listened at: the clients of other control planes take them, too.
  for (let attempt = 1; ; attempt++) {
    try {
      return await startOnce(options);
    } catch (error) {
      if (attempt === 3) throw error;
      console.warn(`a control plane is started again: ${error instanceof Error ? error.message : error}`);
    }
  }
}

async function startOnce(options: ControlPlaneOptions): Promise<ControlPlane> {
  const folder = mkdtempSync(join(tmpdir(), 'hawser-control-plane-'));
  const [etcdPort, peerPort, apiPort, managerPort] = await Promise.all([
    freePort(),
    freePort(),
    freePort(),
    freePort(),
  ]);
  const processes: ChildProcess[] = [];
  const run = (name: string, args: readonly string[]) => {
    const log = createWriteStream(join(folder, `${name}.log`), { flags: 'a' });
    const child = spawn(findPeer(name) ?? name, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout?.pipe(log);
    child.stderr?.pipe(log);
    processes.push(child);
    return child;
  };
  let isStopped = false;
  const checkAlive = () => {
    if (processes.some(({ exitCode }) => exitCode !== null)) throw new Error('a process of it has ended');
  };
  const stop = async () => {
    isStopped = true;
    for (const child of [...processes].reverse()) await kill(child);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    makeCertificates(folder);
    writeFileSync(join(folder, 'tokens.csv'), `${TOKEN},admin,admin,"system:masters"\n`);
    const server = `https://127.0.0.1:${apiPort}`;
    const kubeconfig = writeKubeconfig(folder, 'admin.kubeconfig', server, {
      'client-certificate-data': base64File(join(folder, 'admin.crt')),
      'client-key-data': base64File(join(folder, 'admin.key')),
    });
    const tokenKubeconfig = writeKubeconfig(folder, 'token.kubeconfig', server, { token: TOKEN });
    run('etcd', [
      `--data-dir=${join(folder, 'etcd')}`,
      `--listen-client-urls=http://127.0.0.1:${etcdPort}`,
      `--advertise-client-urls=http://127.0.0.1:${etcdPort}`,
      `--listen-peer-urls=http://127.0.0.1:${peerPort}`,
      `--initial-advertise-peer-urls=http://127.0.0.1:${peerPort}`,
      `--initial-cluster=default=http://127.0.0.1:${peerPort}`,
      ...(options.durable ? [] : ['--unsafe-no-fsync']),
      '--log-level=error',
    ]);
    const apiServerFlags = [
      `--etcd-servers=http://127.0.0.1:${etcdPort}`,
      '--bind-address=127.0.0.1',
      '--advertise-address=127.0.0.1',
      `--secure-port=${apiPort}`,
      '--endpoint-reconciler-type=none',
      '--service-cluster-ip-range=10.96.0.0/16',
      '--authorization-mode=RBAC',
      '--allow-privileged=true', // As clusters have it.
      `--client-ca-file=${join(folder, 'ca.crt')}`,
      `--tls-cert-file=${join(folder, 'server.crt')}`,
      `--tls-private-key-file=${join(folder, 'server.key')}`,
      `--token-auth-file=${join(folder, 'tokens.csv')}`,
      '--service-account-issuer=https://kubernetes.default.svc',
      `--service-account-key-file=${join(folder, 'sa.pub')}`,
      `--service-account-signing-key-file=${join(folder, 'sa.key')}`,
      ...(options.auditLog === undefined ? [] : auditFlags(folder, options.auditLog)),
    ];
    let apiServer = run('kube-apiserver', apiServerFlags);
    const restartApiServer = async (awayMs = 0) => {
      await kill(apiServer);
      await new Promise((resolve) => setTimeout(resolve, awayMs));
      if (isStopped) return;
      apiServer = run('kube-apiserver', apiServerFlags);
      await waitFor('the API server', async () => isReady(server));
    };
    await waitFor('the API server', async () => isReady(server), checkAlive);
    run('kube-controller-manager', [
      `--kubeconfig=${kubeconfig}`,
      '--leader-elect=false',
      '--bind-address=127.0.0.1',
      `--secure-port=${managerPort}`,
      `--service-account-private-key-file=${join(folder, 'sa.key')}`,
      `--root-ca-file=${join(folder, 'ca.crt')}`,
      '--use-service-account-credentials=true',
      // Of the 10 s of a start, the controllers' own limit is five: each makes a ServiceAccount and its token first.
      ...(options.durable ? [] : ['--kube-api-qps=1000', '--kube-api-burst=1000']),
      '--controllers=*,-nodeipam,-node-route-controller,-service-lb-controller,-cloud-node-lifecycle-controller',
    ]);
    await waitFor(
      'the default ServiceAccount',
      async () => {
        const response = await insecureFetch(`${server}/api/v1/namespaces/default/serviceaccounts/default`);
        return response.ok;
      },
      checkAlive,
    );
    return { kubeconfig, tokenKubeconfig, server, folder, restartApiServer, stop };
  } catch (error) {
    const log = readLog(join(folder, 'kube-apiserver.log'));
    await stop();
    throw new Error(`the control plane did not start: ${error instanceof Error ? error.message : error}\n${log}`);
  }
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
}

function auditFlags(folder: string, log: string): string[] {
  const policy = join(folder, 'audit-policy.json');
  const rules = [{ level: 'Metadata', omitStages: ['RequestReceived'] }];
  writeFileSync(policy, JSON.stringify({ apiVersion: 'audit.k8s.io/v1', kind: 'Policy', rules }));
  return [`--audit-policy-file=${policy}`, `--audit-log-path=${log}`, '--audit-log-mode=blocking'];
}

function readLog(path: string): string {
  try {
    return readFileSync(path, 'utf8').split('\n').slice(-15).join('\n');
  } catch {
    return '(it wrote no log)';
  }
}

function makeCertificates(folder: string): void {
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  const newKey = (name: string) =>
    openssl('ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', `${name}.key`);
  newKey('ca');
  openssl('req', '-x509', '-new', '-key', 'ca.key', '-subj', '/CN=hawser-test-ca', '-days', '2', '-out', 'ca.crt');
  const sign = (name: string, subject: string, extensions: string) => {
    newKey(name);
    writeFileSync(join(folder, `${name}.ext`), extensions);
    openssl('req', '-new', '-key', `${name}.key`, '-subj', subject, '-out', `${name}.csr`);
    const authority = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial'];
    openssl(
      'x509',
      '-req',
      '-in',
      `${name}.csr`,
      ...authority,
      '-days',
      '2',
      '-extfile',
      `${name}.ext`,
      '-out',
      `${name}.crt`,
    );
  };
  sign(
    'server',
    '/CN=kube-apiserver',
    'subjectAltName=IP:127.0.0.1,DNS:localhost,DNS:kubernetes.default.svc\nextendedKeyUsage=serverAuth\n',
  );
  sign('admin', '/O=system:masters/CN=admin', 'extendedKeyUsage=clientAuth\n');
  openssl('genrsa', '-out', 'sa.key', '2048');
  openssl('rsa', '-in', 'sa.key', '-pubout', '-out', 'sa.pub');
}

function writeKubeconfig(folder: string, name: string, server: string, user: Readonly<Record<string, string>>): string {
  const path = join(folder, name);
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'test',
    clusters: [{ name: 'test', cluster: { server, 'certificate-authority-data': base64File(join(folder, 'ca.crt')) } }],
    users: [{ name: 'admin', user }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'admin' } }],
  };
  writeFileSync(path, JSON.stringify(config, null, 2), { mode: 0o600 });
  return path;
}

function base64File(path: string): string {
  return readFileSync(path).toString('base64');
}

async function isReady(server: string): Promise<boolean> {
  return (await insecureFetch(`${server}/readyz`)).ok;
}

/** Requests of the harness itself: its own certificate authority is not worth a trust store. */
async function insecureFetch(url: string): Promise<{ ok: boolean }> {
  const { Agent, fetch } = await import('undici');
  const dispatcher = new Agent({ connect: { rejectUnauthorized: false } });
  try {
    const response = await fetch(url, { dispatcher, headers: { authorization: `Bearer ${TOKEN}` } });
    await response.body?.cancel();
    return { ok: response.ok };
  } finally {
    await dispatcher.close();
  }
}

const LIMIT_MS = 90_000;

async function waitFor(
  what: string,
  isThere: () => Promise<boolean>,
  check: () => void = () => undefined,
): Promise<void> {
  const deadline = Date.now() + LIMIT_MS;
  while (Date.now() < deadline) {
    check();
    if (await isThere().catch(() => false)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${what} did not appear within ${LIMIT_MS / 1000} s`);
}

export async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}
