// What can be said of an object before its namespace or its kind is there: both come into being by the very plan that has it.

import { messageOf } from '../base/errors.ts';
import { at } from '../base/json.ts';
import { groupOf, type KubeObject, versionOf } from '../kube/object.ts';
import { isAlreadyExists, refusal, refusalReason, refusalStatus, unknownKind } from '../kube/refusal.ts';
import { setCustomDefaults, prune as withoutUnknown } from '../typed/custom/prune.ts';
import { readCustomSchema } from '../typed/custom/schema.ts';
import { validateCustom } from '../typed/custom/validate.ts';
import type { SyncTask } from './task.ts';
import { crdKind, isCrd, isNamespace, kindOf } from './task.ts';
import type { WriteContext } from './write-object.ts';

/** A namespace that every cluster has, and in which a dry run leaves nothing behind. */
const STAND_IN = 'default';

/** A Namespace or a CRD. */
export function isBringer(object: KubeObject | undefined): boolean {
  return object !== undefined && (isNamespace(object) || isCrd(object));
}

/**
 * The task of the same plan that makes this one's namespace or kind, both of which were missing when the plan was made. The
 * destination namespace is not among them: it is made before everything is tried.
 */
export function bringerOf({ target }: SyncTask, tasks: readonly SyncTask[], destination: string): SyncTask | undefined {
  if (!target) return undefined;
  const { namespace } = target.metadata;
  const kind = kindOf(target);
  return tasks.find((other) => {
    if (!other.target || !other.difference || other.difference.live) return false;
    if (namespace && namespace !== destination && isNamespace(other.target, namespace)) return true;
    return crdKind(other.target) === kind;
  });
}

/**
 * Whether the API server would create it, were it not there: what has to be deleted first is tried by that. Throws what it says
 * against it.
 */
export async function tryCreate(target: KubeObject, validate: boolean, context: WriteContext): Promise<void> {
  const { client, signal } = context;
  try {
    await client.create(target, { dryRun: true, fieldValidation: validate ? 'Strict' : 'Ignore', signal });
  } catch (error) {
    // Everything is checked before the name is found taken. A quota counts the old one still.
    if (isAlreadyExists(error) || (refusalStatus(error) === 403 && /exceeded quota/.test(messageOf(error)))) return;
    throw error;
  }
}

/** The object in another namespace, made of no more than a dry run. Only what is wrong with the object itself counts there. */
export async function tryInStandIn(target: KubeObject, validate: boolean, context: WriteContext): Promise<void> {
  const there = { ...target, metadata: { ...target.metadata, namespace: STAND_IN } };
  try {
    await tryCreate(there, validate, context);
  } catch (error) {
    const isInvalid = refusalStatus(error) === 422 && refusalReason(error) === 'Invalid';
    const isUnreadable = refusalStatus(error) === 400;
    // Rights, policies and webhooks may be others in the namespace that comes.
    if ((isInvalid || isUnreadable) && !/admission webhook/.test(messageOf(error))) throw error;
  }
}

/** By the schema of the CRD that comes, which the API server would hold against it. Rules in CEL are left to the dry run of its wave. */
export function checkByDefinition(target: KubeObject, crd: KubeObject, validate: boolean): void {
  const { apiVersion, kind, metadata } = target;
  const versions = at(crd, 'spec', 'versions');
  const version = (Array.isArray(versions) ? versions : []).find((one) => at(one, 'name') === versionOf(apiVersion));
  if (!version || at(version, 'served') !== true) throw unknownKind(apiVersion, kind);
  const schema = readCustomSchema(at(version, 'schema', 'openAPIV3Schema'));
  const unknown: string[] = [];
  const pruned = withoutUnknown(schema, structuredClone(target), unknown);
  setCustomDefaults(schema, pruned);
  const name = `${metadata.namespace ? `${metadata.namespace}/` : ''}${metadata.name ?? ''}`;
  if (validate && unknown.length > 0) {
    const fields = unknown.map((path) => `.${path}: field not declared in schema`);
    const text = `failed to create typed patch object (${name}; ${apiVersion}, Kind=${kind}): `;
    throw refusal(400, 'BadRequest', text + (fields.length > 1 ? `errors:\n  ${fields.join('\n  ')}` : fields[0]));
  }
  const { metadata: _, ...fields } = { ...target, ...(pruned instanceof Object ? pruned : {}) };
  const findings = validateCustom(schema, fields).map(({ field, message }) => `${field}: ${message}`);
  if (findings.length === 0) return;
  const text = findings.length === 1 ? findings[0] : `[${findings.join(', ')}]`;
  const qualified = `${kind}.${groupOf(apiVersion)}`;
  throw refusal(422, 'Invalid', `${qualified} ${JSON.stringify(metadata.name ?? '')} is invalid: ${text}`);
}
