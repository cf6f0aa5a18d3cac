// Subresources beside status: scale, logs, bindings.

import { at, isObject, stringAt } from '../../base/json.ts';
import { applyMergePatch } from '../../base/merge-patch.ts';
import type { KubeObject } from '../../kube/object.ts';
import { trackUpdate } from '../fields/manager.ts';
import { applyJsonPatch } from '../patch/json-patch.ts';
import type { Resource } from '../resource/resource.ts';
import { fieldManagerOf, type WriteOptions } from '../write/options.ts';
import { updateObject } from '../write/update.ts';
import { mediaTypeOf, readBody } from './body.ts';
import { getObject } from './list.ts';
import type { ResourcePath } from './request-info.ts';
import { json, text } from './respond.ts';
import { readScale, type ScalePaths, scalePathsOf, withReplicas } from './scale.ts';
import type { Served } from './serve.ts';
import { badRequest, refuse } from './status.ts';

export async function handleSubresource(
  served: Served,
  resource: Resource,
  path: ResourcePath,
  request: Request,
  verb: string,
): Promise<Response> {
  switch (path.subresource) {
    case 'scale':
      return handleScale(served, resource, path, request, verb);
    case 'log':
      return handleLog(served, resource, path);
    case 'finalize':
      return handleFinalize(served, resource, path, request);
    default:
      throw refuse(501, 'NotImplemented', `the sandbox does not serve ${path.plural}/${path.subresource}`);
  }
}

async function handleScale(
  served: Served,
  resource: Resource,
  path: ResourcePath,
  request: Request,
  verb: string,
): Promise<Response> {
  const { cluster } = served;
  const paths = scalePathsOf(resource);
  if (!paths) throw refuse(404, 'NotFound', 'the server could not find the requested resource', {});
  const live = getObject(cluster, resource, path.namespace, path.name);
  const scale = readScale(live, paths);
  if (verb === 'get') return json(request, scale);
  const body = await readBody(request);
  if (body.problem !== undefined) throw badRequest(body.problem);
  const next = verb === 'update' ? body.value : patchScale(scale, body.value, mediaTypeOf(request));
  const replicas = at(next, 'spec', 'replicas') ?? 0;
  if (typeof replicas !== 'number')
    throw badRequest(
      'Scale in version "v1" cannot be handled as a Scale: json: cannot unmarshal string into Go struct field ScaleSpec.spec.replicas of type int32',
    );
  if (replicas < 0)
    throw refuse(
      422,
      'Invalid',
      `Scale.autoscaling ${JSON.stringify(path.name)} is invalid: spec.replicas: Invalid value: ${replicas}: must be greater than or equal to 0`,
      {
        name: path.name,
        group: 'autoscaling',
        kind: 'Scale',
        causes: [
          {
            reason: 'FieldValueInvalid',
            message: `Invalid value: ${replicas}: must be greater than or equal to 0`,
            field: 'spec.replicas',
          },
        ],
      },
    );
  const updated = scaleTo(
    served,
    resource,
    path,
    request,
    paths,
    replicas,
    stringAt(next, 'metadata', 'resourceVersion'),
  );
  return json(request, readScale(updated, paths));
}

function patchScale(scale: unknown, patch: unknown, mediaType: string): unknown {
  return mediaType === 'application/json-patch+json' ? applyJsonPatch(scale, patch) : applyMergePatch(scale, patch);
}

function scaleTo(
  served: Served,
  resource: Resource,
  path: ResourcePath,
  request: Request,
  paths: ScalePaths,
  replicas: number,
  revision: string | undefined,
): KubeObject {
  const { cluster } = served;
  const query = new URL(request.url).searchParams;
  const agent = (request.headers.get('User-Agent') ?? '').split('/')[0] ?? '';
  const options: WriteOptions = {
    manager: query.get('fieldManager') || agent,
    dryRun: query.getAll('dryRun').includes('All'),
    subresource: 'scale',
    warnings: [],
  };
  const fields = fieldManagerOf(cluster, resource, 'scale');
  const transform = (live: KubeObject | undefined): KubeObject => {
    if (!live) throw new Error('scale has no live object');
    const scaled = withReplicas(live, paths, replicas);
    const guarded = revision ? { ...scaled, metadata: { ...scaled.metadata, resourceVersion: revision } } : scaled;
    return trackUpdate(fields, live, guarded, options.manager);
  };
  return updateObject(cluster, resource, path.namespace, path.name, transform, options).object;
}

/** Sandbox Pods run nothing: their logs say so. */
function handleLog(served: Served, resource: Resource, path: ResourcePath): Response {
  const pod = getObject(served.cluster, resource, path.namespace, path.name);
  const image = stringAt(pod, 'spec', 'containers', 0, 'image') ?? '';
  if (at(pod, 'status', 'phase') === 'Pending')
    throw badRequest(
      `container ${JSON.stringify(at(pod, 'spec', 'containers', 0, 'name') ?? '')} in pod ${JSON.stringify(path.name)} is waiting to start: ContainerCreating`,
    );
  return text(`This Pod lives in the sandbox, which runs no containers: ${image} was never started.\n`);
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
