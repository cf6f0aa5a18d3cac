import { describe, expect, it } from 'vitest';
import type { Difference, DryRun } from '../../src/application/difference.ts';
import { isHook } from '../../src/application/hook.ts';
import { syncWave } from '../../src/application/wave.ts';
import { type KubeObject, keyOf } from '../../src/kube/object.ts';
import { planSync, type SyncInput, type SyncPlan, type SyncSettings } from '../../src/sync/plan.ts';
import { isHookTask, isPrune, objectOf } from '../../src/sync/task.ts';
import { chooseVerb } from '../../src/sync/verb.ts';

type Annotations = Readonly<Record<string, string>>;

const WAVE = 'argocd.argoproj.io/sync-wave';
const HOOK = 'argocd.argoproj.io/hook';
const OPTIONS = 'argocd.argoproj.io/sync-options';

function object(
  apiVersion: string,
  kind: string,
  name: string,
  annotations?: Annotations,
  namespace = 'n',
): KubeObject {
  return {
    apiVersion,
    kind,
    metadata: { name, ...(namespace ? { namespace } : {}), ...(annotations ? { annotations } : {}) },
  };
}

const configMap = (name: string, annotations?: Annotations, namespace?: string) =>
  object('v1', 'ConfigMap', name, annotations, namespace);

function difference(target: KubeObject | undefined, live?: KubeObject, more: Partial<Difference> = {}): Difference {
  const subject = target ?? live ?? configMap('');
  return {
    key: keyOf(subject),
    version: 'v1',
    ...(target ? { target } : {}),
    ...(live ? { live } : {}),
    hook: isHook(subject),
    modified: true,
    ownershipChanges: false,
    requiresPruning: target === undefined,
    syncWave: syncWave(subject),
    dryRun: { outcome: 'passed' },
    adopts: [],
    ...more,
  };
}

function plan(
  differences: readonly Difference[],
  settings: Partial<SyncSettings> = {},
  more: Partial<SyncInput> = {},
): SyncPlan {
  return planSync({
    differences,
    settings: {
      namespace: 'n',
      revision: '0a1b2c3d4e5f',
      startedAt: '2023-11-14T22:13:20Z',
      prune: true,
      dryRun: false,
      force: false,
      skipHooks: false,
      syncOptions: [],
      pruneConfirmed: false,
      ...settings,
    },
    ...more,
  });
}

/** One line a task: what a person would write down. */
function golden({ tasks }: SyncPlan): string {
  return tasks
    .map((task) => {
      const { kind, metadata } = objectOf(task);
      const action = isPrune(task) ? 'prune' : isHookTask(task) ? 'hook' : 'apply';
      return `${task.phase} ${task.wave} ${action} ${kind}/${metadata.name}`;
    })
    .join('\n');
}

