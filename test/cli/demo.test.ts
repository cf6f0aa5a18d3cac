// The demo as a new user meets it: what it prints, what each command of hawser says to it, and what ends it.

import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at } from '../../src/base/json.ts';
import { parseDocuments } from '../../src/render/yaml/plain.ts';
import { type DemoProcess, startDemoProcess } from '../support/demo-process.ts';
import { git, hasGit, temporaryFolder } from '../support/git-cli.ts';
import { createHome, eventually, type Outcome, runHawser } from '../support/hawser-process.ts';

let demo: DemoProcess;

beforeAll(async () => {
  demo = await startDemoProcess();
  await eventually('the first comparison', async () => {
    const { stdout } = await hawser('app', 'list');
    return stdout.match(/Synced|OutOfSync/g)?.length === 4 ? stdout : undefined;
  });
}, 60_000);

afterAll(async () => {
  await demo?.process.end();
  demo?.home.remove();
});

function hawser(...args: string[]): Promise<Outcome> {
  return runHawser(args, { env: demo.home.env });
}

/** The Application as the server has it now. */
async function application(name: string): Promise<unknown> {
  const { stdout } = await hawser('app', 'get', name, '-o', 'json');
  return JSON.parse(stdout);
}

/** The same, without a process: to be asked again and again. */
async function state(name: string): Promise<unknown> {
  return (await fetch(`${demo.url}/api/v1/applications/${name}`)).json();
}

/** Waits until `name` is Synced at the commit that begins with `revision`. */
function followed(name: string, revision: string): Promise<unknown> {
  return eventually(`${name} at ${revision}`, async () => {
    const app = await state(name);
    const isThere = String(at(app, 'status', 'sync', 'revision')).startsWith(revision);
    return isThere && at(app, 'status', 'sync', 'status') === 'Synced' ? app : undefined;
  });
}

