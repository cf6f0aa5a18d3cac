// The newest deliveries that fit a filter, as they are now.

import { call } from '../api/call.ts';
import { ApiError } from '../api/error.ts';
import { openStream } from '../api/stream.ts';
import { createLive, type Live } from '../state/live.ts';
import { type Delivery, type DeliveryFilter, withDelivery } from './delivery-list.ts';

export type Deliveries = readonly Delivery[];

const known = new Map<string, Live<Deliveries>>();
/** Of those, the ones that somebody may go back to. */
const MOST_KEPT = 8;

export function deliveriesOf(filter: DeliveryFilter, most: number): Live<Deliveries> {
  const key = JSON.stringify([filter, most]);
  const found = known.get(key);
  if (found) return found;
  const live = createLive<Deliveries>({ follow: (set, signal) => follow(filter, most, set, signal) });
  known.set(key, live);
  const [oldest] = known.keys();
  if (known.size > MOST_KEPT && oldest !== undefined) known.delete(oldest);
  return live;
}

async function follow(
  filter: DeliveryFilter,
  most: number,
  set: (value: Deliveries) => void,
  signal: AbortSignal,
): Promise<void> {
  const query = { ...filter, limit: String(most) };
  let all: Deliveries = (await call('GET /api/deliveries', { query: query as object, signal })).items;
  set(all);
  try {
    let isDue = false;
    // The stream begins with those that are known: nothing that comes between the two is missed.
    for await (const delivery of openStream<Delivery>('GET /api/v1/stream/deliveries', { query, signal })) {
      all = withDelivery(all, delivery, filter, most);
      if (isDue) continue;
      isDue = true;
      // What comes together is shown together.
      requestAnimationFrame(() => {
        isDue = false;
        set(all);
      });
    }
  } catch (error) {
    // An installation that does not let hawser watch its record: what was listed stays.
    const isRefused = error instanceof ApiError && error.status === 403;
    if (!isRefused || signal.aborted) throw error;
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  }
}
