import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { templateCommand } from '../../src/cli/template.ts';
import { diskTree } from '../../src/node/disk-tree.ts';
import { packTar } from '../render/helm/pack-tar.ts';
import { captureIo } from '../support/captured-io.ts';

const CHART_YAML = 'apiVersion: v2\nname: demo\nversion: 0.1.0\n';
const FILES = {
  'demo/Chart.yaml': CHART_YAML,
  'demo/crds/c.yaml': 'kind: CustomResourceDefinition\n',
  'demo/templates/a.yaml':
    'kind: ConfigMap\nname: {{ .Release.Name }}\nnamespace: {{ .Release.Namespace }}\n---\nkind: Secret\nvalue: {{ .Values.a }}\n',
  'demo/templates/test.yaml': 'kind: Pod\nmetadata: {annotations: {helm.sh/hook: test}}\n',
  'broken/Chart.yaml': 'apiVersion: v2\nname: broken\nversion: 0.1.0\n',
  'broken/templates/a.yaml': 'a: [\n',
  'broken/templates/b.yaml': 'b: 1\n',
};

let folder = '';

function write(files: Record<string, string | Uint8Array>) {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
}

async function run(args: string[], env: Record<string, string> = {}) {
  const { io, output } = captureIo(folder, { HOME: folder, PATH: process.env.PATH, ...env });
  const exit = await templateCommand(args, io, diskTree);
  return { exit, ...output() };
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hawser-template-'));
  write(FILES);
});
afterEach(() => rmSync(folder, { recursive: true }));

const DOCUMENTS = (release: string, namespace: string) =>
  `---\n# Source: demo/templates/a.yaml\nkind: Secret\nvalue:\n---\n# Source: demo/templates/a.yaml\nkind: ConfigMap\nname: ${release}\nnamespace: ${namespace}\n---\n# Source: demo/templates/test.yaml\nkind: Pod\nmetadata: {annotations: {helm.sh/hook: test}}\n`;

