import { gzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { utf8Encode } from '../../../src/render/go/strings.ts';
import { DEFAULT_LIMITS } from '../../../src/render/helm/limits.ts';
import { loadChart, loadChartArchive } from '../../../src/render/helm/load.ts';
import { memoryTree, type Tree } from '../../../src/render/tree.ts';
import { packTar, type TarFile } from './pack-tar.ts';

const CHART_YAML = 'apiVersion: v2\nname: demo\nversion: 0.1.0\n';

/** A tree that tells what was read of it. */
function recordingTree(files: Record<string, string>): { tree: Tree; reads: string[] } {
  const inner = memoryTree(files);
  const reads: string[] = [];
  return {
    reads,
    tree: {
      list: inner.list,
      readFile: (path) => {
        reads.push(path);
        return inner.readFile(path);
      },
    },
  };
}

describe('loading a chart folder', () => {
  it('sorts files into templates, crds and others, and reads nothing that is ignored', () => {
    const { tree, reads } = recordingTree({
      'charts-repo/demo/Chart.yaml': CHART_YAML,
      'charts-repo/demo/values.yaml': 'a: 1',
      'charts-repo/demo/.helmignore': '*.md\nci/\n',
      'charts-repo/demo/README.md': '# demo',
      'charts-repo/demo/ci/values.yaml': 'a: 2',
      'charts-repo/demo/templates/a.yaml': 'a',
      'charts-repo/demo/crds/b.yaml': 'b',
      'charts-repo/other/Chart.yaml': CHART_YAML,
    });
    const chart = loadChart(tree, 'charts-repo/demo');
    expect(chart.templates.map(({ name }) => name)).toEqual(['templates/a.yaml']);
    expect(chart.files.map(({ name }) => name)).toEqual(['.helmignore', 'crds/b.yaml']);
    expect([...chart.values]).toEqual([['a', 1]]);
    expect(reads.some((path) => path.includes('other') || path.endsWith('.md') || path.includes('/ci/'))).toBe(false);
  });

  it('does without values.yaml', () => {
    expect(loadChart(memoryTree({ 'Chart.yaml': CHART_YAML }), '').values.size).toBe(0);
  });

  it('loads unpacked and packed subcharts, and skips those whose name begins with a dot or an underscore', () => {
    const packed = packTar([
      { name: 'packed/Chart.yaml', content: 'name: packed\nversion: 1.0.0' },
      { name: 'packed/templates/x.yaml', content: 'x' },
    ]);
    const chart = loadChart(
      memoryTree({
        'Chart.yaml': CHART_YAML,
        'charts/plain/Chart.yaml': 'name: plain\nversion: 1.0.0',
        'charts/packed-1.0.0.tgz': gzipSync(packed),
        'charts/_off/Chart.yaml': '{',
        'charts/.off/Chart.yaml': '{',
      }),
      '',
    );
    expect(chart.dependencies.map(({ metadata }) => [metadata.name, metadata.apiVersion])).toEqual([
      ['packed', 'v1'],
      ['plain', 'v1'],
    ]);
  });

  it('takes dependencies of a v1 chart from requirements.yaml', () => {
    const chart = loadChart(
      memoryTree({
        'Chart.yaml': 'apiVersion: v1\nname: old\nversion: 1.0.0',
        'requirements.yaml': 'dependencies: [{name: a, version: 1.x, repository: https://example.com}]',
      }),
      '',
    );
    expect(chart.metadata.dependencies?.map(({ name, version }) => [name, version])).toEqual([['a', '1.x']]);
    expect(chart.files.map(({ name }) => name)).toEqual(['requirements.yaml']);
  });

  const refusals: [title: string, files: Record<string, string>, message: string][] = [
    ['without Chart.yaml', { 'values.yaml': '' }, 'Chart.yaml file is missing'],
    [
      'whose values are no table',
      { 'Chart.yaml': CHART_YAML, 'values.yaml': '- a' },
      'cannot load values.yaml: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal array into Go value of type map[string]interface {}',
    ],
    [
      'with a list as a name',
      { 'Chart.yaml': 'name: [a]' },
      'cannot load Chart.yaml: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal array into Go struct field Metadata.name of type string',
    ],
    [
      'with a name that is a path',
      { 'Chart.yaml': 'name: a/b\nversion: 1.0.0' },
      'validation: chart.metadata.name "a/b" is invalid',
    ],
    [
      'with a broken subchart',
      { 'Chart.yaml': CHART_YAML, 'charts/sub/Chart.yaml': 'name: sub' },
      'error unpacking subchart sub in demo: validation: chart.metadata.version is required',
    ],
    [
      'with a file in charts/',
      { 'Chart.yaml': CHART_YAML, 'charts/README.md': '' },
      'error unpacking subchart README.md in demo: Chart.yaml file is missing',
    ],
  ];
  it.each(refusals)('refuses a chart %s', (_, files, message) => {
    expect(() => loadChart(memoryTree(files), '')).toThrow(message);
  });

  it('warns of requirements.yaml beside apiVersion v2', () => {
    const warnings: string[] = [];
    loadChart(memoryTree({ 'Chart.yaml': CHART_YAML, 'requirements.yaml': '' }), '', {
      warn: (text) => warnings.push(text),
    });
    expect(warnings).toEqual([
      'load.go:120: Warning: Dependencies are handled in Chart.yaml since apiVersion "v2". We recommend migrating dependencies to Chart.yaml.',
    ]);
  });
});

describe('limits of a chart', () => {
  it('refuses a file that is too large, naming the limit', () => {
    const limits = { ...DEFAULT_LIMITS, fileBytes: 100 };
    expect(() => loadChart(memoryTree({ 'Chart.yaml': CHART_YAML, big: 'x'.repeat(101) }), '', { limits })).toThrow(
      expect.objectContaining({
        code: 'LimitExceeded',
        message: 'chart file "big" is larger than the maximum file size 100',
      }),
    );
  });

  it('refuses charts that are nested too deeply', () => {
    const nested = (depth: number) => `${'charts/a/'.repeat(depth)}Chart.yaml`;
    const files = Object.fromEntries(
      Array.from({ length: 12 }, (_, depth) => [nested(depth), 'name: a\nversion: 1.0.0']),
    );
    const limits = { ...DEFAULT_LIMITS, chartDepth: 10 };
    expect(() => loadChart(memoryTree(files), '', { limits })).toThrow(
      expect.objectContaining({ code: 'LimitExceeded' }),
    );
  });
});

describe('loading an archive', () => {
  const load = (files: TarFile[], limits = DEFAULT_LIMITS) =>
    loadChartArchive(gzipSync(packTar(files)), 'x.tgz', { limits });
  const chartYaml = { name: 'demo/Chart.yaml', content: CHART_YAML };

  it('reads long names of both kinds', () => {
    const deep = `templates/${'deep/'.repeat(60)}x.yaml`;
    for (const format of ['pax', 'gnu'] as const) {
      const chart = load([chartYaml, { name: `demo/${deep}`, content: 'x', format }]);
      expect(chart.templates.map(({ name }) => name)).toEqual([deep]);
    }
  });

  it.each([
    ['../../etc/passwd', 'chart illegally references parent directory'],
    ['demo/../../../etc/passwd', 'chart illegally references parent directory'],
    ['demo//etc/passwd', 'chart illegally contains absolute paths'],
    ['passwd', 'chart illegally contains content outside the base directory: "passwd"'],
    ['demo/c:/x', 'chart contains illegally named files'],
    ['Chart.yaml/x', 'chart yaml not in base directory'],
  ])('refuses the path %s', (name, message) => {
    expect(() => load([chartYaml, { name, content: '' }])).toThrow(message);
  });

  it('refuses an archive that unpacks to too much without unpacking all of it', () => {
    const limits = { ...DEFAULT_LIMITS, archiveBytes: 1000, fileBytes: 900 };
    expect(() => load([chartYaml, { name: 'demo/a', content: 'x'.repeat(901) }], limits)).toThrow(
      'decompressed chart file "demo/a" is larger than the maximum file size 900',
    );
    const bomb = gzipSync(new Uint8Array(64 * 1024 * 1024));
    expect(() => loadChartArchive(bomb, 'bomb.tgz', { limits })).toThrow(
      expect.objectContaining({
        code: 'LimitExceeded',
        message: 'decompressed chart is larger than the maximum file size 1000',
      }),
    );
  });

  it.each([
    ['values.yaml', 'a: 1', "file 'values.yaml' seems to be a YAML file, but expected a gzipped archive"],
    ['notes', 'text', "file 'notes' does not appear to be a gzipped archive; got 'text/plain; charset=utf-8'"],
    ['cut.tgz', '\x1f', "file 'cut.tgz' does not appear to be a gzipped archive; got 'application/octet-stream'"],
  ])('says what %s is', (name, content, message) => {
    expect(() => loadChartArchive(utf8Encode(content), name)).toThrow(message);
  });

  it('refuses an archive that is cut off', () => {
    const whole = gzipSync(packTar([chartYaml, { name: 'demo/a', content: 'x'.repeat(2000) }]));
    expect(() => loadChartArchive(whole.subarray(0, whole.length - 40), 'x.tgz')).toThrow(
      expect.objectContaining({ code: 'RenderFailed' }),
    );
  });
});
