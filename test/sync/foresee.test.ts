import { describe, expect, it } from 'vitest';
import type { Difference } from '../../src/application/difference.ts';
import { type KubeObject, keyOf } from '../../src/kube/object.ts';
import { bringerOf, checkByDefinition } from '../../src/sync/foresee.ts';
import { planSync, type SyncSettings } from '../../src/sync/plan.ts';
import { changesNothing } from '../../src/sync/unchanged.ts';
import { chooseVerb } from '../../src/sync/verb.ts';
import { configMap, OPTIONS, object, widget, widgetDefinition } from '../support/objects.ts';

const SETTINGS: SyncSettings = {
  namespace: 'here',
  revision: '0a1b2c3d',
  startedAt: '2026-01-01T00:00:00Z',
  prune: true,
  dryRun: false,
  force: false,
  skipHooks: false,
  syncOptions: [],
  pruneConfirmed: false,
};

function difference(target: KubeObject, more: Partial<Difference> = {}): Difference {
  return {
    key: keyOf(target),
    version: 'v1',
    target,
    hook: false,
    modified: true,
    ownershipChanges: false,
    requiresPruning: false,
    syncWave: 0,
    dryRun: { outcome: 'passed' },
    adopts: [],
    ...more,
  };
}

const inNamespace = (target: KubeObject, namespace: string): KubeObject => ({
  ...target,
  metadata: { ...target.metadata, namespace },
});
const namespace = (name: string) => object('v1', 'Namespace', name, {});

describe('what a plan itself makes room for', () => {
  const rows: readonly { title: string; all: readonly Difference[]; bringer: string | undefined }[] = [
    {
      title: 'an object of a Namespace that is missing awaits it',
      all: [difference(inNamespace(configMap('a', {}), 'there')), difference(namespace('there'))],
      bringer: 'there',
    },
    {
      title: 'an object of a Namespace that is there awaits nothing',
      all: [
        difference(inNamespace(configMap('a', {}), 'there')),
        difference(namespace('there'), { live: namespace('there') }),
      ],
      bringer: undefined,
    },
    {
      title: 'the destination namespace is made before everything else',
      all: [difference(inNamespace(configMap('a', {}), 'here')), difference(namespace('here'))],
      bringer: undefined,
    },
    {
      title: 'a custom resource awaits its CRD',
      all: [difference(inNamespace(widget('X', 'w', {}), 'here')), difference(widgetDefinition('X'))],
      bringer: 'widgetxs.hawser.example.com',
    },
    {
      title: 'and not the CRD of another kind',
      all: [difference(inNamespace(widget('X', 'w', {}), 'here')), difference(widgetDefinition('Y'))],
      bringer: undefined,
    },
  ];
  for (const { title, all, bringer } of rows) {
    it(title, () => {
      const { tasks } = planSync({ differences: all, settings: SETTINGS });
      const task = tasks.find(({ target }) => target === all[0]?.target);
      if (!task) throw new Error('the plan has no such task');
      expect(bringerOf(task, tasks, SETTINGS.namespace)?.target?.metadata.name).toBe(bringer);
    });
  }

  const specs: readonly { spec: object; refusal: string | undefined; validate?: boolean }[] = [
    { spec: { size: 10 }, refusal: undefined },
    { spec: { size: 11 }, refusal: 'is invalid: spec.size: Invalid value: 11' },
    { spec: { size: 'x', colour: 1 }, refusal: '.spec.colour: field not declared in schema' },
    { spec: { size: 1, colour: 1 }, validate: false, refusal: undefined },
  ];
  for (const { spec, refusal, validate = true } of specs) {
    it(`${refusal === undefined ? 'takes' : 'refuses'} ${JSON.stringify(spec)} by a coming schema${validate ? '' : ' without validation'}`, () => {
      const check = () => checkByDefinition(widget('X', 'w', spec), widgetDefinition('X'), validate);
      if (refusal === undefined) expect(check).not.toThrow();
      else expect(check).toThrow(refusal);
    });
  }
});

describe('a plan that changes nothing', () => {
  const live = configMap('a', {});
  const same = { live, modified: false };
  const rows: readonly {
    title: string;
    all: readonly Difference[];
    isIdle: boolean;
    syncOptions?: readonly string[];
  }[] = [
    { title: 'has what is live as Git says', all: [difference(configMap('a', {}), same)], isIdle: true },
    { title: 'creates nothing', all: [difference(configMap('a', {}))], isIdle: false },
    {
      title: 'takes over no field',
      all: [difference(configMap('a', {}), { ...same, ownershipChanges: true })],
      isIdle: false,
    },
    {
      title: 'replaces nothing',
      all: [difference(configMap('a', {}), same)],
      syncOptions: ['Replace=true'],
      isIdle: false,
    },
  ];
  for (const { title, all, isIdle, syncOptions = [] } of rows) {
    it(title, () => {
      const plan = planSync({ differences: all, settings: { ...SETTINGS, syncOptions } });
      expect(changesNothing(plan)).toBe(isIdle);
    });
  }

  it('Replace=false on an object switches the option of the Application off', () => {
    const target = configMap('a', {}, { [OPTIONS]: 'Replace=false' });
    const settings = { ...SETTINGS, syncOptions: ['Replace=true'] };
    const [task] = planSync({ differences: [difference(target, same)], settings }).tasks;
    expect(task && chooseVerb(task, settings).verb).toBe('apply');
  });
});
