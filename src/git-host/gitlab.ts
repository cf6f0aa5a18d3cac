// GitLab lists the events of a project's webhook of the last seven days since 17.3, and sends one again since 17.4, five a minute
// (docs.gitlab.com: Project webhooks API).

import { isHawserError } from '../base/errors.ts';
import { at } from '../base/json.ts';
import { arrayAt, numberIn, textIn } from './answers.ts';
import type { Resend } from './failed-deliveries.ts';

/** As many as GitLab takes in a minute. */
const MOST = 5;

export const resendByGitLab: Resend = async (api, { repository, webhookUrl, sinceMs }) => {
  const project = `/projects/${encodeURIComponent(repository)}`;
  const hooks = arrayAt(await api.get(`${project}/hooks?per_page=100`)).filter(
    (hook) => textIn(hook, 'url') === webhookUrl,
  );
  const isDisabled = hooks.some((hook) => /disabled/.test(textIn(hook, 'alert_status')));
  let resent = 0;
  for (const hook of hooks) {
    const path = `${project}/hooks/${numberIn(hook, 'id')}/events`;
    const events = arrayAt(await api.get(`${path}?per_page=100`)).filter((event) => isSince(event, sinceMs));
    const failed = new Map(events.map((event) => [eventOf(event), numberIn(event, 'id')]));
    for (const event of events) if (isGood(event)) failed.delete(eventOf(event));
    for (const id of [...failed.values()].slice(0, MOST).reverse()) {
      try {
        await api.post(`${path}/${id}/resend`);
      } catch (error) {
        // It failed again, or five were sent by somebody else: the refs tell the rest.
        if (!isHawserError(error, 'GitFailed')) throw error;
        break;
      }
      resent++;
    }
  }
  const problem = `GitLab has disabled the webhook ${webhookUrl} after failures; a test of it there enables it again`;
  return { resent, ...(isDisabled && { problem }) };
};

/** The same in all attempts. */
function eventOf(event: unknown): string {
  const key = textIn(event, 'request_headers', 'Idempotency-Key');
  return key || textIn(event, 'request_headers', 'X-Gitlab-Event-UUID') || String(numberIn(event, 'id'));
}

/** The only time in it is the answer's: one that got none may be new. */
function isSince(event: unknown, sinceMs: number): boolean {
  const when = Date.parse(textIn(event, 'created_at') || textIn(event, 'response_headers', 'Date'));
  return Number.isNaN(when) || when >= sinceMs;
}

/** `"200"`, a number in some versions, or `internal error`. */
function isGood(event: unknown): boolean {
  return /^2\d\d$/.test(String(at(event, 'response_status') ?? ''));
}
