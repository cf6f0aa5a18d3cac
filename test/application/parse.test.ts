// What is wrong with a spec, beyond what the schema of Applications can say.

import { describe, expect, it } from 'vitest';
import { parseApplication, specProblems } from '../../src/application/parse.ts';

const GIT = 'https://git.example.com/a.git';
const CHARTS = 'https://charts.example.com';

function problemsOf(spec: object): string[] {
  const application = parseApplication({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name: 'app', namespace: 'argocd' },
    spec: { destination: { server: 'https://kubernetes.default.svc' }, ...spec },
  });
  return specProblems(application).map(({ type, message }) => `${type}: ${message}`);
}

describe('a spec', () => {
  it.each<[title: string, spec: object]>([
    ['with a folder', { source: { repoURL: GIT, path: 'web' } }],
    ['with a chart', { source: { repoURL: CHARTS, chart: 'web', targetRevision: '1.0.0' } }],
    [
      'with a chart and a source that lends it files',
      {
        sources: [
          { repoURL: CHARTS, chart: 'web', targetRevision: '1.0.0', helm: { valueFiles: ['$values/a.yaml'] } },
          { repoURL: GIT, ref: 'values' },
          { repoURL: GIT, ref: 'more-values_2', path: 'web' },
        ],
      },
    ],
    [
      'with empty blocks beside one',
      { source: { repoURL: GIT, path: 'a', helm: {}, directory: {}, kustomize: { namePrefix: 'x' } } },
    ],
    [
      'with blocks that hold only what is off',
      {
        source: {
          repoURL: GIT,
          path: 'a',
          directory: { recurse: false, jsonnet: { extVars: [] } },
          helm: { values: 'a: 1' },
        },
      },
    ],
  ])('%s can be used', (_, spec) => {
    expect(problemsOf(spec)).toEqual([]);
  });

  it.each<[title: string, spec: object, problem: string]>([
    [
      'by SSH',
      { source: { repoURL: 'git@github.com:org/repo.git', path: 'app' } },
      'spec.source.repoURL git@github.com:org/repo.git is an SSH address, and only HTTP and HTTPS can be used: write https://github.com/org/repo.git instead, and give a token as username and password in the Secret of that address',
    ],
    ['without a source', {}, 'spec.source and spec.sources are both missing: set one of them'],
    [
      'that hydrates',
      { sourceHydrator: { drySource: { repoURL: GIT, path: 'a', targetRevision: 'main' } } },
      'spec.sourceHydrator: hawser writes no branch of rendered manifests; set spec.source to what is to be rendered',
    ],
    [
      'without a repository',
      { source: { path: 'a' } },
      'spec.source.repoURL and either spec.source.path or spec.source.chart are required: path is the folder of the chart, kustomization or manifests in the repository',
    ],
    [
      'whose only source lends files to nobody',
      { source: { repoURL: GIT, ref: 'values' } },
      'spec.source.repoURL and either spec.source.path or spec.source.chart are required: path is the folder of the chart, kustomization or manifests in the repository',
    ],
    [
      'with one of several sources for nothing',
      { sources: [{ repoURL: GIT, path: 'a' }, { repoURL: GIT }] },
      'spec.source.repoURL and either source.path, source.chart, or source.ref are required for each of spec.sources: path is the folder of the chart, kustomization or manifests in the repository',
    ],
    [
      'with a chart of no version',
      { source: { repoURL: CHARTS, chart: 'web' } },
      'spec.source.targetRevision is required if the manifest source is a helm chart',
    ],
    [
      'with a chart that shall lend files',
      {
        sources: [
          { repoURL: GIT, path: 'a' },
          { repoURL: CHARTS, chart: 'web', targetRevision: '1.0.0', ref: 'values' },
        ],
      },
      "source has a 'chart' field defined, but Helm charts are not yet not supported for 'ref' sources: remove ref: values from the source of the chart web",
    ],
    [
      'with a ref that is no name',
      {
        sources: [
          { repoURL: GIT, path: 'a' },
          { repoURL: GIT, ref: 'my.values' },
        ],
      },
      "sources.ref my.values cannot contain any special characters except '_' and '-'",
    ],
    [
      'with one ref twice',
      {
        sources: [
          { repoURL: GIT, ref: 'values' },
          { repoURL: GIT, path: 'a', ref: 'values' },
        ],
      },
      'invalid sources: multiple sources had the same `ref` key',
    ],
    [
      'with two tools',
      { source: { repoURL: GIT, path: 'a', helm: { values: 'a: 1' }, kustomize: { namePrefix: 'x' } } },
      'multiple application sources defined: Kustomize,Helm: keep one of them',
    ],
    [
      'with a tool and plain files',
      { source: { repoURL: GIT, path: 'a', helm: { values: 'a: 1' }, directory: { exclude: 'x' } } },
      'multiple application sources defined: Helm,Directory: keep one of them',
    ],
    [
      'without a destination',
      { source: { repoURL: GIT, path: 'a' }, destination: {} },
      'application destination server and name are both missing: set spec.destination.server',
    ],
  ])('%s is refused', (_, spec, problem) => {
    expect(problemsOf(spec)).toEqual([`InvalidSpecError: ${problem}`]);
  });
});
