// Folders with Jsonnet: variables, libraries, what may be imported, what fails and how, and which pushes concern their Applications.

import { describe, expect, it } from 'vitest';
import type { Source } from '../../src/application/types.ts';
import { type ErrorCode, HawserError } from '../../src/base/errors.ts';
import { createRenderThread } from '../../src/node/render-thread.ts';
import { commitFiles, type FileChange } from '../../src/sandbox/git/repository.ts';
import { createGitServer } from '../../src/sandbox/git/server.ts';
import { createSourceReaders } from '../../src/source/reader.ts';
import { renderInput } from '../../src/source/render-input.ts';
import type { RenderElsewhere } from '../../src/source/render-job.ts';
import type { RenderContext } from '../../src/source/source.ts';

const CONTEXT: RenderContext = {
  appName: 'web',
  appNamespace: 'argocd',
  project: 'default',
  namespace: 'shop',
  kubeVersion: 'v1.34.1',
  apiVersions: ['v1'],
};
const SECRETS = { repositories: [], templates: [], certificates: {} };
const OWN = 'https://git.example.com/team/deploy.git';
const AUTHOR = { name: 'Alice', email: 'alice@example.com' };

type Files = Readonly<Record<string, FileChange>>;
type Jsonnet = NonNullable<NonNullable<Source['directory']>['jsonnet']>;

const link = (content: string): FileChange => ({ content, mode: '120000' });
/** A ConfigMap with this as its data. */
const program = (data: string, before = '') =>
  `${before}{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data: ${data} }\n`;

const LIBRARY = "{ of(value):: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data: { of: value } } }";

function createHistory() {
  const git = createGitServer();
  const repository = git.create('team/deploy');
  const reader = (thread?: RenderElsewhere) =>
    createSourceReaders(
      {
        fetch: async (url, init) => git.handle(new Request(url, init)),
        cache: { get: async () => undefined, put: async () => undefined },
        clock: { now: () => 0 },
        random: (length) => new Uint8Array(length),
        background: () => undefined,
      },
      thread,
    )(SECRETS);
  const at = (revision: string, jsonnet?: Jsonnet, more: Partial<Source> = {}) => ({
    revision,
    source: { repoURL: OWN, path: 'app', ...(jsonnet && { directory: { jsonnet } }), ...more },
  });
  let clock = 1_700_000_000_000;
  return {
    reader,
    at,
    commit: (files: Files) =>
      commitFiles(repository, 'main', files, { message: 'change', author: AUTHOR, atMs: clock++ }).after,
  };
}

/** The data of the first object of a commit of these files. */
async function dataOf(files: Files, jsonnet?: Jsonnet, more: Partial<Source> = {}) {
  const { commit, at, reader } = createHistory();
  const { objects } = await reader().render([at(commit(files), jsonnet, more)], CONTEXT);
  return objects[0]?.data;
}

async function errorOf(files: Files, jsonnet?: Jsonnet): Promise<HawserError> {
  const error: unknown = await dataOf(files, jsonnet).then(
    () => new Error('no error came'),
    (reason) => reason,
  );
  if (error instanceof HawserError) return error;
  throw error;
}

