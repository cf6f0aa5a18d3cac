// The health of an Application from that of its objects (Argo CD: controller/health.go, setApplicationHealth).

import { ANNOTATION, annotationOf } from '../application/annotations.ts';
import type { Difference } from '../application/difference.ts';
import { isHook, isSkipped } from '../application/hook.ts';
import type { HealthCode, HealthStatus, ResourceStatus } from '../application/types.ts';
import type { KubeObject, ObjectKey } from '../kube/object.ts';
import { resourceHealth } from './health.ts';

export interface ApplicationHealth {
  readonly health: HealthStatus;
  /** Beside the differences; undefined where there is no check or where the object does not count. */
  readonly resources: readonly (HealthStatus | undefined)[];
}

export interface HealthContext {
  /** The Application itself, which does not count when it manages itself. */
  readonly self?: { readonly namespace: string; readonly name: string };
  /** Default: the built-in checks. */
  readonly healthOf?: (object: KubeObject) => HealthStatus | undefined;
}

type Resource = Pick<Difference, 'key' | 'target' | 'live'>;

/** Best to worst. */
const ORDER: readonly HealthCode[] = ['Healthy', 'Suspended', 'Progressing', 'Missing', 'Degraded', 'Unknown'];
const CAUSES_SHOWN = 3;

export function isWorse(than: HealthCode, code: HealthCode): boolean {
  return ORDER.indexOf(code) > ORDER.indexOf(than);
}

/** The worst of the resources', with its causes as message; Missing when there should be objects and not one is there. */
export function aggregateHealth(resources: readonly Resource[], context: HealthContext = {}): ApplicationHealth {
  const healthOf = context.healthOf ?? resourceHealth;
  const tally = createTally();
  const healths = resources.map((resource): HealthStatus | undefined => {
    const { target, live, key } = resource;
    if (target && isSkipped(target)) return undefined;
    // A hook that is not live is none yet: only objects of the cluster are told apart here, as Argo CD does.
    if (isHook(live ?? target ?? nothing)) return undefined;
    const isIgnored =
      live && (annotationOf(live, ANNOTATION.ignoreHealthCheck) === 'true' || isSelf(key, context.self));
    const status = live && !isIgnored ? healthOf(live) : undefined;
    tally.add(key, status, live !== undefined);
    return live ? status : { status: 'Missing' };
  });
  return { health: tally.health(), resources: healths };
}

/** The same of healths that are known already, as `status.resources` has them. */
export function aggregateStatuses(resources: readonly ResourceStatus[]): HealthStatus {
  const tally = createTally();
  for (const { group = '', kind, namespace = '', name, hook, health } of resources) {
    if (hook) continue;
    const key = { group, kind, namespace, name };
    const isLive = health?.status !== 'Missing' || isApplication(key);
    tally.add(key, isLive ? health : undefined, isLive);
  }
  return tally.health();
}

function createTally() {
  let worst: HealthCode = 'Healthy';
  let causes: ObjectKey[] = [];
  let hasResources = false;
  let hasLive = false;
  return {
    add(key: ObjectKey, status: HealthStatus | undefined, isLive: boolean): void {
      hasResources = true;
      hasLive ||= isLive;
      if (!status || isHarmlessChild(key, status.status)) return;
      if (isWorse(worst, status.status)) {
        worst = status.status;
        causes = [key];
      } else if (status.status === worst && worst !== 'Healthy') {
        causes.push(key);
      }
    },
    health(): HealthStatus {
      if (hasResources && !hasLive && isWorse(worst, 'Missing')) return { status: 'Missing' };
      const message = formatCauses(causes);
      return message === '' ? { status: worst } : { status: worst, message };
    },
  };
}

const nothing: KubeObject = { apiVersion: '', kind: '', metadata: {} };

function isSelf(key: ObjectKey, self: HealthContext['self']): boolean {
  return isApplication(key) && key.name === self?.name && key.namespace === self.namespace;
}

/** A child Application that nobody has looked at yet says nothing about its parent. */
function isHarmlessChild(key: ObjectKey, status: HealthCode): boolean {
  return isApplication(key) && (status === 'Missing' || status === 'Unknown');
}

function isApplication(key: ObjectKey): boolean {
  return key.group === 'argoproj.io' && key.kind === 'Application';
}

function formatCauses(causes: readonly ObjectKey[]): string {
  if (causes.length === 0) return '';
  const shown = causes.slice(0, CAUSES_SHOWN).map(({ group, kind, namespace, name }) => {
    return `${group ? `${group}/` : ''}${kind}:${namespace ? `${namespace}/` : ''}${name}`;
  });
  const more = causes.length > CAUSES_SHOWN ? ` and ${causes.length - CAUSES_SHOWN} more` : '';
  return `Caused by ${shown.join(', ')}${more}`;
}
