// Secrets that stand for something registered (repositories, credentials, clusters), as the API makes, changes and removes them
// (Argo CD: util/db/secrets.go).

import { MANAGED, SECRET_TYPE } from '../application/repository-secret.ts';
import type { KubeClient } from '../kube/client.ts';
import type { KubeObject } from '../kube/object.ts';
import type { Road } from './road.ts';
import { decodeSecret } from './settings.ts';

export interface SecretRecord {
  readonly object: KubeObject;
  /** Decoded. */
  readonly data: Readonly<Record<string, string>>;
}

const SECRET = { apiVersion: 'v1', kind: 'Secret' };

/** As they are now. */
export async function listSecretRecords(
  { home, platform }: Pick<Road, 'home' | 'platform'>,
  type: string,
): Promise<readonly SecretRecord[]> {
  const { namespace } = platform.settings;
  const { items } = await home.list(SECRET, { namespace, labelSelector: `${SECRET_TYPE}=${type}` });
  return items.map((object) => ({ object, data: decodeSecret(object) }));
}

/**
 * Sets the data of a record; of its other keys, those that are `owned` go. Fails with a conflict where somebody changed the Secret since it
 * was read.
 */
export async function writeSecretRecord(
  home: KubeClient,
  { object, data: before }: SecretRecord,
  data: Readonly<Record<string, string>>,
  owned: readonly string[],
): Promise<void> {
  const { namespace = '', name = '', resourceVersion = '' } = object.metadata;
  const removed = Object.keys(before).filter((key) => owned.includes(key) && data[key] === undefined);
  const patch = {
    metadata: { resourceVersion },
    stringData: { ...data },
    ...(removed.length > 0 && { data: Object.fromEntries(removed.map((key) => [key, null])) }),
  };
  await home.patch({ ...SECRET, namespace, name }, patch, { type: 'merge' });
}

/** A Secret that somebody else made stays, without the label that made it a record. */
export async function removeSecretRecord(home: KubeClient, { object }: SecretRecord): Promise<void> {
  const { namespace = '', name = '', uid, annotations } = object.metadata;
  const ref = { ...SECRET, namespace, name };
  if (annotations?.['managed-by'] === MANAGED['managed-by']) {
    await home.remove(ref, uid ? { preconditions: { uid } } : {});
    return;
  }
  await home.patch(ref, { metadata: { labels: { [SECRET_TYPE]: null } } }, { type: 'merge' });
}
