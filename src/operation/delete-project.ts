// An AppProject that is being deleted stays until no Application names it any more (Argo CD: controller/appcontroller.go,
// finalizeProjectDeletion).

import type { KubeObject } from '../kube/object.ts';
import { isNotFound } from '../kube/refusal.ts';
import { writeGuarded } from '../sync/conflict.ts';
import type { Road } from './road.ts';
import { listApplications } from './world.ts';

const FINALIZER = 'resources-finalizer.argocd.argoproj.io';
const PROJECT = { apiVersion: 'argoproj.io/v1alpha1', kind: 'AppProject' };

/** Lets the project go if it is being deleted and was the project of nobody else. */
export async function finishProjectDeletion(road: Road, name: string): Promise<void> {
  const project = await road.home.get({ ...PROJECT, namespace: road.platform.settings.namespace, name });
  if (project) await letGo(road, [project]);
}

/** The same for every project, at the start of a process. */
export async function finishProjectDeletions(road: Road): Promise<void> {
  const { items } = await road.home.list(PROJECT, { namespace: road.platform.settings.namespace });
  await letGo(road, items);
}

async function letGo(road: Road, projects: readonly KubeObject[]): Promise<void> {
  const waiting = projects.filter(
    ({ metadata }) => metadata.deletionTimestamp && metadata.finalizers?.includes(FINALIZER),
  );
  if (waiting.length === 0) return;
  const used = new Set((await listApplications(road)).map(({ spec }) => spec.project));
  for (const project of waiting.filter(({ metadata }) => !used.has(metadata.name ?? ''))) {
    const { namespace = '', name = '' } = project.metadata;
    await writeGuarded(road.home, project, ({ metadata }) => {
      const finalizers = (metadata.finalizers ?? []).filter((finalizer) => finalizer !== FINALIZER);
      const patch = { metadata: { finalizers, resourceVersion: metadata.resourceVersion ?? '' } };
      return road.home.patch({ ...PROJECT, namespace, name }, patch, { type: 'merge' });
    }).catch((error: unknown) => {
      if (!isNotFound(error)) throw error;
    });
  }
}
