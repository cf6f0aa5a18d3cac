import { describe, expect, it } from 'vitest';
import { HawserError } from '../../../src/base/errors.ts';
import { type DirectoryOptions, renderDirectory } from '../../../src/render/directory/directory.ts';
import { memoryTree, type Tree } from '../../../src/render/tree.ts';

const manifest = (name: string, kind = 'ConfigMap') => `apiVersion: v1\nkind: ${kind}\nmetadata:\n  name: ${name}\n`;
const json = (name: string) => JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } });

/** `file:name` of each object. */
function render(files: Record<string, string | Uint8Array>, options: DirectoryOptions = {}, path = 'app'): string[] {
  return renderDirectory(memoryTree(files), path, options).map(({ object, file }) => {
    const { metadata } = object;
    const name = metadata !== null && typeof metadata === 'object' && 'name' in metadata ? metadata.name : undefined;
    return `${file}:${String(name)}`;
  });
}

function errorOf(work: () => unknown): HawserError {
  try {
    work();
  } catch (error) {
    if (error instanceof HawserError) return error;
    throw error;
  }
  throw new Error('no error came');
}

const TREE = {
  'app/b.yaml': `${manifest('b1')}---\n${manifest('b2')}`,
  'app/a.yml': manifest('a'),
  'app/c.json': json('c'),
  'app/readme.md': 'apiVersion: v1',
  'app/sub/d.yaml': manifest('d'),
  'app/sub/deep/e.yaml': manifest('e'),
  'other/f.yaml': manifest('f'),
};

describe('the files of a directory source', () => {
  it.each<[string, DirectoryOptions, string[]]>([
    ['are the manifests of the folder alone', {}, ['a', 'b1', 'b2', 'c']],
    ['are those below, too, when it recurses', { recurse: true }, ['a', 'b1', 'b2', 'c', 'd', 'e']],
    ['are limited by include', { include: '*.yaml' }, ['b1', 'b2']],
    ['are limited by include with alternatives', { include: '{a.yml,c.*}' }, ['a', 'c']],
    ['are matched by their path in the folder', { recurse: true, include: 'sub/*' }, ['d', 'e']],
    ['are fewer by exclude', { exclude: '{b.yaml,*.json}' }, ['a']],
    ['are excluded even when included', { include: '*.yaml', exclude: 'b*' }, []],
    ['are all when include is empty', { include: '' }, ['a', 'b1', 'b2', 'c']],
  ])('%s', (_, options, names) => {
    expect(render(TREE, options).map((text) => text.split(':')[1])).toEqual(names);
  });

  it('are those of the whole tree when the folder is its root', () => {
    expect(render({ 'x.yaml': manifest('x') }, {}, '')).toEqual(['x.yaml:x']);
  });

  it('may have any name where the filter of extensions is off, and what is no manifest is left out', () => {
    const files = {
      'app/a.yaml.sealed': manifest('a'),
      'app/b': manifest('b'),
      'app/logo.png': new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0xff]),
      'app/LICENSE': 'You may: use it.\n\n  * Or not {\n',
      'app/c.yaml': manifest('c'),
    };
    const options = { disableExtensionFilter: true };
    expect(render(files, options)).toEqual(['app/a.yaml.sealed:a', 'app/b:b', 'app/c.yaml:c']);
    expect(render(files, { ...options, include: '*.sealed' })).toEqual(['app/a.yaml.sealed:a']);
    expect(render(files)).toEqual(['app/c.yaml:c']);
  });

  it('are without Jsonnet where it is switched off', () => {
    const files = { 'app/a.yaml': manifest('a'), 'app/b.jsonnet': '{}' };
    expect(render(files, { withoutJsonnet: true, disableExtensionFilter: true })).toEqual(['app/a.yaml:a']);
  });

  it('are left out with the marker', () => {
    expect(render({ 'app/a.yaml': `# +argocd:skip-file-rendering\n${manifest('a')}` })).toEqual([]);
  });

  it('may have a byte order mark or be UTF-16', () => {
    const utf16 = new Uint8Array([0xff, 0xfe, ...Array.from(manifest('w'), (c) => [c.charCodeAt(0), 0]).flat()]);
    expect(render({ 'app/a.yaml': `\ufeff${manifest('a')}`, 'app/w.yaml': utf16 })).toEqual([
      'app/a.yaml:a',
      'app/w.yaml:w',
    ]);
  });

  it('are all asked for before a tree that lacks some fails', () => {
    const whole = memoryTree(TREE);
    const asked: string[] = [];
    const lazy: Tree = {
      list: (path) => whole.list(path),
      readFile: (path) => {
        asked.push(path);
        throw new HawserError('Unavailable', `${path} is not fetched yet`);
      },
    };
    expect(errorOf(() => renderDirectory(lazy, 'app', { recurse: true })).code).toBe('Unavailable');
    expect(asked).toEqual(['app/a.yml', 'app/b.yaml', 'app/c.json', 'app/sub/d.yaml', 'app/sub/deep/e.yaml']);
  });

  it('may not be too large together', () => {
    const error = errorOf(() => render(TREE, { maxBytes: 100 }));
    expect(error).toMatchObject({ code: 'LimitExceeded', place: { file: 'app/b.yaml' } });
    expect(error.message).toContain('exceeded max combined manifest file size');
    expect(render(TREE, { maxBytes: 0 })).toHaveLength(4);
  });

  it.each([
    ['missing', 'missing: app path does not exist'],
    ['app/a.yml', 'app/a.yml: app path is not a directory'],
  ])('%s is no folder', (path, message) => {
    expect(errorOf(() => render(TREE, {}, path))).toMatchObject({ code: 'RenderFailed', message });
  });
});

