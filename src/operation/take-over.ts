// What a dead replica has left is done by another one: the deliveries that it answered for, and the Applications that it had in work.

import { messageOf } from '../base/errors.ts';
import { announced } from './announce.ts';
import { isPassing } from './compare-application.ts';
import { type PeerMessage, parseLookAlarm } from './replicas.ts';
import type { Road } from './road.ts';

export interface TakeOverWork {
  /**
   * Does what a start does: finishes the open deliveries of holders that are dead, and looks at every Application whose state asks for
   * it, since the alarms of the dead are lost, too. Resolves when it is done.
   */
  resume(): Promise<unknown>;
  /** Brings these Applications (by key) to what their state asks for. Resolves when it is done. */
  refresh(keys: readonly string[]): Promise<unknown>;
}

/** An alarm that `lookAlarm` has named. */
export function isLookAlarm(alarm: string): boolean {
  return parseLookAlarm(alarm) !== undefined;
}

/** Takes over what the peer has left, if it is dead. Never rejects because the cluster is away: then it looks again. */
export async function onLookAlarm(road: Road, alarm: string, work: TakeOverWork): Promise<void> {
  const peer = parseLookAlarm(alarm);
  if (peer === undefined || road.takenOver.has(peer)) return;
  road.takenOver.add(peer);
  let done = () => {};
  try {
    if (!(await road.holdings.look(peer))) return;
    // Not before: who is busy is looked at, and so all would look at each other for ever.
    done = road.holdings.busy();
    const keys = await road.holdings.leftBy(peer);
    road.platform.log.info('what a dead replica has left is gone on with', {
      replica: peer,
      applications: keys.length,
    });
    await Promise.all([work.resume(), keys.length > 0 && work.refresh(keys)]);
    await road.holdings.forget(peer);
  } catch (error) {
    if (!isPassing(error)) throw error;
    road.platform.log.warn('a replica could not be looked at; it is tried again', { reason: messageOf(error) });
    await road.platform.alarms.set(alarm, road.platform.clock.now() + AGAIN_MS);
  } finally {
    road.takenOver.delete(peer);
    done();
  }
}

const AGAIN_MS = 5_000;

/** What another replica tells. */
export async function onPeerMessage(road: Road, message: PeerMessage): Promise<void> {
  const { holdings } = road;
  switch (message.kind) {
    case 'busy':
      return holdings.heardOf(message);
    case 'leaving':
      return holdings.hasLeft(message.identity);
    case 'application':
      if (message.identity === holdings.identity) return;
      holdings.giveWay(message.application);
      announced(road, message.application, message.after);
  }
}
