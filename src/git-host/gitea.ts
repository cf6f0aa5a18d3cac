// Gitea and Forgejo keep what they delivered, but tell it on their web pages only (checked with Gitea 1.26: the API has hooks and a test
// delivery, but no deliveries). What can be told is that a hook is not active.

import { at } from '../base/json.ts';
import { arrayAt, textIn } from './answers.ts';
import type { Resend } from './failed-deliveries.ts';

export const lookAtGiteaHook: Resend = async (api, { repository, webhookUrl }) => {
  const hooks = arrayAt(await api.get(`/repos/${repository}/hooks?limit=50`)).filter(
    (hook) => textIn(hook, 'config', 'url') === webhookUrl,
  );
  // Without one, a hook of the organisation or of the whole server may do.
  const isOff = hooks.length > 0 && hooks.every((hook) => at(hook, 'active') === false);
  return { resent: 0, ...(isOff && { problem: `the webhook ${webhookUrl} of the repository is not active` }) };
};
