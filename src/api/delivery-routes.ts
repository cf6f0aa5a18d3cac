// The REST routes of the record of deliveries: what came, what it meant for each Application, and having it worked on again. Who may not
// get an Application is told of no push to it.

import * as z from 'zod';
import type { Rights } from '../account/rights.ts';
import type { Application } from '../application/types.ts';
import { HawserError } from '../base/errors.ts';
import { unknownDelivery } from '../operation/delivery-desk.ts';
import type { DeliveryFilter, DeliveryRecord } from '../operation/delivery-store.ts';
import { addressesOf, type Push, refOf, type Verdict, type VerdictKind } from '../operation/push.ts';
import { type ApiParts, type Call, type Route, route } from './route.ts';
import { streamAnswer, untilGone } from './stream.ts';
import { createTrust } from './trust.ts';

const PATH = '/api/deliveries';
const DEFAULT_LIMIT = 50;
/** As many as are kept when they are done. */
const MAX_LIMIT = 2_000;
/** As many are looked at for whoever may not see all. */
const MOST_LOOKED_AT = 500;
/** What one may see is known for so long: it takes a list of all Applications, and a push is told several times as it goes on. */
const VIEW_MS = 2_000;

/** Whoever may do something with this may do it with every Application but those that a policy denies by name. */
const EVERY = '*/*';

export const VERDICTS = [
  'sync',
  'manual',
  'unaffected',
  'branch mismatch',
  'already deployed',
  'window-closed',
  'suspended',
  'superseded',
  'stale',
  'host mismatch',
  'error',
  'pending',
] as const satisfies readonly VerdictKind[];

const verdict = z.object({
  name: z.string(),
  verdict: z.enum(VERDICTS),
  reason: z.string(),
  /** In the repository: what made the Application affected. */
  paths: z.array(z.string()),
  operationUrl: z.string(),
});

const delivery = z.object({
  deliveryId: z.string(),
  key: z.string(),
  provider: z.string(),
  /** Whose secret has proved where it comes from; absent in records of before this was told. */
  proof: z.enum(['server', 'repository', 'none']).optional(),
  repository: z.string(),
  ref: z.string(),
  before: z.string().optional(),
  after: z.string().optional(),
  isForced: z.boolean().optional(),
  /** The newest last. */
  commits: z.array(z.object({ id: z.string(), message: z.string(), author: z.string().optional() })).optional(),
  moreCommits: z.int().optional(),
  pusher: z.string().optional(),
  receivedAt: z.string(),
  state: z.enum(['open', 'done']),
  /** The process that answers for it. */
  holder: z.string(),
  left: z.array(z.string()).optional(),
  reason: z.string().optional(),
  notes: z.array(z.string()),
  counts: z.partialRecord(z.enum(VERDICTS), z.int()),
  omitted: z.int().optional(),
  applications: z.array(verdict),
  /** Others that the same delivery told of. */
  otherRefs: z.array(z.object({ ref: z.string(), key: z.string() })).optional(),
});

const filterQuery = {
  limit: z.string().optional(),
  application: z.string().optional(),
  repository: z.string().optional(),
  ref: z.string().optional(),
  verdict: z.enum(VERDICTS).optional(),
  state: z.enum(['open', 'done']).optional(),
};

const refused = z.object({
  provider: z.string(),
  code: z.string(),
  reason: z.string(),
  hint: z.string().optional(),
  times: z.int(),
  firstAt: z.string(),
  lastAt: z.string(),
});

/** Whether one may do something with the Applications of a name. */
type Permits = (name: string) => boolean;

/** What one may see of a record; undefined where that is nothing. */
type See = (record: DeliveryRecord) => DeliveryRecord | undefined;

