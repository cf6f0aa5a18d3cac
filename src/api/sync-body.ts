// What a client says of the sync that it asks for, in the shapes that Argo CD's clients know.

import * as z from 'zod';
import { hasSeveralSources, sourcesOf } from '../application/parse.ts';
import { retryWaitMs } from '../application/retry.ts';
import type { Application, Retry, SyncRequest } from '../application/types.ts';
import { HawserError } from '../base/errors.ts';
import { int64 } from './schema/values.ts';

/** Of the body: grpc-gateway takes nothing from the query where there is one. */
export const applicationFields = { appNamespace: z.string().nullish(), project: z.string().nullish() };

const options = z.array(z.string());

export const syncBody = z.looseObject({
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

export type SyncBody = z.output<typeof syncBody>;

/** What the body asks for. Throws `InvalidInput` for positions of sources that are none. */
export function syncRequest(app: Application, body: SyncBody): SyncRequest {
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

/** Throws `InvalidInput` for a duration that is none. */
export function retryOf({ limit, refresh, backoff }: NonNullable<SyncBody['retryStrategy']>): Retry {
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
