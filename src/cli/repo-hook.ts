// hawser repo add --hook gitea|forgejo|gogs|github|gitlab: the webhook is made at the Git server with the repository's own secret, tried out,
// and waited for until something signed has come.

import { HawserError, isHawserError, messageOf } from '../base/errors.ts';
import type { Credentials } from '../git/remote.ts';
import { withoutUserinfo } from '../git/repository-url.ts';
import { hookProblems } from '../git-host/hooks/hook-host.ts';
import {
  HOST_KINDS,
  type HostAddress,
  type HostedRepository,
  openHost,
  recogniseHost,
} from '../git-host/hooks/hosts.ts';
import { hostKindOf } from '../git-host/repository-api.ts';
import type { Heard } from '../operation/hook-record.ts';

/** What `--hook` may say. */
export const HOOK_CHOICES = ['post-receive', 'auto', ...HOST_KINDS];

export interface HookWish {
  /** A Git server, or `auto`. */
  readonly choice: string;
  readonly webhookUrl: string;
  readonly secret: string;
  readonly address: Omit<HostAddress, 'credentials'>;
  readonly credentials?: Credentials;
  /** Listens for what comes to hawser from the repository. */
  readonly listen: () => Promise<Heard>;
  /** How long something signed is waited for; 0: not at all. */
  readonly patienceMs: number;
  readonly tell: (line: string) => void;
  readonly sleep: (ms: number) => Promise<unknown>;
}

const LOOK_AGAIN_MS = 500;

/** Throws what the Git server refuses, and `Timeout` where nothing signed has come; the webhook is there all the same. */
export async function setUpHook(wish: HookWish): Promise<void> {
  const { webhookUrl, tell, patienceMs } = wish;
  const hosted = await open(wish);
  const { host, api, repository } = hosted;
  const heard = patienceMs > 0 ? await wish.listen() : undefined;
  const id = await makeHook(hosted, wish);
  if (!heard) return;
  if (!host.tryOut) {
    tell(
      `${host.title}'s API cannot try it out: press "Test Delivery" on the webhook's page, or push; waiting ${seconds(patienceMs)}`,
    );
  } else {
    await host.tryOut(api, repository, id).catch((error: unknown) => {
      if (!isHawserError(error)) throw error;
      tell(`${host.title} would not try it out (${messageOf(error)}): push something; waiting ${seconds(patienceMs)}`);
    });
  }
  const what = await waitFor(heard, wish);
  if (what !== undefined) {
    tell(
      `hawser has received ${what === 'ping' ? 'its ping' : `a delivery for ${what}`}, signed with this repository's secret`,
    );
    return;
  }
  throw new HawserError('Timeout', `nothing signed has come to ${webhookUrl} within ${seconds(patienceMs)}`, {
    hint: `the webhook is there; ${host.silence(new URL(webhookUrl).hostname)}`,
  });
}

async function open({ choice, address, credentials }: HookWish): Promise<HostedRepository> {
  const kind = choice === 'auto' ? await recogniseHost(address) : hostKindOf(address.repoURL, choice);
  if (kind) return openHost(kind, { ...address, ...(credentials && { credentials }) });
  throw new HawserError('InvalidInput', `which Git server ${withoutUserinfo(address.repoURL)} is on cannot be told`, {
    hint: `name it: --hook ${HOST_KINDS.join('|')}`,
  });
}

async function makeHook(
  { host, api, repository }: HostedRepository,
  { webhookUrl, secret, tell }: HookWish,
): Promise<number> {
  const wanted = { url: webhookUrl, secret };
  const [known, ...others] = (await host.list(api, repository)).filter(({ url }) => url === webhookUrl);
  if (!known) {
    const id = await host.create(api, repository, wanted);
    tell(`${host.title} has a webhook of ${repository} to ${webhookUrl} now`);
    return id;
  }
  await host.update(api, repository, known.id, wanted);
  const mended = hookProblems(host, known);
  tell(
    `the webhook of ${repository} to ${webhookUrl} has the new secret${mended.length > 0 ? ` (before: ${mended.join('; ')})` : ''}`,
  );
  if (others.length > 0) tell(`${others.length} more webhooks have this address: remove them, their secret is another`);
  return known.id;
}

async function waitFor(heard: Heard, { patienceMs, sleep }: HookWish): Promise<string | undefined> {
  const untilMs = performance.now() + patienceMs;
  for (;;) {
    const what = await heard();
    if (what !== undefined || performance.now() >= untilMs) return what;
    await sleep(LOOK_AGAIN_MS);
  }
}

function seconds(ms: number): string {
  return `${Math.round(ms / 1_000)} s`;
}
