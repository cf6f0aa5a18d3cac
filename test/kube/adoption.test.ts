import { describe, expect, it } from 'vitest';
import { releasePatch, sharersOf } from '../../src/kube/adoption.ts';
import type { KubeObject } from '../../src/kube/object.ts';

const DATA = { 'f:data': { 'f:a': {} } };

function configMap(
  ...entries: readonly (readonly [manager: string, operation: string, fieldsV1: object])[]
): KubeObject {
  const managedFields = entries.map(([manager, operation, fieldsV1]) => {
    return {
      manager,
      operation,
      apiVersion: 'v1',
      fieldsType: 'FieldsV1',
      fieldsV1: JSON.parse(JSON.stringify(fieldsV1)),
    };
  });
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', resourceVersion: '7', managedFields } };
}

describe('fields that others have applied', () => {
  it.each([
    ['kubectl', 'Apply'],
    ['helm', 'Update'],
    ['helm', 'Apply'],
  ])('are taken from %s (%s) where they are ours as well', (manager, operation) => {
    const theirs = {
      'f:data': { '.': {}, 'f:a': {}, 'f:b': {} },
      'f:metadata': { 'f:annotations': { '.': {}, 'f:meta.helm.sh/release-name': {} } },
    };
    const object = configMap(['hawser', 'Apply', DATA], [manager, operation, theirs], ['other', 'Update', DATA]);
    expect(sharersOf(object, 'hawser')).toEqual([manager]);
    const left = {
      'f:data': { 'f:b': {} },
      'f:metadata': { 'f:annotations': { '.': {}, 'f:meta.helm.sh/release-name': {} } },
    };
    expect(releasePatch(object, 'hawser')).toEqual([
      {
        op: 'replace',
        path: '/metadata/managedFields',
        value: configMap(['hawser', 'Apply', DATA], [manager, operation, left], ['other', 'Update', DATA]).metadata
          .managedFields,
      },
      { op: 'replace', path: '/metadata/resourceVersion', value: '7' },
    ]);
  });

  it('leave no entry behind when nothing else is theirs', () => {
    const object = configMap(['kubectl', 'Apply', DATA], ['hawser', 'Apply', DATA]);
    expect(releasePatch(object, 'hawser')?.[0]).toMatchObject({ value: [{ manager: 'hawser' }] });
  });

  it.each<[string, KubeObject]>([
    [
      'nothing of theirs is ours',
      configMap(['hawser', 'Apply', DATA], ['helm', 'Update', { 'f:data': { 'f:b': {} } }]),
    ],
    ['a controller has them', configMap(['hawser', 'Apply', DATA], ['kube-controller-manager', 'Update', DATA])],
    ['somebody has edited them', configMap(['hawser', 'Apply', DATA], ['kubectl-edit', 'Update', DATA])],
    ['we have applied nothing yet', configMap(['helm', 'Update', DATA])],
  ])('stay where they are when %s', (_, object) => {
    expect(sharersOf(object, 'hawser')).toEqual([]);
    expect(releasePatch(object, 'hawser')).toBeUndefined();
  });

  it('stay with who applied on the client’s side where that is asked for', () => {
    const object = configMap(['hawser', 'Apply', DATA], ['helm', 'Update', DATA]);
    expect(sharersOf(object, 'hawser', { clientSide: false })).toEqual([]);
  });
});