describe('a folder with Jsonnet', () => {
  it('passes variables and arguments: strings, and code where it is said to be', async () => {
    const files = {
      'app/a.jsonnet': program(
        "{ s: std.extVar('s'), c: std.toString(std.extVar('c')), t: t, d: std.toString(d) }",
        'function(t, d=1) ',
      ),
    };
    const jsonnet = {
      extVars: [
        { name: 's', value: '1 + 1' },
        { name: 'c', value: '1 + 1', code: true },
      ],
      tlas: [
        { name: 't', value: '2 + 2' },
        { name: 'd', value: '2 + 2', code: true },
      ],
    };
    expect(await dataOf(files, jsonnet)).toEqual({ s: '1 + 1', c: '2', t: '2 + 2', d: '4' });
  });

  it('puts the build environment into values', async () => {
    const files = { 'app/a.jsonnet': program("{ v: std.extVar('v') }", '') };
    const extVars = [{ name: 'v', value: '$ARGOCD_APP_NAME in $ARGOCD_APP_SOURCE_PATH, $$HOME' }];
    expect(await dataOf(files, { extVars })).toEqual({ v: 'web in app, $HOME' });
  });

  it('renders Jsonnet beside YAML and JSON, each file by itself, and libraries only where they are imported', async () => {
    const { commit, at, reader } = createHistory();
    const sha = commit({
      'app/a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: yaml}\n',
      'app/b.jsonnet':
        "local l = import 'l.libsonnet'; [l.of('x'), null, { apiVersion: 'v1', kind: 'List', items: [l.of('y') { metadata+: { name: 'b' } }] }]",
      'app/l.libsonnet': LIBRARY,
      'app/broken.libsonnet': '{',
    });
    const { objects } = await reader().render([at(sha)], CONTEXT);
    expect(objects.map(({ metadata }) => metadata.name)).toEqual(['yaml', 'a', 'b']);
  });

  it.each<[string, Files, Jsonnet | undefined]>([
    [
      'relative to the file',
      { 'app/a.jsonnet': "(import '../lib/l.libsonnet').of('x')", 'lib/l.libsonnet': LIBRARY },
      undefined,
    ],
    [
      'of a folder below, relative to the folder of the source',
      { 'app/sub/a.jsonnet': "(import 'l.libsonnet').of('x')", 'app/l.libsonnet': LIBRARY },
      undefined,
    ],
    [
      'of libs, relative to the root of the repository',
      { 'app/a.jsonnet': "(import 'k/l.libsonnet').of('x')", 'vendor/k/l.libsonnet': LIBRARY },
      { libs: ['vendor'] },
    ],
    [
      'of the last of libs first',
      { 'app/a.jsonnet': "(import 'l.libsonnet').of('x')", 'one/l.libsonnet': '{', 'two/l.libsonnet': LIBRARY },
      { libs: ['one', 'two'] },
    ],
    [
      'behind a symlink in the repository',
      {
        'app/a.jsonnet': "(import 'l.libsonnet').of('x')",
        'app/l.libsonnet': link('../lib/l.libsonnet'),
        'lib/l.libsonnet': LIBRARY,
      },
      undefined,
    ],
    [
      'of libs that is a symlink',
      { 'app/a.jsonnet': "(import 'l.libsonnet').of('x')", vendor: link('lib'), 'lib/l.libsonnet': LIBRARY },
      { libs: ['/vendor/'] },
    ],
  ])('imports what is %s', async (_, files, jsonnet) => {
    expect(await dataOf(files, jsonnet, { directory: { recurse: true, ...(jsonnet && { jsonnet }) } })).toEqual({
      of: 'x',
    });
  });

  it('imports texts and bytes', async () => {
    const files = {
      'app/a.jsonnet': program("{ t: importstr 'a.txt', b: std.toString(importbin 'a.txt') }"),
      'app/a.txt': 'é',
    };
    expect(await dataOf(files)).toEqual({ t: 'é', b: '[195, 169]' });
  });

  it.each<[string, string, Files, ErrorCode?]>([
    ['above the repository', '../../secret.libsonnet', {}],
    ['at an absolute path', '/etc/hostname', {}],
    [
      'behind a symlink that leads out',
      'out.libsonnet',
      { 'app/out.libsonnet': link('../../secret.libsonnet') },
      'PathEscapes',
    ],
    [
      'behind a symlink to an absolute path',
      'out.libsonnet',
      { 'app/out.libsonnet': link('/etc/hostname') },
      'PathEscapes',
    ],
    ['behind a symlink to itself', 'out.libsonnet', { 'app/out.libsonnet': link('out.libsonnet') }, 'LimitExceeded'],
    ['that is a folder', 'sub', { 'app/sub/x': '' }],
  ])('imports nothing %s', async (_, path, more, code = 'RenderFailed') => {
    const error = await errorOf({ 'app/a.jsonnet': program(`{ x: importstr '${path}' }`), ...more });
    expect(error.code).toBe(code);
    expect(error.message).toContain(path);
  });

  it('refuses libs that lead out of the repository, by the name of the field', async () => {
    const error = await errorOf({ 'app/a.jsonnet': '[]' }, { libs: ['lib', '../x'] });
    expect(error).toMatchObject({ code: 'InvalidInput' });
    expect(error.message).toBe('spec.source.directory.jsonnet.libs[1]: ../x leads out of the repository');
  });

  it('tells what fails with its file, its line and the way there', async () => {
    const error = await errorOf({
      'app/a.jsonnet': "local l = import '../lib/l.libsonnet';\nl.of(1)\n",
      'lib/l.libsonnet': "{\n  of(x)::\n    error 'nothing is right with ' + x,\n}\n",
    });
    expect(error).toMatchObject({ code: 'RenderFailed', place: { file: 'lib/l.libsonnet', line: 3 } });
    expect(error.message).toBe(
      'Failed to evaluate jsonnet "a.jsonnet": RUNTIME ERROR: nothing is right with 1\n' +
        '\tlib/l.libsonnet:3:5-39\tfunction <anonymous>\n\tapp/a.jsonnet:2:1-8\t$\n\tDuring evaluation',
    );
  });

  it('tells what cannot be read with its file and its line', async () => {
    const error = await errorOf({ 'app/a.jsonnet': '{\n  a: ,\n}\n' });
    expect(error).toMatchObject({ code: 'RenderFailed', place: { file: 'app/a.jsonnet', line: 2 } });
    expect(error.message).toContain('app/a.jsonnet:2:6-7 Unexpected: "," while parsing terminal');
  });

  it.each([
    ['that never ends', 'local f(x) = f(x + 1) tailstrict; f(0)', 'LimitExceeded'],
    ['that calls itself without an end', 'local f(x) = 1 + f(x + 1); f(0)', 'RenderFailed'],
    ['of too many elements', 'std.range(1, 1e9)', 'LimitExceeded'],
    ['of too long a string', 'std.repeat("abcdefgh", 1e9)', 'LimitExceeded'],
  ])('ends a program %s', async (_, text, code) => {
    expect((await errorOf({ 'app/a.jsonnet': program(`{ x: std.toString(${text}) }`) })).code).toBe(code);
  });

  it('does not repeat what a program before it has left', async () => {
    const { commit, at, reader } = createHistory();
    const bad = commit({ 'app/a.jsonnet': program("{ x: error 'no' }") });
    await expect(reader().render([at(bad)], CONTEXT)).rejects.toThrow(/no/);
    const good = commit({ 'app/a.jsonnet': program("{ x: 'yes' }") });
    expect((await reader().render([at(good)], CONTEXT)).objects[0]?.data).toEqual({ x: 'yes' });
  });
});

