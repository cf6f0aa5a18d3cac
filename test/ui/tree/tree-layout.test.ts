import { describe, expect, it } from 'vitest';
import { type Folds, type Layout, layoutForest, rowsOf, stepFrom } from '../../../src/ui/web/tree/tree-layout.ts';
import { buildForest, type TreeNode } from '../../../src/ui/web/tree/tree-model.ts';
import { appWith, node, status, treeWith } from './forest.ts';

const AUTO: Folds = { mode: 'auto', changed: new Map() };
const FOLDED: Folds = { mode: 'none', changed: new Map() };

function deployment(name: string, pods: number, wave = 0): readonly TreeNode[] {
  const nodes = [
    node('Deployment', name),
    node('ReplicaSet', `${name}-1`, `Deployment ${name}`),
    ...Array.from({ length: pods }, (_, index) => node('Pod', `${name}-1-${index}`, `ReplicaSet ${name}-1`)),
  ];
  return buildForest(appWith([status('Deployment', name, { syncWave: wave })]), treeWith(nodes));
}

/** What is shown, in the order of reading: `web +3`, `  web-1`. */
function shown(layout: Layout): string[] {
  return rowsOf(layout).map(({ node: one, group, depth, hidden }) => {
    const name = one?.name ?? `${group?.count} ${group?.kind}`;
    return `${'  '.repeat(depth)}${name}${hidden > 0 && !group ? ` +${hidden}` : ''}`;
  });
}

describe('folding', () => {
  it('leaves a small Application whole', () => {
    expect(shown(layoutForest(deployment('web', 2), { width: 1200, folds: AUTO }))).toEqual([
      'web',
      '  web-1',
      '    web-1-0',
      '    web-1-1',
    ]);
  });

  it('tells branches that are fine as a count', () => {
    expect(shown(layoutForest(deployment('web', 20), { width: 1200, folds: AUTO }))).toEqual(['web +21']);
  });

  it('never folds what fails, nor what it belongs to', () => {
    const nodes = [
      node('Deployment', 'web'),
      node('ReplicaSet', 'web-1', 'Deployment web'),
      node('ReplicaSet', 'web-2', 'Deployment web'),
      node('Pod', 'good', 'ReplicaSet web-1'),
      node('Pod', 'bad', 'ReplicaSet web-1', { health: { status: 'Degraded' } }),
    ];
    const forest = buildForest(appWith([status('Deployment', 'web')]), treeWith(nodes));
    expect(shown(layoutForest(forest, { width: 1200, folds: FOLDED }))).toEqual(['web +1', '  web-1 +1', '    bad']);
  });

  it('follows who opens and closes by hand', () => {
    const forest = deployment('web', 20);
    const opened = { mode: 'auto' as const, changed: new Map([['/Deployment/shop/web', true]]) };
    expect(shown(layoutForest(forest, { width: 1200, folds: opened }))).toEqual(['web', '  web-1 +20']);
    const all: Folds = { mode: 'all', changed: new Map([['/ReplicaSet/shop/web-1', false]]) };
    expect(shown(layoutForest(forest, { width: 1200, folds: all }))).toEqual(['web', '  web-1 +20']);
  });

  it('tells many objects of one kind that are fine as a count, and shows those that are not', () => {
    const many = Array.from({ length: 500 }, (_, index) => status('ConfigMap', `c${index}`));
    many[250] = status('ConfigMap', 'different', { status: 'OutOfSync' });
    const forest = buildForest(appWith([...many, status('Secret', 's')]), undefined);
    expect(shown(layoutForest(forest, { width: 1200, folds: AUTO }))).toEqual(['499 ConfigMap', 'different', 's']);
    const all = layoutForest(forest, { width: 1200, folds: { mode: 'all', changed: new Map() } });
    expect(rowsOf(all)).toHaveLength(501);
  });

  it('says where each stands among those of its owner', () => {
    const [, , first, second] = rowsOf(layoutForest(deployment('web', 2), { width: 1200, folds: AUTO }));
    expect([first?.position, first?.setSize, first?.depth]).toEqual([1, 2, 2]);
    expect([second?.position, second?.setSize]).toEqual([2, 2]);
  });
});

