// What lists of deliveries are made of: which are shown, in what order, under which days, and what each amounts to.

import type { Routes } from '../api/types.ts';

export type Delivery = Routes['GET /api/deliveries']['answer']['items'][number];
export type VerdictKind = Delivery['applications'][number]['verdict'];

export interface DeliveryFilter {
  readonly application?: string | undefined;
  readonly repository?: string | undefined;
  readonly ref?: string | undefined;
  readonly verdict?: string | undefined;
  readonly state?: string | undefined;
}

/** What somebody has to look at comes first. */
export const VERDICT_ORDER: readonly VerdictKind[] = [
  'error',
  'host mismatch',
  'pending',
  'window-closed',
  'manual',
  'sync',
  'superseded',
  'stale',
  'suspended',
  'already deployed',
  'branch mismatch',
  'unaffected',
];

/** With a change, as the stream tells it: the newest first, each once. What no longer fits goes. */
export function withDelivery(
  known: readonly Delivery[],
  changed: Delivery,
  filter: DeliveryFilter,
  most: number,
): readonly Delivery[] {
  const others = known.filter(({ key }) => key !== changed.key);
  if (!isShown(changed, filter)) return others;
  return [...others, changed].sort((a, b) => Date.parse(b.receivedAt) - Date.parse(a.receivedAt)).slice(0, most);
}

export function isShown(delivery: Delivery, filter: DeliveryFilter): boolean {
  const { application, repository, ref, verdict, state } = filter;
  const { applications, counts, left = [] } = delivery;
  if (state && delivery.state !== state) return false;
  if (verdict && !(verdict in counts)) return false;
  if (ref && delivery.ref !== ref && shortRef(delivery.ref) !== ref) return false;
  if (repository && !sameAddress(delivery.repository, repository)) return false;
  if (!application) return true;
  return applications.some(({ name }) => name === application) || left.some((key) => key.endsWith(`/${application}`));
}

/** `main` of `refs/heads/main`; the tag of an artifact as it is. */
export function shortRef(ref: string): string {
  return /^refs\/[^/]+\/(.+)$/.exec(ref)?.[1] ?? ref;
}

export function refKind(ref: string): 'branch' | 'tag' {
  return ref.startsWith('refs/heads/') ? 'branch' : 'tag';
}

/** `devops/app` of its address: the host stands where somebody looks closer. */
export function shortRepository(address: string): string {
  const path = /^(?:[a-z+]+:\/\/[^/]+\/|[^@/]+@[^:/]+:)(.+?)(?:\.git)?\/*$/i.exec(address)?.[1];
  return path ?? address;
}

function sameAddress(a: string, b: string): boolean {
  const plain = (address: string) => address.replace(/\.git\/*$|\/+$/, '').toLowerCase();
  return plain(a) === plain(b) || shortRepository(a).toLowerCase() === b.toLowerCase();
}

/** By days of a time zone, which is the browser's unless one is given: `2026-11-23`, in their order. */
export function byDay(
  deliveries: readonly Delivery[],
  timeZone?: string,
): readonly (readonly [string, readonly Delivery[]])[] {
  const format = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', ...(timeZone !== undefined && { timeZone }) });
  return [...Map.groupBy(deliveries, ({ receivedAt }) => format.format(new Date(receivedAt)))];
}

/** How many Applications got which verdict, the ones that matter first. */
export function verdictsOf({ counts }: Pick<Delivery, 'counts'>): readonly (readonly [VerdictKind, number])[] {
  return VERDICT_ORDER.flatMap((verdict) => {
    const count = counts[verdict] ?? 0;
    return count > 0 ? [[verdict, count] as const] : [];
  });
}

const ZERO = /^0+$/;

export function changeOf({ before, after }: Delivery): 'created' | 'deleted' | 'changed' {
  if (after !== undefined && ZERO.test(after)) return 'deleted';
  return before !== undefined && ZERO.test(before) ? 'created' : 'changed';
}

export interface HeldPushes {
  readonly pushes: number;
  /** As far as the payloads named them. */
  readonly commits: number;
}

/** The pushes that wait for an Application's window: those that were held since the last one that was not. */
export function heldPushes(deliveries: readonly Delivery[], application: string): HeldPushes {
  let [pushes, commits] = [0, 0];
  for (const { applications, commits: named = [], moreCommits = 0 } of deliveries) {
    const verdict = applications.find(({ name }) => name === application)?.verdict;
    if (verdict === undefined || verdict === 'unaffected' || verdict === 'branch mismatch') continue;
    if (verdict !== 'window-closed') break;
    pushes += 1;
    commits += named.length + moreCommits;
  }
  return { pushes, commits };
}
