// One call of one webhook over HTTPS.
//
// Source: k8s.io/apiserver, pkg/admission/plugin/webhook/{mutating,validating}/dispatcher.go and pkg/util/webhook/client.go.

import { messageOf } from '../../base/errors.ts';
import { at, isObject, stringAt } from '../../base/json.ts';
import type { TokenUser } from '../auth/authorize.ts';
import { type Cluster, newUid } from '../cluster.ts';
import { badRequest, refuse } from '../http/status.ts';
import type { Resource } from '../resource/resource.ts';
import { readReview, reviewRequest, type Verdict } from './admission-review.ts';
import type { Attributes } from './attributes.ts';
import { failsOpen, matchWebhook, meetsConditions, type Webhook, type WebhookType } from './match.ts';

/** How the sandbox reaches a webhook: as fetch does, with the certificate (PEM) to trust. */
export type CallWebhook = (
  url: string,
  init: { method: 'POST'; headers: Readonly<Record<string, string>>; body: string; signal: AbortSignal },
  trust: { readonly ca?: string },
) => Promise<Response>;

export interface Caller {
  readonly cluster: Cluster;
  readonly user: TokenUser | undefined;
  readonly call: CallWebhook | undefined;
  /** Told to the client. */
  readonly warnings: string[];
}

export interface Called extends Verdict {
  /** The version of the kind that the webhook was told of; its patch is of that form. */
  readonly told: Resource;
}

const DEFAULT_TIMEOUT_SECONDS = 10;

/** Calls a webhook that a write concerns; undefined where it does not, or where its failure is ignored. Throws Refusal. */
export async function callWebhook(
  type: WebhookType,
  webhook: Webhook,
  attributes: Attributes,
  caller: Caller,
): Promise<Called | undefined> {
  const told = matchWebhook(caller.cluster, webhook, attributes);
  if (!told) return undefined;
  const uid = newUid(caller.cluster);
  const request = reviewRequest(uid, attributes, told, caller.user);
  const variables = { object: request.object, oldObject: request.oldObject, request };
  if (!meetsConditions(webhook, attributes, variables)) return undefined;
  const { sideEffects } = webhook.body;
  if (attributes.dryRun && sideEffects !== 'None' && sideEffects !== 'NoneOnDryRun')
    throw badRequest(`admission webhook ${JSON.stringify(webhook.name)} does not support dry run`);
  let verdict: Verdict;
  try {
    const answer = await post(webhook, { kind: 'AdmissionReview', apiVersion: 'admission.k8s.io/v1', request }, caller);
    verdict = await receive(() => readReview(type, webhook.name, uid, answer));
  } catch (error) {
    if (failsOpen(webhook)) return undefined;
    const reason = `failed calling webhook ${JSON.stringify(webhook.name)}: ${messageOf(error)}`;
    throw refuse(500, 'InternalError', `Internal error occurred: ${reason}`, { causes: [{ message: reason }] });
  }
  caller.warnings.push(...verdict.warnings);
  if (verdict.denied) throw verdict.denied;
  return { ...verdict, told };
}

function receive(read: () => Verdict): Verdict {
  try {
    return read();
  } catch (error) {
    throw new Error(`received invalid webhook response: ${messageOf(error)}`);
  }
}

async function post(webhook: Webhook, review: unknown, { cluster, call }: Caller): Promise<unknown> {
  const seconds = Number(webhook.body.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS);
  const url = addressOf(cluster, webhook);
  url.searchParams.set('timeout', `${seconds}s`);
  const bundle = stringAt(webhook.body, 'clientConfig', 'caBundle');
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(), seconds * 1000);
  const headers = { 'Content-Type': 'application/json', Accept: 'application/json' };
  const init = { method: 'POST', headers, body: JSON.stringify(review), signal: timeout.signal } as const;
  try {
    if (!call) throw new Error('this sandbox was given no way to call webhooks');
    const response = await call(url.href, init, bundle ? { ca: atob(bundle) } : {});
    const text = await response.text();
    if (!response.ok) throw new Error(refusalOf(response.status, text));
    return JSON.parse(text);
  } catch (error) {
    const why = timeout.signal.aborted ? 'context deadline exceeded' : messageOf(error);
    throw new Error(`failed to call webhook: Post ${JSON.stringify(url.href)}: ${why}`);
  } finally {
    clearTimeout(timer);
  }
}

/** The words of a client for an answer that is no success (errors.NewGenericServerResponse). */
function refusalOf(status: number, text: string): string {
  if (status === 404) return 'the server could not find the requested resource';
  if (status >= 500)
    return `an error on the server (${JSON.stringify(text.slice(0, 2048))}) has prevented the request from succeeding`;
  return 'the server rejected our request for an unknown reason';
}

/** Nothing listens behind the Services of a sandbox. */
function addressOf(cluster: Cluster, { body }: Webhook): URL {
  const service = at(body, 'clientConfig', 'service');
  if (!isObject(service)) return new URL(stringAt(body, 'clientConfig', 'url') ?? '');
  const name = stringAt(service, 'name') ?? '';
  const namespace = stringAt(service, 'namespace') ?? '';
  const url = new URL(
    stringAt(service, 'path') ?? '/',
    `https://${name}.${namespace}.svc:${at(service, 'port') ?? 443}`,
  );
  const why = cluster.store.get('/services', namespace, name)
    ? `no endpoints available for service ${JSON.stringify(name)}`
    : `service ${JSON.stringify(name)} not found`;
  throw new Error(`failed to call webhook: Post ${JSON.stringify(url.href)}: ${why}`);
}
