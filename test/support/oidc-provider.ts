// A small OIDC provider on loopback, with real signatures: discovery, authorize (everybody is let in), token with PKCE, keys and userinfo.

import { createHash, randomUUID, webcrypto } from 'node:crypto';
import { createServer } from 'node:https';
import { listen } from '../../src/node/listen.ts';
import type { KeyPair } from './certificates.ts';

export const CLIENT_ID = 'hawser';
export const CLIENT_SECRET = 'a client/secret+with signs';

type Claims = Record<string, unknown>;

export interface OidcProvider {
  readonly issuer: string;
  /** Who is at the browser. */
  person: Claims;
  /** What userinfo says of that one beside. */
  info: Claims;
  /** Laid over the claims of ID tokens; undefined takes one away. */
  claims: Claims;
  /** How its tokens are signed: by its key, by one that nobody knows, not at all, or by its public key as a secret. */
  signing: 'own' | 'other' | 'none' | 'public-as-secret';
  /** The form in which the client has shown its secret last. */
  readonly shown: { method?: 'basic' | 'post' | 'none'; challenge?: string };
  readonly requests: string[];
  /** An ID token outside of any flow, as command lines get them. */
  idToken(claims?: Claims): Promise<string>;
  /** Another key from now on. */
  rotate(): Promise<void>;
  close(): Promise<void>;
}

interface Grant {
  readonly redirectUri: string;
  readonly challenge: string;
  readonly nonce: string | null;
}

interface SigningPair {
  readonly kid: string;
  readonly pair: webcrypto.CryptoKeyPair;
}

export interface ProviderOptions {
  /** It knows no secret of the client. */
  readonly isPublic?: boolean;
  readonly secretIn?: 'client_secret_basic' | 'client_secret_post';
  /** Speaks TLS. */
  readonly tls?: KeyPair;
}