describe('the order of a sync', () => {
  it('is phase, wave, kind, name', () => {
    const found = plan([
      difference(configMap('b')),
      difference(object('apps/v1', 'Deployment', 'web')),
      difference(configMap('a')),
      difference(object('v1', 'Service', 'web', { [WAVE]: '-1' })),
      difference(object('batch/v1', 'Job', 'after', { [HOOK]: 'PostSync' })),
      difference(object('batch/v1', 'Job', 'before', { 'helm.sh/hook': 'pre-install,pre-upgrade' })),
      difference(object('example.com/v1', 'Widget', 'w')),
    ]);
    expect(golden(found)).toBe(`PreSync 0 hook Job/before
Sync -1 apply Service/web
Sync 0 apply ConfigMap/a
Sync 0 apply ConfigMap/b
Sync 0 apply Deployment/web
Sync 0 apply Widget/w
PostSync 0 hook Job/after`);
  });

  it('brings namespaces and CRDs before their first users, into their phase', () => {
    const crd = {
      ...object('apiextensions.k8s.io/v1', 'CustomResourceDefinition', 'crd', { [WAVE]: '3' }, ''),
      spec: { group: 'example.com', names: { kind: 'Widget' } },
    };
    const found = plan([
      difference(object('example.com/v1', 'Widget', 'w', { [WAVE]: '-2' })),
      difference(crd),
      difference(object('v1', 'Namespace', 'team', { [WAVE]: '9' }, '')),
      difference(object('batch/v1', 'Job', 'pre', { [HOOK]: 'PreSync' }, 'team')),
    ]);
    expect(golden(found)).toBe(`PreSync 0 apply Namespace/team
PreSync 0 hook Job/pre
Sync -2 apply CustomResourceDefinition/crd
Sync -2 apply Widget/w`);
  });

  it('prunes in the mirrored order of waves, and last of all where that is asked for', () => {
    const gone = [0, 1, 5].map((wave) => difference(undefined, configMap(`w${wave}`, { [WAVE]: String(wave) })));
    const late = difference(undefined, configMap('late', { [OPTIONS]: 'PruneLast=true' }));
    expect(golden(plan([...gone, late, difference(configMap('a'))]))).toBe(`Sync 0 apply ConfigMap/a
Sync 0 prune ConfigMap/w5
Sync 1 prune ConfigMap/w1
Sync 5 prune ConfigMap/w0
Sync 6 prune ConfigMap/late`);
    expect(golden(plan(gone, { syncOptions: ['PruneLast=true'] })).match(/^Sync 6 /gm)).toHaveLength(3);
  });

  it('begins with the destination namespace, when it is to be made', () => {
    const namespace = { target: object('v1', 'Namespace', 'n', undefined, ''), modified: true };
    expect(golden(plan([difference(configMap('a'))], {}, { namespace }))).toBe(
      'PreSync 0 apply Namespace/n\nSync 0 apply ConfigMap/a',
    );
    expect(golden(plan([difference(configMap('a'))], {}, { namespace: { ...namespace, modified: false } }))).toBe(
      'Sync 0 apply ConfigMap/a',
    );
  });
});

describe('what belongs to a sync', () => {
  it('is no hook that is live and no longer in Git, and nothing that is not ours to prune', () => {
    const found = plan([
      difference(undefined, object('batch/v1', 'Job', 'old', { [HOOK]: 'PreSync' })),
      difference(undefined, configMap('unread'), { requiresPruning: false, status: 'Unknown' }),
      difference(configMap('skipped', { [HOOK]: 'Skip' })),
    ]);
    expect(golden(found)).toBe('');
  });

  it('is only what was chosen, without hooks', () => {
    const differences = [
      difference(configMap('a')),
      difference(configMap('b')),
      difference(object('batch/v1', 'Job', 'pre', { [HOOK]: 'PreSync' })),
    ];
    const resources = [{ kind: 'ConfigMap', name: 'b', namespace: 'n' }];
    expect(golden(plan(differences, { resources, skipHooks: true }))).toBe('Sync 0 apply ConfigMap/b');
  });

  it('runs a hook of two phases twice, under names that every attempt finds again', () => {
    const hook: KubeObject = {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { generateName: 'run-', namespace: 'n', annotations: { [HOOK]: 'PreSync,PostSync' } },
    };
    const first = plan([difference(hook)]);
    expect(golden(first)).toBe(
      'PreSync 0 hook Job/run-0a1b2c3-presync-1700000000\nPostSync 0 hook Job/run-0a1b2c3-postsync-1700000000',
    );
    expect(plan([difference(hook)])).toEqual(first);
    expect(first.tasks.map(({ target }) => target?.metadata.finalizers)).toEqual([
      ['argocd.argoproj.io/hook-finalizer'],
      ['argocd.argoproj.io/hook-finalizer'],
    ]);
  });
});

