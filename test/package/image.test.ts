// The Dockerfile. No image is built here; what it assumes is tried: the package that it unpacks holds what it starts, and that runs as nobody
// in particular, below a root that cannot be written.

import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { installManifests } from '../../src/application/install.ts';
import { METRICS_PORT, NOTICE_PORT, PORT } from '../../src/application/install-workload.ts';
import { at } from '../../src/base/json.ts';
import { createDemoCluster } from '../../src/sandbox/demo-cluster.ts';
import { formatKubeconfig } from '../../src/sandbox/listen/kubeconfig.ts';
import { type Listening, listen } from '../../src/sandbox/listen/listen.ts';
import { freePort } from '../support/control-plane.ts';
import { createHome, type Home, runProcess, startProcess } from '../support/hawser-process.ts';
import { type PackedPackage, packPackage } from '../support/packed-package.ts';
import { findPeer } from '../support/peers.ts';

const UID = 1000;
const LIMIT_MS = 180_000;

/** Instructions in their order; continued lines and comments are not used in it. */
const instructions = readFileSync(resolve(import.meta.dirname, '../../Dockerfile'), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map((line) => ({ name: line.slice(0, line.indexOf(' ')), rest: line.slice(line.indexOf(' ') + 1) }));
const instruction = (name: string) => instructions.find((one) => one.name === name)?.rest ?? '';
const list = (name: string): string[] => JSON.parse(instruction(name));
const environment = Object.fromEntries(
  instruction('ENV')
    .split(' ')
    .map((pair) => pair.split('=')),
);

let home: Home;
let packed: PackedPackage;

beforeAll(async () => {
  home = createHome();
  packed = packPackage({ commandsOnly: true });
}, LIMIT_MS);
afterAll(() => {
  packed?.remove();
  home?.remove();
});

describe('the Dockerfile', () => {
  it('runs nothing in the build, and nothing as root', () => {
    expect(new Set(instructions.map(({ name }) => name))).toEqual(
      new Set(['FROM', 'ADD', 'ENV', 'USER', 'WORKDIR', 'EXPOSE', 'HEALTHCHECK', 'ENTRYPOINT', 'CMD']),
    );
    expect(instructions.filter(({ name }) => name === 'FROM')).toHaveLength(1);
    expect(instruction('USER')).toBe(`${UID}:${UID}`);
  });

  it('takes the one file that npm pack makes, and starts what is in it', async () => {
    const [pattern = '', target] = instruction('ADD').split(' ');
    expect(packed.tarball.split('/').at(-1)).toMatch(new RegExp(`^${pattern.replace('*', '.*')}$`));
    const { stdout } = await runProcess('tar', ['-tzf', packed.tarball], { env: home.env });
    const files = stdout.split('\n').map((name) => `${target}${name}`);
    expect(files).toContain(list('ENTRYPOINT')[1]);
    expect(files).toContain('/opt/package/dist/hawser.js');
  });

  it('agrees with what hawser install says of its container', () => {
    const [deployment] = installManifests({
      namespace: 'argocd',
      image: 'hawser',
      workload: { kind: 'single' },
    }).filter(({ kind }) => kind === 'Deployment');
    const pod = at(deployment, 'spec', 'template', 'spec');
    expect(at(pod, 'securityContext', 'runAsUser')).toBe(UID);
    const container = at(pod, 'containers', 0);
    // What follows the image's ENTRYPOINT, in place of its CMD.
    expect(at(container, 'command')).toBeUndefined();
    expect(at(container, 'args', 0)).toBe('serve');
    const mounts = (at(container, 'volumeMounts') as { mountPath: string }[]).map(({ mountPath }) => mountPath);
    expect(mounts).toEqual(['/data', '/tmp']);
    expect([environment.HOME, environment.XDG_CACHE_HOME].every((path) => path?.startsWith('/tmp'))).toBe(true);
    expect(instruction('EXPOSE').split(' ').map(Number)).toEqual([PORT, NOTICE_PORT, METRICS_PORT]);
  });

  it('asks the port for its health, without a shell', async () => {
    const [, given = '[]'] = /CMD (\[.*\])$/.exec(instruction('HEALTHCHECK')) ?? [];
    const [, , check = ''] = JSON.parse(given) as string[];
    let status = 200;
    const server = createServer((request, response) => {
      response.writeHead(request.url === '/healthz' ? status : 404).end();
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const { port } = server.address() as AddressInfo;
    const env = { ...home.env, HAWSER_HEALTH_URL: `http://127.0.0.1:${port}/healthz` };
    const codeNow = async () => (await runProcess(process.execPath, ['-e', check], { env })).code;
    expect(await codeNow()).toBe(0);
    status = 503;
    expect(await codeNow()).toBe(1);
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
    expect(await codeNow()).toBe(1);
  });
});

describe('what it starts', () => {
  let api: Listening;
  beforeAll(async () => {
    const cluster = await createDemoCluster('argocd');
    api = await listen(async (request) => {
      const { pathname, search } = new URL(request.url);
      const hasBody = request.method !== 'GET' && request.method !== 'HEAD';
      const { method, headers } = request;
      return cluster.fetch(`${pathname}${search}`, { method, headers, ...(hasBody && { body: await request.text() }) });
    });
  });
  afterAll(() => api?.close());

  const missing = missingIsolation();
  if (missing) console.warn(`SKIPPED: the image's entrypoint below a read-only root: ${missing}`);
  it.skipIf(missing !== undefined)(
    'serves as a user without a name, below a root that cannot be written, with two empty folders',
    async () => {
      // Everybody may read an image.
      chmodSync(resolve(packed.project, '..'), 0o755);
      const place = (name: string) => join(packed.project, name);
      for (const name of ['data', 'tmp']) mkdirSync(place(name));
      writeFileSync(place('kubeconfig'), formatKubeconfig(api.url), { mode: 0o644 });
      const port = await freePort();
      const serve = [
        ...['serve', '--host', '127.0.0.1', '--port', String(port), '--data', place('data')],
        ...['--kubeconfig', place('kubeconfig')],
      ];
      const isolate = [
        `for folder in data tmp; do mount -t tmpfs -o mode=0770,uid=${UID},gid=${UID} tmpfs "$folder"; done`,
        'mount -o remount,bind,ro /',
        `exec setpriv --reuid ${UID} --regid ${UID} --clear-groups --no-new-privs --bounding-set=-all -- "$@"`,
      ].join(' && ');
      const launcher = join(packed.installed, 'bin/hawser.js');
      const env = {
        ...environment,
        PATH: '/usr/bin:/bin',
        HOME: place('tmp'),
        XDG_CACHE_HOME: join(place('tmp'), '.cache'),
        TMPDIR: place('tmp'),
      };
      const server = startProcess('unshare', ['-m', 'sh', '-ec', isolate, 'sh', process.execPath, launcher, ...serve], {
        env,
        cwd: packed.project,
      });
      await server.waitFor(/"hawser serves"/);
      const response = await fetch(`http://127.0.0.1:${port}/healthz`);
      expect(response.status).toBe(200);
      // The launcher has set Node's flags, which the bundle alone would run without.
      expect(readFileSync(`/proc/${server.pid}/cmdline`, 'utf8')).toContain('--max-semi-space-size');
      expect(readFileSync(`/proc/${server.pid}/status`, 'utf8')).toMatch(new RegExp(`^Uid:\\s+${UID}\\s+${UID}`, 'm'));
      const { code, stderr } = await server.end('SIGTERM');
      expect(code, stderr).toBe(0);
      expect(stderr).not.toMatch(/EROFS|EACCES|"level":"error"/);
    },
    LIMIT_MS,
  );
});

/** Why there can be no read-only root here, or undefined where there can. */
function missingIsolation(): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'only root of a Linux may mount';
  const absent = ['unshare', 'setpriv', 'mount'].find((name) => findPeer(name) === undefined);
  if (absent) return `no ${absent}`;
  const { status } = spawnSync('unshare', ['-m', 'mount', '-o', 'remount,bind,ro', '/'], { stdio: 'ignore' });
  return status === 0 ? undefined : 'this machine lets nobody mount';
}
