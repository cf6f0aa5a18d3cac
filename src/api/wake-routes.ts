// POST /api/wake: hawser looks at everything, as at a start, and answers when there is nothing left to do, or after a while.

import { Hono } from 'hono';
import type { Hawser } from '../operation/hawser.ts';

export function createWakeRoutes(hawser: Pick<Hawser, 'wake'>): Hono {
  const routes = new Hono();
  routes.post('/api/wake', async (context) => context.json(await hawser.wake()));
  return routes;
}
