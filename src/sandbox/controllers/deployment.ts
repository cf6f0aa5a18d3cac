// Deployment: ReplicaSets that replace one another, and a status that says how far that is.
//
// Source: k8s.io/kubernetes, pkg/controller/deployment/{sync,rolling,recreate,progress}.go.

import { at, isObject } from '../../base/json.ts';
import type { KubeObject } from '../../kube/object.ts';
import { equalJson } from '../../typed/equal.ts';
import { type Cluster, safeEncode, timestamp } from '../cluster.ts';
import {
  controllerOf,
  create,
  find,
  hashOf,
  isActive,
  keyOf,
  type Obj,
  objectsAt,
  ownedBy,
  ownedIn,
  remove,
  setStatus,
  specOf,
  statusOf,
  update,
  updateStatus,
} from './act.ts';
import type { Controller } from './controllers.ts';
import { tell } from './event.ts';
import { adoptOrphans, PODS, REPLICA_SETS } from './replica-set.ts';

const DEPLOYMENTS = 'apps/deployments';
const REVISION = 'deployment.kubernetes.io/revision';
const DESIRED = 'deployment.kubernetes.io/desired-replicas';
const MAXIMUM = 'deployment.kubernetes.io/max-replicas';
const HASH = 'pod-template-hash';

export const DEPLOYMENT_CONTROLLER: Controller = {
  name: 'deployment',
  keysOf({ storage, object }, cluster) {
    if (storage === DEPLOYMENTS) return [keyOf(object)];
    if (storage === REPLICA_SETS) {
      const owner = controllerOf(object);
      if (owner?.kind === 'Deployment') return [`${object.metadata.namespace}/${owner.name}`];
      return owner ? [] : cluster.store.list(DEPLOYMENTS, object.metadata.namespace).map(keyOf);
    }
    if (storage !== PODS) return [];
    // Recreate waits for the last old Pod to be gone.
    const set = controllerOf(object);
    const found = set && cluster.store.get(REPLICA_SETS, object.metadata.namespace ?? '', set.name);
    const owner = found && controllerOf(found);
    return owner ? [`${object.metadata.namespace}/${owner.name}`] : [];
  },
  reconcile(key, { cluster }) {
    const deployment = find(cluster, DEPLOYMENTS, key);
    if (!deployment) return;
    if (deployment.metadata.deletionTimestamp) {
      writeStatus(cluster, deployment);
      return;
    }
    adoptOrphans(cluster, REPLICA_SETS, deployment);
    const isPaused = specOf(deployment).paused === true;
    const current = findCurrent(cluster, deployment) ?? (isPaused ? undefined : createCurrent(cluster, deployment));
    if (current) {
      syncRevision(cluster, deployment, current);
      roll(cluster, deployment, current);
    }
    dropOldSets(cluster, deployment);
    writeStatus(cluster, deployment);
  },
};

function setsOf(cluster: Cluster, deployment: KubeObject): KubeObject[] {
  return ownedIn(cluster, REPLICA_SETS, deployment).sort((a, b) => revisionOf(a) - revisionOf(b));
}

function revisionOf(set: KubeObject): number {
  return Number(set.metadata.annotations?.[REVISION] ?? 0);
}

function findCurrent(cluster: Cluster, deployment: KubeObject): KubeObject | undefined {
  const wanted = withoutHash(specOf(deployment).template);
  return setsOf(cluster, deployment).find((set) => equalJson(withoutHash(specOf(set).template), wanted));
}

function withoutHash(template: unknown): unknown {
  const copy: Obj = isObject(template) ? structuredClone(template) : {};
  const labels = at(copy, 'metadata', 'labels');
  if (isObject(labels)) delete labels[HASH];
  return copy;
}

