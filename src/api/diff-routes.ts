// What a sync would change, as Argo CD's clients ask for it: managed-resources, and the comparison of manifests that a client brings.

import { Hono } from 'hono';
import { HawserError } from '../base/errors.ts';
import { isObject } from '../base/json.ts';
import type { ResourceDiff } from '../compare/resource-diff.ts';
import type { DiffRequest, Hawser } from '../operation/hawser.ts';
import { optionalString, readJson } from './body.ts';

/** A repository's folder, not its history. */
const MAX_BODY_BYTES = 32 << 20;

export function createDiffRoutes(hawser: Hawser): Hono {
  const routes = new Hono().basePath('/api/v1/applications/:name');

  routes.get('/managed-resources', async (context) => {
    const query = context.req.query();
    const request = { ...revisionsOf(query.revision), ...(query.refresh === 'hard' && { fresh: true }) };
    const found = await hawser.managedResources(context.req.param('name'), request, query.appNamespace);
    const items = found.filter((item) => isAskedFor(item, query));
    return context.json({ items });
  });

  // POST, unlike Argo CD's: manifests are compared with any object that they name, which reading alone shall not allow.
  routes.post('/server-side-diff', async (context) => {
    const { name } = context.req.param();
    if (Number(context.req.header('content-length') ?? 0) > MAX_BODY_BYTES) {
      throw new HawserError('TooLarge', `the files are larger than ${MAX_BODY_BYTES >> 20} MiB together`);
    }
    const body = await readJson(context.req.raw);
    const items = await hawser.managedResources(name, parseDiff(body), optionalString(body, 'appNamespace'));
    return context.json({ items, modified: items.some(({ modified }) => modified) });
  });

  return routes;
}

/** Argo CD: ResourcesQuery. What is not asked for is not restricted. */
function isAskedFor(item: ResourceDiff, query: Readonly<Record<string, string>>): boolean {
  return (['group', 'kind', 'namespace', 'name'] as const).every((key) => !query[key] || query[key] === item[key]);
}

function parseDiff(body: Record<string, unknown>): DiffRequest {
  const { targetManifests, files } = body;
  const isText = (value: unknown) => typeof value === 'string';
  if (targetManifests !== undefined && !(Array.isArray(targetManifests) && targetManifests.every(isText))) {
    throw new HawserError('InvalidInput', 'targetManifests must be a list of manifests as text');
  }
  if (files !== undefined && !(isObject(files) && Object.values(files).every(isText))) {
    throw new HawserError('InvalidInput', 'files must be a map from names to contents in base64');
  }
  return {
    ...revisionsOf(optionalString(body, 'revision')),
    ...(Array.isArray(targetManifests) && { manifests: targetManifests.map(String) }),
    ...(isObject(files) && {
      files: Object.fromEntries(Object.entries(files).map(([name, content]) => [name, decode(name, String(content))])),
    }),
  };
}

/** Of several sources, with commas between them. */
function revisionsOf(revision: string | undefined): DiffRequest {
  return revision ? { revisions: revision.split(',') } : {};
}

function decode(name: string, text: string): Uint8Array {
  try {
    return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  } catch {
    throw new HawserError('InvalidInput', `files: the content of ${name} is no base64`);
  }
}
