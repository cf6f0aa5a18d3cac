import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildCommand } from '../../src/cli/build.ts';
import { diskTree } from '../../src/node/disk-tree.ts';
import { captureIo } from '../support/captured-io.ts';

const FILES = {
  'base/kustomization.yaml': 'resources: [b.yaml, a.yaml]\n',
  'base/a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: one}\n',
  'base/b.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: b, namespace: two}\n',
  'app/kustomization.yaml': 'resources: [../base]\nnamePrefix: p-\n',
  'outside/kustomization.yaml': 'resources: [../base/a.yaml]\n',
  'old/kustomization.yaml': 'bases: [../base]\n',
  'broken/kustomization.yaml': 'resources: [x.yaml]\nfoo: 1\n',
  'empty/x.yaml': 'a: b\n',
  'chart/kustomization.yaml': 'helmCharts: [{name: c, releaseName: r, kubeVersion: 1.30.0}]\n',
  'chart/charts/c/Chart.yaml': 'apiVersion: v2\nname: c\nversion: 1.0.0\n',
  'chart/charts/c/values.yaml': '',
  'chart/charts/c/templates/cm.yaml':
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: {{ .Release.Name }}}\ndata: {v: {{ .Capabilities.KubeVersion }}}\n',
};

describe('hawser build', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'hawser-build-'));
    for (const [path, text] of Object.entries(FILES)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    symlinkSync('app', join(folder, 'link'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  async function run(args: readonly string[], cwd = '', env: Record<string, string> = {}) {
    const { io, output } = captureIo(join(folder, cwd), env);
    const code = await buildCommand(args, io, diskTree);
    return { code, ...output() };
  }

  it.each([
    ['the folder at hand', [], 'app'],
    ['a relative folder', ['../app'], 'base'],
    ['a folder behind a symlink', ['link'], ''],
  ])('builds %s', async (_, args, cwd) => {
    const { code, stdout, stderr } = await run(args, cwd);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.match(/name: .*/g)).toEqual(['name: p-a', 'name: p-b']);
  });

  it('builds an absolute folder', async () => {
    expect((await run([join(folder, 'app')])).stdout).toContain('name: p-a\n');
  });

  it('keeps the order of the files with --reorder none, which is deprecated', async () => {
    const { stdout, stderr } = await run(['base', '--reorder', 'none']);
    expect(stdout.match(/name: .*/g)).toEqual(['name: b', 'name: a']);
    expect(stderr).toContain('--reorder has been deprecated');
  });

  it('writes the output to a file', async () => {
    expect(await run(['app', '-o', 'out.yaml'])).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(readFileSync(join(folder, 'out.yaml'), 'utf8')).toBe((await run(['app'])).stdout);
  });

  it('writes one file a resource into a folder', async () => {
    mkdirSync(join(folder, 'out'));
    expect((await run(['app', '--output=out'])).code).toBe(0);
    expect(readdirSync(join(folder, 'out')).sort()).toEqual(['one_v1_configmap_p-a.yaml', 'two_v1_configmap_p-b.yaml']);
  });

  it('warns of deprecated fields and succeeds', async () => {
    const { code, stderr } = await run(['old']);
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr:
        "# Warning: 'bases' is deprecated. Please use 'resources' instead. Run 'kustomize edit fix' to update your Kustomization automatically.\n",
    });
  });

  it('loads files from outside the root only if it may', async () => {
    expect((await run(['outside'])).code).toBe(1);
    expect((await run(['outside', '--load-restrictor', 'LoadRestrictionsNone'])).stdout).toContain('name: a\n');
  });

  it('renders Helm charts only if it may', async () => {
    expect((await run(['chart'])).stderr).toContain('--enable-helm');
    const args = ['chart', '--enable-helm', '--helm-command', 'not-run'];
    expect((await run(args)).stdout).toContain('v: v1.30.0\n');
  });

  it.each([
    ['by flag', ['--enable-managedby-label'], {}],
    ['by environment', [], { KUSTOMIZE_ENABLE_MANAGEDBY_LABEL: 'on' }],
  ])('labels what it builds, %s', async (_, flags, env) => {
    expect((await run(['app', ...flags], '', env)).stdout).toContain('app.kubernetes.io/managed-by: kustomize-');
  });

  it.each([
    ['an unknown field', ['broken'], "unknown field 'foo'"],
    ['a folder without a kustomization', ['empty'], 'there is no kustomization.yaml'],
    ['a folder that is not there', ['nowhere'], "'nowhere' does not exist"],
    ['two folders', ['app', 'base'], 'specify one path'],
    ['an unknown flag', ['--nope'], 'nope'],
    ['an unknown order', ['app', '--reorder', 'up'], 'legal values: [legacy none]'],
    ['an unknown restriction', ['app', '--load-restrictor', 'x'], 'illegal flag value --load-restrictor'],
  ])('fails for %s', async (_, args, said) => {
    const { code, stdout, stderr } = await run(args);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(said);
  });

  it('tells its flags', async () => {
    expect((await run(['--help'])).stdout).toContain('--load-restrictor string');
  });
});
