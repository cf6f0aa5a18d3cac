// POST /api/webhook: what a Git server sends is checked, recorded and answered. The answer comes within a second, whatever is away.

import type { Context } from 'hono';
import { HawserError, isHawserError } from '../base/errors.ts';
import type { Hawser } from '../operation/hawser.ts';
import type { DeliveryAnswer } from '../operation/push.ts';
import { createLargeBodies } from './body.ts';
import { providerOf, receiveWebhook } from './receive.ts';

/** Large payloads that are read at once: two of the size that is allowed without a setting take 100 MB. */
const LARGE_BODIES = 2;

/** From the arrival on; what a sender takes to send its body does not count. */
const ANSWER_MS = 800;

export interface WebhookRouteOptions {
  /** Accept webhooks for which no secret is configured. */
  readonly insecure: boolean;
}

/** Answers 202 with the verdicts, 200 where there is nothing to do, and otherwise throws (receiveWebhook, Hawser.receivePush). */
export function createWebhookRoute(
  hawser: Pick<
    Hawser,
    'webhookSettings' | 'freshWebhookSettings' | 'receivePush' | 'receivePing' | 'refusedDeliveries'
  >,
  { insecure }: WebhookRouteOptions,
): (context: Context) => Promise<Response> {
  const largeBodies = createLargeBodies(LARGE_BODIES);
  return async (context) => {
    const arrivedMs = performance.now();
    const { secrets, repositorySecrets, maxBytes } = await hawser.webhookSettings();
    const leftMs = ANSWER_MS - (performance.now() - arrivedMs);
    const parsed = await receiveWebhook(context.req.raw, {
      ...{ secrets, repositorySecrets, maxBytes, insecure, largeBodies },
      freshSecrets: () => hawser.freshWebhookSettings(),
    }).catch((error: unknown) => {
      const { headers } = context.req.raw;
      if (isHawserError(error)) hawser.refusedDeliveries.note(providerOf(headers)?.name ?? 'unknown', error);
      throw error;
    });
    if ('ignored' in parsed) {
      if (parsed.pingOf) hawser.receivePing(parsed.pingOf);
      return context.json({ reason: parsed.ignored, applications: [] }, 200);
    }
    const answers = await Promise.all(parsed.pushes.map((push) => hawser.receivePush(push, leftMs)));
    return context.json(mergeAnswers(answers), 202);
  };
}

/** A delivery that tells of several refs is answered as one. */
function mergeAnswers([first, ...others]: readonly DeliveryAnswer[]): DeliveryAnswer {
  if (!first) throw new HawserError('Internal', 'a delivery without a push');
  return others.length === 0
    ? first
    : { ...first, applications: [first, ...others].flatMap(({ applications }) => applications) };
}
