// One request to the API server: find what it is about, and call what answers it.

import type { Caller, CallWebhook } from '../admission/call.ts';
import { writeWithWebhooks } from '../admission/conversation.ts';
import { type Access, authenticate, authorize, authorizePath, type Tokens, type TokenUser } from '../auth/authorize.ts';
import type { Cluster } from '../cluster.ts';
import { aggregated, coreVersions, groupList, oneGroup, resourceList } from '../discovery/discovery.ts';
import { openapiDocument, openapiIndex } from '../discovery/openapi.ts';
import { VERSION } from '../discovery/version.ts';
import type { Resource } from '../resource/resource.ts';
import type { Updated } from '../write/update.ts';
import { formatList, formatObject, includeObjectOf, watchFormat } from './format.ts';
import { checkListVersion, getObject, listObjects } from './list.ts';
import { negotiate } from './negotiate.ts';
import { handleDelete, handleDeleteCollection } from './remove.ts';
import { parseResourcePath, type ResourcePath } from './request-info.ts';
import { failure, json, pageNotFound, text } from './respond.ts';
import { handleReview, isReview } from './review.ts';
import { notFound, refuse } from './status.ts';
import { handleSubresource } from './subresource.ts';
import { watchObjects } from './watch.ts';
import { handleCreate, handlePatch, handleUpdate, type Write } from './write.ts';

export interface Served {
  readonly cluster: Cluster;
  readonly tokens: Tokens | undefined;
  readonly callWebhook: CallWebhook | undefined;
  /** Ends all watches. */
  readonly closing: AbortSignal;
}

export async function serve(served: Served, request: Request): Promise<Response> {
  try {
    const url = new URL(request.url);
    const user = authenticate(request, served.tokens);
    const path = parseResourcePath(url.pathname);
    if (!path) {
      authorizePath(user, url.pathname);
      return servePath(served.cluster, request, url);
    }
    return withDeprecation(served.cluster, path, await serveResource(served, request, path, user));
  } catch (error) {
    return failure(request, error);
  }
}

/** Resources that will go one day say so with every answer. */
function withDeprecation(cluster: Cluster, path: ResourcePath, response: Response): Response {
  const text = cluster.registry.find(path.group, path.version, path.plural)?.rules.deprecated;
  if (text !== undefined) response.headers.append('Warning', `299 - ${JSON.stringify(text)}`);
  return response;
}

function servePath(cluster: Cluster, request: Request, url: URL): Response {
  const { registry } = cluster;
  const parts = url.pathname.split('/').filter((part) => part !== '');
  const [first, second, third] = parts;
  switch (first) {
    case 'healthz':
    case 'readyz':
    case 'livez':
      return text('ok');
    case 'version':
      return new Response(JSON.stringify(VERSION, null, 2), { headers: { 'Content-Type': 'application/json' } });
    case 'openapi':
      return serveOpenapi(cluster, request, url);
    case 'api':
      if (second === undefined) return serveGroups(cluster, request, true);
      return second === 'v1' ? json(request, resourceList(registry, '', 'v1')) : pageNotFound();
    case 'apis': {
      if (second === undefined) return serveGroups(cluster, request, false);
      if (third !== undefined)
        if (registry.hasGroupVersion(second, third)) return json(request, resourceList(registry, second, third));
        else if (oneGroup(registry, second)) throw noResource();
        else return pageNotFound();
      const group = oneGroup(registry, second);
      return group ? json(request, group) : pageNotFound();
    }
    case undefined:
      return json(request, {
        paths: ['/api', '/api/v1', '/apis', '/healthz', '/livez', '/openapi/v2', '/openapi/v3', '/readyz', '/version'],
      });
    default:
      return pageNotFound();
  }
}