function createCurrent(cluster: Cluster, deployment: KubeObject): KubeObject | undefined {
  const { namespace = '', name = '' } = deployment.metadata;
  const spec = specOf(deployment);
  const hash = safeEncode(hashOf([spec.template, statusOf(deployment).collisionCount ?? 0]));
  const template = structuredClone(isObject(spec.template) ? spec.template : {});
  const metadata: Obj = isObject(template.metadata) ? template.metadata : {};
  template.metadata = { ...metadata, labels: { ...(isObject(metadata.labels) ? metadata.labels : {}), [HASH]: hash } };
  const selector: Obj = isObject(spec.selector) ? spec.selector : {};
  const matchLabels = { ...(isObject(selector.matchLabels) ? selector.matchLabels : {}), [HASH]: hash };
  const others = setsOf(cluster, deployment);
  const created = create(cluster, REPLICA_SETS, namespace, {
    metadata: {
      name: `${name}-${hash}`,
      labels: at(template, 'metadata', 'labels'),
      annotations: { ...annotationsFor(deployment), [REVISION]: String(Math.max(0, ...others.map(revisionOf)) + 1) },
      ownerReferences: [ownedBy(deployment)],
    },
    spec: {
      replicas: firstReplicas(deployment, others),
      selector: { ...selector, matchLabels },
      template,
      ...(spec.minReadySeconds ? { minReadySeconds: spec.minReadySeconds } : {}),
    },
  });
  if (!created) return undefined;
  tellOfScale(cluster, deployment, created, 0, replicasOf(created));
  return find(cluster, REPLICA_SETS, keyOf(created));
}

function tellOfScale(cluster: Cluster, deployment: KubeObject, set: KubeObject, from: number, to: number): void {
  if (from === to) return;
  const direction = to > from ? 'up' : 'down';
  const message = `Scaled ${direction} replica set ${set.metadata.name} from ${from} to ${to}`;
  tell(cluster, deployment, { reason: 'ScalingReplicaSet', message, component: 'deployment-controller' });
}

/** Annotations of the Deployment that its ReplicaSets repeat. */
function annotationsFor(deployment: KubeObject): Record<string, string> {
  const { replicas, surge } = bounds(deployment);
  const skipped = [
    'kubectl.kubernetes.io/last-applied-configuration',
    REVISION,
    'deployment.kubernetes.io/revision-history',
    DESIRED,
    MAXIMUM,
  ];
  const kept = Object.entries(deployment.metadata.annotations ?? {}).filter(([key]) => !skipped.includes(key));
  return { ...Object.fromEntries(kept), [DESIRED]: String(replicas), [MAXIMUM]: String(replicas + surge) };
}

interface Bounds {
  readonly replicas: number;
  readonly surge: number;
  readonly unavailable: number;
}

function bounds(deployment: KubeObject): Bounds {
  const spec = specOf(deployment);
  const replicas = Number(spec.replicas ?? 1);
  if (at(spec, 'strategy', 'type') === 'Recreate') return { replicas, surge: 0, unavailable: replicas };
  const surge = scaled(at(spec, 'strategy', 'rollingUpdate', 'maxSurge'), replicas, Math.ceil);
  const unavailable = scaled(at(spec, 'strategy', 'rollingUpdate', 'maxUnavailable'), replicas, Math.floor);
  // Both zero would never move (ResolveFenceposts).
  return { replicas, surge, unavailable: surge === 0 && unavailable === 0 ? 1 : Math.min(unavailable, replicas) };
}

function scaled(value: unknown, total: number, round: (value: number) => number): number {
  if (typeof value === 'string' && value.endsWith('%')) return round((Number.parseInt(value, 10) * total) / 100);
  return Number(value ?? 0);
}

function replicasOf(set: KubeObject): number {
  return Number(specOf(set).replicas ?? 0);
}

function firstReplicas(deployment: KubeObject, others: readonly KubeObject[]): number {
  const { replicas, surge } = bounds(deployment);
  const total = others.reduce((sum, set) => sum + replicasOf(set), 0);
  if (at(deployment, 'spec', 'strategy', 'type') === 'Recreate') return total === 0 ? replicas : 0;
  return Math.max(0, Math.min(replicas, replicas + surge - total));
}

