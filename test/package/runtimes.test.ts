// The installed libraries in Node, in workerd and in a page of a browser: the same bytes in all three, and those of the real tools.

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { Miniflare } from 'miniflare';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { workerBuiltins } from '../../src/node/worker-builtins.ts';
import { createHome, type Home, runProcess, startProcess } from '../support/hawser-process.ts';
import { type PackedPackage, packPackage } from '../support/packed-package.ts';
import { findPeer } from '../support/peers.ts';

const LIMIT_MS = 180_000;
const FIXTURE = resolve(import.meta.dirname, '../fixtures/helm-create');

/** What each runtime runs: everything by what a user may import, nothing by what only one of them has. */
const RENDER = `
import { loadChart, memoryTree, mergeValueSources, renderChart } from 'hawser/helm';
import { buildKustomization, createHelmPort } from 'hawser/kustomize';
import { createTemplateSet, decodeJson, sprigFunctions } from 'hawser/gotemplate';
import { evaluateJsonnet, evaluateJsonnetFile } from 'hawser/jsonnet';

const environment = { now: () => 1_700_000_000_000, random: (length) => new Uint8Array(length).fill(7) };

const FILES = {
  'app/kustomization.yaml': \`namePrefix: dev-
commonLabels: {team: a}
resources: [deployment.yaml]
images: [{name: web, newTag: "2"}]
configMapGenerator: [{name: settings, literals: [a=b]}]
patches: [{target: {kind: Deployment}, patch: '[{"op": "replace", "path": "/spec/replicas", "value": 3}]'}]
helmCharts: [{name: inner, releaseName: in}]
helmGlobals: {chartHome: charts}
\`,
  'app/deployment.yaml': 'apiVersion: apps/v1\\nkind: Deployment\\nmetadata: {name: web}\\nspec: {replicas: 1, template: {spec: {containers: [{name: web, image: "web:1"}]}}}\\n',
  'app/charts/inner/Chart.yaml': 'apiVersion: v2\\nname: inner\\nversion: 1.0.0\\n',
  'app/charts/inner/values.yaml': 'a: b\\n',
  'app/charts/inner/templates/a.yaml': 'apiVersion: v1\\nkind: ConfigMap\\nmetadata: {name: "{{ .Release.Name }}-inner"}\\n',
};

const TEMPLATE = \`{{ range $i, $word := splitList " " .text }}{{ $i }}={{ $word | upper | quote }} {{ end -}}
{{ regexReplaceAll "a(x*)b" "-ab-axxb-" "\\\${1}W" }} {{ sha256sum "a" }} {{ b64enc "größe" }} {{ htpasswd "u" "p" | len }}
{{ now | date "2006-01-02" }} {{ dict "b" 1 "a" (list 1.5 true nil) | toJson }} {{ derivePassword 1 "long" "p" "u" "s" }}\`;

const PROGRAMS = {
  'app/main.jsonnet': \`function(name='a') {
  local lib = import 'lib.libsonnet',
  [name + '.json']: lib { text: importstr 'größe.txt', digest: std.sha256(self.text), yaml:: std.manifestYamlDoc(lib) },
  list: std.sort([std.parseYaml('{x: 3, z: 1}')[k] for k in ['x', 'z']]) + ['%05.2f' % std.pi, std.format('%s', [[1]])],
}\`,
  'vendor/lib.libsonnet': '{ a: 1, b+: { c: super.a }, d:: self.a, assert self.a == 1 }'.replace('super.a', '2'),
  'app/größe.txt': 'größe',
};

export function renderAll(chartFiles) {
  const chart = loadChart(memoryTree(chartFiles), '');
  const values = mergeValueSources({ set: ['image.pullPolicy=Always', 'autoscaling.enabled=true'] }, () => new Uint8Array());
  const { text } = renderChart({ chart, values, release: { name: 'rel', namespace: 'shop' }, environment });
  const plain = renderChart({ chart, values: new Map(), release: { name: 'rel', namespace: 'shop' }, environment }).text;
  const built = buildKustomization(memoryTree(FILES), 'app', { helm: createHelmPort(environment), enableHelm: true });
  const set = createTemplateSet({ functions: sprigFunctions(environment) });
  set.parse('t', TEMPLATE);
  const executed = set.execute('t', decodeJson('{"text": "one two"}'));
  let failure = '';
  try {
    buildKustomization(memoryTree({ 'kustomization.yaml': 'resources: [nope.yaml]\\n' }), '');
  } catch (error) {
    failure = error.code + ': ' + error.message;
  }
  const evaluated = evaluateJsonnetFile(memoryTree(PROGRAMS), 'app/main.jsonnet', { libraries: ['vendor'] }).json();
  let refused = '';
  try {
    evaluateJsonnet({ name: 'x', path: '', text: 'local f(x) = error "no " + x;\\nf(1)' }).json();
  } catch (error) {
    refused = error.code + ': ' + error.message;
  }
  return { text, plain, built, executed, failure, evaluated, refused };
}
`;