describe('the objects of a file', () => {
  it.each<[string, string, string[]]>([
    ['empty documents and comments give none', `---\n# nothing\n---\n${manifest('a')}---\nnull\n`, ['a']],
    [
      'a List gives its items',
      `kind: List\nitems:\n- {kind: A, metadata: {name: x}}\n- {metadata: {name: w}}\n`,
      ['x', 'w'],
    ],
    ['a List without items gives none', 'apiVersion: v1\nkind: ConfigMapList\nitems: null\n', []],
    ['items: null beside a spec is a field', 'kind: A\nmetadata: {name: x}\nspec: {}\nitems: null\n', ['x']],
    ['JSON in a YAML file', `${json('a')}\n${json('b')}\n`, ['a', 'b']],
    ['YAML of another kind is left out', 'replicas: 3\nimage: nginx\n', []],
    ['broken YAML that looks like no manifest is left out', '{{ template }}\na: [\n', []],
    ['an integer stays one', 'kind: A\nmetadata: {name: 12}\n', ['12']],
  ])('%s', (_, text, names) => {
    expect(render({ 'app/x.yaml': text }).map((line) => line.split(':')[1])).toEqual(names);
  });

  it.each<[string, string, Record<string, unknown>, string]>([
    [
      'x.yaml',
      `${manifest('a')}---\n${manifest('b')}  labels: {a: b\n`,
      { line: 11 },
      'Failed to unmarshal "x.yaml": failed to unmarshal manifest: error converting YAML to JSON: yaml: ',
    ],
    ['x.yaml', `${manifest('a')}---\nfoo: 1\n`, { line: 6 }, `failed to unmarshal manifest: Object 'Kind' is missing`],
    ['x.yaml', `${manifest('a')}---\n- 1\n`, { line: 6 }, 'a document is not a mapping'],
    [
      'x.json',
      '{"kind": "A",}',
      {},
      'Failed to unmarshal "x.json": invalid character \'}\' looking for beginning of object key',
    ],
    [
      'x.json',
      `${json('a')} ${json('b')}`,
      {},
      'Found multiple objects in "x.json". Only single objects are allowed in JSON files.',
    ],
    ['x.json', '', {}, 'Failed to unmarshal "x.json": unexpected end of JSON input'],
    ['x.yaml', 'kind: List\nitems: [1]\n', {}, 'items member should be an object'],
  ])('fails with its place: %s %j', (name, text, place, message) => {
    const file = `app/${name}`;
    const error = errorOf(() => render({ [file]: text }));
    expect(error.code).toBe('RenderFailed');
    expect(error.place).toEqual({ file, ...place });
    expect(error.message).toContain(message);
  });

  it('names the file that is nested too deeply', () => {
    const error = errorOf(() => render({ 'app/x.yaml': `${manifest('a')}x: ${'['.repeat(2000)}\n` }));
    expect(error).toMatchObject({ code: 'LimitExceeded', place: { file: 'app/x.yaml' } });
  });

  it('leaves out JSON that is no manifest', () => {
    expect(render({ 'app/dashboard.json': '{"panels": []}' })).toEqual([]);
  });

  it('names a Jsonnet file for which there is no evaluator', () => {
    const error = errorOf(() => render({ 'app/x.jsonnet': '{}' }));
    expect(error).toMatchObject({ code: 'Unsupported', place: { file: 'app/x.jsonnet' } });
    expect(render({ 'app/x.jsonnet': '{}' }, { exclude: '*.jsonnet' })).toEqual([]);
  });
});

describe('a Jsonnet file', () => {
  const evaluated = (result: unknown) => render({ 'app/x.jsonnet': '' }, { evaluate: () => JSON.stringify(result) });
  const object = (name: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } });

  it.each<[string, unknown, string[]]>([
    ['an object', object('a'), ['a']],
    ['an array, without what is null', [object('a'), null, object('b')], ['a', 'b']],
    [
      'a List, for which its items stand',
      { apiVersion: 'v1', kind: 'List', items: [object('a'), object('b')] },
      ['a', 'b'],
    ],
    ['an array of a List', [{ apiVersion: 'v1', kind: 'List', items: [object('a')] }], ['a']],
    ['an array of nothing', [], []],
  ])('may give %s', (_, result, names) => {
    expect(evaluated(result)).toEqual(names.map((name) => `app/x.jsonnet:${name}`));
  });

  it.each<[string, unknown, string]>([
    ['a string', 'a', 'it is not an object'],
    ['null', null, 'it is not an object'],
    ['an array of arrays', [[object('a')]], 'it is not an object'],
    ['an object without a kind', { a: 1 }, "Object 'Kind' is missing"],
  ])('may not give %s', (_, result, reason) => {
    expect(errorOf(() => evaluated(result))).toMatchObject({
      code: 'RenderFailed',
      message: `Failed to unmarshal generated json "x.jsonnet": ${reason}`,
      place: { file: 'app/x.jsonnet' },
    });
  });

  it('is asked for by its path, each once, and libraries are none', () => {
    const files = { 'app/a.jsonnet': '', 'app/sub/b.jsonnet': '', 'app/c.libsonnet': '', 'app/d.jsonnet.TEMPLATE': '' };
    const asked: string[] = [];
    const evaluate = (file: string) => {
      asked.push(file);
      return '[]';
    };
    expect(render(files, { recurse: true, evaluate })).toEqual([]);
    expect(asked).toEqual(['app/a.jsonnet', 'app/sub/b.jsonnet']);
  });
});
