// The flags of `app create`, `set`, `add-source` and `unset`, and what each makes of a spec.

import { describe, expect, it } from 'vitest';
import { sourcePosition } from '../../src/application/source-position.ts';
import { applySpecFlags, SPEC_FLAGS, type SpecFlagValues, sourceFromFlags } from '../../src/application/spec-flags.ts';
import { unsetInSource } from '../../src/application/spec-unset.ts';

const set = (spec: Record<string, unknown>, flags: SpecFlagValues, position?: number) =>
  applySpecFlags(spec, flags, position);

describe('the flags of a source', () => {
  it.each<{ flags: SpecFlagValues; before?: Record<string, unknown>; after: Record<string, unknown> }>([
    {
      flags: { repo: 'https://g/x', path: 'a', revision: 'v1' },
      after: { repoURL: 'https://g/x', path: 'a', targetRevision: 'v1' },
    },
    { flags: { 'helm-chart': 'nginx', ref: 'r', 'source-name': 'n' }, after: { chart: 'nginx', ref: 'r', name: 'n' } },
    {
      flags: { values: ['a', 'b'] },
      before: { helm: { valueFiles: ['c'] } },
      after: { helm: { valueFiles: ['a', 'b'] } },
    },
    {
      flags: { 'helm-set': ['a=1', 'b=x=y'], 'helm-set-string': ['c=2'] },
      before: { helm: { parameters: [{ name: 'a', value: '0', forceString: true }] } },
      after: {
        helm: {
          parameters: [
            { name: 'a', value: '1' },
            { name: 'b', value: 'x=y' },
            { name: 'c', value: '2', forceString: true },
          ],
        },
      },
    },
    { flags: { 'helm-set-file': ['k=f.txt'] }, after: { helm: { fileParameters: [{ name: 'k', path: 'f.txt' }] } } },
    {
      flags: { 'values-literal-file': 'a: 1\n' },
      before: { helm: { valuesObject: { a: 0 } } },
      after: { helm: { values: 'a: 1\n' } },
    },
    { flags: { 'helm-skip-crds': true, 'release-name': 'r' }, after: { helm: { skipCrds: true, releaseName: 'r' } } },
    { flags: { 'helm-skip-crds': false }, before: { helm: { skipCrds: true } }, after: {} },
    { flags: { 'release-name': '' }, before: { path: 'a', helm: { releaseName: 'r' } }, after: { path: 'a' } },
    {
      flags: { 'kustomize-image': ['nginx:2', 'reg:5000/a@sha256:1', 'b=c:1'] },
      before: { kustomize: { images: ['nginx:1', 'reg:5000/a:1', 'b=x'] } },
      after: { kustomize: { images: ['nginx:2', 'reg:5000/a@sha256:1', 'b=c:1'] } },
    },
    {
      flags: { 'kustomize-replica': ['web=3'], nameprefix: 'x-' },
      before: { kustomize: { replicas: [{ name: 'web', count: 1 }] } },
      after: { kustomize: { replicas: [{ name: 'web', count: 3 }], namePrefix: 'x-' } },
    },
    { flags: { 'kustomize-common-label': ['a=b', 'c=d'] }, after: { kustomize: { commonLabels: { a: 'b', c: 'd' } } } },
    {
      flags: { 'directory-recurse': true, 'directory-exclude': '*.md' },
      after: { directory: { recurse: true, exclude: '*.md' } },
    },
    {
      flags: { 'jsonnet-tla-str': ['a=b'], 'jsonnet-ext-var-code': ['c=1+1'], 'jsonnet-libs': ['lib'] },
      after: {
        directory: {
          jsonnet: {
            tlas: [{ name: 'a', value: 'b' }],
            extVars: [{ name: 'c', value: '1+1', code: true }],
            libs: ['lib'],
          },
        },
      },
    },
    {
      flags: { 'config-management-plugin': 'p', 'plugin-env': ['A=1'] },
      after: { plugin: { name: 'p', env: [{ name: 'A', value: '1' }] } },
    },
    { flags: { parameter: ['a=1'] }, after: { helm: { parameters: [{ name: 'a', value: '1' }] } } },
  ])('$flags', ({ flags, before = {}, after }) => {
    expect(set({ source: before }, flags)).toEqual({ source: after });
  });

  it('are for one of several sources', () => {
    const spec = { sources: [{ path: 'a' }, { path: 'b', unknown: { kept: true } }] };
    expect(set(spec, { revision: 'v2' }, 2)).toEqual({
      sources: [{ path: 'a' }, { path: 'b', unknown: { kept: true }, targetRevision: 'v2' }],
    });
    expect(spec.sources[1]).toEqual({ path: 'b', unknown: { kept: true } });
    expect(sourceFromFlags({ repo: 'https://g', project: 'p' })).toEqual({ repoURL: 'https://g' });
  });
});

