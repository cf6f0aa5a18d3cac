// What tokens say of themselves. Nothing of it is verified: that is the server's to do.

import { isObject, stringAt } from '../base/json.ts';

export interface Session {
  readonly token: string;
  readonly refreshToken?: string;
}

/** Who a token says that it is for. (argo-cd: userDisplayName) */
export function nameInToken(token: string): string {
  const claims = claimsOf(token);
  return stringAt(claims, 'email') || stringAt(claims, 'name') || stringAt(claims, 'sub') || 'somebody';
}

/** Empty for what is no JWT. */
export function claimsOf(token: string): Record<string, unknown> {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
    return isObject(claims) ? claims : {};
  } catch {
    return {}; // hawser's own token is none.
  }
}
