// The web UI: one document for all its addresses, what build-ui.js has made of src/ui/web, and the login, which needs no script.

import { type Context, Hono } from 'hono';
import { html } from 'hono/html';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { isPasswordLoginOpen } from '../account/settings.ts';
import type { ApiParts } from '../api/route.ts';
import { formatError, type HawserError, httpStatusOf, isHawserError } from '../base/errors.ts';
import { VERSION } from '../base/version.ts';
import { loginPages } from './login.ts';
import { type Html, page, withPageHeaders } from './page.ts';
import { plainWords } from './plain-words.ts';
import { type Looks, looksOf, shell } from './shell.ts';
import type { UiFiles } from './ui-files.ts';
import { type Visit, visit } from './visit.ts';

/** Each is a view of src/ui/web/app.tsx. */
const PLACES = ['applications', 'deliveries', 'projects', 'repositories', 'clusters', 'accounts', 'settings'] as const;

export function createPages(parts: ApiParts, files: UiFiles): Hono {
  const pages = new Hono();
  const addresses = ['/', ...PLACES.flatMap((place) => [`/${place}`, `/${place}/*`])];
  for (const path of [...addresses, '/login']) pages.use(path, withPageHeaders);
  pages.onError(async (error, context) => {
    // What nobody foresaw is the app's to log and to answer.
    if (!isHawserError(error)) throw error;
    const style = await files.manifest().then(
      ({ plainStyle }) => plainStyle,
      () => undefined,
    );
    const looks = looksOf(context.req.raw);
    const body = errorPage(error, looks);
    return context.html(
      page({ title: plainWords(looks).error, looks, style, body }),
      httpStatusOf(error) as ContentfulStatusCode,
    );
  });

  const show = async (context: Context, status: 200 | 404 = 200) => {
    const visitor = await visit(parts, context);
    if (visitor instanceof Response) return visitor;
    const isList = context.req.path === '/' || context.req.path === '/applications';
    context.header('cache-control', 'no-store');
    const start = await startOf(parts, visitor);
    return context.html(shell(await files.manifest(), start, looksOf(context.req.raw), isList), status);
  };
  for (const path of addresses) pages.get(path, (context) => show(context));

  pages.get('/assets/:name', async (context) => {
    const answer = await files.answer(context.req.param('name'), context.req.raw);
    return answer ?? context.notFound();
  });
  pages.route('/', loginPages(parts, files));
  // An address that leads nowhere says so in a page, to whoever wants one.
  pages.get('*', withPageHeaders, async (context, next) => {
    const isPage = context.req.header('accept')?.includes('text/html') && !context.req.path.startsWith('/api/');
    return isPage ? show(context, 404) : next();
  });
  return pages;
}

async function startOf({ accounts, platform }: ApiParts, { who }: Visit) {
  const { namespace, alongside = false } = platform.settings;
  const settings = await accounts.settings();
  const canLogIn = isPasswordLoginOpen(settings) || settings.oidc.config !== undefined;
  return {
    ...(who.kind !== 'anonymous' && { user: { name: who.name, groups: who.groups, kind: who.kind } }),
    ...{ namespace, alongside, version: VERSION, canLogIn },
  };
}

function errorPage(error: HawserError, looks: Looks): Html {
  const t = plainWords(looks);
  return html`<main class="error">
<h1>${t.error}</h1>
<p class="problem">${formatError(error)}</p>
<p><a href="/applications">${t.back}</a></p>
</main>`;
}