describe('the flags of an Application', () => {
  it.each<{ flags: SpecFlagValues; before?: Record<string, unknown>; after: Record<string, unknown> }>([
    { flags: { project: 'p', 'revision-history-limit': '0' }, after: { project: 'p', revisionHistoryLimit: 0 } },
    {
      flags: { 'dest-name': 'prod', 'dest-namespace': 'n' },
      before: { destination: { server: 'https://a' } },
      after: { destination: { name: 'prod', namespace: 'n' } },
    },
    {
      flags: { 'dest-server': 'https://b' },
      before: { destination: { name: 'prod' } },
      after: { destination: { server: 'https://b' } },
    },
    { flags: { 'sync-policy': 'automated' }, after: { syncPolicy: { automated: {} } } },
    {
      flags: { 'sync-policy': 'none' },
      before: { syncPolicy: { automated: { prune: true }, syncOptions: ['A=true'] } },
      after: { syncPolicy: { syncOptions: ['A=true'] } },
    },
    { flags: { 'sync-policy': 'manual' }, before: { syncPolicy: { automated: { prune: true } } }, after: {} },
    {
      flags: { 'sync-policy': 'auto', 'auto-prune': true, 'self-heal': false },
      after: { syncPolicy: { automated: { prune: true, selfHeal: false } } },
    },
    { flags: { 'auto-prune': true }, after: { syncPolicy: { automated: { enabled: false, prune: true } } } },
    {
      flags: { 'sync-option': ['A=true', '!B=true', 'C=true'] },
      before: { syncPolicy: { syncOptions: ['B=true', 'C=true'] } },
      after: { syncPolicy: { syncOptions: ['C=true', 'A=true'] } },
    },
    {
      flags: { 'sync-retry-limit': '3', 'sync-retry-backoff-factor': '4', 'sync-retry-refresh': true },
      after: {
        syncPolicy: { retry: { limit: 3, refresh: true, backoff: { duration: '5s', factor: 4, maxDuration: '3m0s' } } },
      },
    },
    { flags: { 'sync-retry-limit': '0' }, before: { syncPolicy: { retry: { limit: 3 } } }, after: {} },
    {
      flags: { 'dry-source-repo': 'https://g', 'hydrate-to-branch': 'b' },
      after: { sourceHydrator: { drySource: { repoURL: 'https://g' }, hydrateTo: { targetBranch: 'b' } } },
    },
  ])('$flags', ({ flags, before = {}, after }) => {
    expect(set(before, flags)).toEqual(after);
  });

  it.each<[SpecFlagValues, string]>([
    [{ 'sync-policy': 'often' }, 'Invalid sync-policy: often'],
    [{ 'sync-retry-limit': '-1' }, 'Invalid sync-retry-limit [-1]'],
    [{ 'revision-history-limit': 'many' }, '--revision-history-limit must be a whole number, not many'],
    [{ 'helm-set': ['=x'] }, 'must be of the form key=value, not =x'],
    [{ 'kustomize-replica': ['web=few'] }, '--kustomize-replica must be a whole number, not few'],
  ])('refuses %j', (flags, told) => {
    expect(() => set({}, flags)).toThrow(told);
  });

  it('sets parameters of Helm only', () => {
    const spec = { source: { kustomize: { namePrefix: 'x' } } };
    expect(() => set(spec, { parameter: ['a=1'] })).toThrow('only be set against Helm applications');
  });

  it('have names that differ', () => {
    const names = SPEC_FLAGS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });
});

describe('unset', () => {
  const source = {
    path: 'a',
    ref: 'r',
    helm: {
      parameters: [
        { name: 'a', value: '1' },
        { name: 'b', value: '2' },
      ],
      valueFiles: ['v'],
      values: 'x',
      valuesObject: {},
      passCredentials: true,
    },
    kustomize: { images: ['nginx:1', 'b=c'], namePrefix: 'p', replicas: [{ name: 'w', count: 1 }] },
  };

  it.each<{ flags: SpecFlagValues; left: Record<string, unknown> }>([
    { flags: { ref: true }, left: { ref: undefined } },
    {
      flags: { parameter: ['a'], values: ['v'], 'pass-credentials': true },
      left: { helm: { parameters: [{ name: 'b', value: '2' }], values: 'x', valuesObject: {} } },
    },
    {
      flags: { 'values-literal': true, parameter: ['a', 'b'], values: ['v'], 'pass-credentials': true },
      left: { helm: undefined },
    },
    {
      flags: { 'kustomize-image': ['nginx', 'b'], nameprefix: true, 'kustomize-replica': ['w'] },
      left: { kustomize: undefined },
    },
  ])('takes out what is named: $flags', ({ flags, left }) => {
    const after = Object.fromEntries(Object.entries({ ...source, ...left }).filter(([, value]) => value !== undefined));
    expect(unsetInSource(source, flags)).toEqual(after);
  });

  it('says that there was nothing of it', () => {
    expect(unsetInSource({ path: 'a' }, { ref: true, parameter: ['x'] })).toBeUndefined();
  });
});

describe('which source is meant', () => {
  const several = { sources: [{ name: 'one' }, {}] };

  it.each([
    { spec: {}, place: {}, position: undefined },
    { spec: several, place: { position: '2' }, position: 2 },
    { spec: several, place: { name: 'one' }, position: 1 },
  ])('$place', ({ spec, place, position }) => {
    expect(sourcePosition(spec, place)).toBe(position);
  });

  it.each([
    { place: {}, told: 'Source position should be specified and must be between 1 and 2' },
    { place: { position: '3' }, told: 'between 1 and 2' },
    { place: { position: 'two' }, told: 'between 1 and 2' },
    { place: { name: 'three' }, told: "Unknown source name 'three'" },
    { place: { name: 'one', position: '1' }, told: 'Only one of source-position and source-name' },
  ])('refuses $place', ({ place, told }) => {
    expect(() => sourcePosition(several, place)).toThrow(told);
  });
});
