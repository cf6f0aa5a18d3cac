// What Kubernetes tells of an Application, of one of its objects, or of a project: core/v1 Events.

import type { Application } from '../application/types.ts';
import { HawserError } from '../base/errors.ts';
import type { KubeClient } from '../kube/client.ts';
import type { KubeObject } from '../kube/object.ts';
import type { Road } from './road.ts';
import { readResourceTree } from './tree/read-tree.ts';
import { readStanding } from './tree/standing.ts';

/** One object, as the node of a tree names it. */
export interface EventSubject {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}

/** Argo CD: `v1.EventList`. */
export interface EventList {
  readonly metadata: { readonly resourceVersion: string };
  readonly items: readonly KubeObject[];
}

/** Of the Application itself, in the home cluster. */
export function readApplicationEvents({ home }: Road, app: Application, signal: AbortSignal): Promise<EventList> {
  const { namespace, name, uid = '' } = app.metadata;
  return listEvents(home, { namespace, name, uid }, signal);
}

/** Throws `InvalidInput` for an object that is not the Application's. */
export async function readObjectEvents(
  road: Road,
  app: Application,
  subject: EventSubject,
  signal: AbortSignal,
): Promise<EventList> {
  const [{ client }, { nodes, orphanedNodes }] = await Promise.all([
    readStanding(road, app),
    readResourceTree(road, app, signal),
  ]);
  const isKnown = [...nodes, ...orphanedNodes].some(
    ({ uid = '', name, namespace = '' }) =>
      uid === subject.uid && name === subject.name && namespace === subject.namespace,
  );
  if (!isKnown) {
    throw new HawserError('InvalidInput', `${subject.name} not found as part of application ${app.metadata.name}`);
  }
  return listEvents(client, subject, signal);
}

/** Throws `NotFound`. */
export async function readProjectEvents(
  { home, platform }: Road,
  name: string,
  signal: AbortSignal,
): Promise<EventList> {
  const { namespace } = platform.settings;
  const ref = { apiVersion: 'argoproj.io/v1alpha1', kind: 'AppProject', namespace, name };
  const project = await home.get(ref, { signal });
  if (!project) throw new HawserError('NotFound', `appprojects.argoproj.io "${name}" not found`);
  return listEvents(home, { namespace, name, uid: project.metadata.uid ?? '' }, signal);
}

async function listEvents(client: KubeClient, { namespace, name, uid }: EventSubject, signal: AbortSignal) {
  const fieldSelector = Object.entries({ name, uid, namespace })
    .map(([field, value]) => `involvedObject.${field}=${value.replaceAll(/[\\,=]/g, '\\$&')}`)
    .join(',');
  const { items, resourceVersion } = await client.list(
    { apiVersion: 'v1', kind: 'Event' },
    // Events of what is cluster-scoped lie in some namespace.
    { ...(namespace && { namespace }), fieldSelector, signal },
  );
  return { metadata: { resourceVersion }, items: items.map(withoutManagers) };
}

function withoutManagers(event: KubeObject): KubeObject {
  const { managedFields: _, ...metadata } = event.metadata;
  return { ...event, metadata };
}
