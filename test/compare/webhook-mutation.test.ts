import { describe, expect, it } from 'vitest';
import type { Json } from '../../src/base/json.ts';
import { includesMutations, withoutMutations } from '../../src/compare/webhook-mutation.ts';
import type { KubeObject } from '../../src/kube/object.ts';

function object(fields: object, owned: Json, manager = 'hawser'): KubeObject {
  const managedFields: Json[] = [{ manager, operation: 'Apply', apiVersion: 'v1', fieldsV1: owned }];
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'x', managedFields }, ...fields };
}

const image = { 'f:spec': { 'f:containers': { 'k:{"name":"web"}': { '.': {}, 'f:name': {}, 'f:image': {} } } } };
const port = { 'k:{"port":80,"protocol":"TCP"}': { '.': {}, 'f:port': {} } };

const cases: readonly {
  title: string;
  target: object;
  live: object;
  predicted: object;
  owned: Json;
  before?: Json;
  expected: object;
}[] = [
  {
    title: 'a field that only the dry run sets is left out',
    target: { data: { a: '1' } },
    live: { data: { a: '1' } },
    predicted: { data: { a: '1', added: 'x' } },
    owned: { 'f:data': { 'f:a': {} } },
    expected: { data: { a: '1' } },
  },
  {
    title: 'a field of nobody that the dry run changes stays as it is live, and one that it takes away goes',
    target: { data: { a: '1' } },
    live: { data: { a: '1', b: 'live', c: 'live' } },
    predicted: { data: { a: '1', b: 'webhook' } },
    owned: { 'f:data': { 'f:a': {} } },
    expected: { data: { a: '1', b: 'live' } },
  },
  {
    title: 'what Git changes counts, and what it gives up goes',
    target: { data: { a: '2' } },
    live: { data: { a: '1', gone: 'x' } },
    predicted: { data: { a: '2' } },
    owned: { 'f:data': { 'f:a': {} } },
    before: { 'f:data': { 'f:a': {}, 'f:gone': {} } },
    expected: { data: { a: '2' } },
  },
  {
    title: 'what Git gives up may fall back to a default',
    target: { spec: {} },
    live: { spec: { policy: 'Always' } },
    predicted: { spec: { policy: 'IfNotPresent' } },
    owned: { 'f:metadata': {} },
    before: { 'f:spec': { 'f:policy': {} } },
    expected: { spec: { policy: 'IfNotPresent' } },
  },
  {
    title: 'an injected item of a list is left out, and one of before stays',
    target: { spec: { containers: [{ name: 'web', image: '2' }] } },
    live: { spec: { containers: [{ name: 'old-sidecar' }, { name: 'web', image: '1', pull: 'Always' }] } },
    predicted: {
      spec: {
        containers: [{ name: 'old-sidecar', v: 2 }, { name: 'web', image: '2', pull: 'Never' }, { name: 'sidecar' }],
      },
    },
    owned: image,
    expected: { spec: { containers: [{ name: 'old-sidecar' }, { name: 'web', image: '2', pull: 'Always' }] } },
  },
  {
    title: 'a new item keeps the keys that tell it apart, also those with a default',
    target: { spec: { ports: [{ port: 80 }] } },
    live: { spec: { ports: [] } },
    predicted: { spec: { ports: [{ port: 80, protocol: 'TCP', nodePort: 30_000 }] } },
    owned: { 'f:spec': { 'f:ports': port } },
    expected: { spec: { ports: [{ port: 80, protocol: 'TCP' }] } },
  },
  {
    title: 'values of a set count one by one',
    target: { spec: { set: ['a'] } },
    live: { spec: { set: ['b'] } },
    predicted: { spec: { set: ['b', 'a', 'webhook'] } },
    owned: { 'f:spec': { 'f:set': { 'v:"a"': {} } } },
    expected: { spec: { set: ['b', 'a'] } },
  },
  {
    title: 'a map that Git owns as a whole counts as a whole',
    target: { spec: { selector: { app: 'b' } } },
    live: { spec: { selector: { app: 'a' } } },
    predicted: { spec: { selector: { app: 'b' } } },
    owned: { 'f:spec': { 'f:selector': {} } },
    expected: { spec: { selector: { app: 'b' } } },
  },
  {
    title: 'an empty map in Git is open to others',
    target: { spec: { securityContext: {} } },
    live: { spec: { securityContext: {} } },
    predicted: { spec: { securityContext: { runAsUser: 1 } } },
    owned: { 'f:spec': { 'f:securityContext': {} } },
    expected: { spec: { securityContext: {} } },
  },
];

describe('a dry run without what webhooks do', () => {
  it.each(cases)('$title', ({ target, live, predicted, owned, before, expected }) => {
    const found = withoutMutations(
      object(target, null),
      object(live, before ?? owned),
      object(predicted, owned),
      'hawser',
    );
    const { apiVersion: _, kind: __, metadata: ___, ...fields } = found;
    expect(fields).toEqual(expected);
  });

  it('counts the fields of who applied before', () => {
    const owned = { 'f:data': { 'f:a': {}, 'f:gone': {} } };
    const live = object({ data: { a: '1', gone: 'x' } }, owned, 'argocd-controller');
    const predicted = object({ data: { a: '1' } }, { 'f:data': { 'f:a': {} } });
    expect(withoutMutations(predicted, live, predicted, 'hawser').data).toEqual({ a: '1' });
  });

  it('is not asked for where IncludeMutationWebhook=true', () => {
    const plain = object({}, null);
    const asking = {
      ...plain,
      metadata: { annotations: { 'argocd.argoproj.io/compare-options': 'IncludeMutationWebhook=true' } },
    };
    expect(includesMutations(plain, [])).toBe(false);
    expect(includesMutations(plain, ['IncludeMutationWebhook=true'])).toBe(true);
    expect(includesMutations(asking, [])).toBe(true);
  });
});
