// AdmissionReviews of the API server: what somebody is about to write, and the answer.

import { at, isObject, stringAt } from '../base/json.ts';
import { isKubeObject } from '../kube/parse.ts';
import type { Advice } from '../operation/drift-advice.ts';
import type { Notice } from '../operation/notice.ts';
import type { Writer } from '../operation/writer.ts';

export interface AdmissionReview {
  readonly uid: string;
  /** undefined for an operation that changes no object. */
  readonly notice: Notice | undefined;
  readonly isDryRun: boolean;
}

/** undefined for what is no review. */
export function parseReview(review: unknown): AdmissionReview | undefined {
  const request = at(review, 'request');
  if (!isObject(request) || typeof request.uid !== 'string') return undefined;
  return { uid: request.uid, notice: noticeOf(request), isDryRun: request.dryRun === true };
}

function noticeOf(request: Readonly<Record<string, unknown>>): Notice | undefined {
  const { operation, object, oldObject, subResource } = request;
  if (operation !== 'CREATE' && operation !== 'UPDATE' && operation !== 'DELETE') return undefined;
  if (subResource !== undefined && subResource !== '' && subResource !== 'scale') return undefined;
  const plural = stringAt(request, 'resource', 'resource') ?? '';
  const group = stringAt(request, 'resource', 'group') ?? '';
  return {
    operation,
    ...(isKubeObject(object) && { object }),
    ...(isKubeObject(oldObject) && { before: oldObject }),
    ...(subResource === 'scale' && { scaled: { group, plural } }),
    ...writerOf(request),
  };
}

function writerOf(request: Readonly<Record<string, unknown>>): { writer?: Writer } {
  const username = stringAt(request, 'userInfo', 'username');
  if (username === undefined) return {};
  const manager = stringAt(request, 'options', 'fieldManager');
  const namesObject = at(request, 'options', 'preconditions', 'uid') !== undefined;
  return { writer: { username, ...(manager && { manager }), ...(namesObject && { namesObject }) } };
}

export function answerReview(uid: string, { refusal, warnings }: Advice): Response {
  const response = {
    uid,
    allowed: refusal === undefined,
    ...(refusal !== undefined && { status: { code: 403, reason: 'Forbidden', message: refusal } }),
    ...(warnings.length > 0 && { warnings }),
  };
  return Response.json({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', response });
}
