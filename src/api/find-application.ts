// The Application that a route is about, for whoever may do with it what the route does (Argo CD: server/application/application.go,
// getAppEnforceRBAC).

import { applicationObject, type Rights } from '../account/rights.ts';
import type { Application } from '../application/types.ts';
import { HawserError, isHawserError } from '../base/errors.ts';
import { stringAt } from '../base/json.ts';
import type { ApiParts, Call } from './route.ts';

export interface Wanted {
  readonly name: string;
  /** Any of them suffices. */
  readonly actions: readonly string[];
  readonly appNamespace: string | undefined;
  readonly project: string | undefined;
}

/** In the query, or in the body where there is one, as grpc-gateway takes them. */
export function wantedOf(call: Call, body: unknown, query: URLSearchParams, actions: readonly string[]): Wanted {
  const field = (key: string) => query.get(key) || stringAt(body, key) || undefined;
  return { name: call.param('name'), actions, appNamespace: field('appNamespace'), project: field('project') };
}

/**
 * Throws `Forbidden` for what may not be done, and `NotFound` where whoever asks may know: because they may do it with every Application,
 * or with all of the project that they name.
 */
export async function findApplication(
  { hawser, platform }: Pick<ApiParts, 'hawser' | 'platform'>,
  rights: Rights,
  wanted: Wanted,
): Promise<Application> {
  const { name, actions, appNamespace, project } = wanted;
  const { namespace } = platform.settings;
  const may = (object: string) => actions.some((action) => rights.may('applications', action, object));
  const refuse = () => new HawserError('Forbidden', 'permission denied');
  const asNamed = { metadata: { name, namespace: appNamespace ?? namespace }, spec: { project: project ?? '' } };
  const mayInProject = project !== undefined && may(applicationObject(asNamed, namespace));
  if (project !== undefined && !mayInProject) throw refuse();
  let app: Application;
  try {
    app = await hawser.getApplication(name, appNamespace);
  } catch (error) {
    if (!isHawserError(error, 'NotFound') || mayInProject || mayWithAll(may)) throw error;
    throw refuse();
  }
  const isOfProject = project === undefined || (app.spec.project || 'default') === project;
  if (isOfProject && may(applicationObject(app, namespace))) return app;
  if (!isOfProject && (mayInProject || mayWithAll(may))) {
    throw new HawserError('NotFound', `applications.argoproj.io "${name}" not found`);
  }
  throw refuse();
}

/** Asked of one that nobody can have named. */
function mayWithAll(may: (object: string) => boolean): boolean {
  const name = crypto.randomUUID();
  return may(`${name}/${name}`);
}
