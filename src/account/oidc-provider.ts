// What is known of an OIDC provider (its discovery document, its keys), and whether an ID token is its own.

import type { HonoJsonWebKey } from 'hono/utils/jwt/jws';
import { verify } from 'hono/utils/jwt/jwt';
import {
  type AuthorizationServer,
  allowInsecureRequests,
  customFetch,
  discoveryRequest,
  processDiscoveryResponse,
} from 'oauth4webapi';
import { awakeMs } from '../base/elapsed-time.ts';
import { HawserError, messageOf } from '../base/errors.ts';
import { at, isObject, stringAt } from '../base/json.ts';
import type { ConnectedFetch } from '../platform.ts';
import type { OidcConfig } from './oidc-config.ts';
import { type Claims, checkTimes, invalidSession, readUnverified } from './session-token.ts';

export interface OidcProviders {
  /** Throws `Unavailable` where the provider does not answer as one. */
  discover(config: OidcConfig): Promise<AuthorizationServer>;
  /** Throws `Unauthenticated` for a token that is not the provider's, not for us, or not of now. */
  verifyIdToken(token: string, config: OidcConfig, nowMs: number): Promise<Claims>;
}

/** Never a symmetric one: whoever knows a public key could sign with it. */
const ALGORITHMS = [
  ...(['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'] as const),
];
const KEEP_MS = 3_600_000;
/** Keys that are not known are asked for no more often. */
const KEY_PAUSE_MS = 10_000;
const REQUEST_MS = 10_000;
/** Without ids, each may be the one. */
const MOST_KEYS_TRIED = 10;

/** lib.dom's type has fields that Node's does not name. */
type Jwk = HonoJsonWebKey & { readonly alg?: string; readonly use?: string };

interface Keys {
  readonly list: readonly Jwk[];
  readonly readAtMs: number;
}

export function createOidcProviders(fetch: ConnectedFetch): OidcProviders {
  const servers = new Map<string, { readonly server: Promise<AuthorizationServer>; readonly readAtMs: number }>();
  const keys = new Map<string, Keys>();

  async function discover(config: OidcConfig): Promise<AuthorizationServer> {
    const name = nameOf(config);
    const known = servers.get(name);
    if (known && awakeMs() - known.readAtMs < KEEP_MS) return known.server;
    const server = readDiscovery(config, fetch);
    servers.clear(); // There is one provider; another one comes with another configuration.
    servers.set(name, { server, readAtMs: awakeMs() });
    server.catch(() => {
      if (servers.get(name)?.server === server) servers.delete(name);
    });
    return server;
  }

  /** `wanted`: the id of the key that a token names. */
  async function keysOf(config: OidcConfig, wanted: string | undefined): Promise<readonly Jwk[]> {
    const name = nameOf(config);
    const known = keys.get(name);
    if (known) {
      const age = awakeMs() - known.readAtMs;
      const isThere = wanted === undefined || known.list.some(({ kid }) => kid === wanted);
      if (age < (isThere ? KEEP_MS : KEY_PAUSE_MS)) return known.list;
    }
    const { jwks_uri: uri } = await discover(config);
    if (!uri) throw new HawserError('Unavailable', `the OIDC provider ${config.issuer} names no keys (jwks_uri)`);
    const list = await readKeys(uri, config, fetch);
    keys.clear();
    keys.set(name, { list, readAtMs: awakeMs() });
    return list;
  }

  return {
    discover,
    verifyIdToken: async (token, config, nowMs) => {
      const { header, payload } = readUnverified(token);
      const alg = ALGORITHMS.find((name) => name === stringAt(header, 'alg'));
      if (!alg) throw invalidSession('the token is not signed as a provider signs');
      if (payload.iss !== config.issuer) throw invalidSession('the issuer is not the one that is expected');
      const kid = stringAt(header, 'kid');
      const candidates = (await keysOf(config, kid))
        .filter((key) => (kid === undefined || key.kid === kid) && (!key.alg || key.alg === alg) && key.use !== 'enc')
        .slice(0, MOST_KEYS_TRIED);
      if (!(await isSignedByAny(token, candidates, alg))) throw invalidSession('the signature is not right');
      const claims = checkTimes(payload, config.issuer, nowMs);
      if (claims.exp === undefined) throw invalidSession('the token does not say until when it is valid');
      const audiences = [payload.aud].flat();
      if (!audiences.some((audience) => typeof audience === 'string' && config.audiences.includes(audience))) {
        throw invalidSession('the token is for another audience');
      }
      return claims;
    },
  };
}

/** How oauth4webapi's functions reach the provider. */
export function requestOptions(config: OidcConfig, fetch: ConnectedFetch) {
  return {
    [customFetch]: (url: string, init: object) => fetch(url, init, connectionOf(config)),
    // Whoever configures a provider without TLS wants it so.
    [allowInsecureRequests]: new URL(config.issuer).protocol === 'http:',
    signal: () => AbortSignal.timeout(REQUEST_MS),
  };
}

function connectionOf({ rootCa, isInsecure }: OidcConfig) {
  return { ...(rootCa && { ca: rootCa }), ...(isInsecure && { insecure: true }) };
}

async function readDiscovery(config: OidcConfig, fetch: ConnectedFetch): Promise<AuthorizationServer> {
  try {
    const issuer = new URL(config.issuer);
    const response = await discoveryRequest(issuer, requestOptions(config, fetch));
    return await processDiscoveryResponse(issuer, response);
  } catch (error) {
    throw new HawserError('Unavailable', `the OIDC provider ${config.issuer} cannot be asked: ${messageOf(error)}`, {
      hint: 'is issuer in oidc.config of argocd-cm right, and rootCA where its certificate is not a public one?',
      cause: error,
    });
  }
}

async function readKeys(uri: string, config: OidcConfig, fetch: ConnectedFetch): Promise<readonly Jwk[]> {
  try {
    const init = { headers: { accept: 'application/json' }, signal: AbortSignal.timeout(REQUEST_MS) };
    const response = await fetch(uri, init, connectionOf(config));
    if (!response.ok) throw new Error(`it answers ${response.status}`);
    const list = at(await response.json(), 'keys');
    return (Array.isArray(list) ? list : []).filter((key): key is Jwk => isObject(key));
  } catch (error) {
    const message = `the keys of the OIDC provider ${config.issuer} cannot be read: ${messageOf(error)}`;
    throw new HawserError('Unavailable', message, { cause: error });
  }
}

async function isSignedByAny(token: string, keys: readonly Jwk[], alg: (typeof ALGORITHMS)[number]): Promise<boolean> {
  for (const key of keys) {
    try {
      await verify(token, key, { alg, exp: false, nbf: false, iat: false });
      return true;
    } catch {
      // Another key may be the one, or none.
    }
  }
  return false;
}

function nameOf(config: OidcConfig): string {
  return JSON.stringify([config.issuer, config.rootCa, config.isInsecure]);
}
