// AdmissionReviews: what a webhook is told of a write, and what it answers.
//
// Source: k8s.io/apiserver, pkg/admission/plugin/webhook/request/admissionreview.go and errors/statuserror.go.

import { at, isObject, stringAt } from '../../base/json.ts';
import type { KubeObject } from '../../kube/object.ts';
import type { TokenUser } from '../auth/authorize.ts';
import { type Refusal, refuse } from '../http/status.ts';
import type { Resource } from '../resource/resource.ts';
import { presentAs } from '../storage/versions.ts';
import type { Attributes } from './attributes.ts';
import type { WebhookType } from './match.ts';

export type ReviewRequest = Readonly<Record<string, unknown>>;

const OPTIONS = { CREATE: 'CreateOptions', UPDATE: 'UpdateOptions', DELETE: 'DeleteOptions' } as const;

/** `told` is the kind in the version that the webhook registered for. */
export function reviewRequest(
  uid: string,
  attributes: Attributes,
  told: Resource,
  user: TokenUser | undefined,
): ReviewRequest {
  const { resource, subresource, name, namespace, operation, object, oldObject, dryRun, options, as } = attributes;
  const kindOf = ({ group, version, kind }: Resource) => as ?? { group, version, kind };
  const resourceOf = ({ group, version, plural }: Resource) => ({ group, version, resource: plural });
  const shown = (value: KubeObject | undefined) => (value && !as ? presentAs(told, value) : (value ?? null));
  return {
    uid,
    kind: kindOf(told),
    resource: resourceOf(told),
    ...(subresource && { subResource: subresource }),
    requestKind: kindOf(resource),
    requestResource: resourceOf(resource),
    ...(subresource && { requestSubResource: subresource }),
    ...(name && { name }),
    ...(namespace && { namespace }),
    operation,
    userInfo: { username: user?.user ?? 'system:anonymous', groups: user?.groups ?? ['system:authenticated'] },
    object: shown(object),
    oldObject: shown(oldObject),
    dryRun,
    options: {
      kind: OPTIONS[operation],
      apiVersion: 'meta.k8s.io/v1',
      ...(dryRun && { dryRun: ['All'] }),
      ...options,
    },
  };
}

export interface Verdict {
  /** Why not, if not. */
  readonly denied?: Refusal;
  /** A JSON patch. */
  readonly patch?: unknown;
  readonly warnings: readonly string[];
}

/** Reads an answer. Throws Error for one that is none. */
export function readReview(type: WebhookType, name: string, uid: string, review: unknown): Verdict {
  const kind = `${stringAt(review, 'apiVersion') ?? ''}, Kind=${stringAt(review, 'kind') ?? ''}`;
  if (kind !== 'admission.k8s.io/v1, Kind=AdmissionReview')
    throw new Error(`expected webhook response of admission.k8s.io/v1, Kind=AdmissionReview, got ${kind}`);
  const response = at(review, 'response');
  if (!isObject(response)) throw new Error('webhook response was absent');
  const { patchType, patch } = response;
  if (response.uid !== uid)
    throw new Error(`expected response.uid=${JSON.stringify(uid)}, got ${JSON.stringify(response.uid ?? '')}`);
  if (type === 'validating') {
    if (patch) throw new Error('validating webhook may not return response.patch');
    if (patchType !== undefined) throw new Error('validating webhook may not return response.patchType');
  } else {
    if (patch && patchType === undefined) throw new Error('webhook returned response.patch but not response.patchType');
    if (!patch && patchType !== undefined)
      throw new Error('webhook returned response.patchType but not response.patch');
    if (patchType === '') throw new Error('webhook returned invalid response.patchType of ""');
  }
  const warnings = Array.isArray(response.warnings) ? response.warnings.map(String) : [];
  if (response.allowed !== true) return { denied: denial(name, response.status), warnings };
  if (typeof patch !== 'string' || patch === '') return { warnings };
  if (patchType !== 'JSONPatch') throw new Error(`unsupported patch type ${JSON.stringify(patchType)}`);
  const bytes = Uint8Array.from(atob(patch), (char) => char.charCodeAt(0));
  return { patch: JSON.parse(new TextDecoder().decode(bytes)), warnings };
}

/** ToStatusErr: the webhook's own words after who said them. */
function denial(name: string, status: unknown): Refusal {
  const message = stringAt(status, 'message') ?? '';
  const reason = stringAt(status, 'reason') ?? '';
  const code = at(status, 'code');
  const by = `admission webhook ${JSON.stringify(name)} denied the request`;
  const why = message || reason;
  const text = why === '' ? `${by} without explanation` : `${by}: ${why}`;
  return refuse(typeof code === 'number' && code >= 400 ? code : 400, reason, text);
}
