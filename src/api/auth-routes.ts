// The way of a browser to an OIDC provider and back, and out again (Argo CD: util/oidc/oidc.go, server/logout/logout.go).

import * as z from 'zod';
import {
  clearedCookies,
  hostOf,
  isSecureRequest,
  JUST_LEFT,
  readSessionCookie,
  sessionCookies,
} from '../account/cookies.ts';
import type { OidcConfig } from '../account/oidc-config.ts';
import { beginLogin, finishLogin, logoutLocation, type OidcWorld } from '../account/oidc-login.ts';
import { safeReturnUrl } from '../account/return-url.ts';
import { readUnverified } from '../account/session-token.ts';
import { HawserError } from '../base/errors.ts';
import { stringAt } from '../base/json.ts';
import { isFromOwnSite } from './csrf.ts';
import { urlsOf } from './mount.ts';
import { type ApiParts, type Route, route } from './route.ts';

export function authRoutes(parts: ApiParts): readonly Route[] {
  const { accounts, platform } = parts;

  async function worldOf(request: Request): Promise<OidcWorld> {
    const urls = await urlsOf(parts);
    return {
      config: await configOf(),
      providers: accounts.oidc,
      fetch: platform.fetch,
      key: await accounts.signingKey(),
      nowMs: platform.clock.now(),
      redirectUri: `${ownUrl(request, urls)}/auth/callback`,
      isSecure: isSecureRequest(request, urls),
    };
  }

  async function configOf(): Promise<OidcConfig> {
    const { config, problem } = (await accounts.settings()).oidc;
    if (config) return config;
    if (problem !== undefined) throw new HawserError('Unavailable', problem);
    throw new HawserError('NotFound', 'no OIDC provider is configured', { hint: 'oidc.config of argocd-cm names one' });
  }

  return [
    route({
      method: 'GET',
      path: '/auth/login',
      summary: 'Go to the OIDC provider to log in',
      need: { kind: 'open' },
      query: z.looseObject({ return_url: z.string().optional() }),
      handle: async ({ query, request }) => {
        const returnUrl = safeReturnUrl(query.return_url, request, await urlsOf(parts));
        if (returnUrl === undefined) {
          throw new HawserError('InvalidInput', 'Invalid redirect URL: it does not lead to this server');
        }
        const { location, cookie } = await beginLogin(await worldOf(request), returnUrl);
        return redirect(location, [cookie]);
      },
    }),
    route({
      method: 'GET',
      path: '/auth/callback',
      summary: 'Come back from the OIDC provider',
      need: { kind: 'open' },
      handle: async ({ request, logsInAs }) => {
        const world = await worldOf(request);
        const { scopes } = (await accounts.settings()).rbac;
        const { session, returnUrl, cookie } = await finishLogin(world, request, scopes);
        const token = await accounts.openSession(session);
        logsInAs(`${session.subject} of ${world.config.issuer}`);
        return redirect(returnUrl, [cookie, ...sessionCookies(token, world)]);
      },
    }),
    route({
      method: 'GET',
      path: '/auth/logout',
      summary: 'End the session, at the OIDC provider too where it names an address for that',
      need: { kind: 'open' },
      handle: async ({ principal, request }) => {
        const urls = await urlsOf(parts);
        // A page of another site may lead here, but logs nobody out.
        if (!isFromOwnSite(request, urls)) return redirect('/', []);
        await accounts.revoke(principal);
        const { config } = (await accounts.settings()).oidc;
        const isOfProvider = config !== undefined && principal.issuer === config.issuer;
        const back = `${ownUrl(request, urls)}/login`;
        const location = isOfProvider ? logoutLocation(config, idTokenOf(request), back) : undefined;
        return redirect(location ?? '/login', [...clearedCookies(request), JUST_LEFT]);
      },
    }),
  ];
}

/** Where people reach this server: as the settings say of the host that was asked, otherwise as they say first. */
function ownUrl(request: Request, urls: readonly string[]): string {
  const host = hostOf(request);
  return urls.find((url) => new URL(url).host === host) ?? urls[0] ?? `${new URL(request.url).protocol}//${host}`;
}

function idTokenOf(request: Request): string | undefined {
  const session = readSessionCookie(request);
  return session === undefined ? undefined : stringAt(readUnverified(session).payload, 'idToken');
}

function redirect(location: string, cookies: readonly string[]): Response {
  const headers = new Headers({ location, 'cache-control': 'no-store' });
  for (const cookie of cookies) headers.append('set-cookie', cookie);
  return new Response(null, { status: 303, headers });
}