/** The whole handler over a platform of which it needs nothing for this. */
const HANDLER = `
import { createApp, createHawser, createLocks, createMemoryCache, createSourceReaders } from 'hawser';

export async function answerOf(path) {
  const nothing = () => undefined;
  const platform = {
    settings: { namespace: 'argocd', loopback: true, insecureWebhooks: false, token: 'given' },
    clock: { now: () => 0 },
    log: { info: nothing, warn: nothing, error: nothing },
    cache: createMemoryCache(),
    journal: { put: async () => {}, remove: async () => {}, list: async () => [] },
    alarms: { set: async () => {}, cancel: async () => {} },
    locks: createLocks(),
    fetch: async () => { throw new Error('no network'); },
    home: { server: 'https://cluster.test', fetch: async () => { throw new Error('no cluster'); } },
    random: (length) => new Uint8Array(length),
    background: (work) => work.catch(nothing),
  };
  const app = createApp(createHawser({ platform, readSources: createSourceReaders(platform) }), platform);
  const response = await app.fetch(new Request('http://hawser.test' + path));
  return { status: response.status, text: await response.text() };
}
`;

const NODE = `
import { readFileSync } from 'node:fs';
import { answerOf } from './handler.mjs';
import { renderAll } from './render.mjs';
const files = JSON.parse(readFileSync(process.argv[2], 'utf8'));
console.log(JSON.stringify({ rendered: renderAll(files), answer: await answerOf('/healthz') }));
`;

const HANDLER_WORKER = `
import { answerOf } from './handler.mjs';
export default { fetch: async () => Response.json(await answerOf('/healthz')) };
`;

const WORKER = `
import { renderAll } from './render.mjs';
export default {
  async fetch(request) {
    try {
      return Response.json(renderAll(await request.json()));
    } catch (error) {
      return new Response(String(error.stack), { status: 500 });
    }
  },
};
`;

const PAGE = `
import { renderAll } from './render.mjs';
const send = (body) => fetch('/rendered', { method: 'POST', body: JSON.stringify(body) });
try {
  const files = await (await fetch('/files')).json();
  await send(renderAll(files));
} catch (error) {
  await send({ error: String(error.stack ?? error) });
}
`;

let home: Home;
let packed: PackedPackage;
/** What Node renders. */
let inNode: Record<'text' | 'plain' | 'built' | 'executed' | 'failure' | 'evaluated' | 'refused', string>;
/** What the handler answers there. */
let answer: unknown;

beforeAll(async () => {
  home = createHome();
  packed = packPackage();
  const write = (name: string, text: string) => writeFileSync(join(packed.project, name), text);
  write('render.mjs', RENDER);
  write('handler.mjs', HANDLER);
  write('worker.mjs', WORKER);
  write('page.mjs', PAGE);
  write('node.mjs', NODE);
  write('handler-worker.mjs', HANDLER_WORKER);
  write('files.json', JSON.stringify(chartFiles()));
  const { code, stdout, stderr } = await runProcess(process.execPath, ['node.mjs', 'files.json'], {
    env: home.env,
    cwd: packed.project,
  });
  expect(code, stderr).toBe(0);
  ({ rendered: inNode, answer } = JSON.parse(stdout));
}, LIMIT_MS);

afterAll(() => {
  packed?.remove();
  home?.remove();
});

/** The chart of the fixtures, of which Helm's own output is there, too. */
function chartFiles(): Record<string, string> {
  const chart = join(FIXTURE, 'demo');
  const entries = readdirSync(chart, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    entries.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [relative(chart, path), readFileSync(path, 'utf8')];
    }),
  );
}

async function bundle(entry: string, conditions: readonly string[] = [], plugins: Plugin[] = []): Promise<string> {
  const { outputFiles } = await build({
    absWorkingDir: packed.project,
    entryPoints: [entry],
    bundle: true,
    format: 'esm',
    target: 'es2024',
    // As Vite and wrangler take packages.
    platform: 'browser',
    conditions: [...conditions],
    plugins,
    external: ['node:*'],
    write: false,
    logLevel: 'error',
  });
  return outputFiles[0]?.text ?? '';
}

