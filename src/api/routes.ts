// The REST routes, in the shapes that Argo CD's clients know, and hawser's own refresh.

import { Hono } from 'hono';
import { HawserError } from '../base/errors.ts';
import type { Hawser, RefreshRequest } from '../operation/hawser.ts';
import { presentApplication } from './answer.ts';
import { optionalBoolean, optionalString, readJson } from './body.ts';
import { createDeliveryRoutes } from './delivery-routes.ts';
import { createDiffRoutes } from './diff-routes.ts';
import { createOperationRoutes } from './operation-routes.ts';
import { accountRoutes } from './account-routes.ts';
import { authRoutes } from './auth-routes.ts';
import type { ApiParts, Route } from './route.ts';
import { sessionRoutes } from './session-routes.ts';

/** Every route that has its place in a table; the other ones move here. */
export function routesOf(parts: ApiParts): readonly Route[] {
  return [...sessionRoutes(parts), ...authRoutes(parts), ...accountRoutes(parts)];
}

export function createApiRoutes(hawser: Hawser): Hono {
  const routes = new Hono();

  routes.post('/api/refresh', async (context) =>
    context.json(await hawser.refresh(parseRefresh(await readJson(context.req.raw))), 202),
  );

  routes.get('/api/v1/applications', async (context) => {
    const items = await hawser.listApplications();
    const name = context.req.query('name');
    const projects = [...(context.req.queries('projects') ?? []), ...(context.req.queries('project') ?? [])];
    const chosen = items.filter(
      (app) => (!name || app.metadata.name === name) && (projects.length === 0 || projects.includes(app.spec.project)),
    );
    return context.json({ metadata: {}, items: chosen.map(presentApplication) });
  });

  routes.get('/api/v1/applications/:name', async (context) => {
    const name = context.req.param('name');
    const refresh = context.req.query('refresh');
    if (refresh) await hawser.refresh({ application: name, hard: refresh === 'hard', wait: true });
    return context.json(presentApplication(await hawser.getApplication(name, context.req.query('appNamespace'))));
  });

  routes.delete('/api/v1/applications/:name', async (context) => {
    const { cascade, propagationPolicy, appNamespace } = context.req.query();
    if (cascade !== undefined && cascade !== 'true' && cascade !== 'false') {
      throw new HawserError('InvalidInput', `cascade must be true or false, not ${cascade}`);
    }
    const request = {
      ...(cascade !== undefined && { cascade: cascade === 'true' }),
      ...(propagationPolicy && { propagationPolicy }),
    };
    await hawser.deleteApplication(context.req.param('name'), request, appNamespace);
    return context.json({});
  });

  routes.post('/api/v1/applications/:name/confirm-deletion', async (context) => {
    await hawser.confirmDeletion(context.req.param('name'), context.req.query('appNamespace'));
    return context.json({});
  });

  routes.get('/api/v1/applications/:name/drift', async (context) =>
    context.json({ items: await hawser.drift(context.req.param('name'), context.req.query('appNamespace')) }),
  );

  routes.route('/', createDeliveryRoutes(hawser.deliveries));
  routes.route('/', createDiffRoutes(hawser));
  routes.route('/', createOperationRoutes(hawser));
  return routes;
}

function parseRefresh(body: Record<string, unknown>): RefreshRequest {
  const application = optionalString(body, 'application');
  const repoURL = optionalString(body, 'repoURL');
  const revision = optionalString(body, 'revision');
  const all = optionalBoolean(body, 'all');
  const hard = optionalBoolean(body, 'hard');
  const wait = optionalBoolean(body, 'wait');
  if ([application, repoURL, all || undefined].filter((choice) => choice !== undefined).length !== 1) {
    throw new HawserError('InvalidInput', 'name what to refresh: one of application, repoURL and all', {
      hint: 'for example {"application": "dev"} or {"all": true}',
    });
  }
  return {
    ...(application !== undefined && { application }),
    ...(repoURL !== undefined && { repoURL }),
    ...(all !== undefined && { all }),
    ...(revision !== undefined && { revision }),
    ...(hard !== undefined && { hard }),
    ...(wait !== undefined && { wait }),
  };
}
