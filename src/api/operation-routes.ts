// Beginning, ending, approving and taking back operations, in the shapes that Argo CD's clients know.

import { z } from 'zod';
import { hasSeveralSources, sourcesOf } from '../application/parse.ts';
import { retryWaitMs } from '../application/retry.ts';
import type { Application, Retry, SyncRequest } from '../application/types.ts';
import { HawserError } from '../base/errors.ts';
import { otherRevisions } from '../operation/request-operation.ts';
import { presentApplication } from './present-application.ts';
import { type ApiParts, type Route, route } from './route.ts';
import { applicationAnswer } from './schema/application.ts';
import { applicationQuery, int64 } from './schema/values.ts';

const ONE = '/api/v1/applications/:name';

/** Of the body: grpc-gateway takes nothing from the query where there is one. */
const applicationFields = { appNamespace: z.string().nullish(), project: z.string().nullish() };

const options = z.array(z.string());

const syncBody = z.looseObject({
  ...applicationFields,
  revision: z.string().nullish(),
  /** With sourcePositions: of those sources, counted from 1. Otherwise of each. */
  revisions: z.array(z.string()).nullish(),
  sourcePositions: z.array(int64).nullish(),
  prune: z.boolean().nullish(),
  dryRun: z.boolean().nullish(),
  strategy: z
    .looseObject({
      apply: z.looseObject({ force: z.boolean().optional() }).nullish(),
      hook: z.looseObject({ force: z.boolean().optional() }).nullish(),
    })
    .nullish(),
  resources: z
    .array(
      z.looseObject({
        group: z.string().optional(),
        kind: z.string(),
        name: z.string(),
        namespace: z.string().optional(),
      }),
    )
    .nullish(),
  /** A local sync: these, as JSON or YAML, in place of what Git holds. */
  manifests: z.array(z.string()).nullish(),
  infos: z.array(z.looseObject({ name: z.string(), value: z.string() })).nullish(),
  retryStrategy: z
    .looseObject({
      limit: int64.nullish(),
      refresh: z.boolean().nullish(),
      backoff: z
        .looseObject({ duration: z.string().nullish(), factor: int64.nullish(), maxDuration: z.string().nullish() })
        .nullish(),
    })
    .nullish(),
  /** `{"items": […]}`, or the list itself. */
  syncOptions: z.union([options, z.looseObject({ items: options.nullish() })]).nullish(),
});

type SyncBody = z.output<typeof syncBody>;

export function operationRoutes({ hawser }: ApiParts): readonly Route[] {
  const isSet = async (key: string) => (await hawser.editing.config())[key] === 'true';
  return [
    route({
      method: 'POST',
      path: `${ONE}/sync`,
      summary: 'Begin a sync',
      need: { kind: 'application', action: 'sync' },
      body: syncBody,
      answer: applicationAnswer,
      handle: async (call) => {
        const app = call.application();
        const request = syncRequest(app, call.body);
        const isOverriding =
          request.manifests !== undefined ||
          (otherRevisions(app, request).length > 0 &&
            (await isSet('application.sync.requireOverridePrivilegeForRevisionSync')));
        if (isOverriding) call.require('applications', 'override', call.objectOf(app));
        const { infos, retryStrategy } = call.body;
        const extras = {
          ...(infos && { info: infos.map(({ name, value }) => ({ name, value })) }),
          ...(retryStrategy && { retry: retryOf(retryStrategy) }),
        };
        return presentApplication(await hawser.requestSync(app, request, call.principal.name, extras));
      },
    }),
    route({
      method: 'POST',
      path: `${ONE}/rollback`,
      summary: 'Bring back an entry of the history; without an id, the one before the newest',
      need: {
        kind: 'application',
        action: async () => [(await isSet('server.rbac.rollback.enforce.enable')) ? 'rollback' : 'sync'],
      },
      body: z.looseObject({
        ...applicationFields,
        id: int64.nullish(),
        prune: z.boolean().nullish(),
        dryRun: z.boolean().nullish(),
        /** Turns automated sync off first, instead of refusing; hawser's own. */
        disableAutoSync: z.boolean().nullish(),
      }),
      answer: applicationAnswer,
      handle: async (call) => {
        const { id, prune, dryRun, disableAutoSync } = call.body;
        const app = call.application();
        if (disableAutoSync) call.require('applications', 'update', call.objectOf(app));
        const request = {
          ...(typeof id === 'number' && { id }),
          prune: prune ?? false,
          dryRun: dryRun ?? false,
          disableAutoSync: disableAutoSync ?? false,
        };
        return presentApplication(await hawser.rollback(app, request, call.principal.name));
      },
    }),
    route({
      method: 'DELETE',
      path: `${ONE}/operation`,
      summary: 'End the operation that runs or waits',
      need: { kind: 'application', action: 'sync' },
      query: z.object(applicationQuery),
      answer: z.object({}),
      handle: async (call) => {
        await hawser.terminateOperation(call.application(), call.principal.name);
      },
    }),
    route({
      method: 'POST',
      path: `${ONE}/approve-sync`,
      summary: 'Let a sync go on that a sync window holds (hawser’s own)',
      need: { kind: 'application', action: 'sync' },
      query: z.object(applicationQuery),
      answer: applicationAnswer,
      handle: async (call) => presentApplication(await hawser.approveSync(call.application(), call.principal.name)),
    }),
  ];
}

