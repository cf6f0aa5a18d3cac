// Argo's own kinds: Applications, Rollouts and Workflows (Argo CD: resource_customizations/argoproj.io).

import { at, isObject, stringAt } from '../../base/json.ts';
import type { KubeObject } from '../../kube/object.ts';
import { type Action, type ActionTable, formatMoment, isTrue, settingUnless, stamping, withField } from './action.ts';

const AUTOMATED = ['spec', 'syncPolicy', 'automated'];
const PLUS = { iconClass: 'fa fa-fw fa-plus', displayName: 'Create Workflow' };

const toggleAutoSync: Action = {
  offer: (app) => ({
    displayName: isAutomated(app) ? 'Disable Auto-Sync' : 'Enable Auto-Sync',
    disabled: false,
  }),
  run: (app) => withField(app, [...AUTOMATED, 'enabled'], !isAutomated(app)),
};

const terminate = settingUnless(
  (run) =>
    isTrue(run, 'spec', 'terminate') ||
    ['Successful', 'Failed', 'Error', 'Inconclusive'].includes(stringAt(run, 'status', 'phase') ?? ''),
  {},
  ['spec', 'terminate'],
  true,
);

const ROLLOUT: Readonly<Record<string, Action>> = {
  restart: stamping(() => ({ disabled: false, displayName: 'Restart Pods' }), ['spec', 'restartAt']),
  resume: {
    offer: (rollout) => ({ disabled: !isPaused(rollout) }),
    run: (rollout) => {
      const going = isTrue(rollout, 'spec', 'paused') ? withField(rollout, ['spec', 'paused'], false) : rollout;
      return withoutPauses(going);
    },
  },
  abort: settingUnless(
    (rollout) => isPromoted(rollout) || isTrue(rollout, 'status', 'abort'),
    {},
    ['status', 'abort'],
    true,
  ),
  retry: settingUnless(
    (rollout) => isPromoted(rollout) || !isTrue(rollout, 'status', 'abort'),
    {},
    ['status', 'abort'],
    undefined,
  ),
  pause: settingUnless(
    (rollout) => isPromoted(rollout) || isTrue(rollout, 'status', 'abort') || isTrue(rollout, 'spec', 'paused'),
    {},
    ['spec', 'paused'],
    true,
  ),
  'promote-full': {
    offer: (rollout) => {
      if (!isObject(rollout.status) || isPromoted(rollout)) return { disabled: true };
      return { disabled: isOldController(rollout) && isObject(at(rollout, 'spec', 'strategy', 'blueGreen')) };
    },
    run: (rollout) => {
      if (!isObject(rollout.status)) return rollout;
      if (!isOldController(rollout)) return withField(rollout, ['status', 'promoteFull'], true);
      const going = withField(rollout, ['status', 'abort'], undefined);
      const steps = stepsOf(rollout);
      return steps ? withField(going, ['status', 'currentStepIndex'], steps.length) : going;
    },
  },
  'skip-current-step': {
    offer: (rollout) => ({ disabled: !hasStepLeft(rollout) }),
    run: (rollout) => {
      if (!hasStepLeft(rollout)) return rollout;
      return withField(withoutPauses(rollout), ['status', 'currentStepIndex'], stepIndex(rollout) + 1);
    },
  },
};

const workflowOfCron: Action = {
  offer: () => PLUS,
  run: (cron, { now }) => {
    const own = at(cron, 'spec', 'workflowMetadata');
    const instance = cron.metadata.labels?.['workflows.argoproj.io/controller-instanceid'];
    const finalizers = at(own, 'finalizers');
    const resource = workflowFor(cron, now, {
      labels: {
        ...textsAt(own, 'labels'),
        'workflows.argoproj.io/cron-workflow': cron.metadata.name ?? '',
        ...(instance !== undefined && { 'workflows.argoproj.io/controller-instanceid': instance }),
      },
      annotations: { ...textsAt(own, 'annotations'), 'workflows.argoproj.io/scheduled-time': formatMoment(now) },
      ...(Array.isArray(finalizers) && { finalizers: finalizers.map(String) }),
    });
    return [{ operation: 'create', resource: { ...resource, spec: at(cron, 'spec', 'workflowSpec') } }];
  },
};

const workflowOfTemplate: Action = {
  offer: () => PLUS,
  run: (template, { now }) => {
    const { name = '' } = template.metadata;
    const resource = workflowFor(template, now, { labels: { 'workflows.argoproj.io/workflow-template': name } });
    return [{ operation: 'create', resource: { ...resource, spec: { workflowTemplateRef: { name } } } }];
  },
};

export const ARGO: ActionTable = {
  'argoproj.io/Application': { 'toggle-auto-sync': toggleAutoSync },
  'argoproj.io/AnalysisRun': { terminate },
  'argoproj.io/Rollout': ROLLOUT,
  'argoproj.io/CronWorkflow': { 'create-workflow': workflowOfCron },
  'argoproj.io/WorkflowTemplate': { 'create-workflow': workflowOfTemplate },
};

/** Without `enabled`, being there means yes. */
function isAutomated(app: KubeObject): boolean {
  const automated = at(app, ...AUTOMATED);
  return isObject(automated) && (automated.enabled ?? true) === true;
}

function isPaused(rollout: KubeObject): boolean {
  const conditions = at(rollout, 'status', 'pauseConditions');
  return Array.isArray(conditions) ? conditions.length > 0 : isTrue(rollout, 'spec', 'paused');
}

function withoutPauses(rollout: KubeObject): KubeObject {
  const conditions = at(rollout, 'status', 'pauseConditions');
  return Array.isArray(conditions) && conditions.length > 0
    ? withField(rollout, ['status', 'pauseConditions'], undefined)
    : rollout;
}

function isPromoted(rollout: KubeObject): boolean {
  return at(rollout, 'status', 'currentPodHash') === at(rollout, 'status', 'stableRS');
}

/** Up to v0.9 the observed generation is a hash, and only canaries could be promoted. */
function isOldController(rollout: KubeObject): boolean {
  const observed = Number(at(rollout, 'status', 'observedGeneration') ?? Number.NaN);
  return Number.isNaN(observed) || observed > (rollout.metadata.generation ?? 0);
}

function stepsOf(rollout: KubeObject): readonly unknown[] | undefined {
  const steps = at(rollout, 'spec', 'strategy', 'canary', 'steps');
  return Array.isArray(steps) ? steps : undefined;
}

function stepIndex(rollout: KubeObject): number {
  return Number(at(rollout, 'status', 'currentStepIndex') ?? 0);
}

function hasStepLeft(rollout: KubeObject): boolean {
  const steps = stepsOf(rollout);
  return steps !== undefined && isObject(rollout.status) && stepIndex(rollout) < steps.length;
}

/** As `argo submit --from` makes it. */
function workflowFor(owner: KubeObject, now: Date, metadata: KubeObject['metadata']): KubeObject {
  const { apiVersion, kind } = owner;
  const { name = '', namespace, uid = '' } = owner.metadata;
  const minute = now.toISOString().slice(0, 16).replaceAll(/[-T:]/g, '');
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Workflow',
    metadata: {
      ...metadata,
      name: `${name}-${minute}`,
      ...(namespace && { namespace }),
      ownerReferences: [{ apiVersion, kind, name, uid }],
    },
  };
}

function textsAt(value: unknown, key: string): Record<string, string> {
  const found = at(value, key);
  return isObject(found) ? Object.fromEntries(Object.entries(found).map(([name, text]) => [name, String(text)])) : {};
}
