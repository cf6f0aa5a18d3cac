import { describe, expect, it } from 'vitest';
import { loadChart } from '../../src/render/helm/load.ts';
import { memoryTree } from '../../src/render/tree.ts';
import { checkChartLock, parseChartLock } from '../../src/source/chart-lock.ts';

const DEPENDENCIES = `dependencies:
- name: web
  version: ">=1.0.0 <2.0.0"
  repository: http://127.0.0.1:18765/charts
  condition: web.enabled,a&b
  tags: [front, "<b>"]
  alias: front
  import-values:
  - data
  - {parent: p, child: c}
- name: api
  version: 3.x
  repository: http://127.0.0.1:18765/charts
`;
/** Written by helm v3.22.0, dependency update. */
const LOCK = `dependencies:
- name: web
  repository: http://127.0.0.1:18765/charts
  version: 1.2.10
- name: api
  repository: http://127.0.0.1:18765/charts
  version: 3.0.0
digest: sha256:b3fa42f3259317821610a75048cc6a80a26cd7e18460358f411a0aaba5f16259
generated: "2026-11-23T06:15:24.947788231Z"
`;

function check(dependencies: string, lock: string): void {
  const chart = `apiVersion: v2\nname: c\nversion: 0.1.0\n${dependencies}`;
  checkChartLock(loadChart(memoryTree({ 'Chart.yaml': chart }), '').metadata, parseChartLock(lock));
}

describe('a lock that Helm wrote', () => {
  it('is accepted for the dependencies that it was written for', () => {
    expect(() => check(DEPENDENCIES, LOCK)).not.toThrow();
  });
  it.each([
    ['another constraint', DEPENDENCIES.replace('3.x', '4.x'), LOCK],
    ['another condition', DEPENDENCIES.replace('a&b', 'a'), LOCK],
    ['another locked version', DEPENDENCIES, LOCK.replace('3.0.0', '3.0.1')],
    ['one dependency less', DEPENDENCIES.slice(0, DEPENDENCIES.indexOf('- name: api')), LOCK],
  ])('is out of date with %s', (_, dependencies, lock) => {
    expect(() => check(dependencies, lock)).toThrow(
      'the lock file (Chart.lock) is out of sync with the dependencies file (Chart.yaml). Please update the dependencies',
    );
  });
});
