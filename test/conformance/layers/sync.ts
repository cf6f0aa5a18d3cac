// Runs order.json, recorded-plans, recorded-steps and scenarios of the sync corpus against the plan and the steps, in a
// simulated cluster.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Difference, DryRun } from '../../../src/application/difference.ts';
import { isHook, isIgnored } from '../../../src/application/hook.ts';
import type { HealthCode, HealthStatus, ResourceResult } from '../../../src/application/types.ts';
import { syncWave } from '../../../src/application/wave.ts';
import { at, isObject, stringAt } from '../../../src/base/json.ts';
import { resourceHealth } from '../../../src/health/health.ts';
import { formatKey, groupOf, type KubeObject, keyOf, versionOf } from '../../../src/kube/object.ts';
import type { ActionResult, SyncActions } from '../../../src/sync/actions.ts';
import { planSync, type SyncPlan, type SyncSettings } from '../../../src/sync/plan.ts';
import { createProgress } from '../../../src/sync/progress.ts';
import { advanceSync, type StepContext } from '../../../src/sync/step.ts';
import { isHookTask, isPrune, objectOf, type SyncTask } from '../../../src/sync/task.ts';
import { terminateSync } from '../../../src/sync/terminate.ts';
import { chooseVerb, propagationPolicy } from '../../../src/sync/verb.ts';
import { type Case, type Check, type LayerResult, readCases, runCases } from '../layer.ts';
import { runPolicy } from './sync-policies.ts';

/** The check of each list of cases, by its name without its ending. */
export const SYNC_CHECKS = {
  'recorded-plans': runRecordedPlan,
  'recorded-steps': runRecordedStep,
  scenarios: runScenario,
  policies: runPolicy,
} as const satisfies Readonly<Record<string, Check>>;

export async function runSyncLayer(corpusDir: string): Promise<LayerResult[]> {
  const folder = join(corpusDir, 'sync');
  const order: unknown = JSON.parse(readFileSync(join(folder, 'order.json'), 'utf8'));
  const results = [await runCases('sync/order', [{ id: 'order.json', order }], (entry) => checkOrder(entry.order))];
  for (const [file, check] of Object.entries(SYNC_CHECKS)) {
    results.push(await runCases(`sync/${file}`, readCases(join(folder, `${file}.jsonl`)), check));
  }
  return results;
}

/** One object of each kind and phase, in reverse, must come out in the order of the file. */
export function checkOrder(order: unknown): string | undefined {
  const kinds = strings(order, 'kindOrder');
  const phases = strings(order, 'phaseOrder');
  const hooks = phases.map((phase) =>
    object('v1', 'ConfigMap', phase.toLowerCase(), { 'argocd.argoproj.io/hook': phase }),
  );
  const targets = [...[...kinds, 'Unheard'].reverse().map((kind) => object('example.com/v1', kind, 'a')), ...hooks];
  const plan = planSync({ differences: targets.map((target) => pair(target, undefined)), settings: settings({}) });
  const found = plan.tasks.filter((task) => !isHookTask(task)).map(({ target }) => target?.kind);
  const foundPhases = [...new Set(plan.tasks.map(({ phase }) => phase))];
  return compare({ kinds: [...kinds, 'Unheard'], phases }, { kinds: found, phases: foundPhases });
}

// Recorded calls of upstream's own tests ------------------------------------------------------------------------------

