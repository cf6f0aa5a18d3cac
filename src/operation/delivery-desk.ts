// What people may ask of the record of deliveries: to see it, and to have a push worked on again.

import { HawserError } from '../base/errors.ts';
import type { DeliveryFilter, DeliveryRecord, DeliveryStore } from './delivery-store.ts';
import type { DeliveryWatch } from './delivery-watch.ts';
import { type AnyPush, addressesOf, type DeliveryAnswer, pushKey, refOf } from './push.ts';

export interface DeliveryDesk {
  /** Newest first. */
  list(limit: number, filter?: DeliveryFilter): Promise<readonly DeliveryRecord[]>;
  /** By its key or the Git server's delivery id: one a ref, and one at least. Throws `NotFound`. */
  get(id: string): Promise<readonly [DeliveryRecord, ...DeliveryRecord[]]>;
  /** Each record that is made or written from now on (delivery-watch.ts). */
  listen: DeliveryWatch['listen'];
  /** As if the push had just come, under a name of its own: the ref decides what is deployed. Throws `NotFound`. */
  replay(id: string): Promise<DeliveryAnswer>;
}

export interface DeskParts {
  readonly deliveries: DeliveryStore;
  readonly watch: DeliveryWatch;
  receive(push: AnyPush): Promise<DeliveryAnswer>;
}

export function createDeliveryDesk(parts: DeskParts): DeliveryDesk {
  const { deliveries, watch } = parts;
  async function get(id: string): Promise<readonly [DeliveryRecord, ...DeliveryRecord[]]> {
    const [first, ...others] = await deliveries.find(id);
    if (first) return [first, ...others];
    throw unknownDelivery(id);
  }

  async function replay(id: string): Promise<DeliveryAnswer> {
    const mark = crypto.randomUUID().slice(0, 8);
    const [first, ...others] = await get(id);
    const receive = async ({ push }: DeliveryRecord) => parts.receive(await replayOf(push, mark));
    const [answer, ...more] = await Promise.all([receive(first), ...others.map(receive)]);
    return { ...answer, applications: [answer, ...more].flatMap(({ applications }) => applications) };
  }

  return { list: (limit, filter) => deliveries.list(limit, filter), listen: watch.listen, get, replay };
}

/** The same push under another name. `mark` tells one replay from the next. */
async function replayOf(push: AnyPush, mark: string): Promise<AnyPush> {
  const deliveryId = `${push.deliveryId.replace(/-replay-[0-9a-f]{8}$/, '')}-replay-${mark}`;
  const key = await pushKey(push.provider, addressesOf(push)[0] ?? '', deliveryId, refOf(push));
  return { ...push, deliveryId, key };
}

export function unknownDelivery(id: string): HawserError {
  return new HawserError('NotFound', `there is no delivery ${id}`, {
    hint: 'hawser deliveries lists the newest; finished ones are dropped some time after two thousand others came',
  });
}
