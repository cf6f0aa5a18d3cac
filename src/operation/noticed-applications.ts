// Which Applications a notice of what hawser lives by concerns: itself, those of a project, those that waited for a repository or cluster.

import { isApplicationNamespace } from '../application/application-namespaces.ts';
import { SECRET_TYPE } from '../application/repository-secret.ts';
import type { Application } from '../application/types.ts';
import { sameRepository } from '../git/repository-url.ts';
import type { KubeObject } from '../kube/object.ts';
import type { Notice } from './notice.ts';
import { keyOfApplication, type Road } from './road.ts';
import { decodeSecret } from './settings.ts';
import { listApplications } from './world.ts';

/** Their keys. */
export async function applicationsOf(road: Road, notice: Notice, subject: KubeObject): Promise<readonly string[]> {
  const { name = '', namespace } = subject.metadata;
  const isOurs = namespace === road.platform.settings.namespace;
  if (subject.kind === 'Application') {
    const isWithin = namespace !== undefined && mayHoldApplications(road, namespace);
    return isWithin && !isGone(notice) ? [keyOfApplication({ metadata: { namespace, name } })] : [];
  }
  if (subject.kind === 'AppProject') {
    return isOurs ? keysWhere(road, ({ spec }) => spec.project === name) : [];
  }
  if (subject.kind === 'Secret' && subject.metadata.labels?.[SECRET_TYPE] !== undefined) {
    return isOurs ? waitingFor(road, subject) : [];
  }
  return [];
}

/** hawser's own, or one that `application.namespaces` permits. */
export function mayHoldApplications({ platform, argo }: Pick<Road, 'platform' | 'argo'>, namespace: string): boolean {
  return isApplicationNamespace(namespace, platform.settings.namespace, argo.settings.applicationNamespaces);
}

/** An Application without finalizers is gone with its deletion. */
function isGone({ operation, before }: Notice): boolean {
  return operation === 'DELETE' && (before?.metadata.finalizers ?? []).length === 0;
}

async function keysWhere(road: Road, isMeant: (app: Application) => boolean): Promise<readonly string[]> {
  return (await listApplications(road)).filter(isMeant).map(keyOfApplication);
}

/** A repository or cluster that is known now, or known otherwise, concerns those that could not be compared. */
async function waitingFor(road: Road, secret: KubeObject): Promise<readonly string[]> {
  const type = secret.metadata.labels?.[SECRET_TYPE];
  const { url, server, name } = decodeSecret(secret);
  return keysWhere(road, ({ spec, status }) => {
    if (type === 'cluster') return spec.destination.server === server || spec.destination.name === name;
    if (status.sync?.status !== 'Unknown' && status.sync !== undefined) return false;
    const urls = [spec.source, ...(spec.sources ?? [])].flatMap((source) => (source ? [source.repoURL] : []));
    return urls.some((used) => isOfRepository(used, url ?? '', type === 'repo-creds'));
  });
}

function isOfRepository(used: string, url: string, isTemplate: boolean): boolean {
  if (url === '') return false;
  return isTemplate ? used.startsWith(url) : sameRepository(used, url);
}
