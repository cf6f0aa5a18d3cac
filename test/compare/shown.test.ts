import { describe, expect, it } from 'vitest';
import type { Difference } from '../../src/application/difference.ts';
import { resourceDiff } from '../../src/compare/resource-diff.ts';
import { formatResourceDiff } from '../../src/compare/resource-diff-text.ts';
import { resourceStatuses } from '../../src/compare/resource-status.ts';
import { type KubeObject, keyOf } from '../../src/kube/object.ts';

function configMap(data: Record<string, string>, name = 'a'): KubeObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'n' }, data };
}

function secret(data: Record<string, string>): KubeObject {
  return { ...configMap(data), kind: 'Secret' };
}

function difference(
  states: Pick<Difference, 'target' | 'live' | 'predicted'>,
  more: Partial<Difference> = {},
): Difference {
  const subject = states.target ?? states.live ?? configMap({});
  return {
    key: keyOf(subject),
    version: 'v1',
    ...states,
    hook: false,
    status: 'OutOfSync',
    modified: true,
    ownershipChanges: false,
    requiresPruning: states.target === undefined,
    syncWave: 0,
    dryRun: { outcome: 'passed' },
    adopts: [],
    ...more,
  };
}

const diffText = (of: Difference): string => formatResourceDiff(resourceDiff(of));

describe('a difference as text', () => {
  const [old, fresh] = [configMap({ k: '1', v: 'yes' }), configMap({ k: '2', v: 'yes' })];
  const cases: readonly { title: string; of: Difference; lines: string[] }[] = [
    {
      title: 'a change',
      of: difference({ target: fresh, live: old, predicted: fresh }),
      lines: ['-  k: "1"', '+  k: "2"'],
    },
    { title: 'an object that is missing', of: difference({ target: fresh }), lines: ['+  k: "2"'] },
    { title: 'an object that is to be pruned', of: difference({ live: old }), lines: ['-  k: "1"'] },
  ];
  for (const { title, of, lines } of cases) {
    it(`shows ${title}`, () => {
      const changed = diffText(of)
        .split('\n')
        .filter((line) => /^[-+] {2}k/.test(line));
      expect(changed).toEqual(lines);
    });
  }

  it('is empty when nothing would change, and when what would change is not known', () => {
    expect(diffText(difference({ target: old, live: old, predicted: old }))).toBe('');
    expect(diffText(difference({ target: fresh, live: old }, { dryRun: { outcome: 'failed', message: 'no' } }))).toBe(
      '',
    );
  });

  it('quotes what other readers of YAML take for a boolean, and hides Secrets', () => {
    expect(diffText(difference({ target: fresh }))).toContain('+  v: "yes"');
    const text = diffText(
      difference({ target: secret({ p: 'bmV3' }), live: secret({ p: 'b2xk' }), predicted: secret({ p: 'bmV3' }) }),
    );
    expect(text).toContain('-  p: ++++++++++++\n+  p: ++++++++\n');
    expect(text).not.toMatch(/bmV3|b2xk/);
  });
});

describe('a difference as Argo CD has it', () => {
  it('holds its states as JSON text, null where there is none', () => {
    const found = resourceDiff(difference({ target: configMap({ k: '2' }) }));
    expect(found).toMatchObject({
      group: '',
      kind: 'ConfigMap',
      namespace: 'n',
      name: 'a',
      targetState: '{"apiVersion":"v1","data":{"k":"2"},"kind":"ConfigMap","metadata":{"name":"a","namespace":"n"}}',
      liveState: 'null',
      normalizedLiveState: 'null',
      modified: true,
    });
    expect(found.predictedLiveState).toBe(found.targetState);
  });

  it('holds no value of a Secret', () => {
    const found = resourceDiff(
      difference({ target: secret({ p: 'bmV3' }), live: secret({ p: 'b2xk' }), predicted: secret({ p: 'bmV3' }) }),
    );
    expect(JSON.stringify(found)).not.toMatch(/bmV3|b2xk/);
    expect(found.liveState).not.toBe(found.targetState);
  });
});

describe('the resources of a status', () => {
  it('come in one order, without empty fields', () => {
    const found = resourceStatuses(
      [
        difference({ target: configMap({}, 'b') }, { status: 'Synced' }),
        difference({ live: configMap({}, 'a') }, { syncWave: 2 }),
      ],
      [undefined, { status: 'Healthy', message: '' }],
    );
    expect(found).toEqual([
      {
        version: 'v1',
        kind: 'ConfigMap',
        namespace: 'n',
        name: 'a',
        status: 'OutOfSync',
        health: { status: 'Healthy' },
        requiresPruning: true,
        syncWave: 2,
      },
      { version: 'v1', kind: 'ConfigMap', namespace: 'n', name: 'b', status: 'Synced' },
    ]);
  });

  it('have a hook only when it is live, and tell what needs a confirmation', () => {
    const asking = {
      ...configMap({}),
      metadata: { ...configMap({}).metadata, annotations: { 'argocd.argoproj.io/sync-options': 'Delete=confirm' } },
    };
    const { status: _, ...hook } = difference({ target: configMap({}, 'hook') }, { hook: true });
    const live = { ...hook, live: configMap({}, 'hook') };
    expect(resourceStatuses([hook], [undefined])).toEqual([]);
    expect(resourceStatuses([live], [undefined])).toEqual([
      { version: 'v1', kind: 'ConfigMap', namespace: 'n', name: 'hook', hook: true },
    ]);
    expect(resourceStatuses([difference({ target: asking })], [undefined])).toMatchObject([
      { requiresDeletionConfirmation: true },
    ]);
  });

  it.each([
    ['', true],
    ['Delete=true,Prune=true', false],
  ])('need a confirmation when the Application says so, and they say %j: %s', (own, isAsked) => {
    const metadata = { ...configMap({}).metadata, annotations: { 'argocd.argoproj.io/sync-options': own } };
    const [status] = resourceStatuses(
      [difference({ target: { ...configMap({}), metadata } })],
      [undefined],
      ['Delete=confirm', 'Prune=confirm'],
    );
    expect(status?.requiresDeletionConfirmation).toBe(isAsked || undefined);
  });
});
