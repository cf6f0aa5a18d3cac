// One Application's objects in its cluster: their tree, each of them, its events, its logs and what can be done with it.

import type { ActionContext, ResourceAction } from '../application/actions/action.ts';
import type { Application } from '../application/types.ts';
import { maskLocalManifests } from '../compare/mask-manifests.ts';
import { isSecret, maskSecrets } from '../compare/mask-secret.ts';
import type { KubeObject } from '../kube/object.ts';
import {
  formatQuery,
  type PatchRequest,
  patchResource,
  type RemoveRequest,
  readActions,
  removeResource,
  runAction,
} from './change-resource.ts';
import { type LogEntry, type LogQuery, readLogs } from './logs/read-logs.ts';
import {
  type EventList,
  type EventSubject,
  readApplicationEvents,
  readObjectEvents,
  readProjectEvents,
} from './resource-events.ts';
import type { Road } from './road.ts';
import { readArgoSettings } from './settings.ts';
import { findLive, type ResourceQuery } from './tree/find-live.ts';
import { type ApplicationTree, readResourceTree } from './tree/read-tree.ts';
import { readStanding } from './tree/standing.ts';

/**
 * All throw `FailedPrecondition` where the Application's project is not there, and `InvalidInput` for an object that is not the
 * Application's. Secrets are masked in every answer.
 */
export interface LiveResources {
  tree(app: Application, signal: AbortSignal): Promise<ApplicationTree>;
  get(app: Application, query: ResourceQuery, signal: AbortSignal): Promise<KubeObject>;
  patch(app: Application, query: ResourceQuery, request: PatchRequest, signal: AbortSignal): Promise<KubeObject>;
  remove(app: Application, query: ResourceQuery, request: RemoveRequest, signal: AbortSignal): Promise<void>;
  actions(app: Application, query: ResourceQuery, signal: AbortSignal): Promise<readonly ResourceAction[]>;
  runAction(
    app: Application,
    query: ResourceQuery,
    action: { readonly name: string; readonly parameters: ActionContext['parameters'] },
    signal: AbortSignal,
  ): Promise<void>;
  /** Of the Application itself without a subject. */
  events(app: Application, subject: EventSubject | undefined, signal: AbortSignal): Promise<EventList>;
  /** Throws `NotFound`. */
  projectEvents(project: string, signal: AbortSignal): Promise<EventList>;
  /** What goes wrong before the first entry is thrown at once. */
  logs(app: Application, query: LogQuery, signal: AbortSignal): Promise<AsyncGenerator<LogEntry, void, undefined>>;
  /** The rights to `update` or `delete` one object, any of which suffices (Argo CD: getAppLiveResource). */
  rightsTo(action: 'update' | 'delete', query: ResourceQuery): Promise<readonly string[]>;
}

export function createLiveResources(road: Road): LiveResources {
  const shown = (object: KubeObject): KubeObject => {
    if (!isSecret(object)) return maskLocalManifests(object);
    const [masked] = maskSecrets([object], new Set(road.argo.settings.sensitiveAnnotations));
    return masked ?? object;
  };
  return {
    tree: async (app, signal) => readResourceTree(road, await readStanding(road, app), signal),
    get: async (app, query, signal) => shown(await findLive(road, await readStanding(road, app), query, signal)),
    patch: async (app, query, request, signal) => shown(await patchResource(road, app, query, request, signal)),
    remove: (app, query, request, signal) => removeResource(road, app, query, request, signal),
    actions: (app, query, signal) => readActions(road, app, query, signal),
    runAction: (app, query, action, signal) => runAction(road, app, query, action, signal),
    events: (app, subject, signal) =>
      subject ? readObjectEvents(road, app, subject, signal) : readApplicationEvents(road, app, signal),
    projectEvents: (project, signal) => readProjectEvents(road, project, signal),
    logs: (app, query, signal) => readLogs(road, app, query, signal),
    rightsTo: async (action, query) => {
      const { inheritsObjectRights } = await readArgoSettings(road);
      return [...(inheritsObjectRights ? [action] : []), `${action}/${formatQuery(query)}`];
    },
  };
}
