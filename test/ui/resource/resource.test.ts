import { describe, expect, it } from 'vitest';
import { kubectlDescribe, kubectlGet, kubectlLogs } from '../../../src/ui/web/resource/kubectl.ts';
import { parseResourceKey, queryOfResource } from '../../../src/ui/web/resource/resource-address.ts';
import { toYaml } from '../../../src/ui/web/resource/to-yaml.ts';

const web = { group: 'apps', version: 'v1', kind: 'Deployment', namespace: 'shop', name: 'web' };
const role = {
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  kind: 'ClusterRole',
  namespace: '',
  name: 'system:x',
};
const pod = { group: '', version: 'v1', kind: 'Pod', namespace: 'shop', name: 'web-1' };

describe('the address of an object', () => {
  it.each([web, role, pod])('names it whole: %j', (ref) => {
    expect(parseResourceKey(queryOfResource(ref).resource)).toEqual({ ...ref, version: '' });
  });

  it.each([undefined, '', 'web', 'apps/Deployment', 'apps//shop/web', 'apps/Deployment/shop/'])(
    'is none: %j',
    (key) => {
      expect(parseResourceKey(key)).toBeUndefined();
    },
  );
});

it.each([
  [kubectlGet(web), 'kubectl get deployment.apps web -n shop -o yaml'],
  [kubectlGet(role), 'kubectl get clusterrole.rbac.authorization.k8s.io system:x -o yaml'],
  [kubectlDescribe(pod), 'kubectl describe pod web-1 -n shop'],
  [kubectlLogs(pod, { container: 'app' }), 'kubectl logs web-1 -n shop -c app -f'],
  [kubectlLogs(web, { isPrevious: true }), 'kubectl logs deployment.apps/web -n shop --previous'],
])('the command is %s', (command, expected) => {
  expect(command).toBe(expected);
});

it('a live object is shown as YAML, and without managedFields unless they are wanted', async () => {
  const json = JSON.stringify({ kind: 'A', metadata: { name: 'a', managedFields: [{ manager: 'hawser' }] } });
  expect(await toYaml(json, { hasManagedFields: false })).toBe('kind: A\nmetadata:\n  name: a\n');
  expect(await toYaml(json, { hasManagedFields: true })).toContain('manager: hawser');
});
