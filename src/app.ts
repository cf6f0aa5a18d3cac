// The Hono app: routes, authorisation and errors over one `Hawser`. It speaks only Request and Response.

import { Hono } from 'hono';
import { createAccounts } from './account/accounts.ts';
import { answerError } from './api/answer.ts';
import { authorize } from './api/authorize.ts';
import { mountRoutes } from './api/mount.ts';
import { routesOf } from './api/routes.ts';
import { shownPath } from './api/shown-path.ts';
import { createWorkContext } from './api/work-context.ts';
import { isHawserError, messageOf } from './base/errors.ts';
import type { Hawser } from './operation/hawser.ts';
import type { Platform } from './platform.ts';
import { createPages } from './ui/pages.ts';
import { createUiFiles } from './ui/ui-files.ts';
import { createDriftRoutes } from './webhook/drift-routes.ts';
import { createWebhookRoute } from './webhook/route.ts';

/** The whole HTTP surface of hawser. `fetch` of the result is the handler on Node and in workerd. */
export function createApp(
  hawser: Hawser,
  platform: Pick<Platform, 'clock' | 'fetch' | 'random' | 'log' | 'settings' | 'scope' | 'metrics' | 'assets'>,
): Hono {
  const { log, settings } = platform;
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

  app.use('*', createWorkContext(platform));
  app.get('/healthz', (context) => context.text('ok'));

  app.all('/api/webhook', createWebhookRoute(hawser, { insecure: settings.insecureWebhooks }));
  app.route('/', createDriftRoutes(hawser));
  const accounts = createAccounts({ platform, home: hawser.home, token: () => hawser.token() });
  const parts = { hawser, accounts, platform };
  mountRoutes(app, routesOf(parts), parts);
  app.route('/', createPages(parts, createUiFiles(platform)));
  app.use('*', authorize(accounts));
  return app;
}