describe('a plan is not valid', () => {
  const unknown: DryRun = { outcome: 'unknownKind', message: 'no matches for kind "Widget"' };
  const widget = object('example.com/v1', 'Widget', 'w');

  it('for a kind that the server does not have', () => {
    expect(plan([difference(widget, undefined, { dryRun: unknown })]).problems).toMatchObject([
      { message: 'no matches for kind "Widget"' },
    ]);
  });

  it('unless an option allows that it is missing', () => {
    const allowed = {
      ...widget,
      metadata: { ...widget.metadata, annotations: { [OPTIONS]: 'SkipDryRunOnMissingResource=true' } },
    };
    expect(plan([difference(allowed, undefined, { dryRun: unknown })])).toMatchObject({
      problems: [],
      tasks: [{ skipDryRun: true }],
    });
    const settings = { syncOptions: ['SkipDryRunOnMissingResource=true'] };
    expect(plan([difference(widget, undefined, { dryRun: unknown })], settings).problems).toEqual([]);
  });

  it('for an object that its project forbids', () => {
    const refuse = (refused: KubeObject) => (refused.kind === 'ConfigMap' ? 'not permitted in project' : undefined);
    const found = plan(
      [difference(configMap('a')), difference(undefined, configMap('b')), difference(widget)],
      {},
      { refuse },
    );
    expect(found.problems.map(({ message }) => message)).toEqual([
      'not permitted in project',
      'not permitted in project',
    ]);
  });

  it('while another Application has one of its objects, when that shall not be', () => {
    const shared = [difference(configMap('a'), configMap('a'), { sharedWith: 'team_other' })];
    expect(plan(shared).refusal).toBeUndefined();
    expect(plan(shared, { syncOptions: ['FailOnSharedResource=true'] }).refusal).toContain(
      'ConfigMap/a is part of application team/other',
    );
  });
});

describe('how an object is written', () => {
  const live = configMap('a');
  const cases: readonly {
    title: string;
    target: KubeObject;
    live?: KubeObject;
    settings?: Partial<SyncSettings>;
    verb: object;
  }[] = [
    {
      title: 'by server-side apply',
      target: configMap('a'),
      live,
      verb: { verb: 'apply', force: false, validate: true, serverSide: true },
    },
    {
      title: 'without validation when that is off',
      target: configMap('a', { [OPTIONS]: 'Validate=false' }),
      verb: { verb: 'apply', validate: false },
    },
    {
      title: 'by deletion where an apply fails and Force is set',
      target: configMap('a', { [OPTIONS]: 'Force=true' }),
      live,
      verb: { verb: 'apply', force: true },
    },
    {
      title: 'by replacement when it says so',
      target: configMap('a', { [OPTIONS]: 'Replace=true' }),
      live,
      verb: { verb: 'replace', force: false },
    },
    {
      title: 'by replacement when the live object says so',
      target: configMap('a'),
      live: configMap('a', { [OPTIONS]: 'Replace=true,Force=true' }),
      verb: { verb: 'replace', force: true },
    },
    {
      title: 'by creation when it is to be replaced and is not there',
      target: configMap('a'),
      settings: { syncOptions: ['Replace=true'] },
      verb: { verb: 'create', validate: true },
    },
    {
      title: 'in place when it is a namespace that is to be replaced',
      target: object('v1', 'Namespace', 'a', { [OPTIONS]: 'Replace=true,Force=true' }, ''),
      live,
      verb: { verb: 'update' },
    },
    {
      title: 'three ways when server-side apply is off',
      target: configMap('a'),
      settings: { syncOptions: ['ServerSideApply=false'] },
      verb: { serverSide: false },
    },
    {
      title: 'by server-side apply when the object insists',
      target: configMap('a', { [OPTIONS]: 'ServerSideApply=true' }),
      settings: { syncOptions: ['ServerSideApply=false'] },
      verb: { serverSide: true },
    },
  ];
  for (const { title, target, live: there, settings, verb } of cases) {
    it(title, () => {
      const found = plan([difference(target, there)], settings);
      expect(found.tasks.map((task) => chooseVerb(task, found.settings))).toMatchObject([verb]);
    });
  }
});
