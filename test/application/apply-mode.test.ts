import { describe, expect, it } from 'vitest';
import { adoptionOf, isAppliedClientSide, isComparedClientSide } from '../../src/application/apply-mode.ts';
import type { KubeObject } from '../../src/kube/object.ts';

function object(annotations: Record<string, string> = {}): KubeObject {
  const named = Object.entries(annotations).map(([key, value]) => [`argocd.argoproj.io/${key}`, value]);
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', annotations: Object.fromEntries(named) } };
}

const OFF = 'ServerSideApply=false';
const ON = 'ServerSideApply=true';

describe('how an object is applied', () => {
  it.each([
    ['server-side by default', [], {}, false],
    ['on the client’s side where the Application says so', [OFF], {}, true],
    ['on the client’s side where the object says so', [], { 'sync-options': OFF }, true],
    ['server-side where the object says so against its Application', [OFF], { 'sync-options': ON }, false],
    ['on the client’s side where the object says so against its Application', [ON], { 'sync-options': OFF }, true],
    ['by the one option among several', [], { 'sync-options': `PruneLast=true, ${OFF}` }, true],
  ])('is %s', (_, syncOptions, annotations, expected) => {
    expect(isAppliedClientSide(object(annotations), syncOptions)).toBe(expected);
  });
});

describe('how an object is compared', () => {
  it.each([
    ['by a dry run by default', [], [], {}, false],
    ['without one where it is applied on the client’s side', [OFF], [], {}, true],
    ['by a dry run where the Application asks for it', [OFF], ['ServerSideDiff=true'], {}, false],
    ['without one where the Application asks for it', [], ['ServerSideDiff=false'], {}, true],
    ['as the object asks for it', [], ['ServerSideDiff=false'], { 'compare-options': 'ServerSideDiff=true' }, false],
    ['as the object asks for it', [], ['ServerSideDiff=true'], { 'compare-options': 'ServerSideDiff=false' }, true],
  ])('is %s', (_, syncOptions, compareOptions, annotations, expected) => {
    expect(isComparedClientSide(object(annotations), syncOptions, compareOptions)).toBe(expected);
  });
});

describe('whose fields become ours', () => {
  const no = 'ClientSideApplyMigration=false';
  it.each([
    ['those of client-side appliers', [], {}, { clientSide: true }],
    ['none of theirs where the Application says so', [no], {}, { clientSide: false }],
    ['none of theirs where the object says so', [], { 'sync-options': no }, { clientSide: false }],
    [
      'also those of the manager that is named',
      [],
      { 'client-side-apply-migration-manager': 'deployer' },
      { clientSide: true, manager: 'deployer' },
    ],
  ])('are %s', (_, syncOptions, annotations, expected) => {
    expect(adoptionOf(object(annotations), syncOptions)).toEqual(expected);
  });
});
