// What a provider's file has read of a payload becomes a push with a name of its own.

import { HawserError } from '../base/errors.ts';
import { type Push, type PushedCommit, pushKey } from '../operation/push.ts';
import type { ParsedDelivery } from './provider.ts';

/** Longer ids than any Git server's are cut; they are kept with each push. */
const MAX_ID = 128;

/** More files say no more of which Application a push is for. */
const MAX_FILES = 20;

/** Kept with each push, for people: they have the Git server for more. */
const MAX_COMMITS = 10;
const MAX_MESSAGE = 120;

/** What a payload says; empty where it says nothing. */
export interface PushFacts {
  readonly webUrls: readonly string[];
  readonly otherUrls: readonly string[];
  readonly ref: string;
  readonly before: string;
  readonly after: string;
  readonly defaultBranch?: string;
  readonly touchesHead?: boolean;
  readonly isForced?: boolean;
  readonly pusher?: string;
  readonly files?: readonly string[];
  /** In the payload's order: the newest last. */
  readonly commits?: readonly PushedCommit[];
}

/** The id that the server gave the delivery, the same when it is sent again, or one that is made up. */
export function deliveryIdOf(...ids: readonly (string | null)[]): string {
  return ids.find((id) => id)?.slice(0, MAX_ID) ?? crypto.randomUUID();
}

/** The pushes of one delivery; those that name no repository or no ref change nothing (Argo CD: HandleEvent without web URLs). */
export async function parsedPushes(
  provider: string,
  deliveryId: string,
  facts: readonly PushFacts[],
): Promise<ParsedDelivery> {
  const pushes = await Promise.all(facts.map((one) => toPush(provider, deliveryId, one)));
  const named = pushes.filter((push) => push !== undefined);
  return named.length > 0 ? { pushes: named } : { ignored: 'the payload names no repository, or no ref of it' };
}

async function toPush(provider: string, deliveryId: string, facts: PushFacts): Promise<Push | undefined> {
  const { ref, before, after, defaultBranch, touchesHead, isForced, pusher, files = [], commits = [] } = facts;
  const webUrls = facts.webUrls.filter((url) => url !== '');
  const otherUrls = facts.otherUrls.filter((url) => url !== '');
  if (webUrls.length + otherUrls.length === 0 || ref === '') return undefined;
  const push = {
    kind: 'git',
    deliveryId,
    provider,
    webUrls,
    otherUrls,
    ref,
    ...(before !== '' && { before }),
    ...(after !== '' && { after }),
    ...(defaultBranch && { defaultBranch }),
    ...(touchesHead !== undefined && { touchesHead }),
    ...(isForced && { isForced }),
    ...(pusher && { pusher }),
    ...(files.length > 0 && { files: files.slice(0, MAX_FILES) }),
    ...(commits.length > 0 && { commits: commits.slice(-MAX_COMMITS).map(cutCommit) }),
    ...(commits.length > MAX_COMMITS && { moreCommits: commits.length - MAX_COMMITS }),
  } as const;
  return { key: await keyOfPush(push), ...push };
}

function cutCommit({ id, message, author }: PushedCommit): PushedCommit {
  const line = message.trim().split('\n', 1)[0]?.slice(0, MAX_MESSAGE) ?? '';
  return { id: id.slice(0, 64), message: line, ...(author && { author: author.slice(0, 64) }) };
}

/** The name of a push, with what it brought: GitLab gives pushes that its own webhooks cause the id of the first. */
export function keyOfPush(push: Omit<Push, 'key'>): Promise<string> {
  const [repository = ''] = [...push.webUrls, ...push.otherUrls];
  return pushKey(push.provider, repository, push.deliveryId, `${push.ref} ${push.after ?? ''}`);
}

/** The error for an event that a webhook should not send here. */
export function unsupportedEvent(provider: string, event: string, wanted: string): HawserError {
  return new HawserError('InvalidInput', `the ${provider} event '${event.slice(0, MAX_ID)}' is not supported`, {
    hint: `let the webhook send ${wanted} only`,
  });
}