function syncRequest(app: Application, body: SyncBody): SyncRequest {
  const { revision, prune, dryRun, strategy, resources, manifests, syncOptions } = body;
  const revisions = revisionsOf(app, body);
  const items = Array.isArray(syncOptions) ? syncOptions : syncOptions?.items;
  return {
    ...(revision && !revisions && { revision }),
    ...(revisions && { revisions }),
    ...(typeof prune === 'boolean' && { prune }),
    ...(typeof dryRun === 'boolean' && { dryRun }),
    ...(items && { syncOptions: items }),
    ...(strategy && { syncStrategy: withoutNulls(strategy) }),
    ...(resources && { resources: resources.map(chosenResource) }),
    ...(manifests && { manifests }),
  };
}

function chosenResource({ group, kind, name, namespace }: NonNullable<SyncBody['resources']>[number]) {
  return { ...(group !== undefined && { group }), kind, name, ...(namespace !== undefined && { namespace }) };
}

/** One a source: an empty one is the source's own. */
function revisionsOf(app: Application, { revisions, sourcePositions }: SyncBody): readonly string[] | undefined {
  if (!revisions || revisions.length === 0 || !hasSeveralSources(app.spec)) return undefined;
  const count = sourcesOf(app.spec).length;
  const positions = sourcePositions ?? revisions.map((_, index) => index + 1);
  if (positions.length !== revisions.length || positions.some((position) => position < 1 || position > count)) {
    throw new HawserError('InvalidInput', 'source position is out of range', {
      hint: `each of revisions needs its own of sourcePositions, from 1 to ${count}`,
    });
  }
  return Array.from({ length: count }, (_, index) => revisions[positions.indexOf(index + 1)] ?? '');
}

function withoutNulls({ apply, hook }: NonNullable<SyncBody['strategy']>): NonNullable<SyncRequest['syncStrategy']> {
  const part = (given: typeof apply) => (given?.force === undefined ? {} : { force: given.force });
  return { ...(apply && { apply: part(apply) }), ...(hook && { hook: part(hook) }) };
}

function retryOf({ limit, refresh, backoff }: NonNullable<SyncBody['retryStrategy']>): Retry {
  const { duration, factor, maxDuration } = backoff ?? {};
  const retry: Retry = {
    ...(typeof limit === 'number' && { limit }),
    ...(typeof refresh === 'boolean' && { refresh }),
    ...(backoff && {
      backoff: {
        ...(duration && { duration }),
        ...(typeof factor === 'number' && { factor }),
        ...(maxDuration && { maxDuration }),
      },
    }),
  };
  // A duration that is none is told now, not after the first attempt has failed.
  retryWaitMs(retry, 0);
  return retry;
}