function recordedPlan(entry: Case): { plan: SyncPlan; previous: ResourceResult[] } {
  const options = isObject(entry.options) ? entry.options : {};
  const pairs = list(entry.resources).map((resource) => ({
    target: kubeObject(at(resource, 'target')),
    live: kubeObject(at(resource, 'live')),
  }));
  const modified = isObject(options.modificationResult) ? options.modificationResult : {};
  const hooks = list(entry.hooks).flatMap((hook) => kubeObject(hook) ?? []);
  const lives = pairs.flatMap(({ live }) => live ?? []);
  const namespace = text(entry, 'namespace');
  const known = [...pairs.flatMap(({ target }) => target ?? []), ...hooks];
  const differences = [
    ...pairs
      .filter(({ target }) => !target || !isHook(target))
      .map(({ target, live }) => {
        const key = keyOf(live ?? target ?? object('', '', ''));
        const isModified = modified[`${key.group}/${key.kind}/${key.namespace}/${key.name}`] !== false;
        return pair(target, live, { modified: isModified, dryRun: recordedDryRun(entry, target ?? live, known) });
      }),
    ...hooks.map((hook) => pair(hook, findLive(hook, lives, namespace))),
  ];
  const plan = planSync({
    differences,
    ...(options.createNamespace === true && isNamespaceNeeded(known, lives, namespace) && createsNamespace(entry)
      ? { namespace: { target: object('v1', 'Namespace', namespace), modified: true, ...namespaceFailure(entry) } }
      : {}),
    settings: settings({
      namespace,
      revision: text(entry, 'revision'),
      startedAt: startOf(entry.startedAt),
      prune: options.prune === true,
      dryRun: options.dryRun === true,
      force: options.force === true,
      skipHooks: options.skipHooks === true,
      pruneConfirmed: options.pruneConfirmed === true,
      syncOptions: [
        ...(options.pruneLast === true ? ['PruneLast=true'] : []),
        ...(options.replace === true ? ['Replace=true'] : []),
        ...(options.validate === false ? ['Validate=false'] : []),
        ...(options.applyOutOfSyncOnly === true ? ['ApplyOutOfSyncOnly=true'] : []),
        ...(options.skipDryRunOnMissingResource === true ? ['SkipDryRunOnMissingResource=true'] : []),
        ...(typeof options.defaultPruneOption === 'string' ? [`Prune=${options.defaultPruneOption}`] : []),
      ],
    }),
    // What upstream's test double refused is known from the outcome alone.
    refuse: (refused) => recordedRefusal(entry, refused),
  });
  return { plan, previous: list(entry.previousResults).map(readResult) };
}

/** What upstream's callback decided is known from the outcome alone. */
function createsNamespace(entry: Case): boolean {
  const outcome = [...list(at(entry, 'expect', 'tasks')), ...list(at(entry, 'expect', 'results')).map(flattenResult)];
  return outcome.some((task) => text(task, 'kind') === 'Namespace');
}

function namespaceFailure(entry: Case): { failure?: string } {
  const prefix = 'namespaceModifier error';
  const reason = thrownBy(prefix, entry);
  return reason === undefined ? {} : { failure: `${prefix}: ${reason}` };
}

/** The text after `prefix` in the outcome: what upstream's callback threw is known from there alone. */
function thrownBy(prefix: string, entry: Case): string | undefined {
  return new RegExp(`"${prefix}: ([^"]*)"`).exec(JSON.stringify(entry.expect))?.[1];
}

/** Which kinds upstream's test double served is known from the outcome alone. */
function recordedDryRun(entry: Case, subject: KubeObject | undefined, known: readonly KubeObject[]): DryRun {
  const plan = list(at(entry, 'expect', 'tasks'));
  const found = plan.find(
    (task) => subject && text(task, 'kind') === subject.kind && text(task, 'group') === groupOf(subject.apiVersion),
  );
  const isRefused = at(entry, 'expect', 'successful') === false && text(found, 'syncStatus') === 'SyncFailed';
  if (!subject || (at(found, 'skipDryRun') !== true && !isRefused)) return { outcome: 'passed' };
  const message = text(found, 'message');
  const isCrd = known.some((target) => target.kind === 'CustomResourceDefinition');
  return isCrd ? { outcome: 'deferred', awaits: 'kind', message } : { outcome: 'unknownKind', message };
}

function recordedRefusal(entry: Case, subject: KubeObject): string | undefined {
  if (at(entry, 'expect', 'successful') !== false && !at(entry, 'expect', 'message')) return undefined;
  const isPlan = at(entry, 'expect', 'successful') === false;
  const isInvalid = text(entry, 'expect', 'message').startsWith('one or more synchronization tasks are not valid');
  if (!isPlan && !isInvalid) return undefined;
  const entries = [...list(at(entry, 'expect', 'tasks')), ...list(at(entry, 'expect', 'results')).map(flattenResult)];
  const found = entries.find(
    (task) => text(task, 'kind') === subject.kind && text(task, 'name') === subject.metadata.name,
  );
  const status = text(found, 'syncStatus') || text(found, 'status');
  return status === 'SyncFailed' ? text(found, 'message') : undefined;
}

