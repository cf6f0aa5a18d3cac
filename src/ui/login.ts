// GET /login shows the page, POST /login is its form. A form cannot send JSON, so that what comes from another site is known by what the
// browser says of it.

import { type Context, Hono } from 'hono';
import { hasJustLeft, isSecureRequest, LEFT_NO_MORE, sessionCookies } from '../account/cookies.ts';
import { isPasswordLoginOpen } from '../account/settings.ts';
import { audit } from '../api/audit.ts';
import { counted } from '../api/count-logins.ts';
import { isFromOwnSite } from '../api/csrf.ts';
import { urlsOf } from '../api/mount.ts';
import type { ApiParts } from '../api/route.ts';
import { HawserError, httpStatusOf, isHawserError } from '../base/errors.ts';
import { type LoginPageParts, loginPage } from './login-page.ts';
import { page } from './page.ts';
import { plainWords } from './plain-words.ts';
import { looksOf } from './shell.ts';
import type { UiFiles } from './ui-files.ts';
import { returnUrlOf } from './visit.ts';

/** Two fields and an address. */
const MOST_BYTES = 16 << 10;
/** As src/ui/web/state/preferences.ts keeps it. */
const YEAR_S = 365 * 24 * 3600;

export function loginPages(parts: ApiParts, files: UiFiles): Hono {
  const { accounts, platform } = parts;
  const pages = new Hono();

  async function show(
    context: Context,
    more: Pick<LoginPageParts, 'returnUrl' | 'problem' | 'name'>,
    status: 200 | 401,
  ) {
    const looks = looksOf(context.req.raw);
    const hasLeft = hasJustLeft(context.req.raw);
    const settings = await accounts.settings();
    const provider = settings.oidc.config?.name;
    const body = loginPage({
      ...{ ...more, looks, hasLeft, hasPasswords: isPasswordLoginOpen(settings) },
      namespace: platform.settings.namespace,
      ...(provider !== undefined && { provider }),
    });
    context.header('cache-control', 'no-store');
    // It is told once.
    if (hasLeft) context.header('set-cookie', LEFT_NO_MORE, { append: true });
    // Whoever cannot have the UI may still log in.
    const manifest = await files.manifest().catch(() => undefined);
    return context.html(page({ title: plainWords(looks).logIn, looks, style: manifest?.plainStyle, body }), status);
  }

  pages.get('/login', async (context) => {
    const returnUrl = await returnUrlOf(parts, context.req.raw, context.req.query('return_url'));
    const language = context.req.query('language');
    if (language !== 'en' && language !== 'ko') return show(context, { returnUrl }, 200);
    context.header('set-cookie', `hawser.language=${language}; Path=/; Max-Age=${YEAR_S}; SameSite=Lax`);
    return context.redirect(`/login?return_url=${encodeURIComponent(returnUrl)}`, 303);
  });

  pages.post('/login', async (context) => {
    const request = context.req.raw;
    const urls = await urlsOf(parts);
    if (!isFromOwnSite(request, urls)) throw new HawserError('Forbidden', 'the request comes from another site');
    if (Number(context.req.header('content-length') ?? 0) > MOST_BYTES) {
      throw new HawserError('TooLarge', 'no name and password are as long as this');
    }
    const form = new URLSearchParams(await context.req.text());
    const returnUrl = await returnUrlOf(parts, request, form.get('return_url') ?? undefined);
    const name = form.get('username') ?? '';
    const tell = (status: number) =>
      audit(platform.log, { name: name.slice(0, 64), request, route: 'POST /login', status });
    try {
      const token = await counted(platform, accounts.login(name, form.get('password') ?? ''));
      for (const cookie of sessionCookies(token, { isSecure: isSecureRequest(request, urls) })) {
        context.header('set-cookie', cookie, { append: true });
      }
      tell(303);
      return context.redirect(returnUrl, 303);
    } catch (error) {
      tell(httpStatusOf(error));
      if (!isHawserError(error) || !['Unauthenticated', 'InvalidInput', 'TooMany'].includes(error.code)) throw error;
      const { code, message } = error;
      return show(context, { returnUrl, problem: { code, message }, name }, 401);
    }
  });
  return pages;
}
