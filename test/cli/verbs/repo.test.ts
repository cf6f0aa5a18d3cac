import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { meansServer } from '../../../src/cli/repo-on-server.ts';
import { captureIo } from '../../support/captured-io.ts';
import { createVerbs, type Verbs } from '../../support/verbs.ts';

let verbs: Verbs;
let url: string;
let home: string;
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'hawser-repo-'));
  verbs = await createVerbs();
  const repository = await verbs.ground.createRepository('team/private', { 'a.yaml': '' }, { isPrivate: true });
  url = `${verbs.ground.gitUrl}/${repository.path}`;
});
afterAll(async () => {
  rmSync(home, { recursive: true, force: true });
  await verbs.close();
});

describe('hawser repo on a server', () => {
  it('makes a repository known that can be reached, and shows no password', async () => {
    const refused = await verbs.run(`repo add ${url} --username devops --password wrong`);
    expect(refused.code).toBeGreaterThan(0);
    const added = await verbs.run(`repo add ${url} --username devops --password-stdin`, { input: 'git-password\n' });
    expect(added).toMatchObject({ code: 0, stdout: `Repository '${url}' added\n` });
    const { stdout } = await verbs.run('repo list');
    expect(stdout).toMatch(/^TYPE +NAME +REPO +INSECURE +OCI +LFS +CREDS +STATUS +MESSAGE +PROJECT\n/);
    expect(stdout).toMatch(new RegExp(`^git +${url} +false +false +false +true +Successful$`, 'm'));
    expect((await verbs.run('repo list -o json --refresh hard')).stdout).not.toContain('git-password');
    expect((await verbs.run(`repo get ${url} -o url`)).stdout).toBe(`${url}\n`);
  });

  it('forgets it when whoever sits there agrees', async () => {
    expect((await verbs.run(`repo rm ${url}`, { answers: ['n'] })).stdout).toContain('was cancelled');
    expect((await verbs.run(`repo rm ${url} -y`)).stdout).toBe(`Repository '${url}' removed\n`);
    expect((await verbs.run('repo list -o url')).stdout).toBe('');
  });

  it('shows in another form what it shows as a table', async () => {
    await verbs.run(`repo add ${url} --username devops --password git-password --name private --project shop`);
    expect((await verbs.run(`repo get ${url} --project shop -o yaml`)).stdout).toContain('name: private\n');
    expect((await verbs.run(`repo rm ${url} --project shop -y`)).code).toBe(0);
  });
});

describe('whether hawser repo means a server', () => {
  it.each([
    [['list'], {}, false],
    [['list'], { HAWSER_SERVER: 'http://127.0.0.1:1' }, true],
    [['list'], { ARGOCD_SERVER: 'argocd.example.com' }, true],
    [['list', '--server=http://127.0.0.1:1'], {}, true],
    [['list', '--core', '--kubeconfig', 'x'], {}, true],
    [['list', '--kubeconfig', 'x'], { HAWSER_SERVER: 'http://127.0.0.1:1' }, false],
    [['list', '--namespace', 'x'], { HAWSER_SERVER: 'http://127.0.0.1:1' }, false],
    [['add', 'x', '--hook', 'post-receive', '--server', 'http://127.0.0.1:1'], {}, false],
  ])('%j with %j: %s', async (args, env, expected) => {
    const { io } = captureIo('/', { HOME: home, ...env });
    expect(await meansServer(args, io, async () => undefined)).toBe(expected);
  });

  it.each([
    [['list'], true],
    [['list', '--kubeconfig', 'x'], false],
    [['add', 'x', '--hook', 'auto'], false],
  ])('%j while a demo runs: %s', async (args, expected) => {
    const { io } = captureIo('/', { HOME: home });
    const demo = { url: 'http://127.0.0.1:1', token: 't', startedAt: 0 };
    expect(await meansServer(args, io, async () => demo)).toBe(expected);
  });
});
