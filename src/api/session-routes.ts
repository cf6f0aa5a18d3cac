// Beginning and ending a session by name and password, and who one is (Argo CD: server/session/session.go).

import * as z from 'zod';
import { clearedCookies, isSecureRequest, sessionCookies } from '../account/cookies.ts';
import { HawserError } from '../base/errors.ts';
import { counted } from './count-logins.ts';
import { isFromOwnSite } from './csrf.ts';
import { urlsOf, withCookies } from './mount.ts';
import { type ApiParts, type Route, route } from './route.ts';

const text = z.string().nullish();
const CREDENTIALS = z.looseObject({ username: text, password: text, token: text });
const SESSION = z.object({ token: z.string() });

export function sessionRoutes(parts: ApiParts): readonly Route[] {
  const { accounts, platform } = parts;
  return [
    route({
      method: 'POST',
      path: '/api/v1/session',
      summary: 'Begin a session with name and password',
      need: { kind: 'open' },
      body: CREDENTIALS,
      answer: SESSION,
      handle: async ({ body, request, logsInAs }) => {
        logsInAs(body.username ?? '');
        if (body.token) {
          const message = 'token-based session creation no longer supported. please upgrade argocd cli to v0.7+';
          throw new HawserError('Unauthenticated', message);
        }
        const urls = await urlsOf(parts);
        // Nobody shall be logged in as somebody else by a page of another site.
        if (!isFromOwnSite(request, urls)) throw new HawserError('Forbidden', 'the request comes from another site');
        const token = await counted(platform, accounts.login(body.username ?? '', body.password ?? ''));
        return withCookies(
          Response.json({ token }),
          sessionCookies(token, { isSecure: isSecureRequest(request, urls) }),
        );
      },
    }),
    route({
      method: 'DELETE',
      path: '/api/v1/session',
      summary: 'End the session',
      need: { kind: 'open' },
      answer: z.object({ token: z.literal('') }),
      handle: async ({ principal, request }) => {
        await accounts.revoke(principal);
        return withCookies(Response.json({ token: '' }), clearedCookies(request));
      },
    }),
    route({
      method: 'GET',
      path: '/api/v1/session/userinfo',
      summary: 'Who one is',
      need: { kind: 'open' },
      answer: z.object({
        loggedIn: z.boolean(),
        username: z.string().optional(),
        iss: z.string().optional(),
        groups: z.array(z.string()).optional(),
      }),
      handle: async ({ principal: { kind, name, issuer, groups } }) =>
        kind === 'anonymous' ? { loggedIn: false } : { loggedIn: true, username: name, iss: issuer, groups },
    }),
  ];
}
