// Kinds of other operators (Argo CD: resource_customizations, by group).

import { HawserError } from '../../base/errors.ts';
import { at, stringAt } from '../../base/json.ts';
import type { KubeObject } from '../../kube/object.ts';
import {
  type Action,
  type ActionTable,
  annotation,
  formatMoment,
  isTrue,
  type KindActions,
  setting,
  settingUnless,
  stamping,
  withField,
} from './action.ts';
import { readCount } from './workloads.ts';

const PAUSE = { iconClass: 'fa fa-fw fa-pause-circle' };
const PLAY = { iconClass: 'fa fa-fw fa-play-circle' };

const note = (name: string) => ['metadata', 'annotations', name];

const ROLLING = 'strimzi.io/manual-rolling-update';
const KEDA_PAUSED = 'autoscaling.keda.sh/paused';
const KEDA_REPLICAS = 'autoscaling.keda.sh/paused-replicas';
const CNPG_LOOP = 'cnpg.io/reconciliationLoop';
const FORCE_SYNC = note('force-sync');

/** An interval of zero, in whichever unit: never by itself, and not when asked either. */
function isNever(object: KubeObject): boolean {
  const interval = at(object, 'spec', 'refreshInterval');
  return interval !== undefined && /^0(ns|us|µs|ms|s|m|h)?$/.test(String(interval));
}

const isKedaPaused = (object: KubeObject) => annotation(object, KEDA_PAUSED) === 'true';
const isKedaHeld = (object: KubeObject) => isKedaPaused(object) || annotation(object, KEDA_REPLICAS) !== undefined;

const pausedReplicas: Action = {
  offer: (object) => ({
    ...PAUSE,
    disabled: isKedaPaused(object),
    params: [{ name: 'replicas', default: annotation(object, KEDA_REPLICAS) ?? '0' }],
  }),
  run: (object, { parameters }) => withField(object, note(KEDA_REPLICAS), String(readCount(parameters.replicas))),
};

const isLoopOff = (object: KubeObject) => annotation(object, CNPG_LOOP) === 'disabled';

const promote: Action = {
  offer: (cluster) => ({
    iconClass: 'fa fa-fw fa-angles-up',
    displayName: 'Promote Replica to Primary',
    disabled: healthyOf(cluster).length < 2,
    params: [{ name: 'instance', default: 'any' }],
  }),
  run: (cluster, { parameters, now }) => {
    const chosen = chooseInstance(cluster, parameters.instance ?? 'any');
    const status = {
      ...{ targetPrimary: chosen, targetPrimaryTimestamp: formatMoment(now) },
      ...{ phase: 'Switchover in progress', phaseReason: `Switching over to ${chosen}` },
    };
    return Object.entries(status).reduce((next, [key, value]) => withField(next, ['status', key], value), cluster);
  },
};

const CNPG: KindActions = {
  restart: stamping(
    () => ({ iconClass: 'fa fa-fw fa-recycle', displayName: 'Rollout restart Cluster' }),
    note('kubectl.kubernetes.io/restartedAt'),
  ),
  reload: stamping(
    () => ({ iconClass: 'fa fa-fw fa-rotate-right', displayName: 'Reload all Configuration' }),
    note('cnpg.io/reloadedAt'),
  ),
  promote,
  suspend: {
    ...setting({}, note(CNPG_LOOP), 'disabled'),
    offer: (object) =>
      isLoopOff(object) ? undefined : { iconClass: 'fa fa-fw fa-pause', displayName: 'Suspend Reconciliation' },
  },
  resume: {
    ...setting({}, note(CNPG_LOOP), undefined),
    offer: (object) =>
      isLoopOff(object) ? { iconClass: 'fa fa-fw fa-play', displayName: 'Resume Reconciliation' } : undefined,
  },
};

const isMariaSuspended = (object: KubeObject) => isTrue(object, 'spec', 'suspend');
const isMongoPaused = (object: KubeObject) => isTrue(object, 'spec', 'pause');

export const OPERATORS: ActionTable = {
  'core.strimzi.io/StrimziPodSet': {
    'rolling-update': settingUnless((object) => annotation(object, ROLLING) === 'true', {}, note(ROLLING), 'true'),
  },
  'external-secrets.io/ExternalSecret': {
    refresh: stamping(
      (object) => ({ disabled: isNever(object) && stringAt(object, 'spec', 'refreshPolicy') !== 'OnChange' }),
      FORCE_SYNC,
    ),
  },
  'external-secrets.io/PushSecret': { push: stamping((object) => ({ disabled: isNever(object) }), FORCE_SYNC) },
  'k8s.mariadb.com/MariaDB': {
    suspend: {
      ...setting({}, ['spec', 'suspend'], true),
      offer: (object) =>
        isMariaSuspended(object) ? undefined : { iconClass: 'fa fa-fw fa-pause', displayName: 'Suspend' },
    },
    resume: {
      run: (object) => (isMariaSuspended(object) ? withField(object, ['spec', 'suspend'], false) : object),
      offer: (object) =>
        isMariaSuspended(object) ? { iconClass: 'fa fa-fw fa-play', displayName: 'Resume' } : undefined,
    },
  },
  'keda.sh/ScaledJob': {
    pause: settingUnless(isKedaPaused, PAUSE, note(KEDA_PAUSED), 'true'),
    resume: settingUnless((object) => !isKedaPaused(object), PLAY, note(KEDA_PAUSED), undefined),
  },
  'keda.sh/ScaledObject': {
    pause: settingUnless(isKedaHeld, PAUSE, note(KEDA_PAUSED), 'true'),
    'paused-replicas': pausedReplicas,
    resume: {
      offer: (object) => ({ ...PLAY, disabled: !isKedaHeld(object) }),
      run: (object) => withField(withField(object, note(KEDA_PAUSED), undefined), note(KEDA_REPLICAS), undefined),
    },
  },
  'postgresql.cnpg.io/Cluster': CNPG,
  'promoter.argoproj.io/PullRequest': {
    merge: settingUnless(
      (request) => stringAt(request, 'spec', 'state') !== 'open',
      { iconClass: 'fa fa-fw fa-code-merge', displayName: 'Merge PR' },
      ['spec', 'state'],
      'merged',
    ),
  },
  'psmdb.percona.com/PerconaServerMongoDB': {
    pause: settingUnless(isMongoPaused, PAUSE, ['spec', 'pause'], true),
    unpause: settingUnless((object) => !isMongoPaused(object), PLAY, ['spec', 'pause'], false),
  },
};

function healthyOf(cluster: KubeObject): readonly string[] {
  const healthy = at(cluster, 'status', 'instancesStatus', 'healthy');
  return Array.isArray(healthy) ? healthy.filter((name) => typeof name === 'string') : [];
}

/** `any` is the one after the primary; a number is that of an instance, anything else its name. */
function chooseInstance(cluster: KubeObject, wanted: string): string {
  const healthy = healthyOf(cluster);
  const name = /^\d+$/.test(wanted) ? `${cluster.metadata.name}-${wanted}` : wanted;
  const primary = healthy.indexOf(stringAt(cluster, 'status', 'currentPrimary') ?? '');
  const chosen = wanted === 'any' ? healthy[(primary + 1) % healthy.length] : healthy.find((node) => node === name);
  if (chosen !== undefined) return chosen;
  throw new HawserError('InvalidInput', `Could not find a healthy instance matching the criteria: ${wanted}`);
}