export async function startOidcProvider(options: ProviderOptions = {}): Promise<OidcProvider> {
  const { isPublic = false, secretIn = 'client_secret_basic', tls } = options;
  const grants = new Map<string, Grant>();
  const accessTokens = new Set<string>();
  let key = await makeKey();
  const stranger = { pair: (await makeKey()).pair };

  async function sign(claims: Claims): Promise<string> {
    const { signing } = provider;
    const kid = key.kid;
    if (signing === 'none') return `${encode({ alg: 'none', typ: 'JWT' })}.${encode(claims)}.`;
    if (signing === 'public-as-secret') {
      const jwk = await webcrypto.subtle.exportKey('jwk', key.pair.publicKey);
      const secret = new TextEncoder().encode(JSON.stringify(jwk));
      const hmac = { name: 'HMAC', hash: 'SHA-256' };
      const made = await webcrypto.subtle.importKey('raw', secret, hmac, false, ['sign']);
      return signWith(made, 'HMAC', { alg: 'HS256', kid, typ: 'JWT' }, claims);
    }
    const { privateKey } = (signing === 'own' ? key : stranger).pair;
    return signWith(privateKey, 'RSASSA-PKCS1-v1_5', { alg: 'RS256', kid, typ: 'JWT' }, claims);
  }

  function claimsOf(nonce: string | null, more: Claims = {}): Claims {
    const now = Math.floor(Date.now() / 1000);
    const own = { iss: provider.issuer, aud: CLIENT_ID, iat: now, exp: now + 300, ...(nonce !== null && { nonce }) };
    const all = { ...own, ...provider.person, ...provider.claims, ...more };
    return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
  }

  function authorize(query: URLSearchParams): Response {
    const redirectUri = query.get('redirect_uri') ?? '';
    const isRight =
      query.get('client_id') === CLIENT_ID &&
      query.get('response_type') === 'code' &&
      query.get('code_challenge_method') === 'S256' &&
      (query.get('scope') ?? '').split(' ').includes('openid');
    if (!isRight) return new Response('bad request', { status: 400 });
    const code = randomUUID();
    const challenge = query.get('code_challenge') ?? '';
    provider.shown.challenge = challenge;
    grants.set(code, { redirectUri, challenge, nonce: query.get('nonce') });
    const back = new URL(redirectUri);
    back.searchParams.set('code', code);
    back.searchParams.set('state', query.get('state') ?? '');
    return Response.redirect(back, 302);
  }

  function isClient(request: Request, form: URLSearchParams): boolean {
    const header = request.headers.get('authorization');
    provider.shown.method = header !== null ? 'basic' : form.has('client_secret') ? 'post' : 'none';
    if (isPublic) return provider.shown.method === 'none' && form.get('client_id') === CLIENT_ID;
    if (header === null) return form.get('client_id') === CLIENT_ID && form.get('client_secret') === CLIENT_SECRET;
    const [id = '', secret = ''] = atob(header.replace(/^Basic /, '')).split(':');
    const decode = (text: string) => decodeURIComponent(text.replaceAll('+', ' '));
    return decode(id) === CLIENT_ID && decode(secret) === CLIENT_SECRET;
  }

  async function token(request: Request): Promise<Response> {
    const form = new URLSearchParams(await request.text());
    if (!isClient(request, form)) return Response.json({ error: 'invalid_client' }, { status: 401 });
    const code = form.get('code') ?? '';
    const grant = grants.get(code);
    grants.delete(code);
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    if (!grant || grant.redirectUri !== form.get('redirect_uri') || grant.challenge !== challenge) {
      return Response.json({ error: 'invalid_grant', error_description: 'the code is not yours' }, { status: 400 });
    }
    const accessToken = randomUUID();
    accessTokens.add(accessToken);
    const idToken = await sign(claimsOf(grant.nonce));
    return Response.json({ access_token: accessToken, token_type: 'Bearer', id_token: idToken, expires_in: 300 });
  }

  async function answer(request: Request): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    provider.requests.push(`${request.method} ${pathname}`);
    const { issuer } = provider;
    switch (pathname) {
      case '/.well-known/openid-configuration':
        return Response.json({
          issuer,
          authorization_endpoint: `${issuer}/authorize`,
          token_endpoint: `${issuer}/token`,
          jwks_uri: `${issuer}/keys`,
          userinfo_endpoint: `${issuer}/userinfo`,
          response_types_supported: ['code'],
          subject_types_supported: ['public'],
          id_token_signing_alg_values_supported: ['RS256'],
          token_endpoint_auth_methods_supported: [isPublic ? 'none' : secretIn],
        });
      case '/authorize':
        return authorize(searchParams);
      case '/token':
        return token(request);
      case '/keys': {
        const jwk = await webcrypto.subtle.exportKey('jwk', key.pair.publicKey);
        return Response.json({ keys: [{ ...jwk, kid: key.kid, use: 'sig', alg: 'RS256' }] });
      }
      case '/userinfo': {
        const given = request.headers.get('authorization')?.replace(/^Bearer /, '') ?? '';
        if (!accessTokens.has(given)) return Response.json({ error: 'invalid_token' }, { status: 401 });
        return Response.json({ sub: provider.person.sub, ...provider.info });
      }
      default:
        return new Response('not found', { status: 404 });
    }
  }

  const server = tls && createServer(tls);
  const listening = await listen(answer, { host: '127.0.0.1', port: 0, ...(server && { server }) });
  const provider: OidcProvider = {
    issuer: listening.url,
    person: { sub: 'kim-1', email: 'kim@example.com', groups: ['platform'] },
    info: {},
    claims: {},
    signing: 'own',
    shown: {},
    requests: [],
    idToken: (claims) => sign(claimsOf(null, claims)),
    rotate: async () => {
      key = await makeKey();
    },
    close: () => listening.close(),
  };
  return provider;
}

async function makeKey(): Promise<SigningPair> {
  const algorithm = {
    name: 'RSASSA-PKCS1-v1_5',
    modulusLength: 2048,
    publicExponent: new Uint8Array([1, 0, 1]),
    hash: 'SHA-256',
  };
  return { kid: randomUUID(), pair: await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']) };
}

async function signWith(key: webcrypto.CryptoKey, algorithm: string, header: Claims, claims: Claims): Promise<string> {
  const text = `${encode(header)}.${encode(claims)}`;
  const signature = await webcrypto.subtle.sign(algorithm, key, new TextEncoder().encode(text));
  return `${text}.${Buffer.from(signature).toString('base64url')}`;
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