export function deliveryRoutes(parts: ApiParts): readonly Route[] {
  const { hawser, platform } = parts;
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

  async function listSeen(call: Call, query: z.output<z.ZodObject<typeof filterQuery>>) {
    const { limit: most, ...given } = query;
    const limit = parseLimit(most);
    const { see, isAll } = await viewOf(call);
    const records = await deliveries.list(isAll ? limit : Math.max(limit, MOST_LOOKED_AT), filterOf(given));
    const seen = records.map(see).filter((record) => record !== undefined);
    return seen.slice(0, limit).map(presentDelivery);
  }

  /** What whoever listens may see at that moment. */
  async function* told(
    call: Call,
    known: readonly unknown[],
    changes: AsyncGenerator<DeliveryRecord, void, undefined>,
  ): AsyncGenerator<unknown, void, undefined> {
    yield* known;
    const rightsNow = createTrust(parts, call);
    let view: { readonly see: See; readonly rights: Rights; readonly atMs: number } | undefined;
    for await (const record of changes) {
      const rights = await rightsNow();
      if (rights !== view?.rights || performance.now() - view.atMs >= VIEW_MS) {
        view = { ...(await viewOf({ ...call, rights })), rights, atMs: performance.now() };
      }
      const seen = view.see(record);
      if (seen) yield presentDelivery(seen);
    }
  }

  return [
    route({
      method: 'GET',
      path: PATH,
      summary: 'The newest pushes, and what each meant for the Applications that one may see.',
      need: { kind: 'session' },
      query: z.looseObject(filterQuery),
      answer: z.object({ items: z.array(delivery) }),
      handle: async (call) => ({ items: await listSeen(call, call.query) }),
    }),
    route({
      method: 'GET',
      path: '/api/v1/stream/deliveries',
      summary: "The newest pushes, oldest first, then each as it changes (hawser's own)",
      need: { kind: 'session' },
      query: z.looseObject(filterQuery),
      answer: z.object({ result: delivery }),
      isStream: true,
      handle: async (call) => {
        const { signal, leave } = untilGone(call.request);
        // What comes while the list is read is told after it.
        const changes = await deliveries.listen(signal);
        const known = await listSeen(call, call.query).catch((error: unknown) => {
          leave();
          throw error;
        });
        return streamAnswer(call.request, told(call, known.toReversed(), changes), { leave, log: platform.log });
      },
    }),
    route({
      method: 'GET',
      path: '/api/v1/refused-deliveries',
      summary: "What was sent to the webhook and refused, as far as this process remembers (hawser's own)",
      need: { kind: 'object', resource: 'repositories', action: 'get', object: () => '*' },
      answer: z.object({ items: z.array(refused) }),
      handle: async () => ({ items: hawser.refusedDeliveries.list() }),
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

type FilterQuery = { readonly [K in keyof DeliveryFilter]: DeliveryFilter[K] | undefined };

function filterOf({ application, repository, ref, verdict, state }: FilterQuery): DeliveryFilter {
  return {
    ...(application && { application }),
    ...(repository && { repository }),
    ...(ref && { ref }),
    ...(verdict && { verdict }),
    ...(state && { state }),
  };
}

function presentDelivery(record: DeliveryRecord) {
  const { push, receivedAt, state, holder, left, reason, notes, counts, applications } = record;
  const { deliveryId, key, provider, pusher, proof } = push;
  const omitted = omittedOf(record);
  return {
    deliveryId,
    key,
    provider,
    repository: addressesOf(push)[0] ?? '',
    ref: refOf(push),
    ...(push.kind === 'git' && commitsOf(push)),
    ...(pusher !== undefined && { pusher }),
    ...(proof && { proof }),
    receivedAt,
    state,
    holder,
    ...(left && { left }),
    ...(reason !== undefined && { reason }),
    notes,
    counts,
    ...(omitted > 0 && { omitted }),
    applications,
  };
}

function commitsOf({ before, after, isForced, commits, moreCommits }: Push) {
  return {
    ...(before !== undefined && { before }),
    ...(after !== undefined && { after }),
    ...(isForced && { isForced }),
    ...(commits && { commits }),
    ...(moreCommits !== undefined && { moreCommits }),
  };
}

function parseLimit(text: string | undefined): number {
  if (text === undefined || text === '') return DEFAULT_LIMIT;
  const limit = Number(text);
  if (Number.isInteger(limit) && limit > 0) return Math.min(limit, MAX_LIMIT);
  throw new HawserError('InvalidInput', `limit must be a whole number above 0, not ${text}`);
}
