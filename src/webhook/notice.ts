// The endpoint of admission notices: an AdmissionReview comes in, `allowed` goes out at once, and hawser looks for itself afterwards.
// Anybody who reaches it can at most make hawser look: nothing of the review is believed but which object to look at.

import { NOTICE_PATH } from '../application/install-notices.ts';
import { isObject } from '../base/json.ts';
import { isKubeObject } from '../kube/parse.ts';
import type { Notice } from '../operation/notice.ts';
import { createLargeBodies, readBody } from './body.ts';

/** An object has at most some 3 MB in JSON; a review holds two. */
const MAX_BYTES = 8 << 20;
const LARGE_BODIES = 4;

/** Answers the API server's POSTs of admission.k8s.io/v1. Throws nothing: what cannot be read is answered 400. */
export function createNoticeHandler(onNotice: (notice: Notice) => void): (request: Request) => Promise<Response> {
  const largeBodies = createLargeBodies(LARGE_BODIES);
  return async (request) => {
    if (new URL(request.url).pathname !== NOTICE_PATH) return new Response('not found\n', { status: 404 });
    if (request.method !== 'POST') return new Response('POST an AdmissionReview\n', { status: 405 });
    let review: unknown;
    try {
      review = JSON.parse(new TextDecoder().decode(await readBody(request, MAX_BYTES, largeBodies)));
    } catch {
      return new Response('no AdmissionReview: not JSON, or too large\n', { status: 400 });
    }
    const asked = isObject(review) ? review.request : undefined;
    if (!isObject(review) || !isObject(asked) || typeof asked.uid !== 'string') {
      return new Response('no AdmissionReview: request.uid is missing\n', { status: 400 });
    }
    const notice = noticeOf(asked);
    if (notice) onNotice(notice);
    return Response.json({
      apiVersion: 'admission.k8s.io/v1',
      kind: 'AdmissionReview',
      response: { uid: asked.uid, allowed: true },
    });
  };
}

/** undefined for a dry run, and for an operation that changes no object. */
export function noticeOf(request: Readonly<Record<string, unknown>>): Notice | undefined {
  const { operation, object, oldObject, dryRun } = request;
  if (dryRun === true) return undefined;
  if (operation !== 'CREATE' && operation !== 'UPDATE' && operation !== 'DELETE') return undefined;
  return {
    operation,
    ...(isKubeObject(object) && { object }),
    ...(isKubeObject(oldObject) && { before: oldObject }),
  };
}
