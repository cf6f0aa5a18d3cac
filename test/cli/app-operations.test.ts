// `hawser app` begins, ends, approves and takes back operations, and says what became of them.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../src/app.ts';
import { at } from '../../src/base/json.ts';
import { appCommand } from '../../src/cli/app.ts';
import { diskTree } from '../../src/node/disk-tree.ts';
import { type Listening, listen } from '../../src/node/listen.ts';
import type { SandboxRepository } from '../../src/sandbox/git/repository.ts';
import { appPlatform } from '../support/app-platform.ts';
import { captureIo } from '../support/captured-io.ts';
import { createGround, type Ground, NAMESPACE, TOKEN } from '../support/ground.ts';
import { connectSandbox } from '../support/sandbox-transport.ts';

const NIGHT = { kind: 'deny', schedule: '0 2 * * *', duration: '4h', timeZone: 'Asia/Seoul', applications: ['held'] };
let ground: Ground;
let listening: Listening;
let repository: SandboxRepository;
beforeAll(async () => {
  ground = await createGround(connectSandbox());
  const app = createApp(ground.hawser, appPlatform());
  listening = await listen((request) => app.fetch(request), { host: '127.0.0.1', port: 0 });
  repository = await ground.createRepository('devops/app', { 'm/a.yaml': configMap('one') });
});
afterAll(async () => {
  await listening.close();
  await ground.close();
});

async function hawser(...args: string[]) {
  const { io, output } = captureIo('/');
  const code = await appCommand(args, io, {
    openServer: async () => ({ url: listening.url, token: TOKEN }),
    openFolder: async (folder) => diskTree(folder),
    renderLocal: async () => [],
  }).catch((error: unknown) => {
    io.stderr(String(error));
    return -1;
  });
  return { code, ...output() };
}

async function deploy(name: string, automated?: object): Promise<void> {
  await ground.createApplication({
    name,
    repository,
    path: 'm',
    destinationNamespace: name,
    ...(automated && { automated }),
  });
  await ground.refresh(name);
}

describe('hawser app rollback', () => {
  it('brings back the deployment before the newest, or the one that is named', async () => {
    await deploy('back');
    await hawser('sync', 'back');
    await ground.push(repository, { 'm/a.yaml': configMap('two') });
    await ground.application('back');
    await hawser('sync', 'back');

    const { code, stdout } = await hawser('rollback', 'back');
    expect(stdout).toMatch(/^Phase: +Succeeded$.*^Message: +successfully synced/ms);
    expect(code).toBe(0);
    expect(await liveKey('back')).toBe('one');
    expect((await hawser('rollback', 'back', '1')).code).toBe(0);
    expect(await liveKey('back')).toBe('two');
  });

  it('says which ids there are', async () => {
    const { code, stderr } = await hawser('rollback', 'back', '77');
    expect(code).not.toBe(0);
    expect(stderr).toMatch(/does not have deployment with id 77.*0, 1, 2, 3/s);
  });

  it('needs --disable-auto-sync where sync is automated', async () => {
    await deploy('automated', {});
    await ground.push(repository, { 'm/a.yaml': configMap('three') });
    await ground.application('automated');
    const refused = await hawser('rollback', 'automated');
    expect(refused.stderr).toContain('rollback cannot be initiated when auto-sync is enabled');
    expect((await hawser('rollback', 'automated', '--disable-auto-sync')).code).toBe(0);
    expect(await liveKey('automated')).toBe('two');
  });
});

describe('hawser app history, get --refresh and wait', () => {
  it('the history tells what rollback can bring back', async () => {
    const { stdout } = await hawser('history', 'back');
    expect(stdout).toMatch(/^SOURCE +\S+\nID +DATE +REVISION +BY\n0 +\S+Z +HEAD \([0-9a-f]{7}\) +\w+\n/);
  });

  it('a refresh shows what it has found', async () => {
    await deploy('seen');
    await hawser('sync', 'seen');
    const settings = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'seen', name: 'settings' };
    await ground.client.patch(settings, { data: { key: 'by hand' } }, { type: 'merge' });
    expect((await hawser('get', 'seen', '--refresh')).stdout).toContain('OutOfSync: 1 of 1 object differs from ');
    const late = await hawser('wait', 'seen', '--sync', '--timeout', '0.2');
    expect(late.code).not.toBe(0);
    expect(late.stderr).toContain('seen is not as wanted after 0.2 s: OutOfSync: 1 of 1');
    await hawser('sync', 'seen');
    expect(await hawser('wait', 'seen', '--timeout', '20')).toMatchObject({ code: 0 });
  });

  it('what the last operation could not bring about is told, and a hook that failed is no success', async () => {
    const hook = `apiVersion: batch/v1
kind: Job
metadata: {name: migrate, annotations: {argocd.argoproj.io/hook: PreSync}}
spec: {backoffLimit: 0, template: {spec: {restartPolicy: Never, containers: [{name: c, image: busybox, command: ["false"]}]}}}
`;
    const source = await ground.createRepository('devops/hooked', {
      'm/a.yaml': configMap('one'),
      'm/hook.yaml': hook,
    });
    await ground.createApplication({
      name: 'hooked',
      repository: source,
      path: 'm',
      destinationNamespace: 'hooked',
      syncOptions: ['CreateNamespace=true'],
    });
    const { code, stdout } = await hawser('sync', 'hooked', '--timeout', '20');
    expect(code).toBe(1);
    expect(stdout).toMatch(/Job +hooked +migrate +Failed +\w* +PreSync +Job has reached the specified backoff limit/);
    const shown = await hawser('get', 'hooked');
    expect(shown.stdout).toMatch(/Last Operation: +Failed at \S+Z: one or more synchronization tasks/);
    expect(shown.stdout).toContain('Job migrate: Job has reached the specified backoff limit');
  });
});

