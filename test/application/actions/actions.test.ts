// Actions of objects: which are offered, and what each makes of its object.

import { describe, expect, it } from 'vitest';
import {
  type ActionCustomizations,
  listActions,
  planAction,
} from '../../../src/application/actions/resource-actions.ts';
import { parseArgoSettings } from '../../../src/application/argo-settings.ts';
import { mergePatchOf } from '../../../src/base/merge-patch.ts';
import type { KubeObject } from '../../../src/kube/object.ts';

const NOW = new Date('2026-02-03T04:05:06.789Z');
const AT = '2026-02-03T04:05:06Z';

function make(type: string, fields: object = {}, metadata: object = {}): KubeObject {
  const [, apiVersion = '', kind = ''] = /^(.*)\/([^/]+)$/.exec(type) ?? [];
  return { apiVersion, kind, metadata: { name: 'it', namespace: 'there', uid: 'u', ...metadata }, ...fields };
}

/** `restart -pause`: a minus for one that is disabled. */
function offered(object: KubeObject, customizations: ActionCustomizations = {}): string {
  return listActions(object, customizations, NOW)
    .map(({ name, disabled }) => (disabled ? `-${name}` : name))
    .join(' ');
}

function patchOf(object: KubeObject, action: string, parameters: Record<string, string> = {}) {
  const [step, ...others] = planAction(object, action, {}, { parameters, now: NOW });
  expect(others).toEqual([]);
  expect(step?.operation).toBe('patch');
  return mergePatchOf(object, step?.resource);
}

const HELM = 'helm.toolkit.fluxcd.io/v2/HelmRelease';
const ROLLOUT = 'argoproj.io/v1alpha1/Rollout';
const CANARY = { strategy: { canary: { steps: [{}, {}] } } };
const CNPG = 'postgresql.cnpg.io/v1/Cluster';
const HEALTHY = { currentPrimary: 'it-1', instancesStatus: { healthy: ['it-1', 'it-2'] } };
const PIPELINE = 'numaflow.numaproj.io/v1alpha1/Pipeline';

describe('what is offered', () => {
  it.each<[string, object, object, string]>([
    ['apps/v1/Deployment', { spec: {} }, {}, 'restart pause -resume scale'],
    ['apps/v1/Deployment', { spec: { paused: true } }, {}, 'restart -pause resume scale'],
    ['apps/v1/StatefulSet', {}, {}, 'restart scale'],
    ['apps/v1/DaemonSet', {}, {}, 'restart'],
    ['batch/v1/CronJob', { spec: {} }, {}, 'create-job suspend'],
    ['batch/v1/CronJob', { spec: { suspend: true } }, {}, 'create-job resume'],
    ['batch/v1/Job', { spec: {} }, {}, 'suspend'],
    ['batch/v1/Job', { spec: {}, status: {} }, {}, 'suspend terminate'],
    ['batch/v1/Job', { spec: { suspend: true }, status: {} }, {}, 'resume terminate'],
    ['batch/v1/Job', { spec: {}, status: { conditions: [{ type: 'Complete', status: 'True' }] } }, {}, ''],
    ['v1/ConfigMap', {}, {}, ''],
    ['argoproj.io/v1alpha1/Application', { spec: {} }, {}, 'toggle-auto-sync'],
    [
      ROLLOUT,
      { spec: CANARY, status: { currentPodHash: 'a', stableRS: 'b', observedGeneration: '1', currentStepIndex: 1 } },
      { generation: 1 },
      'restart -resume abort -retry pause promote-full skip-current-step',
    ],
    [
      ROLLOUT,
      { spec: CANARY, status: { currentPodHash: 'a', stableRS: 'a', currentStepIndex: 2 } },
      { generation: 1 },
      'restart -resume -abort -retry -pause -promote-full -skip-current-step',
    ],
    [HELM, { spec: {} }, {}, 'reconcile suspend -resume'],
    [HELM, { spec: { suspend: true } }, {}, '-reconcile -suspend resume'],
    ['notification.toolkit.fluxcd.io/v1/Alert', { spec: {} }, {}, 'suspend -resume'],
    ['external-secrets.io/v1/ExternalSecret', { spec: { refreshInterval: '0s' } }, {}, '-refresh'],
    ['external-secrets.io/v1/ExternalSecret', { spec: { refreshInterval: '10m' } }, {}, 'refresh'],
    ['keda.sh/v1alpha1/ScaledObject', {}, {}, 'pause paused-replicas -resume'],
    [
      'keda.sh/v1alpha1/ScaledObject',
      {},
      { annotations: { 'autoscaling.keda.sh/paused-replicas': '0' } },
      '-pause paused-replicas resume',
    ],
    [CNPG, { status: HEALTHY }, {}, 'restart reload promote suspend'],
    [CNPG, {}, { annotations: { 'cnpg.io/reconciliationLoop': 'disabled' } }, 'restart reload -promote resume'],
    [PIPELINE, { spec: {} }, {}, 'pause -unpause-gradual -unpause-fast -force-promote -delete'],
    [
      PIPELINE,
      { spec: { lifecycle: { desiredPhase: 'Paused' } } },
      { labels: { 'numaplane.numaproj.io/upgrade-state': 'recyclable' } },
      '-pause unpause-gradual -unpause-fast -force-promote delete',
    ],
  ])('for %s with %j and %j', (type, fields, metadata, expected) => {
    expect(offered(make(type, fields, metadata))).toBe(expected);
  });
});