function runRecordedPlan(entry: Case): string | undefined {
  const { plan, previous } = recordedPlan(entry);
  const failed = new Map(plan.problems.map(({ task, message }) => [task, message]));
  const tasks = createProgress(plan, previous).states.map(({ task, status, phase, message, live }) => ({
    ...describe(task),
    hasLive: live !== undefined,
    message: failed.get(task) ?? message,
    operationState: phase ?? '',
    syncStatus: failed.has(task) ? 'SyncFailed' : (status ?? ''),
  }));
  const expected = list(at(entry, 'expect', 'tasks'));
  return (
    compare(at(entry, 'expect', 'successful'), plan.problems.length === 0) ??
    compare(inAnyOrderOfTies(expected), inAnyOrderOfTies(tasks))
  );
}

async function runRecordedStep(entry: Case): Promise<string | undefined> {
  const { plan, previous } = recordedPlan(entry);
  const expectedResults = list(at(entry, 'expect', 'results')).map(readResult);
  // What the test double answered is not recorded but for its trace in the results.
  const answer = (task: SyncTask): ActionResult => {
    const found = expectedResults.find((result) => {
      const { kind, metadata } = objectOf(task);
      return result.kind === kind && result.name === metadata.name && result.syncPhase === task.phase;
    });
    const isFailure = found?.status === 'SyncFailed';
    return { failed: isFailure, message: found?.status === 'Synced' || isFailure ? (found.message ?? '') : '' };
  };
  const wasGone = text(entry, 'expect', 'message').startsWith('waiting for completion of hook');
  const done = (task: SyncTask): ActionResult => ({
    failed: false,
    message: '',
    ...(task.live ? { live: task.live } : {}),
  });
  const thrown = thrownBy('SyncWaveHook failed', entry);
  const context: StepContext = {
    concurrency: 1,
    ...(thrown !== undefined && { afterWave: async () => thrown }),
    healthOf: (live) => {
      const name = live.metadata.name ?? '';
      const status = at(entry, 'healthByName', name);
      return isHealthCode(status) ? { status, message: 'test' } : resourceHealth(live);
    },
    actions: {
      foresee: async () => ({ failed: false, message: '' }),
      tryNow: async () => ({ failed: false, message: '' }),
      dryRun: async (task) =>
        text(entry, 'expect', 'message').endsWith('(dry run)') ? answer(task) : { failed: false, message: '' },
      apply: async (task) => ({ ...answer(task), ...(task.live ? { live: task.live } : {}) }),
      prune: async (task) => {
        const result = answer(task);
        return { failed: result.failed, message: result.failed ? result.message : 'pruned' };
      },
      removeHookFinalizer: async (task) => done(task),
      deleteHook: async (task) => (wasGone ? { failed: false, message: '' } : done(task)),
      read: async (task) => (answer(task).failed || thrown !== undefined ? undefined : objectOf(task)),
    },
  };
  const isTermination = text(entry, 'test').startsWith('TestTerminate');
  const outcome = isTermination
    ? await terminateSync(plan, previous, context)
    : await advanceSync(plan, previous, context);
  return (
    compare(
      { phase: at(entry, 'expect', 'phase'), message: at(entry, 'expect', 'message') },
      { phase: outcome.phase, message: outcome.message },
    ) ?? compare(sortResults(expectedResults), sortResults(outcome.results))
  );
}

// Scenarios: whole operations in a simulated cluster -------------------------------------------------------------------

interface SimulatedObject {
  readonly object: KubeObject;
  /** Steps until it is gone, once it is being deleted. */
  readonly leavesIn: number | undefined;
}