describe('a push concerns an Application of Jsonnet', () => {
  const FILES: Files = {
    'app/a.jsonnet': "(import 'l.libsonnet').of(importstr 'k/text')\n",
    'app/README.md': 'about',
    'vendor/l.libsonnet': LIBRARY,
    'lib/k/text': 'text',
    'other/x': 'x',
  };
  const LIBS = { libs: ['lib', 'vendor'] };

  it.each<[string, Files, boolean]>([
    ['that changes a library outside of its folder', { 'vendor/l.libsonnet': `${LIBRARY} {}` }, true],
    ['that changes an imported text', { 'lib/k/text': 'another' }, true],
    ['that adds what is found before a library', { 'app/l.libsonnet': LIBRARY }, true],
    ['that adds what is found before an imported text', { 'vendor/k/text': 'nearer' }, true],
    ['that adds a program', { 'app/b.jsonnet': '[]' }, true],
    ['that removes a library', { 'vendor/l.libsonnet': null }, true],
  ])('%s', async (_, change, concerns) => {
    const { commit, at, reader } = createHistory();
    const before = at(commit(FILES), LIBS);
    const { readSets } = await reader().render([before], CONTEXT);
    const changed = await reader().changedPaths(at(commit(change), LIBS), readSets[0], 'default');
    expect(changed.length > 0).toBe(concerns);
  });

  it.each<[string, Files]>([
    ['beside everything that it read', { 'other/x': 'y', 'other.libsonnet': '{}' }],
    ['of what lies beside a library', { 'vendor/m.libsonnet': '{}', 'lib/k/more': 'x' }],
  ])('unless it is %s', async (_, change) => {
    const { commit, at, reader } = createHistory();
    const { readSets } = await reader().render([at(commit(FILES), LIBS)], CONTEXT);
    expect(await reader().changedPaths(at(commit(change), LIBS), readSets[0], 'default')).toEqual([]);
  });

  it('also where it could not be rendered: a library that was missing comes', async () => {
    const { commit, at, reader } = createHistory();
    const without = commit({ ...FILES, 'vendor/l.libsonnet': null, 'vendor/x': '' });
    const error: unknown = await reader()
      .render([at(without, LIBS)], CONTEXT)
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      code: 'RenderFailed',
      message: expect.stringContaining('couldn\'t open import "l.libsonnet"'),
    });
    const { objects } = await reader().render([at(commit({ 'vendor/l.libsonnet': LIBRARY }), LIBS)], CONTEXT);
    expect(objects[0]?.data).toEqual({ of: 'text' });
  });
});