function syncRevision(cluster: Cluster, deployment: KubeObject, current: KubeObject): void {
  const newest = Math.max(
    0,
    ...setsOf(cluster, deployment)
      .filter((set) => set.metadata.uid !== current.metadata.uid)
      .map(revisionOf),
  );
  const revision = revisionOf(current) > newest ? revisionOf(current) : newest + 1;
  annotate(cluster, REPLICA_SETS, keyOf(current), { ...annotationsFor(deployment), [REVISION]: String(revision) });
  annotate(cluster, DEPLOYMENTS, keyOf(deployment), { [REVISION]: String(revision) });
}

function annotate(cluster: Cluster, storage: string, key: string, annotations: Record<string, string>): void {
  const live = find(cluster, storage, key);
  if (!live) return;
  const own = live.metadata.annotations ?? {};
  if (Object.entries(annotations).every(([name, value]) => own[name] === value)) return;
  const next = { ...live, metadata: { ...live.metadata, annotations: { ...own, ...annotations } } };
  if (storage === DEPLOYMENTS) updateStatus(cluster, storage, next);
  else update(cluster, storage, next);
}

function scaleSet(cluster: Cluster, deployment: KubeObject, set: KubeObject, replicas: number): void {
  const live = find(cluster, REPLICA_SETS, keyOf(set));
  if (!live || replicasOf(live) === replicas) return;
  update(cluster, REPLICA_SETS, { ...live, spec: { ...specOf(live), replicas } });
  tellOfScale(cluster, deployment, live, replicasOf(live), replicas);
}

/** One step towards the current set having all replicas. */
function roll(cluster: Cluster, deployment: KubeObject, current: KubeObject): void {
  const { replicas, surge, unavailable } = bounds(deployment);
  const others = setsOf(cluster, deployment).filter((set) => set.metadata.uid !== current.metadata.uid);
  const old = others.filter((set) => replicasOf(set) > 0);
  if (specOf(deployment).paused === true && old.length > 0) return;
  if (at(deployment, 'spec', 'strategy', 'type') === 'Recreate') {
    for (const set of old) scaleSet(cluster, deployment, set, 0);
    const isClear = old.length === 0 && !others.some((set) => ownedIn(cluster, PODS, set).some(isActive));
    if (isClear) scaleSet(cluster, deployment, current, replicas);
    return;
  }
  const total = old.reduce((sum, set) => sum + replicasOf(set), 0);
  const room = Math.max(0, replicas + surge - total);
  scaleSet(cluster, deployment, current, Math.min(replicas, Math.max(room, Math.min(replicasOf(current), replicas))));
  scaleDownOld(cluster, deployment, current, old, replicas - unavailable);
}

/** First the Pods that are not available anyhow, then as many as the minimum allows. */
function scaleDownOld(
  cluster: Cluster,
  deployment: KubeObject,
  current: KubeObject,
  old: readonly KubeObject[],
  minimum: number,
): void {
  if (old.length === 0) return;
  const live = find(cluster, REPLICA_SETS, keyOf(current)) ?? current;
  const all = [...old, live];
  const available = (set: KubeObject) => Number(statusOf(set).availableReplicas ?? 0);
  const total = all.reduce((sum, set) => sum + replicasOf(set), 0);
  const unavailableNew = replicasOf(live) - available(live);
  let spare = total - minimum - unavailableNew;
  for (const set of old) {
    const unhealthy = Math.min(Math.max(0, replicasOf(set) - available(set)), Math.max(0, spare));
    if (unhealthy === 0) continue;
    scaleSet(cluster, deployment, set, replicasOf(set) - unhealthy);
    spare -= unhealthy;
  }
  let surplus = setsOf(cluster, deployment).reduce((sum, set) => sum + available(set), 0) - minimum;
  for (const set of old) {
    if (surplus <= 0) break;
    const now = find(cluster, REPLICA_SETS, keyOf(set));
    if (!now) continue;
    const down = Math.min(replicasOf(now), surplus);
    scaleSet(cluster, deployment, now, replicasOf(now) - down);
    surplus -= down;
  }
}

