// The chains of webhooks: mutating ones in turn, each seeing what those before it did, then validating ones all at once.
//
// Source: k8s.io/apiserver, pkg/admission/plugin/webhook/{mutating,validating}/dispatcher.go and mutating/reinvocationcontext.go.

import { messageOf } from '../../base/errors.ts';
import { isObject } from '../../base/json.ts';
import type { KubeObject } from '../../kube/object.ts';
import { equalJson } from '../../typed/equal.ts';
import { refuse } from '../http/status.ts';
import { applyJsonPatch } from '../patch/json-patch.ts';
import { presentAs } from '../storage/versions.ts';
import type { Attributes } from './attributes.ts';
import { type Called, type Caller, callWebhook } from './call.ts';
import { type Webhook, webhooksOf } from './match.ts';

/** The object after all mutating webhooks. Throws Refusal. */
export async function mutateByWebhooks(attributes: Attributes, caller: Caller): Promise<KubeObject | undefined> {
  let { object } = attributes;
  /** Called already, and willing to be called again. */
  const willing = new Set<string>();
  const again = new Set<string>();
  const call = async (webhook: Webhook) => {
    const called = await callWebhook('mutating', webhook, { ...attributes, object }, caller);
    const next = called && patched(webhook, { ...attributes, object }, called);
    if (next !== undefined && !equalJson(next, object)) {
      for (const key of willing) again.add(key);
      willing.clear();
      object = next;
    }
    if (called && webhook.body.reinvocationPolicy === 'IfNeeded') willing.add(keyOf(webhook));
  };
  const webhooks = webhooksOf(caller.cluster, 'mutating');
  for (const webhook of webhooks) await call(webhook);
  const due = new Set(again);
  for (const webhook of webhooks) if (due.has(keyOf(webhook))) await call(webhook);
  return object;
}

function keyOf({ configuration, name }: Webhook): string {
  return `${configuration}/${name}`;
}

function patched(
  webhook: Webhook,
  { object, resource, as }: Attributes,
  { patch, told }: Called,
): KubeObject | undefined {
  if (patch === undefined) return undefined;
  const name = JSON.stringify(webhook.name);
  if (!object)
    throw internal(
      `admission webhook ${name} attempted to modify the object, which is not supported for this operation`,
    );
  try {
    const value = applyJsonPatch(as ? object : presentAs(told, object), patch);
    if (!isObject(value)) throw new Error('the patch leaves no object');
    if (as) return { ...object, ...value };
    const { object: decoded } = told.schema.decode(value, undefined, 'map');
    return presentAs(resource, told.schema.setDefaults(decoded));
  } catch (error) {
    throw internal(messageOf(error));
  }
}

function internal(reason: string): Error {
  return refuse(500, 'InternalError', `Internal error occurred: ${reason}`, { causes: [{ message: reason }] });
}

/** Asks all validating webhooks. Throws the Refusal of the first that does not allow. */
export async function validateByWebhooks(attributes: Attributes, caller: Caller): Promise<void> {
  const calls = webhooksOf(caller.cluster, 'validating').map((webhook) =>
    callWebhook('validating', webhook, attributes, caller),
  );
  const results = await Promise.allSettled(calls);
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}