describe('what an action makes of its object', () => {
  const restarted = { spec: { template: { metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': AT } } } } };
  const noted = (name: string, value: string | null) => ({ metadata: { annotations: { [name]: value } } });

  it.each<[string, string, object, object, Record<string, string>, object | undefined]>([
    ['apps/v1/Deployment', 'restart', { spec: { template: {} } }, {}, {}, restarted],
    ['apps/v1/DaemonSet', 'restart', { spec: { template: { metadata: { labels: {} } } } }, {}, {}, restarted],
    ['apps/v1/Deployment', 'pause', {}, {}, {}, { spec: { paused: true } }],
    ['apps/v1/Deployment', 'resume', { spec: { paused: true } }, {}, {}, { spec: { paused: null } }],
    ['apps/v1/StatefulSet', 'scale', { spec: { replicas: 1 } }, {}, { replicas: '0' }, { spec: { replicas: 0 } }],
    ['batch/v1/CronJob', 'suspend', {}, {}, {}, { spec: { suspend: true } }],
    ['batch/v1/CronJob', 'resume', { spec: { suspend: true } }, {}, {}, { spec: { suspend: false } }],
    ['batch/v1/CronJob', 'resume', { spec: {} }, {}, {}, undefined],
    [
      'argoproj.io/v1alpha1/Application',
      'toggle-auto-sync',
      { spec: { syncPolicy: { automated: { prune: true } } } },
      {},
      {},
      { spec: { syncPolicy: { automated: { enabled: false } } } },
    ],
    [
      ROLLOUT,
      'resume',
      { spec: { paused: true }, status: { pauseConditions: [{}] } },
      {},
      {},
      { spec: { paused: false }, status: { pauseConditions: null } },
    ],
    [ROLLOUT, 'abort', { status: {} }, {}, {}, { status: { abort: true } }],
    [ROLLOUT, 'retry', { status: { abort: true } }, {}, {}, { status: { abort: null } }],
    [
      ROLLOUT,
      'skip-current-step',
      { spec: CANARY, status: { currentStepIndex: 1 } },
      {},
      {},
      { status: { currentStepIndex: 2 } },
    ],
    [
      ROLLOUT,
      'promote-full',
      { spec: CANARY, status: { observedGeneration: '1' } },
      { generation: 2 },
      {},
      { status: { promoteFull: true } },
    ],
    [HELM, 'reconcile', {}, {}, {}, noted('reconcile.fluxcd.io/requestedAt', 'By hawser at: 2026-02-03T04:05:06')],
    ['external-secrets.io/v1/PushSecret', 'push', {}, {}, {}, noted('force-sync', AT)],
    [
      'keda.sh/v1alpha1/ScaledObject',
      'paused-replicas',
      {},
      {},
      { replicas: '4' },
      noted('autoscaling.keda.sh/paused-replicas', '4'),
    ],
    [
      'keda.sh/v1alpha1/ScaledJob',
      'resume',
      {},
      { annotations: { 'autoscaling.keda.sh/paused': 'true' } },
      {},
      noted('autoscaling.keda.sh/paused', null),
    ],
    [
      CNPG,
      'promote',
      { status: HEALTHY },
      {},
      { instance: 'any' },
      {
        status: {
          targetPrimary: 'it-2',
          targetPrimaryTimestamp: AT,
          phase: 'Switchover in progress',
          phaseReason: 'Switching over to it-2',
        },
      },
    ],
    [PIPELINE, 'pause', {}, {}, {}, { spec: { lifecycle: { desiredPhase: 'Paused' } } }],
    [
      PIPELINE,
      'unpause-fast',
      { spec: { lifecycle: { desiredPhase: 'Paused' } } },
      {},
      {},
      {
        spec: { lifecycle: { desiredPhase: 'Running' } },
        ...noted('numaflow.numaproj.io/resume-strategy', 'fast'),
      },
    ],
  ])('%s: %s', (type, action, fields, metadata, parameters, expected) => {
    expect(patchOf(make(type, fields, metadata), action, parameters)).toEqual(expected);
  });

  it('a Job of a CronJob’s template is made as kubectl makes it', () => {
    const spec = { template: { spec: { volumes: [{ name: 'tmp', emptyDir: {} }] } } };
    const cronJob = make('batch/v1/CronJob', {
      spec: { jobTemplate: { metadata: { labels: { a: 'b' }, annotations: { c: 'd' } }, spec } },
    });
    expect(planAction(cronJob, 'create-job', {}, { parameters: {}, now: NOW })).toEqual([
      {
        operation: 'create',
        resource: {
          apiVersion: 'batch/v1',
          kind: 'Job',
          metadata: {
            name: 'it-2602030405',
            namespace: 'there',
            labels: { a: 'b' },
            annotations: { c: 'd', 'cronjob.kubernetes.io/instantiate': 'manual' },
            ownerReferences: [
              {
                ...{ apiVersion: 'batch/v1', kind: 'CronJob', name: 'it', uid: 'u' },
                ...{ controller: true, blockOwnerDeletion: true },
              },
            ],
          },
          spec,
        },
      },
    ]);
  });

  it.each([
    ['v1/ConfigMap', 'restart', {}, 'there is no action restart for ConfigMap'],
    ['apps/v1/Deployment', 'constructor', {}, 'there is no action constructor for Deployment'],
    ['apps/v1/Deployment', 'scale', {}, 'invalid number: '],
    ['apps/v1/Deployment', 'scale', { replicas: '-1' }, 'invalid number: -1'],
    ['apps/v1/Deployment', 'scale', { replicas: '1.5' }, 'invalid number: 1.5'],
    [CNPG, 'promote', { instance: '9' }, 'Could not find a healthy instance matching the criteria: 9'],
  ])('%s: %s with %j is refused', (type, action, parameters, message) => {
    const plan = () => planAction(make(type), action, {}, { parameters, now: NOW });
    expect(plan).toThrow(message);
    expect(plan).toThrow(expect.objectContaining({ code: 'InvalidInput' }));
  });
});

describe('scripts of argocd-cm', () => {
  const settings = (text: string) =>
    parseArgoSettings({ 'resource.customizations.actions.apps_Deployment': text }).actionCustomizations;
  const script = (lua: string, merge = false) =>
    settings(
      JSON.stringify({
        'discovery.lua': 'return { mine = {}, restart = { disabled = true, iconClass = "icon" } }',
        definitions: [{ name: 'mine', 'action.lua': lua }],
        ...(merge && { mergeBuiltinActions: true }),
      }),
    );
  const web = make('apps/v1/Deployment', {
    spec: { replicas: 1, template: { spec: { nodeSelector: {}, volumes: [] } } },
  });
  const run = (lua: string, parameters: Record<string, string> = {}) =>
    planAction(web, 'mine', script(lua), { parameters, now: NOW });

  it('stand in place of the built-in ones, or beside them', () => {
    expect(offered(web, script('return obj'))).toBe('mine -restart');
    expect(offered(web, script('return obj', true))).toBe('mine -restart pause -resume scale');
    expect(offered(web, settings('{"definitions": []}'))).toBe('');
  });

  it('are found in the older form, too', () => {
    const { actionCustomizations } = parseArgoSettings({
      'resource.customizations':
        'apps/Deployment:\n  actions: |\n    discovery.lua: |\n      return { old = {} }\n    definitions: []\n',
    });
    expect(offered(web, actionCustomizations)).toBe('old');
  });

  it('change their object, and keep maps maps and lists lists where these are empty', () => {
    const [step] = run('obj.spec.replicas = tonumber(actionParams["n"]) return obj', { n: '5' });
    expect(step).toEqual({
      operation: 'patch',
      resource: {
        ...web,
        spec: { replicas: 5, template: { spec: { nodeSelector: {}, volumes: [] } } },
      },
    });
    expect(mergePatchOf(web, step?.resource)).toEqual({ spec: { replicas: 5 } });
  });

  it('know what time it is', () => {
    const [step] = run('local os = require("os") obj.metadata.labels = { at = os.date("!%Y") } return obj');
    expect(step?.resource.metadata.labels).toEqual({ at: '2026' });
  });

  it('may make objects', () => {
    const [step] = run(
      'local made = { apiVersion = "v1", kind = "ConfigMap", metadata = { name = "made" } } return { { operation = "create", resource = made } }',
    );
    expect(step).toEqual({
      operation: 'create',
      resource: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'made' } },
    });
  });

  it.each([
    ['return 1', 'expect table output from Lua script, not number'],
    ['return { { operation = "delete", resource = obj } }', 'unsupported operation: "delete"'],
    ['return { { operation = "patch" } }', 'gave no Kubernetes object'],
    ['error("not today", 0)', 'not today'],
    ['return obj.spec.nothing.at.all', '<string>:1:'],
    ['while true do end', 'context deadline exceeded'],
    ['os.execute("true")', '<string>:1:'],
  ])('%s fails with its reason', (lua, message) => {
    expect(() => run(lua)).toThrow(message);
    expect(() => run(lua)).toThrow(expect.objectContaining({ code: 'InvalidInput' }));
  });
});
