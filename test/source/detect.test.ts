import { describe, expect, it } from 'vitest';
import type { SwitchableTool } from '../../src/application/source-settings.ts';
import type { Source } from '../../src/application/types.ts';
import { memoryTree, type Tree } from '../../src/render/tree.ts';
import { detectSourceType } from '../../src/source/detect.ts';

const REPOSITORY = { repoURL: 'https://git.example.com/a', path: 'app' };

function detect(names: readonly string[], source: Partial<Source> = {}, disabled: readonly SwitchableTool[] = []) {
  const tree = memoryTree(Object.fromEntries(names.map((name) => [`app/${name}`, 'a: b'])));
  return detectSourceType(tree, 'app', { ...REPOSITORY, ...source }, disabled);
}

describe('the tool of a folder', () => {
  // Argo CD: util/app/discovery, Discover.
  it.each<[title: string, names: readonly string[], type: string]>([
    ['nothing that is known is plain manifests', ['a.yaml'], 'Directory'],
    ['a chart', ['Chart.yaml'], 'Helm'],
    ['a file whose name ends with Chart.yaml', ['MyChart.yaml'], 'Helm'],
    ['a chart in lower case is none', ['chart.yaml'], 'Directory'],
    ['a folder of the name of a chart is none', ['Chart.yaml/a.txt'], 'Directory'],
    ['a folder of the name of a kustomization is none', ['kustomization.yaml/a.txt'], 'Directory'],
    ['a folder whose name ends so is none', ['MyChart.yaml/a.txt'], 'Directory'],
    ['a chart in a folder below is none', ['web/Chart.yaml'], 'Directory'],
    ['a kustomization', ['kustomization.yaml'], 'Kustomize'],
    ['a kustomization with a short ending', ['kustomization.yml'], 'Kustomize'],
    ['a kustomization without an ending', ['Kustomization'], 'Kustomize'],
    ['a kustomization beside a chart', ['Chart.yaml', 'kustomization.yaml'], 'Kustomize'],
  ])('%s', (_, names, type) => {
    expect(detect(names)).toBe(type);
  });

  it.each<[title: string, names: readonly string[], source: Partial<Source>, type: string]>([
    ['decides over the files', ['Chart.yaml'], { directory: { recurse: true } }, 'Directory'],
    ['that is empty does not', ['Chart.yaml'], { kustomize: {} }, 'Helm'],
    ['that says nothing does not', ['Chart.yaml'], { directory: { recurse: false, include: '' } }, 'Helm'],
  ])('a block %s', (_, names, source, type) => {
    expect(detect(names, source)).toBe(type);
  });

  it('is never a plugin', () => {
    expect(() => detect(['a.yaml'], { plugin: {} })).toThrow(expect.objectContaining({ code: 'Unsupported' }));
  });

  it.each<[title: string, names: readonly string[], source: Partial<Source>, disabled: SwitchableTool[], type: string]>(
    [
      ['Helm', ['Chart.yaml'], {}, ['Helm'], 'Directory'],
      ['Helm of a block', ['Chart.yaml'], { helm: { releaseName: 'a' } }, ['Helm'], 'Directory'],
      ['Kustomize', ['kustomization.yaml'], {}, ['Kustomize'], 'Directory'],
      ['Kustomize of a block', ['kustomization.yaml'], { kustomize: { namePrefix: 'a' } }, ['Kustomize'], 'Directory'],
      ['Kustomize beside a chart', ['kustomization.yaml', 'Chart.yaml'], {}, ['Kustomize'], 'Helm'],
      ['Helm beside a kustomization', ['kustomization.yaml', 'Chart.yaml'], {}, ['Helm'], 'Kustomize'],
      ['Jsonnet', ['Chart.yaml'], {}, ['Jsonnet'], 'Helm'],
    ],
  )('goes without %s where it is switched off', (_, names, source, disabled, type) => {
    expect(detect(names, source, disabled)).toBe(type);
  });

  it.each([
    ['kustomization.yaml', 'Kustomize'],
    ['Chart.yaml', 'Helm'],
  ])('is told by %s without a list of the folder', (name, type) => {
    const whole = memoryTree({ [`app/${name}`]: '' });
    const tree: Tree = {
      readFile: whole.readFile,
      list: (path) => {
        throw new Error(`${path} was listed`);
      },
    };
    expect(detectSourceType(tree, 'app', REPOSITORY)).toBe(type);
  });
});
