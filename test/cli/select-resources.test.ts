import { describe, expect, it } from 'vitest';
import { matchesLabels, parseResourcePattern, selectResources } from '../../src/cli/select-resources.ts';

const RESOURCES = [
  { kind: 'ConfigMap', name: 'settings', namespace: 'a' },
  { kind: 'ConfigMap', name: 'settings', namespace: 'b' },
  { group: 'apps', kind: 'Deployment', name: 'web', namespace: 'a' },
  { group: 'apps', kind: 'Deployment', name: 'worker', namespace: 'a' },
  { kind: 'Namespace', name: 'a' },
];

describe('a sync of chosen resources', () => {
  const cases: readonly { patterns: readonly string[]; found: readonly number[] }[] = [
    { patterns: ['apps:Deployment:web'], found: [2] },
    { patterns: [':ConfigMap:settings'], found: [0, 1] },
    { patterns: [':ConfigMap:b/settings'], found: [1] },
    { patterns: ['apps:Deployment:*'], found: [2, 3] },
    { patterns: ['apps:Deployment:'], found: [2, 3] },
    { patterns: ['*:*:a/*'], found: [0, 2, 3] },
    { patterns: ['!apps:Deployment:web'], found: [0, 1, 3, 4] },
    { patterns: ['apps:Deployment:w*', '!apps:Deployment:web'], found: [3] },
    { patterns: ['apps:Deployment:web', ':Namespace:a'], found: [2, 4] },
    { patterns: [':Deployment:web'], found: [] },
  ];
  for (const { patterns, found } of cases) {
    it(`takes ${found.length} of ${RESOURCES.length} by ${patterns.join(' and ')}`, () => {
      const chosen = selectResources(RESOURCES, patterns.map(parseResourcePattern));
      expect(chosen.map((resource) => RESOURCES.indexOf(resource))).toEqual(found);
    });
  }

  it('says how a resource is written', () => {
    expect(() => parseResourcePattern('Deployment/web')).toThrow(
      '--resource must be GROUP:KIND:NAME, not Deployment/web',
    );
  });

  const labels = { app: 'web', tier: 'front' };
  const selectors: readonly { selector: string; matches: boolean }[] = [
    { selector: 'app=web', matches: true },
    { selector: 'app==web,tier=front', matches: true },
    { selector: 'app=web,tier=back', matches: false },
    { selector: 'app!=web', matches: false },
    { selector: 'other!=x', matches: true },
    { selector: 'tier', matches: true },
    { selector: '!tier', matches: false },
  ];
  for (const { selector, matches } of selectors) {
    it(`${matches ? 'takes' : 'leaves'} what is labelled app=web,tier=front by --label ${selector}`, () => {
      expect(matchesLabels(selector, labels)).toBe(matches);
    });
  }
});
