// The secret part of the paths to which the API server sends notices: who knows it is believed when it says who wrote something.

import { equalInConstantTime } from '../base/constant-time.ts';
import { isHawserError } from '../base/errors.ts';
import { toHex } from '../base/hex.ts';

/** It follows from hawser's own token, so that all replicas know the same one, and nothing more has to be kept. */
export async function noticeSecretOf(token: string): Promise<string> {
  const bytes = new TextEncoder();
  const key = await crypto.subtle.importKey('raw', bytes.encode(token), { name: 'HMAC', hash: 'SHA-256' }, false, [
    'sign',
  ]);
  const digest = new Uint8Array(await crypto.subtle.sign('HMAC', key, bytes.encode('admission notices')));
  return toHex(digest.subarray(0, 20));
}

/** A wrong one may be right by now, where the token was changed; anybody may send wrong ones. */
const LOOK_AGAIN_MS = 10_000;

/** Whether a path's secret is the one. Never rejects: while the token cannot be read, nobody is believed. */
export function createNoticeBelief(
  readToken: () => Promise<string>,
  now: () => number,
): (given: string | undefined) => Promise<boolean> {
  let known: { readonly secret: Promise<string>; readonly readMs: number } | undefined;
  const read = () => {
    known = { secret: readToken().then(noticeSecretOf), readMs: now() };
    return known;
  };
  const isRight = async (given: string, secret: Promise<string>) => {
    try {
      return await equalInConstantTime(given, await secret);
    } catch (error) {
      if (!isHawserError(error)) throw error;
      return false;
    }
  };
  return async (given) => {
    if (given === undefined) return false;
    const { secret, readMs } = known ?? read();
    if (await isRight(given, secret)) return true;
    return now() - readMs > LOOK_AGAIN_MS ? isRight(given, read().secret) : false;
  };
}
