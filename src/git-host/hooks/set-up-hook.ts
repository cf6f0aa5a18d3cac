// A repository's webhook at its Git server: made, or mended where it is there, tried out, and waited for until something signed has come. The
// CLI and the API do the same.

import { HawserError, isHawserError, messageOf } from '../../base/errors.ts';
import type { Credentials } from '../../git/remote.ts';
import { withoutUserinfo } from '../../git/repository-url.ts';
import { type HostKind, hostKindOf } from '../repository-api.ts';
import { hookProblems } from './hook-host.ts';
import { HOST_KINDS, type HostAddress, type HostedRepository, openHost, recogniseHost } from './hosts.ts';

export interface HookWish {
  /** A Git server, or `auto`. */
  readonly choice: string;
  readonly webhookUrl: string;
  readonly secret: string;
  readonly address: Omit<HostAddress, 'credentials'>;
  readonly credentials?: Credentials;
  /** Listens for what comes to hawser from the repository: `ping`, or the ref of a push; undefined so far. */
  readonly listen: () => Promise<() => Promise<string | undefined>>;
  /** How long something signed is waited for; 0: not at all. */
  readonly patienceMs: number;
  /** What was done so far, and what a person is to do while it is waited; one line. */
  readonly tell: (line: string) => void;
  readonly sleep: (ms: number) => Promise<unknown>;
}

export interface HookOutcome {
  readonly host: HostKind;
  /** As people call it. */
  readonly title: string;
  /** `owner/name`, or a longer path. */
  readonly repository: string;
  readonly action: 'created' | 'updated';
  /** What was wrong with the one that was there. */
  readonly mended: readonly string[];
  /** How many more webhooks have the same address, and another secret. */
  readonly others: number;
  /** Whether the Git server was asked for a delivery. `unable`: its API has no such thing. */
  readonly trial: 'none' | 'asked' | 'unable' | 'refused';
  /** Why it would not. */
  readonly refusal?: string;
  /** `ping`, or the ref of a push. */
  readonly heard?: string;
  /** What to look at where it was waited, and nothing has come. */
  readonly advice?: string;
}

const LOOK_AGAIN_MS = 500;

/** Throws what the Git server refuses, and `InvalidInput` where it cannot be told which one it is. */
export async function setUpHook(wish: HookWish): Promise<HookOutcome> {
  const { webhookUrl, tell, patienceMs } = wish;
  const { kind, hosted } = await open(wish);
  const { host, repository } = hosted;
  const heard = patienceMs > 0 ? await wish.listen() : undefined;
  const { id, ...made } = await makeHook(hosted, wish);
  const outcome = { host: kind, title: host.title, repository, ...made };
  if (!heard) return { ...outcome, trial: 'none' };
  const tried = await tryOut(hosted, id, wish);
  const what = await waitFor(heard, wish);
  if (what === undefined) return { ...outcome, ...tried, advice: host.silence(new URL(webhookUrl).hostname) };
  tell(
    `hawser has received ${what === 'ping' ? 'its ping' : `a delivery for ${what}`}, signed with this repository's secret`,
  );
  return { ...outcome, ...tried, heard: what };
}

async function open({ choice, address, credentials }: HookWish) {
  const kind = choice === 'auto' ? await recogniseHost(address) : hostKindOf(address.repoURL, choice);
  if (kind) return { kind, hosted: openHost(kind, { ...address, ...(credentials && { credentials }) }) };
  throw new HawserError('InvalidInput', `which Git server ${withoutUserinfo(address.repoURL)} is on cannot be told`, {
    hint: `name it: --hook ${HOST_KINDS.join('|')}`,
  });
}

type Made = Pick<HookOutcome, 'action' | 'mended' | 'others'> & { readonly id: number };

async function makeHook({ host, api, repository }: HostedRepository, wish: HookWish): Promise<Made> {
  const { webhookUrl, secret, tell } = wish;
  const wanted = { url: webhookUrl, secret };
  const [known, ...others] = (await host.list(api, repository)).filter(({ url }) => url === webhookUrl);
  if (!known) {
    const id = await host.create(api, repository, wanted);
    tell(`${host.title} has a webhook of ${repository} to ${webhookUrl} now`);
    return { id, action: 'created', mended: [], others: 0 };
  }
  await host.update(api, repository, known.id, wanted);
  const mended = hookProblems(host, known);
  tell(
    `the webhook of ${repository} to ${webhookUrl} has the new secret${mended.length > 0 ? ` (before: ${mended.join('; ')})` : ''}`,
  );
  if (others.length > 0) tell(`${others.length} more webhooks have this address: remove them, their secret is another`);
  return { id: known.id, action: 'updated', mended, others: others.length };
}

async function tryOut(
  { host, api, repository }: HostedRepository,
  id: number,
  { tell, patienceMs }: HookWish,
): Promise<Pick<HookOutcome, 'trial' | 'refusal'>> {
  const waiting = `waiting ${Math.round(patienceMs / 1_000)} s`;
  if (!host.tryOut) {
    tell(`${host.title}'s API cannot try it out: press "Test Delivery" on the webhook's page, or push; ${waiting}`);
    return { trial: 'unable' };
  }
  try {
    await host.tryOut(api, repository, id);
    return { trial: 'asked' };
  } catch (error) {
    if (!isHawserError(error)) throw error;
    tell(`${host.title} would not try it out (${messageOf(error)}): push something; ${waiting}`);
    return { trial: 'refused', refusal: messageOf(error) };
  }
}

async function waitFor(
  heard: () => Promise<string | undefined>,
  { patienceMs, sleep }: HookWish,
): Promise<string | undefined> {
  const untilMs = performance.now() + patienceMs;
  for (;;) {
    const what = await heard();
    if (what !== undefined || performance.now() >= untilMs) return what;
    await sleep(LOOK_AGAIN_MS);
  }
}
