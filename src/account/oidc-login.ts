// Logging in by an OIDC provider: the authorization code flow with PKCE. What must be known when the browser comes back is in a cookie that
// hawser has signed, so that any replica can go on.

import { parse } from 'hono/utils/cookie';
import {
  type AuthorizationServer,
  authorizationCodeGrantRequest,
  type Client,
  ClientSecretBasic,
  ClientSecretPost,
  calculatePKCECodeChallenge,
  clockSkew,
  generateRandomCodeVerifier,
  generateRandomNonce,
  generateRandomState,
  getValidatedIdTokenClaims,
  None,
  processAuthorizationCodeResponse,
  processUserInfoResponse,
  userInfoRequest,
  validateAuthResponse,
} from 'oauth4webapi';
import { HawserError, isHawserError, messageOf } from '../base/errors.ts';
import { isObject, stringAt } from '../base/json.ts';
import type { ConnectedFetch } from '../platform.ts';
import type { OidcConfig } from './oidc-config.ts';
import { type OidcProviders, requestOptions } from './oidc-provider.ts';
import {
  checkTimes,
  groupsOf,
  type NewToken,
  type SigningKey,
  SSO_ISSUER,
  signToken,
  verifySigned,
} from './session-token.ts';

export interface OidcWorld {
  readonly config: OidcConfig;
  readonly providers: OidcProviders;
  readonly fetch: ConnectedFetch;
  readonly key: SigningKey;
  readonly nowMs: number;
  /** Where the provider sends the browser back to. */
  readonly redirectUri: string;
  readonly isSecure: boolean;
}

const STATE_COOKIE = 'argocd.oauthstate';
const STATE_ISSUER = 'hawser-oidc-state';
const STATE_SECONDS = 300;

