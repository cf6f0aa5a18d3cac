import { describe, expect, it } from 'vitest';
import { HawserError } from '../../../src/base/errors.ts';
import { buildManifests, buildObjects } from '../../../src/render/kustomize/kustomize.ts';
import { memoryTree, type Tree } from '../../../src/render/tree.ts';
import { build, configMap, deployment, failureOf } from './build.ts';

describe('buildKustomization', () => {
  it('builds an overlay on a base: names, labels, images, replicas, patches', () => {
    const output = build(
      {
        'base/kustomization.yaml': 'resources: [app.yaml]\n',
        'base/app.yaml': deployment('app', 'nginx:1'),
        'prod/kustomization.yaml': `resources: [../base]
namePrefix: prod-
commonLabels: {tier: web}
images: [{name: nginx, newTag: "2"}]
replicas: [{name: app, count: 3}]
patches:
- patch: '[{"op": "add", "path": "/spec/paused", "value": true}]'
  target: {kind: Deployment}
`,
      },
      'prod',
    );
    expect(output).toBe(`apiVersion: apps/v1
kind: Deployment
metadata:
  labels:
    tier: web
  name: prod-app
spec:
  paused: true
  replicas: 3
  selector:
    matchLabels:
      tier: web
  template:
    metadata:
      labels:
        tier: web
    spec:
      containers:
      - image: nginx:2
        name: main
        ports:
        - containerPort: 80
`);
  });

  it('renames what refers to a generated ConfigMap', () => {
    const output = build({
      'kustomization.yaml': `resources: [pod.yaml]
configMapGenerator: [{name: settings, literals: [a=1]}]
`,
      'pod.yaml': `apiVersion: v1
kind: Pod
metadata: {name: p}
spec:
  containers: [{name: c, envFrom: [{configMapRef: {name: settings}}]}]
`,
    });
    const name = /name: (settings-\w{10})/.exec(output)?.[1];
    expect(name).toBeDefined();
    expect(output.split(name ?? '?')).toHaveLength(3);
  });

  it('gives the same resources as objects and as files', () => {
    const tree = memoryTree({
      'kustomization.yaml': 'resources: [a.yaml, b.yaml]\n',
      'a.yaml': configMap('a', {}, 'one'),
      'b.yaml': configMap('b'),
    });
    expect(buildObjects(tree, '').map((object) => object.metadata)).toEqual([
      { name: 'a', namespace: 'one' },
      { name: 'b' },
    ]);
    expect(buildManifests(tree, '').map(({ fileName }) => fileName)).toEqual([
      'one_v1_configmap_a.yaml',
      'default_v1_configmap_b.yaml',
    ]);
  });

  it('keeps the order of the files where the legacy order is switched off', () => {
    const files = {
      'kustomization.yaml': 'resources: [b.yaml, a.yaml]\n',
      'a.yaml': configMap('a'),
      'b.yaml': configMap('b'),
    };
    expect(build(files, '', { reorder: 'none' }).match(/name: ./g)).toEqual(['name: b', 'name: a']);
    expect(build(files).match(/name: ./g)).toEqual(['name: a', 'name: b']);
  });

  it('hands on the deprecation warnings that kustomize prints', () => {
    const warnings: string[] = [];
    build({ 'kustomization.yaml': 'commonLabels: {a: b}\n' }, '', { warn: (message) => warnings.push(message) });
    expect(warnings).toEqual([
      "# Warning: 'commonLabels' is deprecated. Please use 'labels' instead. Run 'kustomize edit fix' to update your Kustomization automatically.",
    ]);
  });

  it('lets the error of a tree that lacks content pass', () => {
    const notHere = new HawserError('Unavailable', 'not fetched yet');
    const tree: Tree = {
      readFile: (path) => {
        if (path === 'kustomization.yaml') return new TextEncoder().encode('resources: [base]\n');
        if (path.startsWith('base')) throw notHere;
        return undefined;
      },
      list: () => undefined,
    };
    expect(() => buildObjects(tree, '')).toThrow(notHere);
  });
});

