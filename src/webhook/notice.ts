// The endpoint of admission notices: an AdmissionReview comes in, the answer goes out at once and from memory, and hawser looks for itself
// afterwards. Anybody who reaches it can at most make hawser look: of what a review says only who wrote is believed, and that only where
// it came by the secret path.

import { DRIFT_PATH, type DriftMode, NOTICE_PATH } from '../application/install-notices.ts';
import { isHawserError } from '../base/errors.ts';
import type { Hawser } from '../operation/hawser.ts';
import { answerReview, parseReview } from './admission-review.ts';
import { createLargeBodies, readBody } from './body.ts';

/** An object has at most some 3 MB in JSON; a review holds two. */
const MAX_BYTES = 8 << 20;
const LARGE_BODIES = 4;

export type NoticeReader = Pick<Hawser, 'advise' | 'notice'>;

/** Answers the API server's POSTs of admission.k8s.io/v1. Throws nothing: what cannot be read is answered 400. */
export function createNoticeHandler(hawser: NoticeReader): (request: Request) => Promise<Response> {
  const largeBodies = createLargeBodies(LARGE_BODIES);
  return async (request) => {
    const place = parseNoticePath(new URL(request.url).pathname);
    if (!place) return new Response('not found\n', { status: 404 });
    if (request.method !== 'POST') return new Response('POST an AdmissionReview\n', { status: 405 });
    let body: unknown;
    try {
      body = JSON.parse(new TextDecoder().decode(await readBody(request, MAX_BYTES, largeBodies)));
    } catch (error) {
      if (!(error instanceof SyntaxError) && !isHawserError(error)) throw error;
      return new Response('no AdmissionReview: not JSON, or too large\n', { status: 400 });
    }
    const review = parseReview(body);
    if (!review) return new Response('no AdmissionReview: request.uid is missing\n', { status: 400 });
    const { uid, notice, isDryRun } = review;
    if (!notice) return answerReview(uid, { warnings: [] });
    const advice = hawser.advise(notice, place.mode);
    if (!isDryRun) {
      const { secret } = place;
      const isRefused = advice.refusal !== undefined;
      hawser.notice({ ...notice, ...(secret !== undefined && { secret }), ...(isRefused && { isRefused }) });
    }
    return answerReview(uid, advice);
  };
}

/** `/notice`, `/api/drift`, and both with the secret behind it; `…/enforce` where people are refused. */
export function parseNoticePath(path: string): { readonly secret?: string; readonly mode: DriftMode } | undefined {
  const base = [NOTICE_PATH, DRIFT_PATH].find((start) => path === start || path.startsWith(`${start}/`));
  if (base === undefined) return undefined;
  const [secret, mode, ...more] = path.slice(base.length + 1).split('/');
  if (more.length > 0 || (mode !== undefined && mode !== 'enforce')) return undefined;
  return { ...(secret && { secret }), mode: mode === 'enforce' ? 'enforce' : 'warn' };
}
