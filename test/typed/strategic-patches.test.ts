import { describe, expect, it } from 'vitest';
import { createThreeWayPatch, createTwoWayPatch } from '../../src/typed/strategic-diff.ts';
import { applyStrategicMerge, PatchError } from '../../src/typed/strategic-merge.ts';
import { type TypeNode, typeOfKind } from '../../src/typed/types.ts';

type Obj = Record<string, unknown>;

function structOf(group: string, version: string, kind: string): TypeNode {
  const type = typeOfKind(group, version, kind);
  if (!type) throw new Error(`no type of ${kind}`);
  return type;
}

const POD = structOf('', 'v1', 'Pod');
const DEPLOYMENT = structOf('apps', 'v1', 'Deployment');
const pod = (spec: Obj): Obj => ({ spec });
const env = (...names: readonly string[]) => pod({ containers: [{ name: 'c', env: names.map((name) => ({ name })) }] });

describe('a patch between two states', () => {
  const rows: readonly (readonly [string, TypeNode, Obj, Obj, Obj])[] = [
    ['is empty where nothing differs', POD, env('A'), env('A'), {}],
    ['sets and removes fields', POD, pod({ a: 1, nodeName: 'n' }), pod({ a: 2 }), pod({ a: 2, nodeName: null })],
    [
      'names an item by its key, and the order of all',
      POD,
      pod({ containers: [{ name: 'a', image: 'i' }, { name: 'b' }] }),
      pod({ containers: [{ name: 'a', image: 'j' }, { name: 'b' }] }),
      pod({ containers: [{ name: 'a', image: 'j' }] }),
    ],
    [
      'deletes an item by its key',
      POD,
      pod({ containers: [{ name: 'a' }, { name: 'b' }] }),
      pod({ containers: [{ name: 'b' }] }),
      pod({ containers: [{ name: 'a', $patch: 'delete' }] }),
    ],
    [
      'replaces a list without keys',
      POD,
      pod({ tolerations: [{ key: 'a' }] }),
      pod({ tolerations: [{ key: 'b' }] }),
      pod({ tolerations: [{ key: 'b' }] }),
    ],
    [
      'lists the keys of a union that are kept',
      DEPLOYMENT,
      { spec: { strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1 } } } },
      { spec: { strategy: { type: 'Recreate' } } },
      { spec: { strategy: { $retainKeys: ['type'], type: 'Recreate', rollingUpdate: null } } },
    ],
    [
      'deletes plain values by a list of their own',
      POD,
      { metadata: { finalizers: ['a', 'b'] } },
      { metadata: { finalizers: ['b', 'c'] } },
      {
        metadata: {
          '$deleteFromPrimitiveList/finalizers': ['a'],
          '$setElementOrder/finalizers': ['b', 'c'],
          finalizers: ['c'],
        },
      },
    ],
  ];

  /** The order is in every patch of a list; the rows leave it to the round trip. */
  function withoutOrder(patch: unknown): unknown {
    if (Array.isArray(patch)) return patch.map(withoutOrder);
    if (typeof patch !== 'object' || patch === null) return patch;
    const kept = Object.entries(patch).filter(([key]) => !/^\$setElementOrder\/(?!finalizers)/.test(key));
    return Object.fromEntries(kept.map(([key, value]) => [key, withoutOrder(value)]));
  }

  it.each(rows)('%s', (_, type, before, after, patch) => {
    const made = createTwoWayPatch(type, before, after);
    expect(withoutOrder(made)).toEqual(withoutOrder(patch));
    expect(applyStrategicMerge(type, before, structuredClone(made))).toEqual(after);
  });

  it('cannot be made of an item without its key', () => {
    const broken = pod({ containers: [{ image: 'i' }] });
    expect(() => createTwoWayPatch(POD, broken, env('A'))).toThrow(PatchError);
  });

  it('cannot be made where a field that the kind does not have has changed inside', () => {
    const unknown = (value: number) => ({ spec: { unheard: { of: value } } });
    expect(createTwoWayPatch(POD, unknown(1), unknown(1))).toEqual({});
    expect(() => createTwoWayPatch(POD, unknown(1), unknown(2))).toThrow(
      'unable to find api field in struct PodSpec for the json field "unheard"',
    );
  });
});

describe('a patch between three states', () => {
  const rows: readonly (readonly [string, Obj, Obj, Obj, Obj])[] = [
    ['takes away what only the original said', env('A', 'B'), env('B'), env('A', 'B', 'X'), env('B', 'X')],
    ['leaves what only live has', env('A'), env('A'), env('A', 'X'), env('A', 'X')],
    ['puts back what live has lost', env('A'), env('A'), env('X'), env('A', 'X')],
    [
      'puts what is wanted in its order, and what is not before what it was before',
      env('A'),
      env('B', 'A'),
      env('X', 'A'),
      env('B', 'X', 'A'),
    ],
    [
      'wins over changes to live',
      pod({ nodeName: 'a' }),
      pod({ nodeName: 'b' }),
      pod({ nodeName: 'c', hostNetwork: true }),
      pod({ nodeName: 'b', hostNetwork: true }),
    ],
    ['does not miss what is gone from live already', pod({ nodeName: 'a' }), pod({}), pod({}), pod({})],
  ];

  it.each(rows)('%s', (_, original, modified, current, expected) => {
    const patch = createThreeWayPatch(POD, original, modified, current);
    expect(applyStrategicMerge(POD, current, structuredClone(patch))).toEqual(expected);
  });

  it('changes nothing the second time', () => {
    const [original, modified, current] = [env('A', 'B'), env('B', 'C'), env('X', 'A')];
    const patched = applyStrategicMerge(POD, current, createThreeWayPatch(POD, original, modified, current));
    // The order is sent again, since live has more.
    const again = createThreeWayPatch(POD, modified, modified, patched);
    expect(applyStrategicMerge(POD, patched, again)).toEqual(patched);
  });

  it('changes none of the states', () => {
    const states = [env('A', 'B'), env('B', 'C'), env('X', 'A')] as const;
    const before = structuredClone(states);
    createThreeWayPatch(POD, ...states);
    expect(states).toEqual(before);
  });
});