describe('places', () => {
  const forest = [...deployment('late', 1, 5), ...deployment('early', 1, -1)];
  const wide = layoutForest(forest, { width: 1200, folds: AUTO });

  it('puts waves beside each other from left to right', () => {
    expect(wide.bands.map(({ wave }) => wave)).toEqual([-1, 5]);
    const [first, second] = wide.bands;
    expect((first?.x ?? 0) + (first?.width ?? 0)).toBeLessThan(second?.x ?? 0);
    expect(first?.y).toBe(second?.y);
  });

  it('puts them below each other on a phone, indented', () => {
    const narrow = layoutForest(forest, { width: 358, folds: AUTO });
    const [first, second] = narrow.bands;
    expect(first?.y ?? 0).toBeLessThan(second?.y ?? 0);
    const boxes = rowsOf(narrow);
    expect(boxes.slice(0, 3).map(({ x }) => x)).toEqual([0, 20, 40]);
    expect(boxes.every(({ x, width }) => x + width === 358)).toBe(true);
  });

  it.each([358, 700, 1300, 2400])(
    'lets nothing overlap, and keeps owners above what they own, at %d pixels',
    (width) => {
      const mixed = [0, 0, 0, 1, 1, 7].flatMap((wave, index) => deployment(`app-${index}`, index, wave));
      const layout = layoutForest(mixed, { width, folds: { mode: 'all', changed: new Map() } });
      const boxes = rowsOf(layout);
      for (const [index, box] of boxes.entries()) {
        const owner = boxes.find(({ key }) => key === box.parent);
        if (owner) expect([owner.y < box.y, owner.x < box.x]).toEqual([true, true]);
        for (const other of boxes.slice(index + 1)) {
          const isApart =
            box.x + box.width <= other.x ||
            other.x + other.width <= box.x ||
            box.y + box.height <= other.y ||
            other.y + other.height <= box.y;
          expect(isApart, `${box.key} and ${other.key}`).toBe(true);
        }
      }
    },
  );

  it('uses the width: objects of one wave stand in several columns', () => {
    const objects = Array.from({ length: 8 }, (_, index) => status('ConfigMap', `c${index}`));
    const layout = layoutForest(buildForest(appWith(objects), undefined), { width: 1200, folds: AUTO });
    expect(new Set(rowsOf(layout).map(({ x }) => x)).size).toBe(4);
  });

  it('gives a long name a second line', () => {
    const objects = [status('ConfigMap', 'a'), status('ConfigMap', `kube-prometheus-stack-${'x'.repeat(40)}`)];
    const [short, long] = rowsOf(layoutForest(buildForest(appWith(objects), undefined), { width: 600, folds: AUTO }));
    expect((long?.height ?? 0) - (short?.height ?? 0)).toBe(18);
  });

  it('keeps hooks before and after the waves, and orphans last', () => {
    const hook = (name: string, hookType: 'PreSync' | 'PostSync') => ({
      ...{ group: '', version: 'v1', kind: 'Job', namespace: 'shop', name, hookType },
    });
    const app = appWith(
      [status('Job', 'after', { hook: true }), status('Service', 'web'), status('Job', 'before', { hook: true })],
      {
        operationState: {
          ...{ operation: {}, phase: 'Succeeded', startedAt: '2026-01-01T00:00:00Z' },
          syncResult: { resources: [hook('after', 'PostSync'), hook('before', 'PreSync')] },
        },
      },
    );
    const layout = layoutForest(buildForest(app, treeWith([], [node('Pod', 'stray')])), { width: 2000, folds: AUTO });
    expect(layout.bands.map(({ id }) => id)).toEqual(['PreSync', 'wave 0', 'PostSync', 'orphaned']);
  });

  it('counts what has to be looked at', () => {
    const objects = [status('ConfigMap', 'a'), status('ConfigMap', 'b', { status: 'OutOfSync' })];
    const [band] = layoutForest(buildForest(appWith(objects), undefined), { width: 600, folds: AUTO }).bands;
    expect([band?.count, band?.notFine]).toEqual([2, 1]);
  });
});

describe('arrow keys', () => {
  const forest = [...deployment('web', 2, 0), ...deployment('worker', 1, 1)];
  const layout = layoutForest(forest, { width: 1200, folds: AUTO });
  const folded = layoutForest(forest, { width: 1200, folds: FOLDED });
  const key = (kind: string, name: string) => `/${kind}/shop/${name}`;

  it.each([
    ['down', 'the next one', layout, key('Deployment', 'web'), { go: key('ReplicaSet', 'web-1') }],
    ['up', 'the one before', layout, key('ReplicaSet', 'web-1'), { go: key('Deployment', 'web') }],
    ['up', 'nothing at the top', layout, key('Deployment', 'web'), undefined],
    ['right', 'what it owns', layout, key('ReplicaSet', 'web-1'), { go: key('Pod', 'web-1-0') }],
    ['right', 'opening what is folded', folded, key('Deployment', 'web'), { open: true }],
    ['right', 'the next wave, at the same height', layout, key('Pod', 'web-1-0'), { go: key('Pod', 'worker-1-0') }],
    ['left', 'folding what is open', layout, key('Deployment', 'web'), { open: false }],
    ['left', 'the owner of what owns nothing', layout, key('Pod', 'web-1-1'), { go: key('ReplicaSet', 'web-1') }],
    ['left', 'the wave before', folded, key('Deployment', 'worker'), { go: key('Deployment', 'web') }],
    ['first', 'the first one', layout, key('Pod', 'worker-1-0'), { go: key('Deployment', 'web') }],
    ['last', 'the last one', layout, key('Deployment', 'web'), { go: key('Pod', 'worker-1-0') }],
  ] as const)('%s leads to %s', (step, _, where, from, to) => {
    expect(stepFrom(where, from, step)).toEqual(to);
  });

  it('begin at the first one where none has been reached', () => {
    expect(stepFrom(layout, 'gone', 'down')).toEqual({ go: key('Deployment', 'web') });
  });
});