async function runScenario(entry: Case): Promise<string | undefined> {
  const options = isObject(entry.options) ? entry.options : {};
  const namespace = text(entry, 'namespace');
  const targets = list(entry.targets).flatMap((target) => kubeObject(target) ?? []);
  const cluster = new Map<string, SimulatedObject>();
  for (const live of list(entry.live).flatMap((found) => kubeObject(found) ?? [])) {
    cluster.set(simulatedKey(live), { object: live, leavesIn: undefined });
  }
  const syncSettings = settings({
    namespace,
    revision: text(entry, 'revision'),
    startedAt: startOf(entry.startedAt),
    prune: options.Prune === true,
    dryRun: options.DryRun === true,
    force: options.Force === true,
    skipHooks: options.SkipHooks === true,
    pruneConfirmed: options.PruneConfirmed === true,
    syncOptions: [
      ...['PruneLast', 'Replace', 'SkipDryRunOnMissingResource', 'CreateNamespace'].flatMap((name) =>
        options[name] === true ? [`${name}=true`] : [],
      ),
      // Upstream's default, not ours.
      `ServerSideApply=${options.ServerSideApply === true}`,
      ...(typeof options.DefaultPruneOption === 'string' ? [`Prune=${options.DefaultPruneOption}`] : []),
      ...(typeof options.PropagationPolicy === 'string'
        ? [`PrunePropagationPolicy=${options.PropagationPolicy.toLowerCase()}`]
        : []),
    ],
  });

  let results: readonly ResourceResult[] = [];
  const steps = list(at(entry, 'expect', 'steps'));
  for (const [index, expected] of steps.entries()) {
    for (const [key, step] of Object.entries(isObject(entry.vanishAtStep) ? entry.vanishAtStep : {})) {
      if (step === index) cluster.delete(key);
    }
    const actions: Record<string, unknown>[] = [];
    const lives = [...cluster.values()].map(({ object: live, leavesIn }) =>
      leavesIn === undefined
        ? live
        : { ...live, metadata: { ...live.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' } },
    );
    const plan = scenarioPlan(entry, targets, lives, namespace, syncSettings, options.CreateNamespace === true);
    if (index === 0) {
      const difference =
        compare(at(entry, 'expect', 'planValid'), plan.problems.length === 0) ??
        compare(inAnyOrderOfTies(list(at(entry, 'expect', 'plan'))), inAnyOrderOfTies(plan.tasks.map(describe)));
      if (difference) return `plan: ${difference}`;
    }
    const context: StepContext = {
      concurrency: 1,
      healthOf: (live) => simulatedHealth(entry, live, index),
      actions: simulate(entry, cluster, plan.settings, actions, lives),
    };
    const isTermination = entry.terminateAtStep === index;
    const outcome = isTermination
      ? await terminateSync(plan, results, context)
      : await advanceSync(plan, results, context);
    results = outcome.results;
    const difference =
      compare(
        { phase: at(expected, 'phase'), message: sortedReasons(text(expected, 'message')) },
        { phase: outcome.phase, message: sortedReasons(outcome.message) },
      ) ??
      compare(sortActions(list(at(expected, 'actions')).map(ofDryRun)), sortActions(actions.map(ofDryRun))) ??
      compare(
        sortResults(list(at(expected, 'results')).map(readFlatResult)),
        sortResults(results.map(({ images: _, version: __, ...result }) => ({ ...result, version: '' }))),
      ) ??
      compare(at(expected, 'clusterAfter'), [...cluster.keys()].sort());
    if (difference) return `step ${index}: ${difference}`;
    for (const [key, { object: live, leavesIn }] of cluster) {
      if (leavesIn === undefined) continue;
      if (leavesIn <= 1) cluster.delete(key);
      else cluster.set(key, { object: live, leavesIn: leavesIn - 1 });
    }
  }
  return undefined;
}

function scenarioPlan(
  entry: Case,
  targets: readonly KubeObject[],
  lives: readonly KubeObject[],
  namespace: string,
  syncSettings: SyncSettings,
  createsNamespace: boolean,
): SyncPlan {
  const wanted = targets.filter((target) => !isIgnored(target));
  const used = new Set<KubeObject>();
  const pairs = wanted.map((target) => {
    const live = findLive(target, lives, namespace);
    if (live) used.add(live);
    return pair(target, live, { dryRun: scenarioDryRun(entry, target, targets) });
  });
  const orphans = lives.filter((live) => !used.has(live)).map((live) => pair(undefined, live));
  const plan = planSync({
    differences: [...pairs, ...orphans],
    ...(createsNamespace && isNamespaceNeeded(targets, lives, namespace)
      ? { namespace: { target: object('v1', 'Namespace', namespace), modified: true } }
      : {}),
    settings: syncSettings,
  });
  // The names of hooks with a generateName follow from the plan.
  const withLive = (task: SyncTask): SyncTask => {
    const live = task.live ?? (task.target && findLive(task.target, lives, namespace));
    return live ? { ...task, live } : task;
  };
  return { ...plan, tasks: plan.tasks.map(withLive) };
}

/** Which kinds upstream's recorder served is known from the outcome alone. */
function scenarioDryRun(entry: Case, target: KubeObject, targets: readonly KubeObject[]): DryRun {
  const isThis = (found: unknown) =>
    text(found, 'kind') === target.kind && text(found, 'group') === groupOf(target.apiVersion);
  const planned = list(at(entry, 'expect', 'plan')).find(isThis);
  const refused = list(at(entry, 'expect', 'steps', 0, 'results')).find(isThis);
  const isRefused = at(entry, 'expect', 'planValid') === false && refused !== undefined;
  if (at(planned, 'skipDryRun') !== true && !isRefused) return { outcome: 'passed' };
  const message = text(refused, 'message');
  const comes = targets.some((crd) => at(crd, 'spec', 'names', 'kind') === target.kind);
  return comes ? { outcome: 'deferred', awaits: 'kind', message } : { outcome: 'unknownKind', message };
}

function simulatedHealth(entry: Case, live: KubeObject, index: number): HealthStatus | undefined {
  const course = at(entry, 'healthByStep', `${live.kind}/${live.metadata.name}`);
  if (!Array.isArray(course)) return { status: 'Healthy' };
  // Index 0 counts for the first two steps.
  const status = course[Math.min(Math.max(index - 1, 0), course.length - 1)];
  if (status === '') return undefined;
  return isHealthCode(status) ? { status, message: 'simulated' } : { status: 'Healthy' };
}

function simulate(
  entry: Case,
  cluster: Map<string, SimulatedObject>,
  syncSettings: SyncSettings,
  actions: Record<string, unknown>[],
  lives: readonly KubeObject[],
): SyncActions {
  const keep = (task: SyncTask) => (task.live ? { live: task.live } : {});
  const write = (task: SyncTask, dryRun: boolean): ActionResult => {
    const target = objectOf(task);
    const { kind } = target;
    const name = target.metadata.name ?? '';
    const verb = chooseVerb(task, syncSettings);
    const base = { dryRun, kind, name, verb: verb.verb };
    if (verb.verb === 'apply') {
      const { force, validate, serverSide } = verb;
      actions.push({ ...base, force, validate, serverSide });
    } else if (verb.verb === 'replace') actions.push({ ...base, force: verb.force });
    else if (verb.verb === 'create') actions.push({ ...base, validate: verb.validate });
    else actions.push(base);

    const error = at(entry, dryRun ? 'dryRunErrors' : 'applyErrors', `${kind}/${name}`);
    if (typeof error === 'string') return { failed: true, message: error };
    const existed = cluster.has(simulatedKey(target));
    if (!dryRun) {
      const uid = `uid-${kind.toLowerCase()}-${name}`;
      cluster.set(simulatedKey(target), {
        object: { ...target, metadata: { ...target.metadata, namespace: target.metadata.namespace ?? '', uid } },
        leavesIn: undefined,
      });
    }
    const done =
      verb.verb === 'update' ? 'updated' : dryRun ? 'configured (dry run)' : existed ? 'configured' : 'created';
    return { failed: false, message: `${kind}/${name} ${done}`, ...keep(task) };
  };
  const remove = (task: SyncTask, verb: string): ActionResult => {
    const live = objectOf(task);
    const key = simulatedKey(live);
    actions.push({
      dryRun: false,
      kind: live.kind,
      name: live.metadata.name ?? '',
      propagationPolicy: propagationPolicy(syncSettings),
      verb,
    });
    const takes = at(entry, 'deletionTakesSteps', key);
    const found = cluster.get(key);
    if (found && typeof takes === 'number') cluster.set(key, { ...found, leavesIn: found.leavesIn ?? takes });
    else cluster.delete(key);
    // The engine learns of it in the next step.
    return { failed: false, message: 'pruned', ...keep(task) };
  };
  return {
    foresee: async () => ({ failed: false, message: '' }),
    tryNow: async () => ({ failed: false, message: '' }),
    dryRun: async (task) => write(task, true),
    apply: async (task) => write(task, false),
    prune: async (task) => remove(task, 'prune'),
    deleteHook: async (task) => remove(task, 'deleteHook'),
    removeHookFinalizer: async (task) => {
      const { kind, metadata } = objectOf(task);
      actions.push({ dryRun: false, finalizers: [], kind, name: metadata.name ?? '', verb: 'updateFinalizers' });
      const { finalizers: _, ...rest } = task.live?.metadata ?? {};
      const found = cluster.get(simulatedKey(objectOf(task)));
      if (found) {
        const { finalizers: __, ...kept } = found.object.metadata;
        cluster.set(simulatedKey(found.object), { ...found, object: { ...found.object, metadata: kept } });
      }
      return { failed: false, message: '', ...(task.live ? { live: { ...task.live, metadata: rest } } : {}) };
    },
    read: async (task) => {
      const found = cluster.get(simulatedKey(objectOf(task)));
      return found?.object ?? lives.find((live) => simulatedKey(live) === simulatedKey(objectOf(task)));
    },
  };
}

/** Upstream dry-runs on the client's side whatever is asked for: how does not count. */
function ofDryRun(action: unknown): unknown {
  if (!isObject(action) || action.dryRun !== true) return action;
  const { serverSide: _, validate: __, ...counting } = action;
  return counting;
}

function simulatedKey({ kind, metadata }: KubeObject): string {
  return `${kind}/${metadata.name ?? ''}`;
}

// Shapes --------------------------------------------------------------------------------------------------------------

function describe(task: SyncTask): Record<string, unknown> {
  const subject = objectOf(task);
  return {
    group: groupOf(subject.apiVersion),
    hook: isHookTask(task),
    kind: subject.kind,
    name: subject.metadata.name ?? '',
    namespace: task.namespace,
    phase: task.phase,
    prune: isPrune(task),
    skipDryRun: task.skipDryRun,
    wave: task.wave,
  };
}

function pair(
  target: KubeObject | undefined,
  live: KubeObject | undefined,
  more: { modified?: boolean; dryRun?: DryRun } = {},
): Difference {
  const subject = target ?? live ?? object('', '', '');
  return {
    key: keyOf(subject),
    version: versionOf(subject.apiVersion),
    ...(target ? { target } : {}),
    ...(live ? { live } : {}),
    hook: isHook(subject),
    modified: more.modified ?? true,
    ownershipChanges: false,
    requiresPruning: target === undefined,
    syncWave: syncWave(subject),
    dryRun: more.dryRun ?? { outcome: 'passed' },
    adopts: [],
  };
}

/** Cluster-scoped objects are found whatever namespace Git gave them. */
function findLive(target: KubeObject, lives: readonly KubeObject[], namespace: string): KubeObject | undefined {
  const wanted = keyOf(target);
  return lives.find((live) => {
    const key = keyOf(live);
    const isPlace = key.namespace === '' || key.namespace === (wanted.namespace || namespace);
    return isPlace && formatKey({ ...key, namespace: '' }) === formatKey({ ...wanted, namespace: '' });
  });
}

function isNamespaceNeeded(targets: readonly KubeObject[], lives: readonly KubeObject[], namespace: string): boolean {
  const isIt = ({ kind, metadata }: KubeObject) => kind === 'Namespace' && metadata.name === namespace;
  return !targets.some(isIt) && !lives.some(isIt);
}

function settings(some: Partial<SyncSettings>): SyncSettings {
  return {
    namespace: 'default',
    revision: '',
    startedAt: '1970-01-01T00:00:00Z',
    prune: false,
    dryRun: false,
    force: false,
    skipHooks: false,
    syncOptions: [],
    pruneConfirmed: false,
    ...some,
  };
}

function object(apiVersion: string, kind: string, name: string, annotations?: Record<string, string>): KubeObject {
  return { apiVersion, kind, metadata: { name, ...(annotations ? { annotations } : {}) } };
}

function kubeObject(value: unknown): KubeObject | undefined {
  if (!isObject(value)) return undefined;
  const metadata = isObject(value.metadata) ? value.metadata : {};
  return { ...value, apiVersion: stringAt(value, 'apiVersion') ?? '', kind: stringAt(value, 'kind') ?? '', metadata };
}

function startOf(value: unknown): string {
  // Go's zero time.
  return typeof value === 'number' ? new Date(value * 1000).toISOString() : '0001-01-01T00:00:00Z';
}

function flattenResult(value: unknown): Record<string, unknown> {
  return {
    kind: text(value, 'ResourceKey', 'Kind'),
    name: text(value, 'ResourceKey', 'Name'),
    status: text(value, 'Status'),
    message: text(value, 'Message'),
  };
}

function readResult(value: unknown): ResourceResult {
  return result(value, {
    group: text(value, 'ResourceKey', 'Group'),
    version: text(value, 'Version'),
    kind: text(value, 'ResourceKey', 'Kind'),
    namespace: text(value, 'ResourceKey', 'Namespace'),
    name: text(value, 'ResourceKey', 'Name'),
    message: text(value, 'Message'),
    status: text(value, 'Status'),
    hookPhase: text(value, 'HookPhase'),
    hookType: text(value, 'HookType'),
    syncPhase: text(value, 'SyncPhase'),
    images: at(value, 'Images'),
  });
}

function readFlatResult(value: unknown): ResourceResult {
  return result(value, { ...(isObject(value) ? value : {}), version: '' });
}

/** Empty texts are absent fields. */
function result(_: unknown, fields: Record<string, unknown>): ResourceResult {
  const kept = Object.entries(fields).filter(
    ([key, value]) => ['group', 'version', 'namespace', 'message'].includes(key) || (value !== '' && value !== null),
  );
  return Object.assign({ group: '', version: '', kind: '', namespace: '', name: '' }, Object.fromEntries(kept));
}

function sortResults(results: readonly ResourceResult[]): unknown[] {
  const sorted = results.map((entry) => Object.fromEntries(Object.entries(entry).sort(([a], [b]) => (a < b ? -1 : 1))));
  return sorted.sort(byText);
}

/** Inside a run of one verb and kind the order is free, and so is that of all prunes. */
function sortActions(actions: readonly unknown[]): unknown[] {
  const groups: { key: string; actions: unknown[] }[] = [];
  for (const action of actions) {
    const isRemoval = ['prune', 'deleteHook', 'updateFinalizers'].includes(text(action, 'verb'));
    const key = `${text(action, 'verb')} ${isRemoval ? '' : text(action, 'kind')} ${String(at(action, 'dryRun'))}`;
    const last = groups.at(-1);
    if (last?.key === key) last.actions.push(action);
    else groups.push({ key, actions: [action] });
  }
  return groups.flatMap((group) => group.actions.sort(byText));
}

/** Upstream's sort is not stable: what differs in neither phase, wave, rank nor name comes in any order. */
function inAnyOrderOfTies(tasks: readonly unknown[]): unknown[] {
  const tie = (task: unknown) => [at(task, 'phase'), at(task, 'wave'), at(task, 'name')].join(' ');
  const groups: unknown[][] = [];
  for (const task of tasks) {
    const group = groups.at(-1);
    if (group && tie(group[0]) === tie(task) && at(group[0], 'kind') === at(task, 'kind')) group.push(task);
    else groups.push([task]);
  }
  return groups.flatMap((group) => group.sort(byText));
}

/** `, reason: a,b` is in random order upstream. */
function sortedReasons(message: string): string {
  return message.replace(
    /(reason: )([^\n]*)/g,
    (_, head: string, reasons: string) => head + reasons.split(',').sort().join(','),
  );
}

function byText(a: unknown, b: unknown): number {
  const [left, right] = [JSON.stringify(sorted(a)), JSON.stringify(sorted(b))];
  return left < right ? -1 : left > right ? 1 : 0;
}

function sorted(value: unknown): unknown {
  return isObject(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value;
}

function compare(expected: unknown, actual: unknown): string | undefined {
  if (isDeepStrictEqual(JSON.parse(JSON.stringify(expected ?? null)), JSON.parse(JSON.stringify(actual ?? null))))
    return undefined;
  return `expected ${JSON.stringify(expected)}, got ${JSON.stringify(actual)}`;
}

function isHealthCode(value: unknown): value is HealthCode {
  return ['Healthy', 'Suspended', 'Progressing', 'Missing', 'Degraded', 'Unknown'].some((code) => code === value);
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function strings(value: unknown, key: string): string[] {
  return list(at(value, key)).filter((entry) => typeof entry === 'string');
}

function text(value: unknown, ...path: readonly string[]): string {
  return stringAt(value, ...path) ?? '';
}
