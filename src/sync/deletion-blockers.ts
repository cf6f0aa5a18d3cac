// Why objects that are being deleted are still there, in sentences for people.

import { at, stringAt } from '../base/json.ts';
import { formatKey, type KubeObject, keyOf } from '../kube/object.ts';

/** So many are named; of the others only the number. */
const NAMED = 10;

const KNOWN_FINALIZERS: Readonly<Record<string, string>> = {
  foregroundDeletion: 'waits until its dependents are gone',
  orphan: 'waits until its dependents are set free',
  'kubernetes.io/pvc-protection': 'is used by a Pod',
  'kubernetes.io/pv-protection': 'is bound to a claim',
  'service.kubernetes.io/load-balancer-cleanup': 'waits until its load balancer is taken down',
};

/** One line: which objects hold a deletion up, and who holds them. */
export function sayBlockers(leaving: readonly KubeObject[]): string {
  const names = leaving.slice(0, NAMED).map((object) => `${nameOf(object)} ${reasonOf(object)}`);
  const more = leaving.length - names.length;
  return `${names.join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
}

/** `v1/Namespace shop`, without what is empty. */
export function nameOf(object: KubeObject): string {
  return formatKey(keyOf(object)).replace(/^\//, '').replace(/:\/?/, ' ');
}

function reasonOf(object: KubeObject): string {
  const reasons = (object.metadata.finalizers ?? []).map(
    (finalizer) => KNOWN_FINALIZERS[finalizer] ?? `is held by the finalizer ${finalizer}`,
  );
  const conditions = at(object, 'status', 'conditions');
  // A Namespace tells itself what is left in it.
  const contents = (Array.isArray(conditions) && object.kind === 'Namespace' ? conditions : []).flatMap((condition) =>
    at(condition, 'status') === 'True' ? (stringAt(condition, 'message') ?? []) : [],
  );
  const all = [...reasons, ...contents];
  return all.length > 0 ? all.join(', ') : 'is terminating';
}