describe('hawser demo', () => {
  it('prints a page that answers, a clone URL, a kubeconfig, the token and the next thing to do', async () => {
    const { stdout } = demo.process.output();
    expect(demo.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(demo.cloneUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/devops\/ops-deploy$/);
    expect(existsSync(demo.kubeconfig)).toBe(true);
    expect(demo.token).toMatch(/^[0-9a-f]{32}$/);
    expect(stdout).toContain('hawser demo edit nginx-chart/values-dev.yaml image.tag=1.26.2 replicaCount=2');
    const page = await fetch(demo.url);
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('<div id="app"');
  });

  it('prints a name and a password that log in', async () => {
    const [, username, password] = /Log in {6}(\w+), (\S+)/.exec(demo.process.output().stdout) ?? [];
    const answer = await fetch(`${demo.url}/api/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username, password }),
    });
    expect([username, answer.status]).toEqual(['admin', 200]);
  });

  it('is found by other commands, and only with their token writes pass', async () => {
    const headers = { 'content-type': 'application/json' };
    const open = await fetch(`${demo.url}/api/refresh`, { method: 'POST', body: '{"all":true}', headers });
    expect(open.status).toBe(403);
    const { code, stdout } = await hawser('app', 'refresh', 'dev-web');
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringMatching(/^dev-web: /) });
  });

  it('hears of what kubectl alone writes', async () => {
    const { server } = JSON.parse(readFileSync(demo.kubeconfig, 'utf8')).clusters[0].cluster;
    const path = '/apis/argoproj.io/v1alpha1/namespaces/argocd/applications/prd-web';
    const response = await fetch(`${server}${path}`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/merge-patch+json' },
      body: JSON.stringify({ spec: { source: { path: 'not-there' } } }),
    });
    const before: unknown = await response.json();
    expect(at(before, 'spec', 'source', 'path')).toBe('not-there');
    const unknown = await eventually('a comparison', async () => {
      const app = await state('prd-web');
      return at(app, 'status', 'sync', 'status') === 'Unknown' ? app : undefined;
    });
    expect(JSON.stringify(at(unknown, 'status', 'conditions'))).toContain('not-there');
    await fetch(`${server}${path}`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/merge-patch+json' },
      body: JSON.stringify({ spec: { source: { path: 'app/overlays/prd' } } }),
    });
    await eventually('a comparison', async () => {
      const app = await state('prd-web');
      return at(app, 'status', 'sync', 'status') === 'OutOfSync' ? app : undefined;
    });
  });

  it('says on the port of another demo that one runs already, and what to do', async () => {
    const port = new URL(demo.url).port;
    const { code, stdout, stderr } = await hawser('demo', '--port', port);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toBe(
      `Error: a demo runs already at ${demo.url} (process ${demo.process.pid}) (use that one, end it with Ctrl-C, or start another with npm start -- --port 0)\n`,
    );
  });

  it.each([
    { args: ['--port', 'abc'], message: '--port abc is no port number' },
    { args: ['--port', '65536'], message: '--port 65536 is no port number' },
    { args: ['--bogus'], message: "Unknown option '--bogus' (--help lists the flags)" },
    { args: ['bogus'], message: "Unexpected argument 'bogus'" },
    { args: ['edit'], message: 'name a file and at least one KEY=VALUE' },
    { args: ['edit', 'values-dev.yaml'], message: 'name a file and at least one KEY=VALUE' },
    { args: ['edit', 'values-dev.yaml', '=1'], message: 'name a file and at least one KEY=VALUE' },
    { args: ['edit', 'values.yaml', 'a=1'], message: 'values.yaml is not in the demo repository (there are' },
    { args: ['edit', 'kustomization.yaml', 'a=1'], message: 'kustomization.yaml could be any of app/base' },
    { args: ['edit', 'README.md', 'a=1'], message: 'README.md is no file of values' },
    { args: ['edit', 'values-dev.yaml', 'replicas=2'], message: 'has no key replicas (there are replicaCount, image' },
    {
      args: ['edit', 'values-dev.yaml', 'image=2'],
      message: 'image in nginx-chart/values-dev.yaml is no single value',
    },
    { args: ['edit', 'values-dev.yaml', 'replicaCount=['], message: '[ is no YAML value' },
  ])('refuses demo $args', async ({ args, message }) => {
    const { code, stdout, stderr } = await hawser('demo', ...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(`Error: `);
    expect(stderr).toContain(message);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });
});

describe('hawser app', () => {
  it('lists the Applications as a table, wide, by name, as JSON and as YAML', async () => {
    const table = await hawser('app', 'list');
    const lines = table.stdout.trimEnd().split('\n');
    const all = ['argocd/dev-nginx', 'argocd/dev-web', 'argocd/prd-nginx', 'argocd/prd-web'];
    const columns = 'NAME CLUSTER NAMESPACE PROJECT STATUS HEALTH SYNCPOLICY CONDITIONS REPO PATH TARGET';
    expect(lines[0]?.split(/\s+/)).toEqual(columns.split(' '));
    expect(lines.slice(1).map((line) => line.split(/\s+/)[0])).toEqual(all);
    expect(lines[3]).toMatch(/^argocd\/prd-nginx +https:\S+ +prd-nginx +default +OutOfSync +Missing +Manual +<none> /);
    const wide = await hawser('app', 'list', '-o', 'wide');
    expect(wide.stdout).toContain(`${demo.cloneUrl}  app/overlays/dev  HEAD\n`);
    const names = await hawser('app', 'list', '-o', 'name');
    expect(names.stdout).toBe(all.map((name) => `${name}\n`).join(''));
    const json = await hawser('app', 'list', '-o', 'json');
    expect(at(JSON.parse(json.stdout), 0, 'metadata', 'name')).toBe('dev-nginx');
    const yaml = await hawser('app', 'list', '-o', 'yaml');
    expect(at(parseDocuments(yaml.stdout)[0], 3, 'metadata', 'name')).toBe('prd-web');
  });

  it('shows one Application with its state in a sentence and its objects', async () => {
    const { code, stdout } = await hawser('app', 'get', 'dev-web', '--refresh');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Name: +argocd\/dev-web$/m);
    expect(stdout).toMatch(/^ {2}Path: +app\/overlays\/dev$/m);
    expect(stdout).toMatch(/^Synced: all 2 objects are as [0-9a-f]{7} \(.+, (just now|.+ ago)\) says\.$/m);
    expect(stdout).toMatch(/^apps +Deployment +dev-web +dev-web +Synced/m);
  });

  it('diffs with exit code 1, syncs and waits, and then diffs with 0', async () => {
    const before = await hawser('app', 'diff', 'prd-web');
    expect(before.code).toBe(1);
    expect(before.stdout).toContain('===== apps/Deployment prd-web/prd-web =====');
    expect(before.stdout).toContain('+kind: Deployment');
    expect((await hawser('app', 'diff', 'prd-web', '--no-exit-code')).code).toBe(0);
    const tried = await hawser('app', 'sync', 'prd-web', '--dry-run');
    expect(tried).toMatchObject({ code: 0, stdout: expect.stringContaining('(dry run)') });
    expect((await hawser('app', 'diff', 'prd-web')).code).toBe(1);
    const synced = await hawser('app', 'sync', 'prd-web');
    expect(synced.code).toBe(0);
    expect(synced.stdout).toMatch(
      /^apps +Deployment +prd-web +prd-web +Synced +\w+ +deployment.apps\/prd-web created$/m,
    );
    expect(synced.stdout).toMatch(/^Phase: +Succeeded$.*^Message: +successfully synced \(all tasks run\)$/ms);
    expect(await hawser('app', 'diff', 'prd-web')).toMatchObject({ code: 0, stdout: '' });
  });

  it('diffs another revision, and a folder of this machine', async () => {
    const revision = await hawser('app', 'diff', 'dev-web', '--revision', 'HEAD');
    expect(revision).toMatchObject({ code: 0, stdout: '' });
    const { path, remove } = temporaryFolder();
    try {
      const configMap = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: from-here}\ndata: {a: b}\n';
      writeFileSync(join(path, 'a.yaml'), configMap);
      const local = await hawser('app', 'diff', 'dev-web', '--local', path, '--diff-exit-code', '20');
      expect(local.code).toBe(20);
      expect(local.stdout).toContain('===== /ConfigMap dev-web/from-here ======');
      expect(local.stdout).toContain('===== apps/Deployment dev-web/dev-web ======');
    } finally {
      remove();
    }
    const both = await hawser('app', 'diff', 'dev-web', '--local', 'docs', '--revision', 'HEAD');
    expect(both).toMatchObject({ code: 2, stderr: expect.stringContaining('exclude one another') });
  });

  it('fails a sync to a revision that is not there, and says so', async () => {
    const { code, stdout, stderr } = await hawser('app', 'sync', 'prd-nginx', '--revision', 'no-such-branch');
    expect(code).toBe(1);
    expect(stdout).toMatch(/^Message: +'no-such-branch' is no branch, tag, commit/m);
    expect(stderr).toBe('Error: Operation has completed with phase: Error\n');
  });

  it('takes the server and the token from flags before HAWSER_SERVER and HAWSER_TOKEN', async () => {
    const elsewhere = createHome();
    try {
      const env = { ...elsewhere.env, HAWSER_SERVER: demo.url, HAWSER_TOKEN: demo.token };
      expect((await runHawser(['app', 'refresh', 'dev-web'], { env })).code).toBe(0);
      const noScheme = await runHawser(['app', 'list', '--server', new URL(demo.url).host], { env: elsewhere.env });
      expect(noScheme.code).toBe(0);
      const wrong = await runHawser(['app', 'refresh', 'dev-web', '--auth-token', 'wrong'], { env });
      expect(wrong.code).toBe(2);
      expect(wrong.stderr).toMatch(/^Error: invalid session: the token is wrong \(.*HAWSER_TOKEN\)\n$/);
      const none = await runHawser(['app', 'sync', 'dev-web', '--server', demo.url], { env: elsewhere.env });
      expect(none).toMatchObject({ code: 2, stderr: expect.stringContaining('HAWSER_TOKEN') });
    } finally {
      elsewhere.remove();
    }
  });

  it.each([
    { args: ['get', 'nope'], code: 2, message: 'applications.argoproj.io "nope" not found' },
    { args: ['diff', 'nope'], code: 2, message: 'applications.argoproj.io "nope" not found' },
    { args: ['sync', 'nope'], code: 2, message: 'applications.argoproj.io "nope" not found' },
    { args: ['refresh', 'nope'], code: 2, message: 'no Application matches nope' },
    { args: ['get', '../argocd'], code: 2, message: '' },
    { args: ['get'], code: 2, message: "missing required argument 'name'" },
    { args: ['bogus'], code: 2, message: "unknown command 'bogus'" },
    { args: ['list', '--bogus'], code: 2, message: "unknown option '--bogus'" },
    { args: ['list', 'extra'], code: 2, message: 'too many arguments' },
    { args: ['list', '-o', 'xml'], code: 2, message: 'Allowed choices are wide, name, json, yaml' },
    { args: ['sync', 'prd-web', '--timeout', 'soon'], code: 2, message: '--timeout soon is no number of seconds' },
    { args: ['list', '--server', 'http://127.0.0.1:9'], code: 1, message: 'no hawser server answers at' },
    { args: ['diff', 'dev-web', '--server', 'http://127.0.0.1:9'], code: 2, message: 'no hawser server answers at' },
    { args: ['list', '--server', 'ftp://x'], code: 2, message: 'ftp://x is no address of a server' },
  ])('says in one line what is wrong with app $args', async ({ args, code, message }) => {
    const outcome = await hawser('app', ...args);
    expect({ code: outcome.code, stdout: outcome.stdout }).toEqual({ code, stdout: '' });
    expect(outcome.stderr).toMatch(/^Error: .*\n$/);
    expect(outcome.stderr).toContain(message);
  });

  it('says of a server that is no hawser that it is none', async () => {
    const { code, stderr } = await hawser('app', 'list', '--server', new URL(demo.cloneUrl).origin);
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringMatching(/not as a hawser server does/) });
  });
});

describe('a push to the demo repository', () => {
  it('made by hawser demo edit is followed by dev-nginx, and waits for a hand in prd-nginx', async () => {
    const edited = await hawser('demo', 'edit', 'values-dev.yaml', 'replicaCount=2', 'image.tag=1.26.2');
    expect(edited.code).toBe(0);
    const [, revision = ''] =
      /^pushed ([0-9a-f]{7}): nginx-chart\/values-dev\.yaml: replicaCount=2, image\.tag=1\.26\.2\n$/.exec(
        edited.stdout,
      ) ?? [];
    const app = await followed('dev-nginx', revision);
    expect(at(app, 'status', 'summary', 'images')).toEqual(['nginx:1.26.2']);
    const again = await hawser('demo', 'edit', 'values-dev.yaml', 'replicaCount=2');
    expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining('nothing to push') });
    expect(at(await application('prd-nginx'), 'status', 'sync', 'status')).toBe('OutOfSync');
  });

  it('that breaks the chart is shown as a condition, and the next good one heals it', async () => {
    const broken = await hawser('demo', 'edit', 'dev/kustomization.yaml', 'namePrefix=Dev_');
    expect(broken.code).toBe(0);
    const shown = await eventually('an error', async () => {
      const { stdout } = await hawser('app', 'get', 'dev-web');
      return /^(Unknown: |OutOfSync: |Syncing to \w+ failed: )/m.test(stdout) ? stdout : undefined;
    });
    expect(shown).toContain('Dev_web');
    const healed = await hawser('demo', 'edit', 'dev/kustomization.yaml', 'namePrefix=dev-');
    await followed('dev-web', /pushed ([0-9a-f]{7})/.exec(healed.stdout)?.[1] ?? '');
  });

  it.skipIf(!hasGit())('made by git itself is followed by dev-nginx', async () => {
    const { path, remove } = temporaryFolder();
    try {
      await git(path, 'clone', '--quiet', demo.cloneUrl, 'work');
      const work = join(path, 'work');
      await git(work, 'rm', '--quiet', 'nginx-chart/templates/service.yaml');
      await git(work, 'commit', '--quiet', '-m', 'No service');
      await git(work, 'push', '--quiet', 'origin', 'HEAD');
      const app = await followed('dev-nginx', await git(work, 'rev-parse', 'HEAD'));
      const resources = at(app, 'status', 'resources');
      expect(JSON.stringify(resources)).not.toContain('"Service"');
    } finally {
      remove();
    }
  });
});

describe('the end of a demo', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('by %s is clean and leaves no file behind', async (signal) => {
    const own = await startDemoProcess();
    try {
      const { code, stderr } = await own.process.end(signal);
      expect(code).toBe(0);
      expect(stderr).not.toMatch(/error/i);
      expect(readdirSync(own.home.folder).filter((name) => name !== 'cache')).toEqual(['data']);
      expect(readdirSync(join(own.home.folder, 'data'))).toEqual([]);
    } finally {
      own.home.remove();
    }
  });

  it('by a crash makes other commands say that none runs, and does not hinder the next', async () => {
    const own = await startDemoProcess();
    try {
      await own.process.end('SIGKILL');
      const list = await runHawser(['app', 'list', '--server', own.url], { env: own.home.env });
      expect(list.code).toBe(1);
      const edit = await runHawser(['demo', 'edit', 'values-dev.yaml', 'replicaCount=2'], { env: own.home.env });
      expect(edit).toMatchObject({ code: 1, stderr: 'Error: no demo is running (start it with npm start)\n' });
      const next = await startDemoProcess(own.home);
      expect(readdirSync(join(own.home.folder, 'data', 'hawser'))).toEqual([`demo-${next.process.pid}.json`]);
      const found = await runHawser(['app', 'list', '-o', 'name'], { env: own.home.env });
      expect(found.stdout).toContain('dev-nginx');
      await next.process.end();
    } finally {
      own.home.remove();
    }
  });
});
