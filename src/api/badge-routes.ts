// GET /api/badge: health and sync status of an Application or of projects, for a page elsewhere (Argo CD: server/badge). Open, where
// `statusbadge.enabled` of argocd-cm says so; otherwise it knows nothing.

import * as z from 'zod';
import type { Application } from '../application/types.ts';
import { HawserError, isHawserError } from '../base/errors.ts';
import { type Badge, drawBadge } from './badge.ts';
import { type ApiParts, type Route, route } from './route.ts';
import { texts } from './schema/values.ts';

const SHORT_COMMIT = 7;
const WIDEST = 2_000;

/** A name that Kubernetes would take. */
const NAME = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/;
const PROJECT = /^([a-zA-Z0-9]([a-zA-Z0-9.-]{0,61}[a-zA-Z0-9])?)?$/;

const badgeQuery = z.object({
  name: z.string().optional(),
  project: texts.optional(),
  namespace: z.string().optional(),
  revision: z.string().optional(),
  showAppName: z.string().optional(),
  keepFullRevision: z.string().optional(),
  width: z.string().optional(),
});

type Query = z.output<typeof badgeQuery>;

export function badgeRoutes({ hawser }: ApiParts): readonly Route[] {
  return [
    route({
      method: 'GET',
      path: '/api/badge',
      summary: 'Health and sync status as an image; ?name= or ?project=',
      need: { kind: 'open' },
      query: badgeQuery,
      handle: async ({ query }) => {
        const isEnabled = (await hawser.editing.config())['statusbadge.enabled'] === 'true';
        const badge = isEnabled ? await badgeOf(hawser, query) : { left: 'Unknown', right: 'Unknown' };
        return new Response(drawBadge(badge), {
          headers: {
            'content-type': 'image/svg+xml',
            'cache-control': 'private, no-store',
            'access-control-allow-origin': '*',
            'x-content-type-options': 'nosniff',
          },
        });
      },
    }),
  ];
}

async function badgeOf(hawser: ApiParts['hawser'], query: Query): Promise<Badge> {
  const { name, namespace, project = [] } = query;
  if (namespace !== undefined && !NAME.test(namespace)) throw new HawserError('InvalidInput', 'namespace is no name');
  if (name !== undefined && !NAME.test(name)) throw new HawserError('InvalidInput', 'name is no name');
  if (!project.every((one) => PROJECT.test(one))) throw new HawserError('InvalidInput', 'project is no name');
  const width = /^\d{1,4}$/.test(query.width ?? '') ? { width: Math.min(Number(query.width), WIDEST) } : {};
  let badge: Badge = { left: 'Unknown', right: 'Unknown' };
  if (name !== undefined) {
    const app = await find(hawser, name, namespace);
    if (!app) return { left: 'Not Found', right: '', ...width };
    badge = ofApplication(app, query);
  }
  if (project.length === 0) return { ...badge, ...width };
  const { items } = await hawser.editing.find({ projects: project, ...(namespace && { namespace }) });
  return { ...badge, ...summary(items), ...width };
}

/** undefined for one that is not there, and for one of a namespace that nobody may ask for. */
async function find(hawser: ApiParts['hawser'], name: string, namespace: string | undefined) {
  try {
    return await hawser.getApplication(name, namespace || undefined);
  } catch (error) {
    if (isHawserError(error, 'NotFound') || isHawserError(error, 'Forbidden')) return undefined;
    throw error;
  }
}

function ofApplication({ metadata, status }: Application, query: Query): Badge {
  const { revision = '', revisions = [] } = status.operationState?.syncResult ?? {};
  const commit = revisions[0] ?? revision;
  const isWhole = isTrue(query.keepFullRevision);
  return {
    left: status.health?.status ?? 'Unknown',
    right: status.sync?.status ?? 'Unknown',
    ...(isTrue(query.revision) && commit && { revision: isWhole ? commit : commit.slice(0, SHORT_COMMIT) }),
    ...(isTrue(query.showAppName) && { title: metadata.name }),
  };
}

/** One that is not Healthy makes them Degraded, one that is not Synced OutOfSync. */
function summary(apps: readonly Application[]): Pick<Badge, 'left' | 'right'> {
  if (apps.length === 0) return { left: 'Unknown', right: 'Unknown' };
  const isHealthy = apps.every(({ status }) => status.health?.status === 'Healthy');
  const isSynced = apps.every(({ status }) => status.sync?.status === 'Synced');
  return { left: isHealthy ? 'Healthy' : 'Degraded', right: isSynced ? 'Synced' : 'OutOfSync' };
}

function isTrue(text: string | undefined): boolean {
  return text?.toLowerCase() === 'true';
}
