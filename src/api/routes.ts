// Every route of the API, table by table.

import { Hono } from 'hono';
import { VERSION } from '../base/version.ts';
import type { Hawser } from '../operation/hawser.ts';
import { accountRoutes } from './account-routes.ts';
import { applicationRoutes } from './application-routes.ts';
import { authRoutes } from './auth-routes.ts';
import { badgeRoutes } from './badge-routes.ts';
import { createDeliveryRoutes } from './delivery-routes.ts';
import { diffRoutes } from './diff-routes.ts';
import { metricsRoutes } from './metrics-routes.ts';
import { openApiRoutes } from './openapi-routes.ts';
import { operationRoutes } from './operation-routes.ts';
import { refreshRoutes } from './refresh-routes.ts';
import { revisionRoutes } from './revision-routes.ts';
import type { ApiParts, Route } from './route.ts';
import { sessionRoutes } from './session-routes.ts';

/** Every route of the API. */
export function routesOf(parts: ApiParts): readonly Route[] {
  const routes = [
    ...sessionRoutes(parts),
    ...authRoutes(parts),
    ...accountRoutes(parts),
    ...applicationRoutes(parts),
    ...diffRoutes(parts),
    ...operationRoutes(parts),
    ...revisionRoutes(parts),
    ...refreshRoutes(parts),
    ...badgeRoutes(parts),
    ...metricsRoutes(parts),
  ];
  return [...routes, ...openApiRoutes(routes, VERSION)];
}

export function createApiRoutes(hawser: Hawser): Hono {
  const routes = new Hono();
  routes.route('/', createDeliveryRoutes(hawser.deliveries));
  return routes;
}
