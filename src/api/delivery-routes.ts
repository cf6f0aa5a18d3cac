// The REST routes of the record of deliveries: what came, what it meant for each Application, and having it worked on again. Who may not
// get an Application is told of no push to it.

import { z } from 'zod';
import type { Application } from '../application/types.ts';
import { HawserError } from '../base/errors.ts';
import { unknownDelivery } from '../operation/delivery-desk.ts';
import type { DeliveryRecord } from '../operation/delivery-store.ts';
import { addressesOf, refOf, type Verdict } from '../operation/push.ts';
import { type ApiParts, type Call, type Route, route } from './route.ts';

const PATH = '/api/deliveries';
const DEFAULT_LIMIT = 50;
/** As many as are kept when they are done. */
const MAX_LIMIT = 2_000;
/** As many are looked at for whoever may not see all. */
const MOST_LOOKED_AT = 500;
/** Whoever may do something with this may do it with every Application but those that a policy denies by name. */
const EVERY = '*/*';

const delivery = z.looseObject({
  deliveryId: z.string(),
  key: z.string(),
  repository: z.string(),
  ref: z.string(),
  receivedAt: z.string(),
  state: z.enum(['open', 'done']),
  applications: z.array(z.looseObject({ name: z.string(), verdict: z.string() })),
});

/** Whether one may do something with the Applications of a name. */
type Permits = (name: string) => boolean;

/** What one may see of a record; undefined where that is nothing. */
type See = (record: DeliveryRecord) => DeliveryRecord | undefined;

export function deliveryRoutes({ hawser }: ApiParts): readonly Route[] {
  const { deliveries } = hawser;

  /** Whether something may be done with the Applications of a name, in whatever namespaces; undefined where it may be with all. */
  async function permission(call: Call, action: string): Promise<Permits | undefined> {
    if (call.principal.kind === 'machine') return undefined;
    const apps = await hawser.listApplications();
    const mayWith = (app: Application) => call.rights.may('applications', action, call.objectOf(app));
    const denied = new Set(apps.filter((app) => !mayWith(app)).map(({ metadata }) => metadata.name));
    if (call.rights.may('applications', action, EVERY)) {
      return denied.size === 0 ? undefined : (name) => !denied.has(name);
    }
    const names = new Set(apps.map(({ metadata }) => metadata.name));
    return (name) => names.has(name) && !denied.has(name);
  }

  async function viewOf(call: Call): Promise<{ readonly see: See; readonly isAll: boolean }> {
    const permits = await permission(call, 'get');
    if (!permits) return { see: (record) => record, isAll: true };
    return { see: (record) => withApplications(record, permits), isAll: false };
  }

  async function find(call: Call): Promise<readonly [DeliveryRecord, ...DeliveryRecord[]]> {
    const id = call.param('id');
    const { see } = await viewOf(call);
    const [first, ...others] = (await deliveries.get(id)).map(see).filter((record) => record !== undefined);
    // What one may not see is as if it were not there.
    if (!first) throw unknownDelivery(id);
    return [first, ...others];
  }

  return [
    route({
      method: 'GET',
      path: PATH,
      summary: 'The newest pushes, and what each meant for the Applications that one may see.',
      need: { kind: 'session' },
      query: z.looseObject({
        limit: z.string().optional(),
        application: z.string().optional(),
        repository: z.string().optional(),
      }),
      answer: z.object({ items: z.array(delivery) }),
      handle: async (call) => {
        const { application, repository } = call.query;
        const limit = parseLimit(call.query.limit);
        const { see, isAll } = await viewOf(call);
        const filter = { ...(application && { application }), ...(repository && { repository }) };
        const records = await deliveries.list(isAll ? limit : Math.max(limit, MOST_LOOKED_AT), filter);
        const seen = records.map(see).filter((record) => record !== undefined);
        return { items: seen.slice(0, limit).map(presentDelivery) };
      },
    }),
    route({
      method: 'GET',
      path: `${PATH}/:id`,
      summary: 'A push, by the Git server’s id or by its key, and what it meant.',
      need: { kind: 'session' },
      answer: delivery,
      handle: async (call) => {
        const [first, ...others] = await find(call);
        const otherRefs = others.map(({ push }) => ({ ref: refOf(push), key: push.key }));
        return { ...presentDelivery(first), ...(otherRefs.length > 0 && { otherRefs }) };
      },
    }),
    route({
      method: 'POST',
      path: `${PATH}/:id/replay`,
      summary: 'Work on a push again, as if it came now.',
      need: { kind: 'session' },
      answer: z.looseObject({ deliveryId: z.string(), applications: z.array(z.looseObject({})) }),
      status: 202,
      handle: async (call) => {
        const id = call.param('id');
        const permits = await permission(call, 'sync');
        const isPermitted = (record: DeliveryRecord) =>
          omittedOf(record) === 0 &&
          record.applications.length > 0 &&
          record.applications.every(({ name }) => permits?.(name));
        // Whom it concerns is told to those alone who may see it.
        if (permits && !((await find(call)) && (await deliveries.get(id)).every(isPermitted))) {
          throw new HawserError('Forbidden', 'permission denied');
        }
        return deliveries.replay(id);
      },
    }),
  ];
}

function withApplications(record: DeliveryRecord, permits: Permits): DeliveryRecord | undefined {
  const applications = record.applications.filter(({ name }) => permits(name));
  if (applications.length === 0) return undefined;
  const { left, ...rest } = record;
  return {
    ...rest,
    ...(left && { left: left.filter((key) => permits(key.slice(key.indexOf('/') + 1))) }),
    // They may speak of others.
    notes: [],
    applications,
    counts: countsOf(applications),
  };
}

function countsOf(applications: readonly Verdict[]): DeliveryRecord['counts'] {
  const counts: Partial<Record<Verdict['verdict'], number>> = {};
  for (const { verdict } of applications) counts[verdict] = (counts[verdict] ?? 0) + 1;
  return counts;
}

/** Applications that are counted, and for whose verdicts the record had no room. */
function omittedOf({ counts, applications }: DeliveryRecord): number {
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return Math.max(0, total - applications.length);
}

function presentDelivery(record: DeliveryRecord) {
  const { push, receivedAt, state, holder, left, reason, notes, counts, applications } = record;
  const { deliveryId, key, provider, pusher } = push;
  const commits = push.kind === 'git' ? { before: push.before, after: push.after } : {};
  const omitted = omittedOf(record);
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
