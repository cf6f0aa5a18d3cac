// GitHub keeps the deliveries of a webhook for some days and sends one again when it is asked to
// (docs.github.com: REST API, Repository webhooks, "List deliveries for a repository webhook", "Redeliver a delivery").

import { arrayAt, numberIn, textIn } from './answers.ts';
import type { Resend } from './failed-deliveries.ts';

/** Beyond this many, the refs have to tell what was missed. */
const MOST = 20;

export const resendByGitHub: Resend = async (api, { repository, webhookUrl, sinceMs }) => {
  const hooks = arrayAt(await api.get(`/repos/${repository}/hooks?per_page=100`)).filter(
    (hook) => textIn(hook, 'config', 'url') === webhookUrl,
  );
  let resent = 0;
  for (const hook of hooks) {
    const path = `/repos/${repository}/hooks/${numberIn(hook, 'id')}/deliveries`;
    const deliveries = arrayAt(await api.get(`${path}?per_page=100`)).filter(
      (delivery) => Date.parse(textIn(delivery, 'delivered_at')) >= sinceMs,
    );
    // The guid is one for all attempts.
    const failed = new Map(deliveries.map((delivery) => [textIn(delivery, 'guid'), numberIn(delivery, 'id')]));
    for (const delivery of deliveries) if (isGood(delivery)) failed.delete(textIn(delivery, 'guid'));
    // They are listed newest first: the oldest is sent first.
    for (const id of [...failed.values()].slice(0, MOST).reverse()) {
      await api.post(`${path}/${id}/attempts`);
      resent++;
    }
  }
  return { resent };
};

/** 0 where there was no answer. */
function isGood(delivery: unknown): boolean {
  const status = numberIn(delivery, 'status_code');
  return status >= 200 && status < 300;
}
