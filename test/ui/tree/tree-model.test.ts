import { describe, expect, it } from 'vitest';
import { podCount } from '../../../src/ui/web/tree/pod-count.ts';
import { podsByNode } from '../../../src/ui/web/tree/pods-by-node.ts';
import { choicesOf, filterForest, matches, NO_FILTER, statesOf } from '../../../src/ui/web/tree/tree-filter.ts';
import { buildForest, isBranchFine, type TreeNode, walk } from '../../../src/ui/web/tree/tree-model.ts';
import { appWith, node, status, treeWith } from './forest.ts';

/** `web(web-1(web-1-a))`: names alone. */
function shapeOf(forest: readonly TreeNode[]): string {
  return forest.map(({ name, children }) => (children.length > 0 ? `${name}(${shapeOf(children)})` : name)).join(' ');
}

const web = [
  node('Deployment', 'web'),
  node('ReplicaSet', 'web-1', 'Deployment web', { createdAt: '2026-01-01T00:00:00Z' }),
  node('ReplicaSet', 'web-2', 'Deployment web', { createdAt: '2026-02-01T00:00:00Z' }),
  node('Pod', 'web-2-a', 'ReplicaSet web-2', {
    info: [
      { name: 'Containers', value: '1/2' },
      { name: 'Restart Count', value: '3' },
      { name: 'Node', value: 'n1' },
    ],
  }),
  node('Pod', 'web-2-b', 'ReplicaSet web-2', {
    health: { status: 'Degraded' },
    info: [
      { name: 'Containers', value: '2/2' },
      { name: 'Node', value: 'n2' },
    ],
  }),
];

describe('the forest of an Application', () => {
  it('is what the status says while the cluster has not answered', () => {
    const forest = buildForest(
      appWith([status('Service', 'web'), status('Deployment', 'web', { syncWave: 2 })]),
      undefined,
    );
    expect(forest.map(({ key, wave, sync, health }) => [key, wave, sync, health])).toEqual([
      ['/Service/shop/web', 0, 'Synced', 'Healthy'],
      ['/Deployment/shop/web', 2, 'Synced', 'Healthy'],
    ]);
  });

  it('has what controllers made below its owners, the newest first', () => {
    expect(shapeOf(buildForest(appWith([status('Deployment', 'web')]), treeWith(web)))).toBe(
      'web(web-2(web-2-a web-2-b) web-1)',
    );
  });

  it('finds an owner by its name where the cluster gave it no uid, and never goes in a circle', () => {
    const a = node('A', 'a', 'B b');
    const b = node('B', 'b', 'A a');
    const nameless = node('Pod', 'p', 'A a', {
      parentRefs: [{ version: 'v1', kind: 'A', namespace: 'shop', name: 'a' }],
    });
    const forest = buildForest(appWith([]), treeWith([a, b, nameless]));
    expect(shapeOf(forest)).toBe('b(a(p))');
  });

  it('takes the wave from the owner, the phase of a hook from the last operation, and keeps orphans apart', () => {
    const app = appWith([status('Deployment', 'web', { syncWave: 3 }), status('Job', 'migrate', { hook: true })], {
      operationState: {
        operation: {},
        phase: 'Succeeded',
        startedAt: '2026-01-01T00:00:00Z',
        syncResult: {
          resources: [
            { group: '', version: 'v1', kind: 'Job', namespace: 'shop', name: 'migrate', hookType: 'PreSync' },
          ],
        },
      },
    });
    const all = [...walk(buildForest(app, treeWith(web, [node('ConfigMap', 'stray')])))];
    expect(all.find(({ name }) => name === 'web-2-a')?.wave).toBe(3);
    expect(all.find(({ name }) => name === 'migrate')?.hookPhase).toBe('PreSync');
    expect(all.filter(({ isOrphaned }) => isOrphaned).map(({ name }) => name)).toEqual(['stray']);
  });

  it.each([
    ['OutOfSync', status('ConfigMap', 'c', { status: 'OutOfSync' }), false],
    ['Missing', status('ConfigMap', 'c', { health: { status: 'Missing' } }), false],
    ['to be pruned', status('ConfigMap', 'c', { requiresPruning: true }), false],
    ['suspended', status('ConfigMap', 'c', { health: { status: 'Suspended' } }), false],
    ['as Git says', status('ConfigMap', 'c'), true],
  ] as const)('an object that is %s is fine or not', (_, resource, isFine) => {
    expect(buildForest(appWith([resource]), undefined).every(isBranchFine)).toBe(isFine);
  });

  it('is not fine where something that it owns is not', () => {
    expect(buildForest(appWith([status('Deployment', 'web')]), treeWith(web)).every(isBranchFine)).toBe(false);
  });
});

describe('the Pods of an Application', () => {
  const forest = buildForest(appWith([status('Deployment', 'web')]), treeWith(web));

  it('are counted, those that are done left out', () => {
    const [deployment] = forest;
    expect(deployment && podCount(deployment)).toEqual({ ready: 1, total: 2, restarts: 3 });
    const done = node('Pod', 'job-a', undefined, { info: [{ name: 'Status Reason', value: 'Completed' }] });
    const [pod] = buildForest(appWith([]), treeWith([done]));
    expect(pod && podCount(pod)).toBeUndefined();
  });

  it('stand by their node, those that fail first', () => {
    expect(podsByNode(forest).map(({ name, pods }) => [name, pods.map((pod) => pod.name)])).toEqual([
      ['n2', ['web-2-b']],
      ['n1', ['web-2-a']],
    ]);
  });
});

describe('the filter', () => {
  const forest = buildForest(
    appWith([status('Deployment', 'web'), status('ConfigMap', 'settings', { status: 'OutOfSync' })]),
    treeWith(web),
  );

  it.each([
    ['part of a name', { text: 'WEB-2-A' }, 'web(web-2(web-2-a))'],
    ['a kind with its name', { text: 'pod/web' }, 'web(web-2(web-2-a web-2-b))'],
    ['a kind', { kinds: ['ReplicaSet'] }, 'web(web-2 web-1)'],
    ['any of several states', { states: ['Degraded', 'OutOfSync'] }, 'web(web-2(web-2-b)) settings'],
    ['a namespace that nothing is in', { namespaces: ['other'] }, ''],
    ['two things at once', { kinds: ['Pod'], states: ['Degraded'] }, 'web(web-2(web-2-b))'],
  ] as const)('finds by %s, and shows what the found ones lie below', (_, filter, shape) => {
    expect(shapeOf(filterForest(forest, { ...NO_FILTER, ...filter }))).toBe(shape);
  });

  it('lets everything through where nothing is asked', () => {
    expect([...walk(forest)].every((one) => matches(one, NO_FILTER))).toBe(true);
  });

  it('offers what is there, the most urgent state and the most frequent kind first', () => {
    const { kinds, states } = choicesOf(forest);
    expect(kinds[0]).toEqual({ value: 'Pod', count: 2 });
    expect(states.map(({ value }) => value)).toEqual(['OutOfSync', 'Degraded', 'Synced', 'Healthy']);
  });

  it('knows pruning, hooks and what is unknown as states of their own', () => {
    const [one] = buildForest(
      appWith([status('Job', 'j', { hook: true, requiresPruning: true, status: 'Unknown' })]),
      undefined,
    );
    expect(one && statesOf(one)).toEqual(['Healthy', 'Unknown', 'Prune', 'Hook']);
  });
});
