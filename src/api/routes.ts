// The REST routes, in the shapes that Argo CD's clients know, and hawser's own refresh.

import { Hono } from 'hono';
import type { Application, SyncRequest } from '../application/types.ts';
import { HawserError } from '../base/errors.ts';
import { isObject } from '../base/json.ts';
import type { Hawser, RefreshRequest } from '../operation/hawser.ts';

export function createApiRoutes(hawser: Hawser): Hono {
  const routes = new Hono();

  routes.post('/api/refresh', async (context) =>
    context.json(await hawser.refresh(parseRefresh(await readJson(context.req.raw))), 202),
  );

  routes.get('/api/v1/applications', async (context) => {
    const items = await hawser.listApplications();
    const name = context.req.query('name');
    const projects = [...(context.req.queries('projects') ?? []), ...(context.req.queries('project') ?? [])];
    const chosen = items.filter(
      (app) => (!name || app.metadata.name === name) && (projects.length === 0 || projects.includes(app.spec.project)),
    );
    return context.json({ metadata: {}, items: chosen.map(presentApplication) });
  });

  routes.get('/api/v1/applications/:name', async (context) => {
    const name = context.req.param('name');
    const refresh = context.req.query('refresh');
    if (refresh) await hawser.refresh({ application: name, hard: refresh === 'hard' });
    return context.json(presentApplication(await hawser.getApplication(name, context.req.query('appNamespace'))));
  });

  routes.post('/api/v1/applications/:name/sync', async (context) => {
    const request = parseSync(await readJson(context.req.raw));
    return context.json(presentApplication(await hawser.requestSync(context.req.param('name'), request, 'admin')));
  });

  routes.delete('/api/v1/applications/:name', async (context) => {
    const { cascade, propagationPolicy, appNamespace } = context.req.query();
    if (cascade !== undefined && cascade !== 'true' && cascade !== 'false') {
      throw new HawserError('InvalidInput', `cascade must be true or false, not ${cascade}`);
    }
    const request = {
      ...(cascade !== undefined && { cascade: cascade === 'true' }),
      ...(propagationPolicy && { propagationPolicy }),
    };
    await hawser.deleteApplication(context.req.param('name'), request, appNamespace);
    return context.json({});
  });

  routes.post('/api/v1/applications/:name/confirm-deletion', async (context) => {
    await hawser.confirmDeletion(context.req.param('name'), context.req.query('appNamespace'));
    return context.json({});
  });

  routes.get('/api/v1/applications/:name/managed-resources', async (context) =>
    context.json({ items: await hawser.managedResources(context.req.param('name')) }),
  );

  return routes;
}

/** An absent body is `{}`; Argo CD's clients send none for a plain sync. */
async function readJson(request: Request): Promise<Record<string, unknown>> {
  const text = await request.text();
  if (text.trim() === '') return {};
  const type = request.headers.get('content-type') ?? '';
  if (!type.startsWith('application/json')) {
    throw new HawserError('UnsupportedMediaType', 'Invalid content type', {
      hint: 'send Content-Type: application/json',
    });
  }
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw new HawserError('InvalidInput', 'the body is not valid JSON');
  }
  if (!isObject(body)) throw new HawserError('InvalidInput', 'the body is not a JSON object');
  return body;
}

function parseRefresh(body: Record<string, unknown>): RefreshRequest {
  const application = optionalString(body, 'application');
  const repoURL = optionalString(body, 'repoURL');
  const revision = optionalString(body, 'revision');
  const all = optionalBoolean(body, 'all');
  const hard = optionalBoolean(body, 'hard');
  if ([application, repoURL, all || undefined].filter((choice) => choice !== undefined).length !== 1) {
    throw new HawserError('InvalidInput', 'name what to refresh: one of application, repoURL and all', {
      hint: 'for example {"application": "dev"} or {"all": true}',
    });
  }
  return {
    ...(application !== undefined && { application }),
    ...(repoURL !== undefined && { repoURL }),
    ...(all !== undefined && { all }),
    ...(revision !== undefined && { revision }),
    ...(hard !== undefined && { hard }),
  };
}

function parseSync(body: Record<string, unknown>): SyncRequest {
  const revision = optionalString(body, 'revision');
  const prune = optionalBoolean(body, 'prune');
  const dryRun = optionalBoolean(body, 'dryRun');
  const options = isObject(body.syncOptions) ? body.syncOptions.items : body.syncOptions;
  const resources = Array.isArray(body.resources) ? body.resources : undefined;
  if (
    resources &&
    !resources.every((entry) => isObject(entry) && typeof entry.kind === 'string' && typeof entry.name === 'string')
  ) {
    throw new HawserError('InvalidInput', 'each entry of resources needs kind and name');
  }
  return {
    ...(revision && { revision }),
    ...(prune !== undefined && { prune }),
    ...(dryRun !== undefined && { dryRun }),
    ...(Array.isArray(options) && { syncOptions: options.filter((option) => typeof option === 'string') }),
    ...(isObject(body.strategy) && { syncStrategy: body.strategy }),
    ...(resources && { resources }),
  };
}

function optionalString(body: Record<string, unknown>, key: string): string | undefined {
  const value = body[key];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return value;
  throw new HawserError('InvalidInput', `${key} must be a string`);
}

function optionalBoolean(body: Record<string, unknown>, key: string): boolean | undefined {
  const value = body[key];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'boolean') return value;
  throw new HawserError('InvalidInput', `${key} must be true or false`);
}

/** The object as the cluster has it, less what only the API server's own bookkeeping needs. */
function presentApplication(app: Application): unknown {
  const { managedFields: _, ...metadata } = app.metadata;
  return { ...app, metadata };
}
