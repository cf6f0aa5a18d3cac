import { describe, expect, it } from 'vitest';
import { parseApplication } from '../../src/application/parse.ts';
import { findInstance, forgetApplication, learnApplication } from '../../src/operation/known-applications.ts';
import type { Road } from '../../src/operation/road.ts';

const application = (name: string, labels: Record<string, string> = {}, namespace = 'argocd') =>
  parseApplication({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name, namespace, labels },
    spec: {},
  });

const settings = { namespace: 'argocd', loopback: true, insecureWebhooks: false };

function known(...names: readonly string[]) {
  const lastListed: Road['lastListed'] = { applications: [], repositories: [] };
  for (const name of names) learnApplication({ lastListed }, application(name));
  return { lastListed, platform: { settings } as Road['platform'] };
}

describe('the Applications that are known', () => {
  it.each([
    ['web', 'web'],
    ['argocd_web', 'web'],
    ['other_web', undefined],
    ['we', undefined],
  ])('the tracking id of %s names %s', (instance, expected) => {
    expect(findInstance(known('api', 'web'), instance)?.metadata.name).toBe(expected);
  });

  it('one of another namespace is named with it', () => {
    const road = known('web');
    learnApplication(road, application('shop', {}, 'teams'));
    expect(findInstance(road, 'teams_shop')?.metadata.namespace).toBe('teams');
    expect(findInstance(road, 'shop')).toBeUndefined();
  });

  it('are as they were read last', () => {
    const road = known('web');
    learnApplication(road, application('web', { team: 'red' }));
    expect(road.lastListed.applications.map(({ metadata }) => metadata.labels)).toEqual([{ team: 'red' }]);
    forgetApplication(road, 'argocd', 'web');
    expect(road.lastListed.applications).toEqual([]);
  });
});