/** Where the browser is sent to, and the cookie that it takes along. */
export async function beginLogin(
  world: OidcWorld,
  returnUrl: string,
): Promise<{ readonly location: string; readonly cookie: string }> {
  const { config, providers } = world;
  const server = await providers.discover(config);
  if (!server.authorization_endpoint) {
    throw new HawserError('Unavailable', `the OIDC provider ${config.issuer} has no authorization_endpoint`);
  }
  const [state, nonce, verifier] = [generateRandomState(), generateRandomNonce(), generateRandomCodeVerifier()];
  const url = new URL(server.authorization_endpoint);
  const parameters = {
    client_id: config.clientId,
    redirect_uri: world.redirectUri,
    response_type: 'code',
    scope: config.scopes.join(' '),
    state,
    nonce,
    code_challenge: await calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    ...(config.claims && { claims: JSON.stringify({ id_token: config.claims }) }),
    ...(config.domainHint && { domain_hint: config.domainHint }),
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  const { token } = await signToken(world.key, world.nowMs, {
    issuer: STATE_ISSUER,
    subject: state,
    id: crypto.randomUUID(),
    expiresIn: STATE_SECONDS,
    claims: { nonce, verifier, returnUrl, redirectUri: world.redirectUri },
  });
  return { location: url.href, cookie: stateCookie(token, STATE_SECONDS, world.isSecure) };
}

/** The session of whoever comes back from the provider with a code. Throws `Unauthenticated` for what does not belong together. */
export async function finishLogin(
  world: OidcWorld,
  request: Request,
  scopes: readonly string[],
): Promise<{ readonly session: NewToken; readonly returnUrl: string; readonly cookie: string }> {
  const { config, providers } = world;
  const state = await readState(world, request);
  const server = withUserInfoPath(await providers.discover(config), config);
  const client: Client = { client_id: config.clientId, [clockSkew]: (world.nowMs - Date.now()) / 1000 };
  try {
    const parameters = validateAuthResponse(server, client, new URL(request.url), state.state);
    const options = requestOptions(config, world.fetch);
    const response = await authorizationCodeGrantRequest(
      server,
      client,
      authenticationOf(config, server),
      parameters,
      state.redirectUri,
      state.verifier,
      options,
    );
    const answer = await processAuthorizationCodeResponse(server, client, response, {
      expectedNonce: state.nonce,
      requireIdToken: true,
    });
    const { id_token: idToken = '', access_token: accessToken } = answer;
    // The connection was the provider's own; its signature is checked all the same, as for a token that comes by itself.
    const verified = await providers.verifyIdToken(idToken, config, world.nowMs);
    const claims = { ...getValidatedIdTokenClaims(answer), ...verified };
    const shared = config.userInfoGroups
      ? await processUserInfoResponse(
          server,
          client,
          claims.sub,
          await userInfoRequest(server, client, accessToken, options),
        )
      : {};
    return {
      session: sessionOf({ ...claims, ...onlyGroups(shared, scopes) }, config, scopes, idToken),
      returnUrl: state.returnUrl,
      cookie: stateCookie('', 0, world.isSecure),
    };
  } catch (error) {
    if (isHawserError(error)) throw error;
    throw new HawserError('Unauthenticated', `the login at ${config.name} failed: ${reasonOf(error)}`, {
      cause: error,
    });
  }
}

/** Where the browser goes to end its session at the provider, too; undefined where none is named. */
export function logoutLocation(
  { logoutUrl }: OidcConfig,
  idToken: string | undefined,
  returnTo: string,
): string | undefined {
  return logoutUrl
    ?.replaceAll('{{token}}', encodeURIComponent(idToken ?? ''))
    .replaceAll('{{logoutRedirectURL}}', encodeURIComponent(returnTo));
}

function sessionOf(
  claims: Readonly<Record<string, unknown>>,
  config: OidcConfig,
  scopes: readonly string[],
  idToken: string,
): NewToken {
  const [email, name] = [stringAt(claims, 'email'), claims.federated_claims];
  return {
    issuer: SSO_ISSUER,
    subject: stringAt(claims, 'sub') ?? '',
    id: crypto.randomUUID(),
    claims: {
      idp: config.issuer,
      groups: groupsOf(claims, scopes),
      ...(email !== undefined && { email }),
      ...(isObject(name) && { federated_claims: name }),
      // Only a logout address that asks for it needs it again.
      ...(config.logoutUrl?.includes('{{token}}') && { idToken }),
    },
  };
}

interface LoginState {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  readonly returnUrl: string;
  readonly redirectUri: string;
}

async function readState({ key, nowMs }: OidcWorld, request: Request): Promise<LoginState> {
  const cookie = parse(request.headers.get('cookie') ?? '', STATE_COOKIE)[STATE_COOKIE];
  const refuse = () =>
    new HawserError('Unauthenticated', 'this login was not begun in this browser, or too long ago', {
      hint: 'begin again at /login',
    });
  if (!cookie) throw refuse();
  try {
    const claims = checkTimes(await verifySigned(cookie, key, STATE_ISSUER, nowMs), STATE_ISSUER, nowMs);
    const text = (name: string) => stringAt(claims, name) ?? '';
    return {
      state: claims.sub,
      nonce: text('nonce'),
      verifier: text('verifier'),
      returnUrl: text('returnUrl'),
      redirectUri: text('redirectUri'),
    };
  } catch (error) {
    if (isHawserError(error, 'Unauthenticated')) throw refuse();
    throw error;
  }
}

function authenticationOf({ clientSecret }: OidcConfig, server: AuthorizationServer) {
  if (clientSecret === undefined) return None();
  const methods = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
  const isBasic = methods.includes('client_secret_basic') || !methods.includes('client_secret_post');
  return isBasic ? ClientSecretBasic(clientSecret) : ClientSecretPost(clientSecret);
}

function withUserInfoPath(server: AuthorizationServer, { issuer, userInfoPath }: OidcConfig): AuthorizationServer {
  if (!userInfoPath) return server;
  return { ...server, userinfo_endpoint: `${issuer.replace(/\/+$/, '')}/${userInfoPath.replace(/^\/+/, '')}` };
}

/** Of the userinfo nothing else is taken. */
function onlyGroups(
  shared: Readonly<Record<string, unknown>>,
  scopes: readonly string[],
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(shared).filter(([name]) => scopes.includes(name)));
}

/** `error_description` of the provider's answer, or what was found wrong with it. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && isObject(error.cause) ? error.cause : undefined;
  const described = error instanceof Error && 'error_description' in error ? error.error_description : undefined;
  const code = error instanceof Error && 'error' in error ? error.error : undefined;
  if (typeof described === 'string') return described;
  if (typeof code === 'string') return code;
  const claim = stringAt(cause, 'claim');
  return claim === undefined ? messageOf(error) : `${messageOf(error)} (${claim})`;
}

function stateCookie(value: string, seconds: number, isSecure: boolean): string {
  return `${STATE_COOKIE}=${value}; Path=/; Max-Age=${seconds}; SameSite=Lax; HttpOnly${isSecure ? '; Secure' : ''}`;
}
