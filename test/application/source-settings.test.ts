// What argocd-cm and argocd-cmd-params-cm say about rendering, as Argo CD reads it.

import { describe, expect, it } from 'vitest';
import { kustomizeFlagsFor, parseSourceSettings } from '../../src/application/source-settings.ts';
import { isHawserError } from '../../src/base/errors.ts';

const SIZE = 'reposerver.max.combined.directory.manifests.size';

describe('settings of sources', () => {
  it('are Argo CD’s defaults where nothing is said', () => {
    expect(parseSourceSettings({})).toEqual({
      kustomizeFlags: { common: '', ofVersion: {} },
      disabledTools: [],
      maxDirectoryBytes: 10_000_000,
      followSubmodules: true,
    });
  });

  it.each([
    ['', []],
    ['true', []],
    ['false', ['Helm']],
    ['no', ['Helm']],
    ['True', ['Helm']],
  ])('switch Helm off where helm.enable is %j: %j', (value, expected) => {
    expect(parseSourceSettings({ 'helm.enable': value }).disabledTools).toEqual(expected);
  });

  it('switch off Kustomize and Jsonnet', () => {
    const { disabledTools } = parseSourceSettings({ 'kustomize.enable': 'false', 'jsonnet.enable': 'false' });
    expect(disabledTools).toEqual(['Kustomize', 'Jsonnet']);
  });

  it.each([
    [undefined, '--enable-helm'],
    ['v5.8.1', '--reorder none'],
    ['v1.0.0', '--enable-helm'],
    ['constructor', '--enable-helm'],
  ])('give a source of kustomize %s the flags %s', (version, expected) => {
    const { kustomizeFlags } = parseSourceSettings({
      'kustomize.buildOptions': '--enable-helm',
      'kustomize.buildOptions.v5.8.1': '--reorder none',
    });
    expect(kustomizeFlagsFor(kustomizeFlags, version)).toBe(expected);
  });

  it.each([
    ['20Mi', 20 * 1024 * 1024],
    ['3M', 3_000_000],
    ['1.5k', 1500],
    ['0', 0],
    ['', 10_000_000],
  ])('allow a directory %j: %d bytes', (size, expected) => {
    expect(parseSourceSettings({}, { [SIZE]: size }).maxDirectoryBytes).toBe(expected);
  });

  it.each([
    [undefined, true],
    ['', true],
    ['true', true],
    ['no', true],
    ['false', false],
    ['0', false],
  ])('where reposerver.enable.git.submodule is %j follow submodules: %s', (value, expected) => {
    const parameters = value === undefined ? {} : { 'reposerver.enable.git.submodule': value };
    expect(parseSourceSettings({}, parameters).followSubmodules).toBe(expected);
  });

  it.each(['large', '10MB', '-5'])('refuse the size %s, naming where it stands', (size) => {
    let found: unknown;
    try {
      parseSourceSettings({}, { [SIZE]: size });
    } catch (error) {
      found = error;
    }
    if (!isHawserError(found, 'InvalidInput')) throw found ?? new Error('it was taken');
    expect(found.message).toContain(`argocd-cmd-params-cm: ${SIZE}: ${size}`);
    expect(found.data.condition).toBe('ComparisonError');
  });
});
