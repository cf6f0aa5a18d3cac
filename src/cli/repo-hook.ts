// hawser repo add --hook gitea|forgejo|gogs|github|gitlab: the webhook is made at the Git server with the repository's own secret, tried out,
// and waited for until something signed has come.

import { HawserError } from '../base/errors.ts';
import { HOST_KINDS } from '../git-host/hooks/hosts.ts';
import { type HookWish, setUpHook } from '../git-host/hooks/set-up-hook.ts';

/** What `--hook` may say. */
export const HOOK_CHOICES = ['post-receive', 'auto', ...HOST_KINDS];

/** Throws what the Git server refuses, and `Timeout` where nothing signed has come; the webhook is there all the same. */
export async function addHook(wish: HookWish): Promise<void> {
  const { heard, advice } = await setUpHook(wish);
  if (heard !== undefined || advice === undefined) return;
  const seconds = Math.round(wish.patienceMs / 1_000);
  throw new HawserError('Timeout', `nothing signed has come to ${wish.webhookUrl} within ${seconds} s`, {
    hint: `the webhook is there; ${advice}`,
  });
}
