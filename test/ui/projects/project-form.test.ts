// A project's rules as lines of text and back: what the form shows is written, and what it does not show stays.

import { describe, expect, it } from 'vitest';
import {
  EMPTY_FORM,
  formOf,
  isProjectName,
  linesOf,
  type ProjectSpec,
  specOf,
  wrongKind,
} from '../../../src/ui/web/projects/project-form.ts';

const SPEC: ProjectSpec = {
  description: 'The shop',
  sourceRepos: ['https://git.example.com/*', '!https://git.example.com/secret'],
  destinations: [
    { server: 'https://kubernetes.default.svc', namespace: 'shop-*' },
    { name: 'prd', namespace: '*' },
    { server: '*', namespace: 'tools' },
  ],
  clusterResourceWhitelist: [{ group: '', kind: 'Namespace', name: 'shop-*' }],
  namespaceResourceBlacklist: [
    { group: '', kind: 'ResourceQuota' },
    { group: 'apps', kind: '*' },
  ],
  sourceNamespaces: ['team-*'],
  signatureKeys: [{ keyID: 'ABCDEF' }],
  orphanedResources: { warn: false, ignore: [{ group: '', kind: 'ConfigMap', name: 'kube-*' }] },
  permitOnlyProjectScopedClusters: true,
  roles: [{ name: 'ci', policies: ['p'] }],
  syncWindows: [{ kind: 'deny', schedule: '* * * * *', duration: '1h' }],
  somethingNew: { kept: true },
};

describe('a project', () => {
  it('comes back from the form as it went in', () => {
    expect(specOf(formOf(SPEC), SPEC)).toEqual(SPEC);
  });

  it('keeps what the form does not show', () => {
    const spec = specOf({ ...formOf(SPEC), description: '', clusterAllow: '', isWatchingOrphans: false }, SPEC);
    expect(spec).toMatchObject({ roles: SPEC.roles, syncWindows: SPEC.syncWindows, somethingNew: { kept: true } });
    expect(Object.keys(spec)).not.toContain('description');
    expect(Object.keys(spec)).not.toContain('clusterResourceWhitelist');
    expect(Object.keys(spec)).not.toContain('orphanedResources');
  });

  it('of nothing permits everything, and no cluster-scoped kind', () => {
    expect(specOf(EMPTY_FORM, {})).toEqual({ sourceRepos: ['*'], destinations: [{ server: '*', namespace: '*' }] });
  });

  it.each([
    ['https://10.0.0.1', { server: 'https://10.0.0.1', namespace: 'a' }],
    ['*', { server: '*', namespace: 'a' }],
    ['prd', { name: 'prd', namespace: 'a' }],
  ])('names the cluster %s by its address or its name', (cluster, expected) => {
    expect(specOf({ ...EMPTY_FORM, destinations: [{ cluster, namespace: 'a' }] }, {}).destinations).toEqual([expected]);
  });

  it('leaves out destinations of which nothing was typed', () => {
    expect(specOf({ ...EMPTY_FORM, destinations: [{ cluster: ' ', namespace: '' }] }, {}).destinations).toEqual([]);
  });
});

describe('lines', () => {
  it('are trimmed, and empty ones are none', () => {
    expect(linesOf(' a \n\n b\n')).toEqual(['a', 'b']);
  });

  it.each([
    ['apps/Deployment', undefined],
    ['/ConfigMap', undefined],
    ['*/*', undefined],
    ['apps/Deployment/web', undefined],
    ['Deployment', 'Deployment'],
    ['/ConfigMap\napps /x', 'apps /x'],
    ['a/b/c/d', 'a/b/c/d'],
  ])('%j has the wrong kind %j', (text, expected) => {
    expect(wrongKind(text)).toBe(expected);
  });

  it.each([
    ['shop', true],
    ['shop.1-a', true],
    ['', false],
    ['Shop', false],
    ['-shop', false],
    ['shop-', false],
  ])('%j is a name: %s', (name, expected) => {
    expect(isProjectName(name)).toBe(expected);
  });
});