describe('the installed libraries', () => {
  it('render in Node what Helm renders', () => {
    expect(inNode.plain).toBe(readFileSync(join(FIXTURE, 'expected', 'demo-default.yaml'), 'utf8'));
    expect(inNode.built).toContain('name: dev-web');
    expect(inNode.built).toContain('image: web:2');
    expect(inNode.built).toContain('name: dev-in-inner');
    expect(inNode.executed).toContain('0="ONE" 1="TWO" -W-xxW-');
    expect(JSON.parse(inNode.evaluated)).toEqual({
      'a.json': { a: 1, b: { c: 2 }, text: 'größe', digest: expect.stringMatching(/^[0-9a-f]{64}$/) },
      list: [1, 3, '03.14', '[1]'],
    });
    expect(inNode.refused).toBe(
      'RenderFailed: RUNTIME ERROR: no 1\n\tx:1:14-29\tfunction <f>\n\tx:2:1-5\t$\n\tDuring evaluation',
    );
    expect(inNode.failure).toMatch(/^[A-Z]\w+: .*nope\.yaml/);
  });

  it('render the same bytes in a Worker, bundled without anything of Node', async () => {
    const script = await bundle('worker.mjs', ['workerd', 'worker']);
    expect(script).not.toMatch(/from ?["']node:/);
    const miniflare = new Miniflare({ modules: true, script, compatibilityDate: '2026-07-01', cf: false });
    try {
      const body = JSON.stringify(chartFiles());
      const response = await miniflare.dispatchFetch('http://worker/', { method: 'POST', body });
      const text = await response.text();
      expect(response.status, text).toBe(200);
      expect(JSON.parse(text)).toEqual(inNode);
    } finally {
      await miniflare.dispose();
    }
  });

  it('answer requests, in Node and in a Worker with Node’s Buffer, which isomorphic-git asks for', async () => {
    expect(answer).toEqual({ status: 200, text: 'ok' });
    const script = await bundle('handler-worker.mjs', ['workerd', 'worker'], [workerBuiltins]);
    const compatibility = { compatibilityDate: '2026-07-01', compatibilityFlags: ['nodejs_compat'] };
    const miniflare = new Miniflare({ modules: true, script, ...compatibility, cf: false });
    try {
      const response = await miniflare.dispatchFetch('http://worker/');
      const text = await response.text();
      expect(response.status, text).toBe(200);
      expect(JSON.parse(text)).toEqual(answer);
    } finally {
      await miniflare.dispose();
    }
  });

  const chromium = ['chromium', 'chromium-browser', 'google-chrome'].map(findPeer).find((found) => found !== undefined);
  if (!chromium) console.warn('SKIPPED: the libraries in a page: no Chromium on PATH');
  it.skipIf(chromium === undefined)(
    'render the same bytes in a page of a browser',
    async () => {
      const script = await bundle('page.mjs');
      const { server, url, rendered } = await servePage(script);
      const profile = mkdtempSync(join(tmpdir(), 'hawser-profile-'));
      // As root, as CI runs it, it has no sandbox of its own; what it loads is this test's.
      const flags = ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run'];
      const page = startProcess(chromium ?? '', [...flags, '--no-proxy-server', `--user-data-dir=${profile}`, url], {
        env: home.env,
      });
      try {
        const ended = page.ended.then(({ stderr }) => `the browser ended: ${stderr}`);
        const outcome = await Promise.race([rendered, ended]);
        expect(outcome).toEqual(inNode);
      } finally {
        await page.end('SIGKILL');
        server.closeAllConnections();
        server.close();
        rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
      }
    },
    LIMIT_MS,
  );
});

/** A page with the script, and what it sends back. */
async function servePage(script: string): Promise<{ server: Server; url: string; rendered: Promise<unknown> }> {
  const { promise: rendered, resolve: tell } = Promise.withResolvers<unknown>();
  const contents: Readonly<Record<string, readonly [string, string]>> = {
    '/': ['text/html', '<!doctype html><script type="module" src="/page.js"></script>'],
    '/page.js': ['text/javascript', script],
    '/files': ['application/json', JSON.stringify(chartFiles())],
  };
  const server = createServer(async (request, response) => {
    const found = contents[request.url ?? ''];
    if (found) response.writeHead(200, { 'content-type': `${found[0]}; charset=utf-8` }).end(found[1]);
    else if (request.url === '/rendered') {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      response.end();
      tell(JSON.parse(Buffer.concat(chunks).toString('utf8')));
    } else response.writeHead(404).end();
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, rendered };
}
