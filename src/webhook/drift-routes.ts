// Admission notices on the port of the app itself: for a server that the API server reaches by a name that it trusts, such as a Worker.
// Anybody may reach it, so that only the secret paths are there.

import { Hono } from 'hono';
import { DRIFT_PATH, NOTICE_PATH } from '../application/install-notices.ts';
import type { Hawser } from '../operation/hawser.ts';
import { createNoticeHandler } from './notice.ts';

export function createDriftRoutes(hawser: Pick<Hawser, 'advise' | 'notice' | 'isNoticeSecret'>): Hono {
  const routes = new Hono();
  const handle = createNoticeHandler(hawser);
  for (const base of [NOTICE_PATH, DRIFT_PATH]) {
    routes.post(`${base}/:secret/:mode?`, async (context, next) =>
      (await hawser.isNoticeSecret(context.req.param('secret'))) ? handle(context.req.raw) : next(),
    );
  }
  return routes;
}
