// The REST routes that begin, end, approve and take back operations, in the shapes that Argo CD's clients know.

import { Hono } from 'hono';
import { retryWaitMs } from '../application/retry.ts';
import type { Operation, Retry, SyncRequest } from '../application/types.ts';
import { HawserError } from '../base/errors.ts';
import { isObject, stringAt } from '../base/json.ts';
import type { Hawser, RollbackRequest, SyncExtras } from '../operation/hawser.ts';
import { presentApplication } from './answer.ts';
import { optionalBoolean, optionalInteger, optionalString, readJson } from './body.ts';

/** The only account until there are others. */
const USER = 'admin';

export function createOperationRoutes(hawser: Hawser): Hono {
  const routes = new Hono().basePath('/api/v1/applications/:name');

  routes.post('/sync', async (context) => {
    const body = await readJson(context.req.raw);
    const name = context.req.param('name');
    const app = await hawser.requestSync(name, parseSync(body), USER, parseExtras(body));
    return context.json(presentApplication(app));
  });

  routes.post('/rollback', async (context) => {
    const request = parseRollback(await readJson(context.req.raw));
    return context.json(presentApplication(await hawser.rollback(context.req.param('name'), request, USER)));
  });

  routes.delete('/operation', async (context) => {
    await hawser.terminateOperation(context.req.param('name'));
    return context.json({});
  });

  // hawser's own: Argo CD has no approval of what a sync window holds.
  routes.post('/approve-sync', async (context) =>
    context.json(presentApplication(await hawser.approveSync(context.req.param('name'), USER))),
  );

  return routes;
}

function parseSync(body: Record<string, unknown>): SyncRequest {
  if (Array.isArray(body.manifests) && body.manifests.length > 0) {
    throw new HawserError(
      'Unsupported',
      'manifests of the caller (--local) are not synced: what is deployed comes from Git',
    );
  }
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
  const revisions = Array.isArray(body.revisions) ? body.revisions.filter((item) => typeof item === 'string') : [];
  return {
    ...(revision && { revision }),
    ...(revisions.length > 0 && { revisions }),
    ...(prune !== undefined && { prune }),
    ...(dryRun !== undefined && { dryRun }),
    ...(Array.isArray(options) && { syncOptions: options.filter((option) => typeof option === 'string') }),
    ...(isObject(body.strategy) && { syncStrategy: body.strategy }),
    ...(resources && { resources }),
  };
}

function parseExtras(body: Record<string, unknown>): SyncExtras {
  const { retryStrategy, infos } = body;
  return {
    ...(isObject(retryStrategy) && { retry: parseRetry(retryStrategy) }),
    ...(Array.isArray(infos) && { info: infos.flatMap(parseInfo) }),
  };
}

function parseRetry(strategy: Record<string, unknown>): Retry {
  const limit = optionalInteger(strategy, 'limit');
  const refresh = optionalBoolean(strategy, 'refresh');
  const backoff = isObject(strategy.backoff) ? strategy.backoff : {};
  const duration = optionalString(backoff, 'duration');
  const factor = optionalInteger(backoff, 'factor');
  const maxDuration = optionalString(backoff, 'maxDuration');
  const retry: Retry = {
    ...(limit !== undefined && { limit }),
    ...(refresh !== undefined && { refresh }),
    ...(isObject(strategy.backoff) && {
      backoff: {
        ...(duration !== undefined && { duration }),
        ...(factor !== undefined && { factor }),
        ...(maxDuration !== undefined && { maxDuration }),
      },
    }),
  };
  // A duration that is none is told now, not after the first attempt has failed.
  retryWaitMs(retry, 0);
  return retry;
}

function parseInfo(entry: unknown): NonNullable<Operation['info']> {
  const name = stringAt(entry, 'name');
  const value = stringAt(entry, 'value');
  return name !== undefined && value !== undefined ? [{ name, value }] : [];
}

function parseRollback(body: Record<string, unknown>): RollbackRequest {
  const id = optionalInteger(body, 'id');
  const prune = optionalBoolean(body, 'prune');
  const dryRun = optionalBoolean(body, 'dryRun');
  const disableAutoSync = optionalBoolean(body, 'disableAutoSync');
  return {
    ...(id !== undefined && { id }),
    ...(prune !== undefined && { prune }),
    ...(dryRun !== undefined && { dryRun }),
    ...(disableAutoSync !== undefined && { disableAutoSync }),
  };
}