function serveGroups(cluster: Cluster, request: Request, core: boolean): Response {
  const wanted = negotiate(request.headers.get('Accept'), true);
  if (wanted.form === 'discovery')
    return json(request, aggregated(cluster.registry, core), {
      headers: { 'Content-Type': 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList' },
    });
  return json(request, core ? coreVersions() : groupList(cluster.registry));
}

function serveOpenapi(cluster: Cluster, request: Request, url: URL): Response {
  if (url.pathname === '/openapi/v3') return json(request, openapiIndex(cluster.registry));
  const version = /^\/openapi\/v3\/(.+)$/.exec(url.pathname)?.[1];
  const document = version === undefined ? undefined : openapiDocument(cluster.registry, version);
  return document ? json(request, document) : pageNotFound();
}

async function serveResource(
  served: Served,
  request: Request,
  path: ResourcePath,
  user: TokenUser | undefined,
): Promise<Response> {
  const { cluster } = served;
  const verb = verbOf(request, path);
  authorize(user, accessOf(path, verb));
  if (!cluster.registry.groups().some(({ group }) => group === path.group)) return pageNotFound();
  const resource = cluster.registry.find(path.group, path.version, path.plural);
  const isMisplaced = resource && !resource.namespaced && path.namespace !== '' && path.plural !== 'namespaces';
  if (!resource || isMisplaced) throw noResource();
  if (isReview(resource)) return handleReview(cluster, resource, request, user);
  if (path.subresource !== '' && !resource.subresources.has(path.subresource)) {
    // The handler of custom resources looks for the object's endpoint, and names the object.
    throw resource.definition ? notFound(resource, path.name) : noResource();
  }
  const verbs =
    path.subresource === '' ? resource.verbs : (resource.subresources.get(path.subresource)?.verbs ?? new Set());
  const isOverAll = resource.namespaced && path.namespace === '';
  const isNameless = path.name === '' && (verb === 'update' || verb === 'patch');
  if (!verbs.has(verb) || (isOverAll && !READS_ALL.includes(verb)) || isNameless) throw notAllowed();
  const caller: Caller = { cluster, user, call: served.callWebhook, warnings: [] };
  if (path.subresource !== '' && path.subresource !== 'status')
    return handleSubresource(served, resource, path, request, verb, caller);
  return serveVerb(served, resource, path, request, verb, caller);
}

function noResource(): Error {
  return refuse(404, 'NotFound', 'the server could not find the requested resource', {});
}

function notAllowed(): Error {
  return refuse(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource', {});
}

/** Verbs that are allowed over all namespaces. */
const READS_ALL = ['list', 'watch'];

function verbOf(request: Request, path: ResourcePath): string {
  const isCollection = path.name === '';
  switch (request.method) {
    case 'GET':
    case 'HEAD': {
      const query = new URL(request.url).searchParams;
      const watch = path.watch || query.get('watch') === 'true' || query.get('watch') === '1';
      if (watch) return 'watch';
      return isCollection ? 'list' : 'get';
    }
    case 'POST':
      return 'create';
    case 'PUT':
      return 'update';
    case 'PATCH':
      return 'patch';
    case 'DELETE':
      return isCollection ? 'deletecollection' : 'delete';
    default:
      return request.method.toLowerCase();
  }
}

function accessOf(path: ResourcePath, verb: string): Access {
  const { group, plural, subresource, namespace, name } = path;
  return { verb, group, plural, subresource, namespace: plural === 'namespaces' ? '' : namespace, name };
}

async function serveVerb(
  served: Served,
  resource: Resource,
  path: ResourcePath,
  request: Request,
  verb: string,
  caller: Caller,
): Promise<Response> {
  const { cluster, warnings } = caller;
  const query = new URL(request.url).searchParams;
  const { form } = negotiate(request.headers.get('Accept'));
  const include = includeObjectOf(query);
  const answer = async (handle: (write: Write) => Promise<{ body: unknown; status?: number }>) => {
    const commit: Write['commit'] = (run) => writeWithWebhooks(caller, run);
    try {
      const { body, status = 200 } = await handle({ cluster, resource, path, request, warnings, commit });
      return json(request, body, { status, warnings });
    } catch (error) {
      return failure(request, error, warnings);
    }
  };
  const write = (handle: (write: Write) => Promise<Updated>) =>
    answer(async (given) => {
      const { object, created } = await handle(given);
      return { body: formatObject(cluster, resource, object, form, include), status: created ? 201 : 200 };
    });
  switch (verb) {
    case 'get':
      return json(
        request,
        formatObject(cluster, resource, getObject(cluster, resource, path.namespace, path.name), form, include),
      );
    case 'list':
      checkListVersion(cluster, query);
      return json(
        request,
        formatList(cluster, resource, listObjects(cluster, resource, path.namespace, query), form, include),
      );
    case 'watch': {
      const format = watchFormat(cluster, resource, form, include);
      const named = path.name === '' || path.plural === 'namespaces' ? request : withName(request, path.name);
      return watchObjects(cluster, resource, resource.namespaced ? path.namespace : '', named, format, served.closing);
    }
    case 'create':
      if (path.name !== '') throw notAllowed();
      return write(handleCreate);
    case 'update':
      return write(handleUpdate);
    case 'patch':
      return write(handlePatch);
    case 'delete':
      return answer(async (given) => ({ body: await handleDelete(given) }));
    default:
      return answer(async (given) => ({ body: await handleDeleteCollection(given) }));
  }
}

/** A watch on one object is a watch on the collection that selects its name. */
function withName(request: Request, name: string): Request {
  const url = new URL(request.url);
  url.searchParams.set('fieldSelector', `metadata.name=${name}`);
  return new Request(url, { headers: request.headers, signal: request.signal });
}
