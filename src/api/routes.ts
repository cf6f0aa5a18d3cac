// Every route of the API, table by table.

import { VERSION } from '../base/version.ts';
import { accountRoutes } from './account-routes.ts';
import { applicationRoutes } from './application-routes.ts';
import { authRoutes } from './auth-routes.ts';
import { badgeRoutes } from './badge-routes.ts';
import { certificateRoutes } from './certificate-routes.ts';
import { changeRoutes } from './change-routes.ts';
import { clusterRoutes } from './cluster-routes.ts';
import { deliveryRoutes } from './delivery-routes.ts';
import { diffRoutes } from './diff-routes.ts';
import { eventRoutes } from './event-routes.ts';
import { logRoutes } from './log-routes.ts';
import { metricsRoutes } from './metrics-routes.ts';
import { openApiRoutes } from './openapi-routes.ts';
import { operationRoutes } from './operation-routes.ts';
import { peerRoutes } from './peer-routes.ts';
import { planRoutes } from './plan-routes.ts';
import { projectRoutes } from './project-routes.ts';
import { refreshRoutes } from './refresh-routes.ts';
import { credentialsRoutes } from './repocreds-routes.ts';
import { repositoryContentRoutes } from './repository-content-routes.ts';
import { repositoryHookRoutes } from './repository-hook-routes.ts';
import { repositoryRoutes } from './repository-routes.ts';
import { resourceRoutes } from './resource-routes.ts';
import { revisionRoutes } from './revision-routes.ts';
import { rightsRoutes } from './rights-routes.ts';
import type { ApiParts, Route } from './route.ts';
import { sessionRoutes } from './session-routes.ts';
import { settingsRoutes } from './settings-routes.ts';
import { streamRoutes } from './stream-routes.ts';
import { unbuiltRoutes } from './unbuilt-routes.ts';
import { wakeRoutes } from './wake-routes.ts';

/** Every route of the API. */
export function routesOf(parts: ApiParts): readonly Route[] {
  const routes = [
    ...sessionRoutes(parts),
    ...authRoutes(parts),
    ...accountRoutes(parts),
    ...rightsRoutes(parts),
    ...applicationRoutes(parts),
    ...diffRoutes(parts),
    ...changeRoutes(parts),
    ...operationRoutes(parts),
    ...planRoutes(parts),
    ...revisionRoutes(parts),
    ...resourceRoutes(parts),
    ...logRoutes(parts),
    ...eventRoutes(parts),
    ...streamRoutes(parts),
    ...refreshRoutes(parts),
    ...badgeRoutes(parts),
    ...metricsRoutes(parts),
    ...projectRoutes(parts),
    ...repositoryRoutes(parts),
    ...repositoryContentRoutes(parts),
    ...repositoryHookRoutes(parts),
    ...credentialsRoutes(parts),
    ...clusterRoutes(parts),
    ...certificateRoutes(parts),
    ...settingsRoutes(parts),
    ...unbuiltRoutes(parts),
    ...deliveryRoutes(parts),
    ...peerRoutes(parts),
    ...wakeRoutes(parts),
  ];
  return [...routes, ...openApiRoutes(routes, VERSION)];
}