describe('hawser app sync --retry-limit and terminate-op', () => {
  it('an attempt that waits is shown, and ended', async () => {
    await deploy('failing');
    const ref = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', namespace: NAMESPACE, name: 'failing' };
    await ground.client.patch(ref, { spec: { syncPolicy: { syncOptions: null } } }, { type: 'merge' });
    const flags = ['--retry-limit', '3', '--retry-backoff-duration', '1h', '--retry-backoff-max-duration', '2h'];
    const started = await hawser('sync', 'failing', '--async', ...flags);
    expect(started.code).toBe(0);
    await ground.application('failing');
    const shown = (await hawser('get', 'failing')).stdout;
    expect(shown).toMatch(/failed: .*Retrying attempt #1 at /);
    expect(shown).toContain('ConfigMap settings: namespaces "failing" not found');
    const busy = await hawser('sync', 'failing');
    expect(busy.stderr).toContain('another operation is already in progress');

    expect(await hawser('terminate-op', 'failing')).toMatchObject({
      code: 0,
      stdout: "Application 'failing' operation terminating\n",
    });
    expect((await ground.application('failing')).status.operationState).toMatchObject({
      phase: 'Failed',
      message: 'Operation terminated',
    });
    expect((await hawser('terminate-op', 'failing')).stderr).toContain('No operation is in progress');
  });
});

describe('hawser app sync that fails twice in the same way', () => {
  it('ends both times', async () => {
    await deploy('twice');
    const ref = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', namespace: NAMESPACE, name: 'twice' };
    await ground.client.patch(ref, { spec: { syncPolicy: { syncOptions: null } } }, { type: 'merge' });
    // Times have seconds: the states of two that follow each other at once are equal.
    for (let times = 1; times <= 3; times++) {
      const { code, stdout } = await hawser('sync', 'twice', '--timeout', '5');
      expect(stdout).toContain('namespaces "twice" not found');
      expect(code).toBe(1);
    }
  });
});

describe('hawser app sync with a flag that cannot be read', () => {
  it.each([
    [['--retry-limit', '2', '--retry-backoff-duration', 'soon'], 'unable to parse soon as a duration'],
    [['--label', 'a,,=b'], 'cannot read ""'],
    [['--label', 'tier in (x)'], 'cannot read "tier in (x)"'],
  ])('%j begins nothing', async (flags, message) => {
    const { code, stderr } = await hawser('sync', 'back', ...flags);
    expect(code).not.toBe(0);
    expect(stderr).toContain(message);
  });
});

describe('hawser app sync of chosen resources', () => {
  const names = async (namespace: string) => {
    const { items } = await ground.client.list({ apiVersion: 'v1', kind: 'ConfigMap' }, { namespace });
    return items.map(({ metadata }) => metadata.name).filter((name) => name !== 'kube-root-ca.crt');
  };

  it('takes those that --resource and --label mean', async () => {
    const part = (name: string, tier: string) =>
      `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}, labels: {tier: ${tier}}}\n`;
    const files = { 'm/a.yaml': part('a', 'front'), 'm/b.yaml': part('b', 'back'), 'm/c.yaml': part('c', 'back') };
    const source = await ground.createRepository('devops/parts', files);
    const syncOptions = ['CreateNamespace=true'];
    await ground.createApplication({
      name: 'parts',
      repository: source,
      path: 'm',
      destinationNamespace: 'parts',
      syncOptions,
    });
    await ground.refresh('parts');
    expect((await hawser('sync', '--resource', ':ConfigMap:a', 'parts')).code).toBe(0);
    expect(await names('parts')).toEqual(['a']);
    expect((await hawser('sync', 'parts', '--label', 'tier=back', '--resource', '!:ConfigMap:b')).code).toBe(0);
    expect(await names('parts')).toEqual(['a', 'c']);
    expect((await hawser('sync', 'parts', '--resource', ':Secret:*')).stderr).toContain(
      'no resource of the Application',
    );
    expect((await hawser('sync', 'parts')).code).toBe(0);
    expect(await names('parts')).toEqual(['a', 'b', 'c']);
  });
});

describe('hawser app approve', () => {
  it('lets go what a sync window holds', async () => {
    const project = { apiVersion: 'argoproj.io/v1alpha1', kind: 'AppProject', namespace: NAMESPACE, name: 'default' };
    await ground.client.patch(project, { spec: { syncWindows: [NIGHT] } }, { type: 'merge' });
    ground.clock.moveTo(Date.parse('2026-03-11T03:00:00+09:00'));
    await deploy('held', {});
    expect((await hawser('get', 'held')).stdout).toMatch(
      /Next: automatic sync at 06:00 Asia\/Seoul \(when window '0 2 \* \* \*' ends\)\.\nhawser app approve held lets it go on\./,
    );
    expect((await hawser('sync', 'held')).stderr).toContain(
      'cannot sync: blocked by sync window until 2026-03-10T21:00:00Z',
    );
    expect((await hawser('approve', 'held')).code).toBe(0);
    expect(await liveKey('held')).toBe('three');
    expect((await hawser('approve', 'held')).stderr).toContain('nothing of held waits for an approval');
  });
});

async function liveKey(namespace: string): Promise<unknown> {
  const found = await ground.get('v1', 'ConfigMap', namespace, 'settings');
  return at(found, 'data', 'key');
}

function configMap(value: string): string {
  return `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\ndata:\n  key: ${value}\n`;
}
