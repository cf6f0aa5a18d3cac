// DELETE of one object and of a collection.

import { isObject, type JsonObject } from '../../base/json.ts';
import type { KubeObject } from '../../kube/object.ts';
import { deleteObject, readDeleteOptions } from '../write/remove.ts';
import { readBody } from './body.ts';
import { formatList } from './format.ts';
import { listObjects } from './list.ts';
import { badRequest, Refusal } from './status.ts';
import type { Write } from './write.ts';

/** Kinds whose deletion is answered with the object that was deleted (ReturnDeletedObject). */
const RETURNS_OBJECT = [
  '/pods',
  '/persistentvolumeclaims',
  '/persistentvolumes',
  '/services',
  '/serviceaccounts',
  '/podtemplates',
  '/resourcequotas',
  '/namespaces',
  'storage.k8s.io/storageclasses',
  'storage.k8s.io/volumeattachments',
  'storage.k8s.io/volumeattributesclasses',
  'storage.k8s.io/csidrivers',
  'storage.k8s.io/csinodes',
  'resource.k8s.io/deviceclasses',
  'resource.k8s.io/resourceclaims',
  'resource.k8s.io/resourceclaimtemplates',
  'resource.k8s.io/resourceslices',
];

/** The answer: the object while something holds it, else a Status. */
export async function handleDelete(write: Write): Promise<KubeObject | JsonObject> {
  const { resource, path, request } = write;
  const options = readDeleteOptions(await readOptionsBody(request), new URL(request.url).searchParams);
  const { object, gone } = await write.commit((cluster, admission) =>
    deleteObject(cluster, resource, path.namespace, path.name, { ...options, admission }),
  );
  if (!gone || RETURNS_OBJECT.includes(resource.storage)) return object;
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    details: {
      name: object.metadata.name ?? '',
      ...(resource.group === '' ? {} : { group: resource.group }),
      kind: resource.plural,
      uid: object.metadata.uid ?? '',
    },
  };
}

export async function handleDeleteCollection(write: Write): Promise<unknown> {
  const { cluster, resource, path, request } = write;
  const query = new URL(request.url).searchParams;
  const options = readDeleteOptions(await readOptionsBody(request), query);
  const { items, metadata } = listObjects(cluster, resource, path.namespace, query);
  const deleted: KubeObject[] = [];
  for (const { metadata: of } of items) {
    const { namespace = '', name = '' } = of;
    try {
      const { object } = await write.commit((shared, admission) =>
        deleteObject(shared, resource, namespace, name, { ...options, admission, isCollection: true }),
      );
      deleted.push(object);
    } catch (error) {
      // Webhooks take time, in which others delete, too.
      if (!(error instanceof Refusal) || error.code !== 404) throw error;
    }
  }
  return formatList(cluster, resource, { items: deleted, metadata }, 'object', 'None');
}

async function readOptionsBody(request: Request): Promise<unknown> {
  const body = await readBody(request);
  if (body.text === '') return undefined;
  if (body.problem !== undefined) throw badRequest(body.problem);
  if (!isObject(body.value)) throw badRequest('decoded object cannot be converted to DeleteOptions');
  return body.value;
}
