// Whoever looks at a page: by the session of the browser, or anonymously where that is switched on; otherwise the way leads to the login.

import type { Context } from 'hono';
import { isSecureRequest, sessionCookies } from '../account/cookies.ts';
import type { Principal } from '../account/principal.ts';
import { safeReturnUrl } from '../account/return-url.ts';
import type { Rights } from '../account/rights.ts';
import { urlsOf } from '../api/mount.ts';
import type { ApiParts } from '../api/route.ts';
import { HawserError, isHawserError } from '../base/errors.ts';

export interface Visit {
  readonly who: Principal;
  readonly rights: Rights;
}

/** A `Response` that leads to the login; throws `Unauthenticated` where no browser would follow it. */
export async function visit(parts: ApiParts, context: Context): Promise<Visit | Response> {
  const request = context.req.raw;
  try {
    const who = await parts.accounts.authenticate(request);
    if (who.renewal && who.isCookie) {
      const isSecure = isSecureRequest(request, await urlsOf(parts));
      for (const cookie of sessionCookies(who.renewal, { isSecure })) {
        context.header('set-cookie', cookie, { append: true });
      }
    }
    return { who, rights: await parts.accounts.rightsOf(who) };
  } catch (error) {
    const isBrowser = request.headers.get('accept')?.includes('text/html') === true;
    if (!isHawserError(error, 'Unauthenticated') || !isBrowser) throw error;
    const { pathname, search } = new URL(request.url);
    return context.redirect(`/login?return_url=${encodeURIComponent(`${pathname}${search}`)}`, 303);
  }
}

/** Throws `InvalidInput` for an address that leads elsewhere. */
export async function returnUrlOf(parts: ApiParts, request: Request, text: string | undefined): Promise<string> {
  const url = safeReturnUrl(text, request, await urlsOf(parts));
  if (url !== undefined) return url;
  throw new HawserError('InvalidInput', 'Invalid redirect URL: it does not lead to this server');
}