describe('hawser template', () => {
  it('names the release release-name and takes the namespace default where nothing says otherwise', async () => {
    expect(await run(['demo'])).toEqual({ exit: 0, stdout: DOCUMENTS('release-name', 'default'), stderr: '' });
  });

  it('takes the namespace of the kubeconfig’s context', async () => {
    write({
      kubeconfig: 'current-context: b\ncontexts: [{name: a, context: {}}, {name: b, context: {namespace: shop}}]',
    });
    const { stdout } = await run(['rel', 'demo'], { KUBECONFIG: join(folder, 'kubeconfig') });
    expect(stdout).toBe(DOCUMENTS('rel', 'shop'));
    const other = await run(['rel', 'demo', '--kube-context', 'a'], { KUBECONFIG: join(folder, 'kubeconfig') });
    expect(other.stdout).toBe(DOCUMENTS('rel', 'default'));
  });

  it('makes a name of --name-template', async () => {
    const { stdout } = await run(['demo', '--name-template', '{{ "REL" | lower }}-{{ add 1 2 }}']);
    expect(stdout).toBe(DOCUMENTS('rel-3', 'default'));
  });

  it('renders a packed chart', async () => {
    const files = Object.entries(FILES).filter(([name]) => name.startsWith('demo/'));
    write({ 'demo-0.1.0.tgz': gzipSync(packTar(files.map(([name, content]) => ({ name, content })))) });
    expect((await run(['rel', 'demo-0.1.0.tgz', '-n', 'ns'])).stdout).toBe(DOCUMENTS('rel', 'ns'));
  });

  it('writes files where it is told to, appending the later documents of a template', async () => {
    const { exit, stdout } = await run(['rel', 'demo', '--output-dir', 'out', '--release-name', '--include-crds']);
    expect({ exit, stdout }).toEqual({
      exit: 0,
      stdout:
        'wrote out/demo/crds/c.yaml\nwrote out/rel/demo/templates/a.yaml\nwrote out/rel/demo/templates/a.yaml\nwrote out/rel/demo/templates/test.yaml\n\n',
    });
    expect(readFileSync(join(folder, 'out/rel/demo/templates/a.yaml'), 'utf8')).toBe(
      '---\n# Source: demo/templates/a.yaml\nkind: Secret\nvalue:\n---\n# Source: demo/templates/a.yaml\nkind: ConfigMap\nname: rel\nnamespace: default\n',
    );
    expect(existsSync(join(folder, 'out/rel/demo/templates/test.yaml'))).toBe(true);
  });

  it('gives the manifests to a post-renderer', async () => {
    const args = ['rel', 'demo', '--post-renderer', 'sed', '--post-renderer-args', 's/ConfigMap/Changed/'];
    expect((await run(args)).stdout).toContain('kind: Changed');
  });

  it('says which symlinks it followed', async () => {
    symlinkSync('a.yaml', join(folder, 'demo/templates/link.yaml'));
    const { exit, stderr } = await run(['rel', 'demo']);
    expect(exit).toBe(0);
    expect(stderr).toMatch(
      /^walk\.go:75: found symbolic link in path: \/.*\/demo\/templates\/link\.yaml resolves to \/.*\/demo\/templates\/a\.yaml\. Contents of linked file included and used\n$/,
    );
  });

  it('adds dependencies from folders beside the chart where --dependency-update asks for it', async () => {
    write({
      'dep/Chart.yaml':
        'apiVersion: v2\nname: dep\nversion: 1.0.0\ndependencies: [{name: demo, version: 0.x, repository: file://../demo}]',
    });
    expect((await run(['rel', 'dep', '--dependency-update'])).stdout).toContain('dep/charts/demo/templates/a.yaml');
    expect((await run(['rel', 'dep'])).stderr).toContain('missing in charts/ directory: demo\n');
  });

  it('prints what was rendered, with --debug, where it is no YAML', async () => {
    const { exit, stdout, stderr } = await run(['rel', 'broken', '--debug']);
    expect(exit).toBe(1);
    expect(stdout).toBe(
      '---\n# Source: broken/templates/b.yaml\nb: 1\n\n---\n# Source: broken/templates/a.yaml\na: [\n',
    );
    expect(stderr).toBe(
      'Error: YAML parse error on broken/templates/a.yaml: error converting YAML to JSON: yaml: line 1: did not find expected node content\n',
    );
  });

  it('prints help', async () => {
    const { exit, stdout } = await run(['--help']);
    expect(exit).toBe(0);
    expect(stdout).toContain('-f, --values strings');
  });

  const refusals: [args: string[], stderr: string][] = [
    [[], 'Error: "hawser template" requires at least 1 argument\n\nUsage:  hawser template [NAME] [CHART] [flags]\n'],
    [['a', 'b', 'c'], 'Error: expected at most two arguments, unexpected arguments: c\n'],
    [['rel', './none'], 'Error: path "./none" not found\n'],
    [['rel', 'none'], 'Error: non-absolute URLs should be in form of repo_name/path_to_chart, got: none\n'],
    [['rel', 'repo/none'], 'Error: repo repo not found\n'],
    [
      ['rel', 'oci://example.com/x'],
      'Error: chart "oci://example.com/x" is in a repository, and only this disk can be read\n',
    ],
    [['rel', 'demo', '-f', 'none.yaml'], 'Error: open none.yaml: no such file or directory\n'],
    [
      ['rel', 'demo', '--set-file', 'a=none'],
      'Error: failed parsing --set-file data: open none: no such file or directory\n',
    ],
    [['rel', 'demo', '--kube-version', 'x'], `Error: invalid kube version 'x': could not parse "x" as version\n`],
    [['rel', 'demo', '--unknown'], 'Error: unknown flag: --unknown\n'],
    [['rel', 'demo', '--validate'], 'Error: --validate needs a cluster: hawser diff compares with one\n'],
    [
      ['rel', 'broken'],
      'Error: YAML parse error on broken/templates/a.yaml: error converting YAML to JSON: yaml: line 1: did not find expected node content\n\nUse --debug flag to render out invalid YAML\n',
    ],
    [
      ['rel', 'demo', '--post-renderer', 'no-such-program'],
      'Error: invalid argument "no-such-program" for "--post-renderer" flag: unable to find binary at no-such-program: exec: "no-such-program": executable file not found in $PATH\n',
    ],
  ];
  it.each(refusals)('refuses %j', async (args, stderr) => {
    expect(await run(args)).toEqual({ exit: 1, stdout: '', stderr });
  });
});