function dropOldSets(cluster: Cluster, deployment: KubeObject): void {
  const limit = Number(specOf(deployment).revisionHistoryLimit ?? 10);
  const current = findCurrent(cluster, deployment);
  const old = setsOf(cluster, deployment).filter(
    (set) =>
      set.metadata.uid !== current?.metadata.uid && replicasOf(set) === 0 && Number(statusOf(set).replicas ?? 0) === 0,
  );
  for (const set of old.slice(0, Math.max(0, old.length - limit))) remove(cluster, REPLICA_SETS, set);
}

function writeStatus(cluster: Cluster, deployment: KubeObject): void {
  const live = find(cluster, DEPLOYMENTS, keyOf(deployment));
  if (!live) return;
  const sets = setsOf(cluster, live);
  const current = findCurrent(cluster, live);
  const sum = (field: string) => sets.reduce((total, set) => total + Number(statusOf(set)[field] ?? 0), 0);
  const total = sum('replicas');
  const available = sum('availableReplicas');
  const ready = sum('readyReplicas');
  const updated = Number(current ? (statusOf(current).replicas ?? 0) : 0);
  const { replicas } = bounds(live);
  const unavailable = Math.max(0, sets.reduce((all, set) => all + replicasOf(set), 0) - available);
  setStatus(cluster, DEPLOYMENTS, live, {
    ...(live.metadata.generation === undefined ? {} : { observedGeneration: live.metadata.generation }),
    ...(total > 0 ? { replicas: total } : {}),
    ...(updated > 0 ? { updatedReplicas: updated } : {}),
    ...(ready > 0 ? { readyReplicas: ready } : {}),
    ...(available > 0 ? { availableReplicas: available } : {}),
    ...(unavailable > 0 ? { unavailableReplicas: unavailable } : {}),
    terminatingReplicas: sum('terminatingReplicas'),
    conditions: conditionsFor(cluster, live, current, { replicas, total, updated, available }),
  });
}

interface Counts {
  readonly replicas: number;
  readonly total: number;
  readonly updated: number;
  readonly available: number;
}

function conditionsFor(
  cluster: Cluster,
  deployment: KubeObject,
  current: KubeObject | undefined,
  counts: Counts,
): Obj[] {
  const { unavailable } = bounds(deployment);
  const isAvailable = counts.available >= counts.replicas - unavailable;
  const isComplete =
    counts.updated === counts.replicas && counts.total === counts.replicas && counts.available === counts.replicas;
  const name = current?.metadata.name ?? '';
  const conditions = [
    isAvailable
      ? condition('Available', 'True', 'MinimumReplicasAvailable', 'Deployment has minimum availability.')
      : condition('Available', 'False', 'MinimumReplicasUnavailable', 'Deployment does not have minimum availability.'),
    specOf(deployment).paused === true
      ? condition('Progressing', 'Unknown', 'DeploymentPaused', 'Deployment is paused')
      : isComplete
        ? condition(
            'Progressing',
            'True',
            'NewReplicaSetAvailable',
            `ReplicaSet "${name}" has successfully progressed.`,
          )
        : condition('Progressing', 'True', 'ReplicaSetUpdated', `ReplicaSet "${name}" is progressing.`),
  ];
  const before = objectsAt(statusOf(deployment), 'conditions');
  const now = timestamp(cluster);
  const ordered = conditions.map((next) => {
    const own = before.find(({ type }) => type === next.type);
    if (own && own.status === next.status && own.reason === next.reason && own.message === next.message) return own;
    const { type, status, reason, message } = next;
    const lastTransitionTime = own && own.status === status ? own.lastTransitionTime : now;
    return { type, status, lastUpdateTime: now, lastTransitionTime, reason, message };
  });
  // Conditions stay in the order in which they first came; a changed one goes to the end.
  const changed = ordered.filter((next) => !before.includes(next));
  const isForeign = ({ type }: Obj) => !ordered.some((next) => next.type === type);
  return [...before.filter((own) => ordered.includes(own) || isForeign(own)), ...changed];
}

function condition(type: string, status: string, reason: string, message: string) {
  return { type, status, reason, message };
}
