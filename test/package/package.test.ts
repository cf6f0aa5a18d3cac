// The package as a user gets it: built, packed, installed in a folder of its own, run and imported there.

import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import { homedir, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { createHome, type Home, type Outcome, runProcess, startProcess } from '../support/hawser-process.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const LIMIT_MS = 120_000;

let home: Home;
/** A project that has the package in its node_modules. */
let project: string;
let installed: string;
let packed: readonly string[];

beforeAll(() => {
  home = createHome();
  project = mkdtempSync(join(tmpdir(), 'hawser-package-'));
  installed = join(project, 'node_modules', 'hawser');
  run(process.execPath, ['build.js'], ROOT);
  const npm = process.env.npm_execpath;
  const pack = ['pack', '--ignore-scripts', '--json', '--pack-destination', project];
  const report = npm ? run(process.execPath, [npm, ...pack], ROOT) : run('npm', pack, ROOT);
  const [tarball] = [JSON.parse(report)].flat();
  packed = tarball.files.map(({ path }: { path: string }) => path);
  install(join(project, tarball.filename));
  writeFileSync(join(project, 'package.json'), '{"type": "module"}\n');
}, LIMIT_MS);

afterAll(() => {
  rmSync(project, { recursive: true, force: true });
  home.remove();
});

function run(program: string, args: readonly string[], cwd: string): string {
  return execFileSync(program, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

/** As npm does, without a registry: what the package declares to need comes from this checkout, and nothing else does. */
function install(tarball: string): void {
  mkdirSync(installed, { recursive: true });
  run('tar', ['-xzf', tarball, '--strip-components=1', '-C', installed], project);
  for (const name of Object.keys(packageJson.dependencies)) {
    const link = join(project, 'node_modules', name);
    mkdirSync(resolve(link, '..'), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules', name), link);
  }
  const bin = join(project, 'node_modules', '.bin');
  mkdirSync(bin);
  symlinkSync(join('..', 'hawser', packageJson.bin.hawser), join(bin, 'hawser'));
}

function runInstalled(...args: string[]): Promise<Outcome> {
  return runProcess(process.execPath, [join(project, 'node_modules', '.bin', 'hawser'), ...args], {
    env: home.env,
    cwd: project,
  });
}

function writeChart(folder: string): void {
  mkdirSync(join(folder, 'templates'), { recursive: true });
  writeFileSync(join(folder, 'Chart.yaml'), 'apiVersion: v2\nname: small\nversion: 1.0.0\n');
  writeFileSync(join(folder, 'values.yaml'), 'who: world\n');
  writeFileSync(
    join(folder, 'templates', 'cm.yaml'),
    'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}\ndata:\n  hello: {{ .Values.who | upper }}\n',
  );
}

const RENDERED = `---
# Source: small/templates/cm.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: x
data:
  hello: WORLD
`;

describe('the tarball', () => {
  it('holds the launcher, the bundles, their types and the papers, and neither sources nor tests', () => {
    const wanted = ['bin/hawser.js', 'dist/hawser.js', 'dist/library.js', 'dist/helm.js', 'dist/LICENSES.txt'];
    expect(packed).toEqual(expect.arrayContaining([...wanted, 'README.md', 'LICENSE', 'CHANGELOG.md', 'package.json']));
    const elsewhere = packed.filter(
      (path) => !/^(bin\/|dist\/|(README|CHANGELOG)\.md$|LICENSE$|package\.json$)/.test(path),
    );
    expect(elsewhere).toEqual([]);
    expect(packed.filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts'))).toEqual([]);
  });

  it('has every file that package.json exports', () => {
    const files = Object.values(packageJson.exports).flatMap((entry) =>
      typeof entry === 'string' ? [entry] : Object.values(entry),
    );
    expect(files.length).toBeGreaterThan(8);
    expect(files.filter((file) => !packed.includes(file.replace('./', '')))).toEqual([]);
  });

  it('names no folder of the machine that built it', () => {
    const own = [ROOT, homedir()].filter((folder) => folder.length > 1);
    const telling = packed.filter((path) => {
      const text = readFileSync(join(installed, path), 'utf8');
      return own.some((folder) => text.includes(`${folder}/`));
    });
    expect(telling).toEqual([]);
  });
});

describe('the installed command', () => {
  it('tells its version', async () => {
    const { stdout } = await runInstalled('version');
    expect(stdout).toBe(`hawser ${packageJson.version} (Node ${process.versions.node})\n`);
  });

  it('renders a chart and builds a kustomization', async () => {
    writeChart(join(project, 'small'));
    expect(await runInstalled('template', 'x', 'small')).toEqual({ code: 0, stdout: RENDERED, stderr: '' });
    mkdirSync(join(project, 'overlay'));
    writeFileSync(join(project, 'overlay', 'kustomization.yaml'), 'namePrefix: dev-\nresources: [cm.yaml]\n');
    writeFileSync(join(project, 'overlay', 'cm.yaml'), 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n');
    const { stdout } = await runInstalled('build', 'overlay');
    expect(stdout).toBe('apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: dev-a\n');
  });

  it('asks the network for what a command of its own script does not find', async () => {
    const server = createServer((_, response) => response.writeHead(404).end());
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const address = server.address();
    const port = address !== null && typeof address === 'object' ? address.port : 0;
    const { code, stderr } = await runInstalled('template', 'x', `http://127.0.0.1:${port}/none-1.0.0.tgz`);
    server.close();
    expect({ code, isAnswered: stderr.includes('404') }, stderr).toEqual({ code: 1, isAnswered: true });
  });

  it('is one file that runs alone, the demo and a server for its cluster included', async () => {
    const alone = join(home.folder, 'alone.js');
    writeFileSync(alone, readFileSync(join(installed, 'dist', 'hawser.js')));
    const start = (...args: string[]) => startProcess(process.execPath, [alone, ...args], { env: home.env });
    expect((await start('version').ended).stdout).toContain(`hawser ${packageJson.version} `);
    writeChart(join(home.folder, 'chart'));
    expect((await start('template', 'x', join(home.folder, 'chart')).ended).stdout).toBe(RENDERED);
    const demo = start('demo', '--port', '0');
    const [, kubeconfig = ''] = await demo.waitFor(/KUBECONFIG=(\S+)/);
    await demo.waitFor(/Ctrl-C/);
    expect((await start('app', 'list', '-o', 'name').ended).stdout).toContain('dev-nginx\n');
    const server = start('serve', '--port', '0', '--kubeconfig', kubeconfig);
    await server.waitFor(/hawser serves/);
    expect((await server.end()).code).toBe(0);
    expect((await demo.end()).code).toBe(0);
  });

  it('renders what is large in a thread of the same file', async () => {
    const alone = join(home.folder, 'alone.js');
    writeFileSync(alone, readFileSync(join(installed, 'dist', 'hawser.js')));
    const start = (...args: string[]) => startProcess(process.execPath, [alone, ...args], { env: home.env });
    const demo = start('demo', '--port', '0');
    await demo.waitFor(/Ctrl-C/);
    const folder = join(home.env.XDG_DATA_HOME ?? '', 'hawser');
    const [state = ''] = readdirSync(folder).filter((name) => name.startsWith('demo-'));
    const { editUrl } = JSON.parse(readFileSync(join(folder, state), 'utf8'));
    const assignments = [`indexHtml=${'x'.repeat(250_000)}`];
    const body = JSON.stringify({ file: 'nginx-chart/values-dev.yaml', assignments });
    expect((await fetch(editUrl, { method: 'POST', body })).status).toBe(200);
    const compared = await start('app', 'get', 'dev-nginx', '--hard-refresh').ended;
    expect(compared).toMatchObject({ code: 0, stderr: '' });
    expect(compared.stdout).toMatch(/^Sync Status: +Synced/m);
    expect((await demo.end()).code).toBe(0);
  });

  it('says to a Node that is too old which one it needs', async () => {
    const pretend = join(home.folder, 'pretend.cjs');
    const versions = `{ ...process.versions, node: '22.18.0' }`;
    writeFileSync(pretend, `Object.defineProperty(process, 'versions', { value: ${versions} });\n`);
    const launcher = join(installed, packageJson.bin.hawser);
    const outcome = await runProcess(process.execPath, ['-r', pretend, launcher, 'version'], { env: home.env });
    expect(outcome).toMatchObject({ code: 1, stdout: '' });
    expect(outcome.stderr).toMatch(/^hawser needs Node 22\.19 or newer; this is Node 22\.18\.0\. .*\n$/);
  });

  const old = oldNode();
  it.skipIf(old === undefined)('says the same to a real Node that is too old', async () => {
    const launcher = join(installed, packageJson.bin.hawser);
    const { code, stderr } = await runProcess(old ?? '', [launcher, 'version'], { env: home.env });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^hawser needs Node 22\.19 or newer; this is Node [\d.]+\. .*\n$/);
  });
});

describe('the installed libraries', () => {
  it('render, build and execute when they are imported, and share one error type', async () => {
    writeFileSync(
      join(project, 'use.mjs'),
      `import { createApp, createHawser, createLocks } from 'hawser';
import { HawserError, loadChart, memoryTree, mergeValueSources, renderChart } from 'hawser/helm';
import { buildKustomization, createHelmPort, HawserError as SameError } from 'hawser/kustomize';
import { createTemplateSet, decodeJson, sprigFunctions } from 'hawser/gotemplate';
import { evaluateJsonnet, HawserError as JsonnetError } from 'hawser/jsonnet';

const environment = { now: () => 0, random: (length) => new Uint8Array(length) };
const chart = loadChart(memoryTree({
  'Chart.yaml': 'apiVersion: v2\\nname: small\\nversion: 1.0.0\\n',
  'templates/cm.yaml': 'kind: ConfigMap\\napiVersion: v1\\ndata: {{ .Values.data | toYaml | nindent 2 }}\\n',
}), '');
const values = mergeValueSources({ set: ['data.a=b'] }, () => new Uint8Array());
const { text } = renderChart({ chart, values, release: { name: 'x', namespace: 'default' }, environment });
const tree = memoryTree({ 'kustomization.yaml': 'nameSuffix: -one\\nresources: [a.yaml]\\n', 'a.yaml': 'kind: A\\napiVersion: v1\\nmetadata: {name: a}\\n' });
const built = buildKustomization(tree, '', { helm: createHelmPort(environment) });
const set = createTemplateSet({ functions: sprigFunctions(environment) });
set.parse('greeting', 'Hello {{ .name | upper }}');
const greeting = set.execute('greeting', decodeJson('{"name": "Kim"}'));
const evaluated = evaluateJsonnet({ name: 'x', path: '', text: 'function(n) { n: n }' }, { topLevelArguments: { n: { code: '1 + 1' } } }).json();
let failure;
try { buildKustomization(memoryTree({}), ''); } catch (error) { failure = error; }
console.log(JSON.stringify({
  text, built, greeting, evaluated,
  isOurError: failure instanceof SameError && SameError === HawserError && JsonnetError === HawserError,
  functions: [createApp, createHawser, createLocks].map((item) => typeof item),
}));
`,
    );
    const { stdout, stderr } = await runProcess(process.execPath, ['use.mjs'], { env: home.env, cwd: project });
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual({
      text: '---\n# Source: small/templates/cm.yaml\nkind: ConfigMap\napiVersion: v1\ndata: \n  a: b\n',
      built: 'apiVersion: v1\nkind: A\nmetadata:\n  name: a-one\n',
      greeting: 'Hello KIM',
      evaluated: '{\n   "n": 2\n}\n',
      isOurError: true,
      functions: ['function', 'function', 'function'],
    });
  });

  it('import nothing of Node', () => {
    const dist = join(installed, 'dist');
    const chunks = readdirSync(join(dist, 'chunks')).map((name) => join(dist, 'chunks', name));
    const entries = ['library', 'helm', 'kustomize', 'gotemplate', 'jsonnet'].map((name) => join(dist, `${name}.js`));
    const telling = [...entries, ...chunks].filter((file) =>
      /(from|import) ?\(?["']node:/.test(readFileSync(file, 'utf8')),
    );
    expect(telling).toEqual([]);
  });

  it('have types that a strict consumer can use, without Node or DOM types in the renderers', async () => {
    writeFileSync(
      join(project, 'renderers.ts'),
      `import { type Chart, loadChart, memoryTree, renderChart, type RenderedChart } from 'hawser/helm';
import { buildObjects, type BuildOptions, type JsonObject } from 'hawser/kustomize';
import { createTemplateSet, type GoValue, type TemplateSet } from 'hawser/gotemplate';
import { type Evaluation, evaluateJsonnetFile, type Importer, type JsonnetFileOptions, type NativeFunction } from 'hawser/jsonnet';

const tree = memoryTree({ 'Chart.yaml': 'name: x' });
const chart: Chart = loadChart(tree, '');
const environment = { now: () => 0, random: (length: number) => new Uint8Array(length) };
export const rendered: RenderedChart = renderChart({ chart, release: { name: 'x', namespace: 'y' }, values: new Map(), environment });
const options: BuildOptions = { reorder: 'none' };
export const objects: JsonObject[] = buildObjects(tree, '', options);
const set: TemplateSet = createTemplateSet({ functions: {} });
const data: GoValue = new Map([['a', 'b']]);
export const text: string = set.execute('x', data);
const natives: Record<string, NativeFunction> = { twice: { parameters: ['n'], run: (n) => [n, n] } };
const evaluation: JsonnetFileOptions = { natives, bounds: { maxStack: 100 } };
export const evaluated: Evaluation = evaluateJsonnetFile(tree, 'x', evaluation);
export const importer: Importer = (path, from) => ({ reason: path + from });
// @ts-expect-error: a name is no number
set.parse(1, '');
`,
    );
    writeFileSync(
      join(project, 'handler.ts'),
      `import { createApp, createHawser, createSourceReaders, type Platform } from 'hawser';

export function handler(platform: Platform): (request: Request) => Response | Promise<Response> {
  const app = createApp(createHawser({ platform, readSources: createSourceReaders(platform) }), platform);
  return (request) => app.fetch(request);
}
`,
    );
    const check = (file: string, ...flags: string[]) => {
      const tsc = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
      const common = ['--noEmit', '--strict', '--exactOptionalPropertyTypes', '--target', 'es2024', '--types', ''];
      const args = [tsc, ...common, '--module', 'nodenext', ...flags, file];
      return runProcess(process.execPath, args, { env: home.env, cwd: project });
    };
    expect(await check('renderers.ts', '--lib', 'es2024')).toEqual({ code: 0, stdout: '', stderr: '' });
    const handler = await check('handler.ts', '--lib', 'es2024,dom,dom.iterable', '--skipLibCheck');
    expect(handler).toEqual({ code: 0, stdout: '', stderr: '' });
  });
});

/** A Node of this machine that is older than hawser wants; undefined, said aloud, where there is none. */
function oldNode(): string | undefined {
  const path = '/usr/bin/node';
  if (existsSync(path)) {
    const [major = 0] = run(path, ['-p', 'process.versions.node'], '/').split('.').map(Number);
    if (major < 22) return path;
  }
  console.warn('SKIPPED: no Node older than 22 in /usr/bin: the launcher is not tried with one');
  return undefined;
}
