// Without a server: `--core` for every command of servers, and `hawser render|diff|sync -f` for an Application of a file.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at } from '../../src/base/json.ts';
import { type BuiltDemo, startBuilt, startBuiltDemo } from '../support/built-demo.ts';
import { createHome, type Home } from '../support/hawser-process.ts';

let demo: BuiltDemo;
/** Of somebody who knows the kubeconfig, and no server. */
let home: Home;

beforeAll(async () => {
  demo = await startBuiltDemo();
  home = createHome();
  const chart = join(home.folder, 'chart', 'templates');
  mkdirSync(chart, { recursive: true });
  writeFileSync(join(chart, '..', 'Chart.yaml'), 'apiVersion: v2\nname: chart\nversion: 1.0.0\n');
  writeFileSync(join(chart, '..', 'values.yaml'), 'text: here\n');
  const template = `apiVersion: v1
kind: ConfigMap
metadata: {name: "{{ .Release.Name }}"}
data: {text: "{{ .Values.text }}", version: "{{ .Capabilities.KubeVersion }}", has: '{{ .Capabilities.APIVersions.Has "x.y/v1" }}'}
---
apiVersion: v1
kind: Secret
metadata: {name: shown, annotations: {argocd.argoproj.io/hook: PreSync}}
stringData: {key: plain}
`;
  writeFileSync(join(chart, 'all.yaml'), template);
  const application = (name: string, path: string) => `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: ${name}}
spec:
  project: default
  source: {repoURL: ${demo.cloneUrl}, path: ${path}}
  destination: {server: https://kubernetes.default.svc, namespace: ${name}}
  syncPolicy: {syncOptions: [CreateNamespace=true]}
`;
  writeFileSync(join(home.folder, 'chart.yaml'), application('ci', 'chart'));
  writeFileSync(join(home.folder, 'git.yaml'), application('git', 'app/base'));
});
afterAll(async () => {
  await demo.end();
  home.remove();
});

const run = (...args: string[]) => startBuilt(args, { cwd: home.folder, env: home.env }).ended;
const withCluster = (...args: string[]) =>
  startBuilt(args, { cwd: home.folder, env: { ...home.env, KUBECONFIG: demo.kubeconfig } }).ended;

describe('hawser render -f', () => {
  it('renders a folder without a cluster, hooks and Secrets as they are', async () => {
    const flags = ['--local', 'chart', '--kube-version', '1.31.4', '--api-versions', 'x.y/v1'];
    const { code, stdout, stderr } = await run('render', '-f', 'chart.yaml', ...flags);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^---\n.*^ {2}key: plain$/ms);
    expect(stdout).toMatch(/^ {2}has: "true"\n {2}text: here\n {2}version: v1.31.4$/m);
  });

  it('renders what is in Git, at the target revision or another one', async () => {
    expect(await run('render', '-f', 'git.yaml')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('kind: Deployment'),
    });
    expect(await run('render', '-f', 'git.yaml', '--revision', 'main')).toMatchObject({ code: 0 });
    const missing = await run('render', '-f', 'git.yaml', '--revision', 'nope');
    expect(missing).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining("'nope' is no branch") });
  });
});

describe('hawser diff -f and sync -f', () => {
  it('shows what an Application that is not there yet would change, makes it, and then nothing differs', async () => {
    const before = await withCluster('diff', '-f', 'git.yaml');
    expect(before).toMatchObject({
      code: 1,
      stderr: '',
      stdout: expect.stringContaining('===== apps/Deployment git/web ======'),
    });
    const synced = await withCluster('sync', '-f', 'git.yaml');
    expect({ code: synced.code, stderr: synced.stderr }, synced.stdout).toEqual({ code: 0, stderr: '' });
    expect(synced.stdout).toMatch(/^application 'git' created\n.*^Phase: +Succeeded$/ms);
    expect(await withCluster('diff', '-f', 'git.yaml')).toEqual({ code: 0, stdout: '', stderr: '' });
    const again = await withCluster('sync', '-f', 'git.yaml', '-o', 'json');
    expect(again).toMatchObject({ code: 0, stderr: "application 'git' unchanged\n" });
    expect(at(JSON.parse(again.stdout), 'status', 'sync', 'status')).toBe('Synced');
  });

  it('takes the files of a folder', async () => {
    const shown = await withCluster('diff', '-f', 'chart.yaml', '--local', 'chart', '--diff-exit-code', '7');
    expect(shown).toMatchObject({ code: 7, stdout: expect.stringContaining('+  text: here') });
    const { code, stdout, stderr } = await withCluster('sync', '-f', 'chart.yaml', '--local', 'chart');
    expect({ code, stderr }, stdout).toEqual({ code: 0, stderr: '' });
  });
});

describe('--core', () => {
  it('does on the cluster what a server does, beside the one that runs', async () => {
    const listed = await withCluster('app', 'list', '--core', '-o', 'name');
    expect(listed).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining('argocd/prd-web\n') });
    const synced = await withCluster('app', 'sync', 'prd-web', '--core');
    expect({ code: synced.code, stderr: synced.stderr }, synced.stdout).toEqual({ code: 0, stderr: '' });
    const seen = await demo.run('app', 'get', 'prd-web', '-o', 'json');
    expect(at(JSON.parse(seen.stdout), 'status', 'operationState', 'phase')).toBe('Succeeded');
  });

  it('ends a sync that it is not to wait for before it ends itself', async () => {
    expect(await withCluster('app', 'sync', 'prd-nginx', '--core', '--async')).toEqual({
      code: 0,
      stdout: '',
      stderr: '',
    });
    const seen = await withCluster('app', 'get', 'prd-nginx', '--core', '-o', 'json');
    expect(at(JSON.parse(seen.stdout), 'status', 'sync', 'status')).toBe('Synced');
  });

  it('says of an Application that there is none', async () => {
    const { code, stderr } = await withCluster('app', 'get', 'nope', '--core');
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining('"nope" not found') });
  });
});
