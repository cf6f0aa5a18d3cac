// Subresources beside status: scale, logs, bindings.

import { at, isObject, stringAt } from '../../base/json.ts';
import { applyMergePatch } from '../../base/merge-patch.ts';
import type { KubeObject } from '../../kube/object.ts';
import type { Admission, Attributes } from '../admission/attributes.ts';
import type { Caller } from '../admission/call.ts';
import { writeWithWebhooks } from '../admission/conversation.ts';
import type { Cluster } from '../cluster.ts';
import { trackUpdate } from '../fields/manager.ts';
import { applyJsonPatch } from '../patch/json-patch.ts';
import type { Resource } from '../resource/resource.ts';
import { fieldManagerOf, type WriteOptions } from '../write/options.ts';
import { updateObject } from '../write/update.ts';
import { mediaTypeOf, readBody } from './body.ts';
import { getObject } from './list.ts';
import { handleLog } from './pod-log.ts';
import type { ResourcePath } from './request-info.ts';
import { failure, json } from './respond.ts';
import { readScale, type ScalePaths, scalePathsOf, withReplicas } from './scale.ts';
import type { Served } from './serve.ts';
import { badRequest, invalid, refuse } from './status.ts';

export async function handleSubresource(
  served: Served,
  resource: Resource,
  path: ResourcePath,
  request: Request,
  verb: string,
  caller: Caller,
): Promise<Response> {
  switch (path.subresource) {
    case 'scale':
      return handleScale(served, resource, path, request, verb, caller);
    case 'log':
      return handleLog(served, resource, path, request);
    case 'finalize':
      return handleFinalize(served, resource, path, request);
    default:
      throw refuse(501, 'NotImplemented', `the sandbox does not serve ${path.plural}/${path.subresource}`);
  }
}

const SCALE = { group: 'autoscaling', version: 'v1', kind: 'Scale' } as const;

async function handleScale(
  { cluster }: Served,
  resource: Resource,
  path: ResourcePath,
  request: Request,
  verb: string,
  caller: Caller,
): Promise<Response> {
  const paths = scalePathsOf(resource);
  if (!paths) throw refuse(404, 'NotFound', 'the server could not find the requested resource', {});
  const { namespace, name } = path;
  if (verb === 'get') return json(request, readScale(getObject(cluster, resource, namespace, name), paths));
  getObject(cluster, resource, namespace, name);
  const body = await readBody(request);
  if (body.problem !== undefined) throw badRequest(body.problem);
  const { warnings } = caller;
  try {
    const updated = await writeWithWebhooks(caller, (shared, admission) => {
      const oldObject = readScale(getObject(shared, resource, namespace, name), paths);
      const wanted = verb === 'update' ? body.value : patchScale(oldObject, body.value, mediaTypeOf(request));
      const options = scaleOptions(request, warnings);
      const attributes = (object: unknown): Attributes => ({
        ...{ operation: 'UPDATE', resource, subresource: 'scale', as: SCALE, namespace, name },
        object: { ...oldObject, ...(isObject(object) ? object : {}) },
        oldObject,
        dryRun: options.dryRun,
        options: { fieldManager: options.manager },
      });
      const next = admission?.mutate(attributes(wanted)) ?? wanted;
      const replicas = replicasOf(next, name);
      const revision = stringAt(next, 'metadata', 'resourceVersion');
      // What is validated is the Scale, once the object under it is found to be valid.
      const validating: Admission | undefined = admission && {
        mutate: ({ object }) => object,
        validate: ({ object }) => admission.validate(attributes(object && readScale(object, paths))),
      };
      return scaleTo(shared, resource, path, paths, replicas, revision, { ...options, admission: validating });
    });
    return json(request, readScale(updated, paths), { warnings });
  } catch (error) {
    return failure(request, error, warnings);
  }
}

function replicasOf(scale: unknown, name: string): number {
  const replicas = at(scale, 'spec', 'replicas') ?? 0;
  if (typeof replicas !== 'number')
    throw badRequest(
      'Scale in version "v1" cannot be handled as a Scale: json: cannot unmarshal string into Go struct field ScaleSpec.spec.replicas of type int32',
    );
  if (replicas >= 0) return replicas;
  const { group, kind } = SCALE;
  const message = `Invalid value: ${replicas}: must be greater than or equal to 0`;
  throw invalid(group, kind, name, [{ reason: 'FieldValueInvalid', message, field: 'spec.replicas' }]);
}

function patchScale(scale: unknown, patch: unknown, mediaType: string): unknown {
  return mediaType === 'application/json-patch+json' ? applyJsonPatch(scale, patch) : applyMergePatch(scale, patch);
}

function scaleOptions(request: Request, warnings: string[]): WriteOptions {
  const query = new URL(request.url).searchParams;
  const agent = (request.headers.get('User-Agent') ?? '').split('/')[0] ?? '';
  return {
    manager: query.get('fieldManager') || agent,
    dryRun: query.getAll('dryRun').includes('All'),
    subresource: 'scale',
    warnings,
  };
}

function scaleTo(
  cluster: Cluster,
  resource: Resource,
  { namespace, name }: ResourcePath,
  paths: ScalePaths,
  replicas: number,
  revision: string | undefined,
  options: WriteOptions,
): KubeObject {
  const fields = fieldManagerOf(cluster, resource, 'scale');
  const transform = (live: KubeObject | undefined): KubeObject => {
    if (!live) throw new Error('scale has no live object');
    const scaled = withReplicas(live, paths, replicas);
    const guarded = revision ? { ...scaled, metadata: { ...scaled.metadata, resourceVersion: revision } } : scaled;
    return trackUpdate(fields, live, guarded, options.manager);
  };
  return updateObject(cluster, resource, namespace, name, transform, options).object;
}

/** Namespaces: takes finalizers of the spec away. */
async function handleFinalize(
  served: Served,
  resource: Resource,
  path: ResourcePath,
  request: Request,
): Promise<Response> {
  const body = await readBody(request);
  if (!isObject(body.value)) throw badRequest('the body is no Namespace');
  const finalizers = at(body.value, 'spec', 'finalizers') ?? [];
  const { cluster } = served;
  const live = getObject(cluster, resource, '', path.name);
  const next: KubeObject = { ...live, spec: { ...(isObject(live.spec) ? live.spec : {}), finalizers } };
  if (live.metadata.deletionTimestamp && Array.isArray(finalizers) && finalizers.length === 0) {
    cluster.store.remove(resource.storage, '', path.name);
    return json(request, next);
  }
  return json(request, cluster.store.put(resource.storage, next));
}
