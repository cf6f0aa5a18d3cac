// What the deletion of an Application deletes next, as a value (Argo CD: controller/appcontroller.go, finalizeApplicationDeletion).

import { ANNOTATION, annotationList, syncOptionOf } from '../application/annotations.ts';
import { syncOption } from '../application/parse.ts';
import { syncWave } from '../application/wave.ts';
import { formatKey, groupOf, type KubeObject, keyOf } from '../kube/object.ts';
import { isCrd } from './task.ts';

export interface DeletionInput {
  /** What the Application has in the cluster, each object once. */
  readonly lives: readonly KubeObject[];
  readonly application: { readonly namespace: string; readonly name: string };
  /** `syncPolicy.syncOptions` */
  readonly syncOptions: readonly string[];
  /** Objects (`formatKey`) of which the last comparison says that they want a confirmation: Git may say so where live does not. */
  readonly asking?: ReadonlySet<string>;
  /** A person has confirmed this deletion. */
  readonly isApproved: boolean;
  /** Whether the AppProject lets an object be touched. */
  readonly isPermitted?: (object: KubeObject) => boolean;
}

export interface DeletionPlan {
  /** To be deleted now. */
  readonly remove: readonly KubeObject[];
  /** On their way out already. Lower waves wait until those of a higher one are gone. */
  readonly leaving: readonly KubeObject[];
  /** Wait for a person's word; until it comes nothing is deleted. */
  readonly unconfirmed: readonly KubeObject[];
}

/**
 * Pure: one pass of the deletion, over all of the highest wave that is left. Nothing in any list: it is done. What somebody else has
 * begun to delete holds up no higher wave: a claim, say, goes only when the Pods of its StatefulSet have gone.
 */
export function planDeletion(input: DeletionInput): DeletionPlan {
  const doomed = input.lives.filter((object) => isDoomed(object, input));
  const isLeaving = ({ metadata }: KubeObject) => metadata.deletionTimestamp !== undefined;
  const unconfirmed = doomed.filter(
    (object) => !input.isApproved && !isLeaving(object) && needsConfirmation(object, input),
  );
  if (unconfirmed.length > 0) return { remove: [], leaving: [], unconfirmed };
  const highest = Math.max(...doomed.map(syncWave));
  const wave = doomed.filter((object) => syncWave(object) === highest);
  return { remove: wave.filter((object) => !isLeaving(object)), leaving: wave.filter(isLeaving), unconfirmed: [] };
}

/** Goes with its Application. An Application that manages itself goes by its own deletion. */
function isDoomed(object: KubeObject, { application, syncOptions, isPermitted }: DeletionInput): boolean {
  const isKept = (syncOptionOf(object, 'Delete') ?? syncOption(syncOptions, 'Delete')) === 'false';
  const isKeptByHelm = annotationList(object, ANNOTATION.helmResourcePolicy).includes('keep');
  if (isCrd(object) || isKept || isKeptByHelm || isItself(object, application)) return false;
  return isPermitted?.(object) !== false;
}

function isItself({ apiVersion, kind, metadata }: KubeObject, application: DeletionInput['application']): boolean {
  return (
    groupOf(apiVersion) === 'argoproj.io' &&
    kind === 'Application' &&
    metadata.namespace === application.namespace &&
    metadata.name === application.name
  );
}

/** `Prune=confirm` asks for it, too: a deletion is not the way around it. */
function needsConfirmation(object: KubeObject, { asking, syncOptions }: DeletionInput): boolean {
  if (asking?.has(formatKey(keyOf(object)))) return true;
  return ['Delete', 'Prune'].some(
    (name) => (syncOptionOf(object, name) ?? syncOption(syncOptions, name)) === 'confirm',
  );
}
