// The Hono app: routes, authorisation and errors over one `Hawser`. It speaks only Request and Response.

import { Hono } from 'hono';
import { answerError } from './api/answer.ts';
import { shownPath } from './api/shown-path.ts';
import { createWorkContext } from './api/work-context.ts';
import { isHawserError, messageOf } from './base/errors.ts';
import type { Hawser } from './operation/hawser.ts';
import type { Log, Platform } from './platform.ts';
import { createDriftRoutes } from './webhook/drift-routes.ts';
import { createWebhookRoute } from './webhook/route.ts';

type AppPlatform = Pick<Platform, 'clock' | 'fetch' | 'random' | 'log' | 'settings' | 'scope' | 'metrics' | 'assets'>;

/** The whole HTTP surface of hawser. `fetch` of the result is the handler on Node and in workerd. */
export function createApp(hawser: Hawser, platform: AppPlatform): Hono {
  const app = createAnsweringApp(platform.log);
  app.use('*', createWorkContext(platform));
  app.get('/healthz', (context) => context.text('ok'));
  app.all('/api/webhook', createWebhookRoute(hawser, { insecure: platform.settings.insecureWebhooks }));
  app.route('/', createDriftRoutes(hawser));
  let others: Promise<Hono> | undefined;
  app.all('*', async ({ req, env }) => {
    others ??= createApiAndPages(hawser, platform);
    return (await others).fetch(req.raw, env);
  });
  return app;
}

/** What people and their tools ask for. It is loaded with the first of these requests: a process that a push has started answers sooner. */
export async function createApiAndPages(hawser: Hawser, platform: AppPlatform): Promise<Hono> {
  const [{ createAccounts }, { authorize }, { mountRoutes }, { routesOf }, { createPages }, { createUiFiles }] =
    await Promise.all([
      import('./account/accounts.ts'),
      import('./api/authorize.ts'),
      import('./api/mount.ts'),
      import('./api/routes.ts'),
      import('./ui/pages.ts'),
      import('./ui/ui-files.ts'),
    ]);
  const app = createAnsweringApp(platform.log);
  const accounts = createAccounts({ platform, home: hawser.home, token: () => hawser.token() });
  const parts = { hawser, accounts, platform };
  mountRoutes(app, routesOf(parts), parts);
  app.route('/', createPages(parts, createUiFiles(platform)));
  app.use('*', authorize(accounts));
  return app;
}

/** Errors, and paths that are nowhere, have the same answers in all of it. */
function createAnsweringApp(log: Log): Hono {
  const app = new Hono();
  app.onError((error, context) => {
    if (!isHawserError(error)) {
      log.error('request failed', {
        method: context.req.method,
        path: shownPath(context.req.path),
        error: messageOf(error),
        stack: error.stack,
      });
    }
    return answerError(context, error);
  });
  app.notFound((context) =>
    context.json({ error: `no such path: ${context.req.path}`, code: 5, message: 'Not Found' }, 404),
  );
  return app;
}
