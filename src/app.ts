// The Hono app: routes, authorisation and errors over one `Hawser`. It speaks only Request and Response.

import { Hono } from 'hono';
import { answerError } from './api/answer.ts';
import { authorize } from './api/authorize.ts';
import { createApiRoutes } from './api/routes.ts';
import { HawserError, isHawserError, messageOf } from './base/errors.ts';
import type { Hawser } from './operation/hawser.ts';
import type { DeliveryAnswer } from './operation/push.ts';
import type { Platform } from './platform.ts';
import { createPages } from './ui/pages.ts';
import { createLargeBodies } from './webhook/body.ts';
import { receiveWebhook } from './webhook/receive.ts';

/** Large webhook payloads that are read at once. */
const LARGE_BODIES = 4;

/** The whole HTTP surface of hawser. `fetch` of the result is the handler on Node and in workerd. */
export function createApp(hawser: Hawser, platform: Pick<Platform, 'log' | 'settings'>): Hono {
  const { log, settings } = platform;
  const largeBodies = createLargeBodies(LARGE_BODIES);
  const app = new Hono();

  app.onError((error, context) => {
    if (!isHawserError(error)) {
      log.error('request failed', {
        method: context.req.method,
        path: context.req.path,
        error: messageOf(error),
        stack: error.stack,
      });
    }
    return answerError(context, error);
  });
  app.notFound((context) =>
    context.json({ error: `no such path: ${context.req.path}`, code: 5, message: 'Not Found' }, 404),
  );

  app.get('/healthz', (context) => context.text('ok'));

  app.post('/api/webhook', async (context) => {
    const { secrets, maxBytes } = await hawser.webhookSettings();
    const delivery = await receiveWebhook(context.req.raw, {
      secrets,
      maxBytes,
      insecure: settings.insecureWebhooks,
      largeBodies,
    });
    if ('ignored' in delivery) return context.json({ reason: delivery.ignored, applications: [] }, 200);
    const answers = await Promise.all(delivery.pushes.map((push) => hawser.receivePush(push)));
    return context.json(mergeAnswers(answers), 202);
  });

  app.use('*', authorize({ loopback: settings.loopback, token: () => hawser.token() }));
  app.route('/', createApiRoutes(hawser));
  app.route('/', createPages(hawser));
  return app;
}

/** A delivery that tells of several refs is answered as one. */
function mergeAnswers([first, ...others]: readonly DeliveryAnswer[]): DeliveryAnswer {
  if (!first) throw new HawserError('Internal', 'a delivery without a push');
  return others.length === 0
    ? first
    : { ...first, applications: [first, ...others].flatMap(({ applications }) => applications) };
}
