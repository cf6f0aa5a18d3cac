// Sessions and tokens that hawser signs itself: JWTs with HS256, in Argo CD's claims (util/session/sessionmanager.go).

import { decode, sign, verify } from 'hono/utils/jwt/jwt';
import { HawserError } from '../base/errors.ts';
import { at, isObject, stringAt } from '../base/json.ts';

/** Of local accounts and roles of projects. */
export const LOCAL_ISSUER = 'argocd';
/** Of sessions of people for whom an OIDC provider has vouched. */
export const SSO_ISSUER = 'hawser-sso';

/** Another replica's clock may be ahead by so much. */
const SKEW_SECONDS = 60;

/** As the runtime has it: lib.dom and Node name the type differently. */
export type SigningKey = Awaited<ReturnType<typeof crypto.subtle.importKey>>;

export interface Claims {
  readonly iss: string;
  /** `alice:login`, `alice:apiKey`, `proj:shop:ci`, or as the provider has it. */
  readonly sub: string;
  /** Seconds since the Unix epoch. */
  readonly iat: number;
  readonly jti?: string;
  readonly exp?: number;
  readonly [claim: string]: unknown;
}

export interface NewToken {
  readonly issuer?: string;
  readonly subject: string;
  readonly id: string;
  /** In seconds; none, or 0, lasts for ever. */
  readonly expiresIn?: number;
  readonly claims?: Readonly<Record<string, unknown>>;
}

export async function signToken(
  key: SigningKey,
  nowMs: number,
  { issuer = LOCAL_ISSUER, subject, id, expiresIn = 0, claims = {} }: NewToken,
): Promise<{ readonly token: string; readonly claims: Claims }> {
  const iat = Math.floor(nowMs / 1000);
  const made: Claims = {
    ...claims,
    ...{ iss: issuer, sub: subject, jti: id, iat, nbf: iat },
    ...(expiresIn > 0 && { exp: iat + expiresIn }),
  };
  return { token: await sign({ ...made }, key, 'HS256'), claims: made };
}

/** Three parts: what is no JWT may be hawser's own token. */
export function isJwt(text: string): boolean {
  return text.split('.').length === 3;
}

/** The claims of a token before anybody has proved them. Throws `Unauthenticated` for what is none. */
export function readUnverified(token: string): { readonly header: unknown; readonly payload: Record<string, unknown> } {
  try {
    const { header, payload } = decode(token);
    if (isObject(payload)) return { header, payload };
  } catch {
    // Told below, as everything that is no token.
  }
  throw invalidSession('the token is malformed', { isFinal: true });
}

/** Throws `Unauthenticated` unless hawser signed it (HS256, and nothing else) and it is its time. */
export async function verifySigned(token: string, key: SigningKey, issuer: string, nowMs: number): Promise<Claims> {
  if (stringAt(readUnverified(token).header, 'alg') !== 'HS256') {
    throw invalidSession('the token is not signed as hawser signs', { isFinal: true });
  }
  try {
    // Times are looked at below, by the platform's clock.
    await verify(token, key, { alg: 'HS256', exp: false, nbf: false, iat: false });
  } catch {
    throw invalidSession('the signature is not right');
  }
  const { payload } = readUnverified(token);
  return checkTimes(payload, issuer, nowMs);
}

/** The claims that every token must have; `exp` is honoured, and `nbf` with some patience. */
export function checkTimes(payload: Readonly<Record<string, unknown>>, issuer: string, nowMs: number): Claims {
  const now = nowMs / 1000;
  const [iat, exp, nbf] = [payload.iat, payload.exp, payload.nbf];
  const sub = stringAt(payload, 'sub');
  const jti = stringAt(payload, 'jti');
  if (payload.iss !== issuer) throw invalidSession('the issuer is not the one that is expected');
  if (sub === undefined || !isInstant(iat))
    throw invalidSession('the token has no subject, or does not say since when');
  if (exp !== undefined && (!isInstant(exp) || exp <= now))
    throw invalidSession('the token has expired', { isFinal: true });
  if (nbf !== undefined && (!isInstant(nbf) || nbf > now + SKEW_SECONDS)) {
    throw invalidSession('the token is not valid yet');
  }
  return {
    ...payload,
    ...{ iss: issuer, sub, iat },
    ...(jti !== undefined && { jti }),
    ...(isInstant(exp) && { exp }),
  };
}

/** A text, or a list of texts (Argo CD: util/jwt, GetScopeValues). */
export function groupsOf(claims: Readonly<Record<string, unknown>>, scopes: readonly string[]): string[] {
  return scopes.flatMap((scope) => {
    const value = at(claims, scope);
    if (typeof value === 'string') return [value];
    return Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : [];
  });
}

/** `isFinal`: it will not be valid by anything that is written meanwhile. */
export function invalidSession(why: string, { isFinal = false } = {}): HawserError {
  return new HawserError('Unauthenticated', `invalid session: ${why}`, { data: { isFinal } });
}

function isInstant(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}
