import { describe, expect, it } from 'vitest';
import { parseApplication } from '../../src/application/parse.ts';
import { formatApplication, formatList } from '../../src/cli/app-text.ts';

const COMMIT = 'a6fd672c34318098e46b157c93f2cfc5712e88cf';
const OTHER = '0c4ad2cf0e2a00a175471c8e7b6c2181f9c96b3f';
const ONE = { repoURL: 'http://git.test/one', path: 'chart', helm: { valueFiles: ['$values/v.yaml'] } };
const LENT = { repoURL: 'http://git.test/two', ref: 'values' };

function application(spec: object, sync: object) {
  return parseApplication({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name: 'app', namespace: 'argocd' },
    spec: { project: 'default', destination: { namespace: 'web' }, ...spec },
    status: { sync: { status: 'Synced', ...sync } },
  });
}

describe('what hawser app prints', () => {
  it.each([
    { title: 'of one source its commit', spec: { source: ONE }, sync: { revision: COMMIT }, column: 'a6fd672 ' },
    {
      title: 'of several sources the commit of each',
      spec: { sources: [ONE, LENT] },
      sync: { revisions: [COMMIT, OTHER] },
      column: 'a6fd672, 0c4ad2c ',
    },
    {
      title: 'a commit once where several sources are at it',
      spec: { sources: [ONE, LENT] },
      sync: { revisions: [COMMIT, COMMIT] },
      column: 'a6fd672 ',
    },
  ])('lists $title', ({ spec, sync, column }) => {
    const [header = '', line = ''] = formatList([application(spec, sync)], false).split('\n');
    expect(line.slice(header.indexOf('REVISION'), header.indexOf('SYNCPOLICY')).replace(/ +$/, ' ')).toBe(column);
  });

  it('shows the name that a source lends its files under, and all commits', () => {
    const text = formatApplication(application({ sources: [ONE, LENT] }, { revisions: [COMMIT, OTHER] }));
    expect(text).toMatch(/^Ref: +\$values$/m);
    expect(text).toContain(`Synced ${COMMIT}, ${OTHER}`);
  });
});
