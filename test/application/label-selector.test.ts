// Label selectors of settings (globalProjects) against the labels of a project.

import { expect, it } from 'vitest';
import { matchesLabelSelector } from '../../src/application/label-selector.ts';

const LABELS = { team: 'blue', tier: 'web' };

it.each([
  [{}, true],
  [undefined, true],
  [{ matchLabels: { team: 'blue' } }, true],
  [{ matchLabels: { team: 'red' } }, false],
  [{ matchLabels: { team: 'blue', tier: 'db' } }, false],
  [{ matchExpressions: [{ key: 'team', operator: 'In', values: ['red', 'blue'] }] }, true],
  [{ matchExpressions: [{ key: 'none', operator: 'In', values: ['red'] }] }, false],
  [{ matchExpressions: [{ key: 'none', operator: 'NotIn', values: ['red'] }] }, true],
  [{ matchExpressions: [{ key: 'team', operator: 'NotIn', values: ['blue'] }] }, false],
  [{ matchExpressions: [{ key: 'team', operator: 'Exists' }] }, true],
  [{ matchExpressions: [{ key: 'team', operator: 'DoesNotExist' }] }, false],
  [{ matchExpressions: [{ key: 'team', operator: 'Gt', values: ['1'] }] }, false],
])('the selector %j matches team=blue, tier=web: %s', (selector, expected) => {
  expect(matchesLabelSelector(selector, LABELS)).toBe(expected);
});
