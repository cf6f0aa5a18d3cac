// argocd-cm as Argo CD reads it: both forms of customizations, filters, tracking, and what cannot be read.

import { describe, expect, it } from 'vitest';
import { isExcludedResource, parseArgoSettings } from '../../src/application/argo-settings.ts';
import { isHawserError } from '../../src/base/errors.ts';

const SERVER = 'https://kubernetes.default.svc';

describe('argocd-cm', () => {
  it('that is empty means Argo CD’s defaults', () => {
    expect(parseArgoSettings({})).toMatchObject({
      tracking: { method: 'annotation', labelKey: 'app.kubernetes.io/instance', installationId: '' },
      ignoreDifferences: [],
      healthCustomizations: {},
      knownTypeFields: [],
      compareOptions: { ignoreAggregatedRoles: false, ignoreResourceStatusField: 'all' },
      sensitiveAnnotations: [],
      inClusterEnabled: true,
      unused: [],
    });
  });

  it('names how objects are tracked', () => {
    const { tracking } = parseArgoSettings({
      'application.resourceTrackingMethod': 'annotation+label',
      'application.instanceLabelKey': 'example.com/app',
      installationID: 'north',
    });
    expect(tracking).toEqual({ method: 'annotation+label', labelKey: 'example.com/app', installationId: 'north' });
  });

  it('has customizations in one key and in keys of their own, which change the first field by field', () => {
    const settings = parseArgoSettings({
      'resource.customizations': `
apps/Deployment:
  health.lua: old
  health.lua.useOpenLibs: true
  ignoreDifferences: |
    jsonPointers:
    - /spec/replicas
example.com/Thing:
  knownTypeFields:
  - field: spec.template.spec
    type: core/v1/PodSpec
`,
      'resource.customizations.health.apps_Deployment': 'new',
      'resource.customizations.health.Pod': 'pod',
      'resource.customizations.ignoreDifferences.all': 'managedFieldsManagers: [other]',
      'resource.customizations.knownTypeFields.argoproj.io_Rollout': '- {field: spec.x, type: core/Quantity}',
      'resource.customizations.actions.apps_Deployment': 'discovery.lua: x',
    });
    expect(settings.healthCustomizations).toEqual({
      'apps/Deployment': { lua: 'new', useOpenLibs: true },
      Pod: { lua: 'pod', useOpenLibs: false },
    });
    expect(settings.ignoreDifferences).toEqual([
      {
        group: 'apps',
        kind: 'Deployment',
        jsonPointers: ['/spec/replicas'],
        jqPathExpressions: [],
        managedFieldsManagers: [],
      },
      { group: '*', kind: '*', jsonPointers: [], jqPathExpressions: [], managedFieldsManagers: ['other'] },
    ]);
    expect(settings.knownTypeFields).toEqual([
      { group: 'example.com', kind: 'Thing', fields: [{ field: 'spec.template.spec', type: 'core/v1/PodSpec' }] },
      { group: 'argoproj.io', kind: 'Rollout', fields: [{ field: 'spec.x', type: 'core/Quantity' }] },
    ]);
  });

  it.each([
    ['', 'all'],
    ['ignoreResourceStatusField: crd', 'crd'],
    ['ignoreResourceStatusField: none', 'none'],
    ['ignoreResourceStatusField: false', 'none'],
    ['ignoreResourceStatusField: other', 'crd'],
  ])('with the compare options %j ignores the status of: %s', (text, expected) => {
    const { compareOptions } = parseArgoSettings({ 'resource.compareoptions': text });
    expect(compareOptions.ignoreResourceStatusField).toBe(expected);
  });

  it.each([
    [{}, { group: '', kind: 'Event' }, true],
    [{}, { group: 'events.k8s.io', kind: 'Event' }, true],
    [{}, { group: 'coordination.k8s.io', kind: 'Lease' }, true],
    [{}, { group: 'apps', kind: 'Deployment' }, false],
    [
      { 'resource.exclusions': '- {apiGroups: ["*.example.com"], kinds: ["*"]}' },
      { group: 'a.example.com', kind: 'X' },
      true,
    ],
    [{ 'resource.exclusions': '- {apiGroups: [""], kinds: [Secret]}' }, { group: '', kind: 'Secret' }, true],
    [{ 'resource.exclusions': '- {apiGroups: [""], kinds: [Secret]}' }, { group: '', kind: 'Service' }, false],
    [
      { 'resource.exclusions': '- {kinds: [Secret], clusters: ["https://other*"]}' },
      { group: '', kind: 'Secret' },
      false,
    ],
    [{ 'resource.inclusions': '- {apiGroups: [apps]}' }, { group: '', kind: 'Secret' }, true],
    [{ 'resource.inclusions': '- {apiGroups: [apps]}' }, { group: 'apps', kind: 'Deployment' }, false],
    [
      { 'resource.inclusions': '- {apiGroups: [apps]}', 'resource.exclusions': '- {kinds: [Deployment]}' },
      { group: 'apps', kind: 'Deployment' },
      true,
    ],
  ])('%j excludes %j: %s', (data, resource, expected) => {
    expect(isExcludedResource(parseArgoSettings({ ...data }), { ...resource, server: SERVER })).toBe(expected);
  });

  it('has annotations to be masked as a list with commas', () => {
    const { sensitiveAnnotations } = parseArgoSettings({ 'resource.sensitive.mask.annotations': 'a/token, b/key,' });
    expect(sensitiveAnnotations).toEqual(['a/token', 'b/key']);
  });

  it('tells which of its settings have no effect', () => {
    const { unused } = parseArgoSettings({ 'timeout.reconciliation': '120s', 'application.instanceLabelKey': 'x' });
    expect(unused.map(({ key }) => key)).toEqual(['timeout.reconciliation']);
  });

  it('has flags for kustomize, and no other kustomize than this one', () => {
    const { sources, unused } = parseArgoSettings({
      'kustomize.buildOptions': '--load-restrictor LoadRestrictionsNone',
      'kustomize.buildOptions.v4.4.0': '--reorder none',
      'kustomize.path.v4.4.0': '/custom-tools/kustomize',
      'kustomize.version.v3.5.1': '/custom-tools/old',
    });
    expect(sources.kustomizeFlags.common).toBe('--load-restrictor LoadRestrictionsNone');
    expect(unused.map(({ key }) => key)).toEqual(['kustomize.path.v4.4.0', 'kustomize.version.v3.5.1']);
  });

  it.each([
    { 'resource.customizations': 'a: [' },
    { 'resource.customizations.ignoreDifferences.apps_Deployment': 'jsonPointers: [' },
    { 'resource.customizations.nosuch.apps_Deployment': 'x' },
    { 'resource.customizations.health.a_b_c': 'x' },
    { 'resource.exclusions': 'apiGroups: [x]' },
  ])('that says %j cannot be read, and names the key', (data) => {
    const error = thrownBy(() => parseArgoSettings({ ...data }));
    expect(isHawserError(error, 'InvalidInput') && error.message).toContain(Object.keys(data)[0]);
    expect(isHawserError(error) && error.data.condition).toBe('ComparisonError');
  });
});

function thrownBy(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  return undefined;
}
