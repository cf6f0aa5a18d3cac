import { describe, expect, it } from 'vitest';
import { parseApplication } from '../../src/application/parse.ts';
import { placeOf } from '../../src/operation/drift-advice.ts';

const REPOSITORY = 'https://git.example.com/devops/web';

function application(spec: object) {
  return parseApplication({
    ...{ apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', metadata: { name: 'web', namespace: 'argocd' } },
    spec: { project: 'default', destination: {}, ...spec },
  });
}

describe('where an object is to be changed instead', () => {
  it.each([
    ['a folder', { source: { repoURL: REPOSITORY, path: 'charts/web' } }, `charts/web in ${REPOSITORY}`],
    ['the root', { source: { repoURL: REPOSITORY, path: '.' } }, `it in ${REPOSITORY}`],
    [
      'a chart with values files',
      { source: { repoURL: REPOSITORY, path: 'charts/web', helm: { valueFiles: ['values-dev.yaml', 'more.yaml'] } } },
      `charts/web (values-dev.yaml, more.yaml) in ${REPOSITORY}`,
    ],
    [
      'a chart of a repository of charts',
      { source: { repoURL: 'oci://registry.example.com/charts', chart: 'web' } },
      'the chart web of oci://registry.example.com/charts',
    ],
    [
      'several sources',
      {
        sources: [
          { repoURL: 'oci://registry.example.com/charts', chart: 'web', helm: { valueFiles: ['$values/web.yaml'] } },
          { repoURL: REPOSITORY, ref: 'values' },
        ],
      },
      `the chart web of oci://registry.example.com/charts ($values/web.yaml), or the files of ${REPOSITORY}`,
    ],
    [
      'a repository whose address holds a password',
      { source: { repoURL: 'https://kim:s3cret@git.example.com/devops/web', path: 'web' } },
      `web in ${REPOSITORY}`,
    ],
  ])('%s', (_, spec, expected) => {
    expect(placeOf(application(spec))).toBe(expected);
  });
});