describe('what a kustomization may read', () => {
  const files = {
    'base/kustomization.yaml': 'resources: [cm.yaml]\n',
    'base/cm.yaml': configMap('cm'),
    'app/kustomization.yaml': 'resources: [../base/cm.yaml]\n',
  };

  it.each([
    ['a file outside its directory', 'app/kustomization.yaml', 'resources: [../base/cm.yaml]', /not in or below 'app'/],
    ['a path above the repository', 'app/kustomization.yaml', 'resources: [../../x]', /leads out of the repository/],
    ['a base that contains it', 'app/kustomization.yaml', 'resources: [..]', /contains 'app'/],
    ['an absolute base', 'app/kustomization.yaml', 'resources: [/base]', /relative path/],
    ['a remote base without a port', 'app/kustomization.yaml', 'resources: [github.com/a/b]', /remote source/],
    ['a remote file without a port', 'app/kustomization.yaml', 'resources: ["https://h/x.yaml"]', /remote file/],
  ])('is not %s', (_, path, text, message) => {
    expect(failureOf({ ...files, [path]: text }, 'app')).toMatch(message);
  });

  it('is any file of the repository where the restriction is lifted', () => {
    expect(build(files, 'app', { loadRestrictor: 'none' })).toContain('name: cm');
  });

  it('is what a symlink leads to, judged by where it leads', () => {
    const tree: Tree = {
      ...memoryTree({
        ...files,
        'app/kustomization.yaml': 'resources: [link.yaml]\n',
        'app/link.yaml': configMap('cm'),
      }),
      realPath: (path) => (path === 'app/link.yaml' ? 'base/cm.yaml' : path),
    };
    expect(() => buildObjects(tree, 'app')).toThrow(/'base\/cm.yaml' is not in or below 'app'/);
  });

  it('is a remote repository through the port', () => {
    const asked: string[] = [];
    const output = build({ 'kustomization.yaml': 'resources: ["https://github.com/a/b//dir?ref=v1"]\n' }, '', {
      remote: {
        readFile: () => ({ status: 404 }),
        openRepository: ({ cloneUrl, path, ref }) => {
          asked.push(`${cloneUrl} ${path} ${ref}`);
          return memoryTree({ 'dir/kustomization.yaml': 'resources: [cm.yaml]\n', 'dir/cm.yaml': configMap('cm') });
        },
      },
    });
    expect(asked).toEqual(['https://github.com/a/b dir v1']);
    expect(output).toContain('name: cm');
  });
});

describe('what is wrong with a kustomization', () => {
  it.each([
    ['there is none', {}, /no kustomization.yaml|there is no kustomization/],
    ['there are two', { 'kustomization.yaml': 'a', Kustomization: 'b' }, /more than one kustomization file/],
    ['it is empty', { 'kustomization.yaml': 'kind: Kustomization\n' }, /is empty/],
    ['a field is unknown', { 'kustomization.yaml': 'resource: []\n' }, /unknown field 'resource'/],
    [
      'a number stands for a string',
      { 'kustomization.yaml': 'images: [{name: a, newTag: 1.0}]\n' },
      /^kustomization.yaml:1: 'images\[0\].newTag' must be a string.*quotes/,
    ],
    ['it is of another kind', { 'kustomization.yaml': 'kind: Chart\nnamePrefix: a\n' }, /kind must be/],
    [
      'a resource is no YAML',
      { 'kustomization.yaml': 'resources: [a]\n', a: 'x: [' },
      /^a:\d: resource 'a': malformed YAML/,
    ],
    [
      'a resource has no name',
      { 'kustomization.yaml': 'resources: [a]\n', a: 'kind: A\napiVersion: v1\n' },
      /no metadata.name/,
    ],
    [
      'a resource is there twice',
      { 'kustomization.yaml': 'resources: [a, b]\n', a: configMap('c'), b: configMap('c') },
      /is there already/,
    ],
    [
      'a patch fits nothing',
      { 'kustomization.yaml': `patches: [{patch: '${configMap('c').trim()}'}]\n` },
      /no resource matches/,
    ],
    [
      'a plugin would have to be run',
      { 'kustomization.yaml': 'generators: ["{apiVersion: x/v1, kind: X, metadata: {name: a}}"]\n' },
      /no builtin generator/,
    ],
    ['a chart needs --enable-helm', { 'kustomization.yaml': 'helmCharts: [{name: c}]\n' }, /--enable-helm/],
  ])('is told when %s', (_, files, message) => {
    expect(failureOf(files)).toMatch(message);
  });
});
