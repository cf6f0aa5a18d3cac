// A push to the sandbox's Git server reaches hawser as Gogs delivers it: signed, and read to the end of what it answers.

import { setTimeout as delay } from 'node:timers/promises';
import { at } from '../../src/base/json.ts';
import type { DeliveryAnswer } from '../../src/operation/push.ts';
import { pushDeliveries } from '../../src/sandbox/git/push-payload.ts';
import type { SandboxPush } from '../../src/sandbox/git/server.ts';

export interface GogsReceiver {
  /** Of the Git server. */
  readonly serverUrl: string;
  readonly secret: string;
  /** POST to /api/webhook. */
  send(init: RequestInit): Promise<Response>;
  /** GET of the record of this delivery; without it, the answer stays as it came. */
  record?(deliveryId: string): Promise<unknown>;
}

const LIMIT_MS = 20_000;
const PAUSE_MS = 50;

/** The answer to the last of them. Throws where one is not taken, or there was none. */
export async function deliverGogs(pushes: readonly SandboxPush[], receiver: GogsReceiver): Promise<DeliveryAnswer> {
  const { serverUrl, secret, send, record } = receiver;
  let answer: DeliveryAnswer | undefined;
  for (const push of pushes) {
    const deliveryId = () => crypto.randomUUID();
    for (const { headers, body, event } of pushDeliveries(push, { provider: 'gogs', serverUrl, secret, deliveryId })) {
      const response = await send({ method: 'POST', headers, body });
      const text = await response.text();
      if (event !== 'push') continue;
      if (response.status !== 202) throw new Error(`the webhook was answered ${response.status}: ${text}`);
      answer = JSON.parse(text) as DeliveryAnswer;
    }
  }
  if (!answer) throw new Error('nothing was pushed');
  return record ? inFull(answer, record) : answer;
}

/** On a busy machine the answer goes out before all verdicts are known; the record has them a moment later. */
async function inFull(
  answer: DeliveryAnswer,
  record: (deliveryId: string) => Promise<unknown>,
): Promise<DeliveryAnswer> {
  const deadline = Date.now() + LIMIT_MS;
  let { applications } = answer;
  while (applications.some(({ reason }) => reason.startsWith('still being looked at')) && Date.now() < deadline) {
    await delay(PAUSE_MS);
    const known = at(await record(answer.deliveryId), 'applications');
    if (Array.isArray(known)) applications = known as DeliveryAnswer['applications'];
  }
  return { ...answer, applications };
}
