// What `hawser app list`, `get` and `history` print of Applications with one source and with several.

import { describe, expect, it } from 'vitest';
import { parseApplication } from '../../src/application/parse.ts';
import { formatHistory } from '../../src/cli/app/history.ts';
import { formatList } from '../../src/cli/app/list.ts';
import { formatOperationResult, formatSummary } from '../../src/cli/app/summary.ts';

const COMMIT = 'a6fd672c34318098e46b157c93f2cfc5712e88cf';
const OTHER = '0c4ad2cf0e2a00a175471c8e7b6c2181f9c96b3f';
const ONE = { repoURL: 'http://git.test/one', path: 'chart', helm: { valueFiles: ['$values/v.yaml'] } };
const LENT = { repoURL: 'http://git.test/two', ref: 'values' };

function application(spec: object, sync: object, status: object = {}) {
  return parseApplication({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name: 'app', namespace: 'argocd' },
    spec: { project: 'default', destination: { server: 'https://c', namespace: 'web' }, ...spec },
    status: { sync: { status: 'Synced', ...sync }, ...status },
  });
}

describe('what hawser app prints', () => {
  it("lists Applications in Argo CD's columns", () => {
    const conditions = ['SyncError', 'ComparisonError', 'SyncError'].map((type) => ({ type, message: '' }));
    const apps = [
      application({ source: { ...ONE, targetRevision: 'main' } }, {}, { health: { status: 'Healthy' } }),
      application({ source: ONE, syncPolicy: { automated: { prune: true } } }, {}, { conditions }),
    ];
    expect(formatList(apps)).toBe(
      `NAME        CLUSTER    NAMESPACE  PROJECT  STATUS  HEALTH   SYNCPOLICY  CONDITIONS                    REPO                 PATH   TARGET
argocd/app  https://c  web        default  Synced  Healthy  Manual      <none>                        http://git.test/one  chart  main
argocd/app  https://c  web        default  Synced  Unknown  Auto-Prune  ComparisonError,SyncError(2)  http://git.test/one  chart
`,
    );
  });

  it.each([
    { title: 'one source', spec: { source: ONE }, sync: { revision: COMMIT }, told: 'Synced to HEAD (a6fd672)' },
    {
      title: 'several sources',
      spec: { sources: [ONE, LENT] },
      sync: { revisions: [COMMIT, OTHER] },
      told: 'Synced to HEAD (a6fd672, 0c4ad2c)',
    },
    {
      title: 'several sources at one commit',
      spec: { sources: [ONE, LENT] },
      sync: { revisions: [COMMIT, COMMIT] },
      told: 'Synced to HEAD (a6fd672)',
    },
    {
      title: 'a version',
      spec: { source: { ...ONE, targetRevision: '1.2.3' } },
      sync: { status: 'OutOfSync', revision: '1.2.3' },
      told: 'OutOfSync from 1.2.3',
    },
  ])('tells of $title what was compared', ({ spec, sync, told }) => {
    expect(formatSummary(application(spec, sync))).toContain(`Sync Status:        ${told}\n`);
  });

  it('shows the name that a source lends its files under', () => {
    expect(formatSummary(application({ sources: [ONE, LENT] }, {}))).toMatch(/^Sources:\n.*^ {2}Ref: +values$/ms);
  });

  it('lists the history of each repository by itself', () => {
    const history = [
      { id: 0, deployedAt: 'T0', revisions: [COMMIT, OTHER], sources: [ONE, LENT], initiatedBy: { automated: true } },
      { id: 1, deployedAt: 'T1', revision: '1.2.3', source: { ...ONE, targetRevision: '1.2.3' } },
    ];
    expect(formatHistory(application({}, {}, { history }))).toBe(`SOURCE  http://git.test/one
ID  DATE  REVISION   BY
0   T0    (a6fd672)  automated sync
1   T1    1.2.3

SOURCE  http://git.test/two
ID  DATE  REVISION   BY
0   T0    (0c4ad2c)  automated sync
`);
  });

  it('tells how long an operation took', () => {
    const text = formatOperationResult({
      ...{ operation: {}, phase: 'Succeeded', message: 'successfully synced', syncResult: { revision: COMMIT } },
      ...{ startedAt: '2026-01-01T10:00:00Z', finishedAt: '2026-01-01T10:01:05Z' },
    });
    expect(text).toMatch(/^Operation: {10}Sync$.*^Duration: {11}1m5s$/ms);
  });
});
