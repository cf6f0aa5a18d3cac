// What Kubernetes tells of an Application, of one of its objects, or of a project: core/v1 Events.

import type { Application } from '../application/types.ts';
import { HawserError } from '../base/errors.ts';
import { stringAt } from '../base/json.ts';
import type { KubeClient } from '../kube/client.ts';
import { groupOf, type KubeObject, versionOf } from '../kube/object.ts';
import type { Road } from './road.ts';
import { findLive } from './tree/find-live.ts';
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
  const standing = await readStanding(road, app);
  const { client } = standing;
  const events = await listEvents(client, subject, signal);
  // They tell its kind, so that it can be looked up by itself.
  const { apiVersion = '', kind = '' } = involvedIn(events);
  if (kind !== '') {
    const { namespace, name } = subject;
    const query = { group: groupOf(apiVersion), version: versionOf(apiVersion), kind, namespace, name };
    if ((await findLive(road, standing, query, signal)).metadata.uid === subject.uid) return events;
  }
  const { nodes, orphanedNodes } = await readResourceTree(road, standing, signal);
  const isKnown = [...nodes, ...orphanedNodes].some(
    ({ uid = '', name, namespace = '' }) =>
      uid === subject.uid && name === subject.name && namespace === subject.namespace,
  );
  if (!isKnown) {
    throw new HawserError('InvalidInput', `${subject.name} not found as part of application ${app.metadata.name}`);
  }
  return events;
}

function involvedIn({ items }: EventList): { readonly apiVersion?: string; readonly kind?: string } {
  const involved = items[0]?.involvedObject;
  const [apiVersion, kind] = [stringAt(involved, 'apiVersion'), stringAt(involved, 'kind')];
  return { ...(apiVersion && { apiVersion }), ...(kind && { kind }) };
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
