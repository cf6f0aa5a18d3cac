// The REST routes of the record of deliveries: what came, what it meant for each Application, and having one worked on again.

import { Hono } from 'hono';
import { HawserError } from '../base/errors.ts';
import type { DeliveryDesk } from '../operation/delivery-desk.ts';
import type { DeliveryRecord } from '../operation/delivery-store.ts';
import { addressesOf, refOf } from '../operation/push.ts';

const DEFAULT_LIMIT = 50;
/** As many as are kept when they are done. */
const MAX_LIMIT = 2_000;

export function createDeliveryRoutes(desk: DeliveryDesk): Hono {
  const routes = new Hono().basePath('/api/deliveries');

  routes.get('/', async (context) => {
    const { limit, application, repository } = context.req.query();
    const filter = { ...(application && { application }), ...(repository && { repository }) };
    const records = await desk.list(parseLimit(limit), filter);
    return context.json({ items: records.map(presentDelivery) });
  });

  routes.get('/:id', async (context) => {
    const [first, ...others] = await desk.get(context.req.param('id'));
    return context.json({
      ...presentDelivery(first),
      ...(others.length > 0 && { otherRefs: others.map(({ push }) => ({ ref: refOf(push), key: push.key })) }),
    });
  });

  routes.post('/:id/replay', async (context) => context.json(await desk.replay(context.req.param('id')), 202));

  return routes;
}

/** `omitted`: Applications that are counted, and for whose verdicts the record had no room. */
function presentDelivery(record: DeliveryRecord) {
  const { push, receivedAt, state, holder, left, reason, notes, counts, applications } = record;
  const { deliveryId, key, provider, pusher } = push;
  const commits = push.kind === 'git' ? { before: push.before, after: push.after } : {};
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const omitted = Math.max(0, total - applications.length);
  return {
    deliveryId,
    key,
    provider,
    repository: addressesOf(push)[0] ?? '',
    ref: refOf(push),
    ...commits,
    pusher,
    receivedAt,
    state,
    holder,
    left,
    reason,
    notes,
    counts,
    ...(omitted > 0 && { omitted }),
    applications,
  };
}

function parseLimit(text: string | undefined): number {
  if (text === undefined || text === '') return DEFAULT_LIMIT;
  const limit = Number(text);
  if (Number.isInteger(limit) && limit > 0) return Math.min(limit, MAX_LIMIT);
  throw new HawserError('InvalidInput', `limit must be a whole number above 0, not ${text}`);
}