describe('Jsonnet elsewhere', () => {
  const FILES: Files = {
    'app/a.jsonnet': "function(n) (import 'l.libsonnet').of(n + importstr '../lib/text')\n",
    'vendor/l.libsonnet': LIBRARY,
    'lib/text': 'text',
    // What takes a render to the thread: as large as charts are.
    'app/more.jsonnet': program(`{ x: '${'x'.repeat(300_000)}' }`).replace("'a'", "'more'"),
  };
  const JSONNET = { libs: ['vendor'], tlas: [{ name: 'n', value: 'a ' }] };
  const files = { ...FILES, 'app/more.jsonnet': `function(n) ${FILES['app/more.jsonnet']}` };
  const stand = {
    generated: { recall: () => undefined, keep: () => undefined },
    random: (length: number) => new Uint8Array(length),
  };

  it('gives the same in the thread for renders that take long', async () => {
    const { commit, at, reader } = createHistory();
    const thread = createRenderThread();
    try {
      const resolved = [at(commit(files), JSONNET)];
      const { objects, readSets } = await reader().render(resolved, CONTEXT);
      const there = await reader(thread).render(resolved, CONTEXT);
      expect(thread.isRunning()).toBe(true);
      expect(there.objects).toEqual(objects);
      expect(there.readSets).toEqual(readSets);
      expect(objects.map(({ metadata }) => metadata.name)).toEqual(['a', 'more']);
    } finally {
      await thread.close();
    }
  });

  it('gives the same in a page that tries a change, imports and all, and renders the change', async () => {
    const { commit, at, reader } = createHistory();
    const resolved = [at(commit(files), JSONNET)];
    const { objects } = await reader().render(resolved, CONTEXT);
    const input = JSON.parse(JSON.stringify(await reader().capture(resolved, CONTEXT)));
    expect(renderInput(input, {}, stand)).toEqual(objects);
    const edits = {
      0: {
        'app/a.jsonnet': new TextEncoder().encode("function(n) (import 'new.libsonnet').of('tried')"),
        'vendor/new.libsonnet': new TextEncoder().encode(LIBRARY),
      },
    };
    expect(renderInput(input, edits, stand)[0]).toMatchObject({ data: { of: 'tried' } });
  });
});
