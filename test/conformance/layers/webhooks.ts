// Webhook deliveries as Argo CD's handler was recorded: the answer, what is read of the payload, and which Applications are concerned.
// The closed list of deviations (the head of argo-cd-contracts.md) is here as rules on what a delivery is, never on which case it is.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Hono } from 'hono';
import { answerError } from '../../../src/api/answer.ts';
import { revisionOf } from '../../../src/application/push-match.ts';
import { at, isObject, stringAt } from '../../../src/base/json.ts';
import { repositoryPattern } from '../../../src/git/repository-url.ts';
import type { WebhookSettings } from '../../../src/operation/hawser.ts';
import { type AnyPush, addressesOf, refOf } from '../../../src/operation/push.ts';
import type { WebhookSecrets } from '../../../src/webhook/provider.ts';
import { createWebhookRoute } from '../../../src/webhook/route.ts';
import { type Case, type LayerResult, readCases, runCases } from '../layer.ts';
import { differenceOfApplications } from './webhooks-affected.ts';

/** The classes of deliveries. */
export const CLASSES = ['parse', 'negative', 'replay', 'affected'];
const DEFAULT_MAX_BYTES = 50 << 20;

export async function runWebhooksLayer(corpusDir: string): Promise<readonly LayerResult[]> {
  const folder = join(corpusDir, 'webhooks');
  const cases = readCases(join(folder, 'cases.jsonl')).map((entry) =>
    withBytes(entry, (file) => readFileSync(join(folder, file))),
  );
  const known = new Set([...CLASSES, ...cases.map((entry) => String(entry.class))]);
  const results: LayerResult[] = [];
  for (const name of known) {
    const ofClass = cases.filter((entry) => entry.class === name);
    results.push(await runCases(`webhooks/${name}`, ofClass, (entry) => checkDelivery(entry, console.info)));
  }
  return results;
}

/** What is wrong with how a delivery `withBytes` is answered and read. */
export async function checkDelivery(
  entry: Case,
  note: (line: string) => void = () => undefined,
): Promise<string | undefined> {
  const answer = await send(entry, false);
  const expected = expectedStatus(entry);
  if (answer.status !== expected) return `expected ${expected}, got ${answer.status}: ${answer.problem ?? 'accepted'}`;
  if (at(entry, 'expect', 'status') !== 200) return undefined;
  // What nobody signs is refused here and read in Argo CD: it is compared as where the operator allows it.
  const read = hasSecret(entry) ? answer : await send(entry, true);
  const difference = differenceOfPush(entry, read.pushes);
  if (difference) return difference;
  if (entry.class === 'replay') return differenceOfReplay(read.pushes, await send(entry, false));
  return entry.class === 'affected' ? differenceOfApplications(entry, read.pushes, note) : undefined;
}

interface Answer {
  readonly status: number;
  readonly pushes: readonly AnyPush[];
  readonly problem?: string;
}

/** To the route itself; what would be worked on afterwards is only noted. */
async function send(entry: Case, insecure: boolean): Promise<Answer> {
  const method = stringAt(entry, 'method') ?? 'POST';
  const pushes: AnyPush[] = [];
  const settings: WebhookSettings = { secrets: secretsOf(entry), repositorySecrets: [], maxBytes: maxBytesOf(entry) };
  const receiver = {
    webhookSettings: async () => settings,
    freshWebhookSettings: async () => settings,
    receivePing: () => undefined,
    refusedDeliveries: { note: () => undefined, list: () => [] },
    receivePush: async (push: AnyPush) => {
      pushes.push(push);
      return {
        deliveryId: push.deliveryId,
        repository: addressesOf(push)[0] ?? '',
        ref: refOf(push),
        applications: [],
      };
    },
  };
  const app = new Hono();
  app.onError((error, context) => answerError(context, error));
  app.all('/api/webhook', createWebhookRoute(receiver, { insecure }));
  const response = await app.request('/api/webhook', {
    method,
    headers: textsOf(entry.headers),
    ...(method !== 'GET' && method !== 'HEAD' && { body: bytesOf(entry) }),
  });
  const problem = stringAt(await response.json(), 'message');
  return { status: response.status, pushes, ...(problem !== undefined && { problem }) };
}

/** What hawser answers, where Argo CD's answer was the recorded one. */
function expectedStatus(entry: Case): number {
  const recorded = at(entry, 'expect', 'status');
  const error = stringAt(entry, 'expect', 'error') ?? '';
  if (recorded === 200) return isPush(entry) ? (hasSecret(entry) ? 202 : 401) : 200;
  if (recorded === 400 && error === 'event not defined to be parsed') return statusOfRefEvent(entry) ?? 400;
  if (recorded === 400 && bytesOf(entry).byteLength > maxBytesOf(entry)) return 413;
  if (recorded === 400 && /(verification|validation) failed|^missing .*signature/i.test(error)) return 401;
  if (recorded === 400 && at(entry, 'expect', 'claimed') === false && isGiteas(entry))
    return hasSecret(entry) ? 202 : 401;
  return Number(recorded);
}

/** Events that tell of new and deleted refs: Argo CD refuses them, hawser reads those of Gogs' family and ignores GitHub's. */
function statusOfRefEvent(entry: Case): number | undefined {
  const event = headerOf(entry, 'x-gogs-event') ?? headerOf(entry, 'x-github-event');
  if (event !== 'create' && event !== 'delete') return undefined;
  const isTag = stringAt(payloadOf(entry), 'ref_type') === 'tag';
  const isFollowedByPush = event === 'create' && !isTag;
  return headerOf(entry, 'x-gogs-event') === undefined || isFollowedByPush ? 200 : 202;
}

function isGiteas(entry: Case): boolean {
  return headerOf(entry, 'x-gitea-event') === 'push' || headerOf(entry, 'x-forgejo-event') === 'push';
}

/** Whether Argo CD read something that can concern an Application. */
function isPush(entry: Case): boolean {
  if (isObject(at(entry, 'expect', 'registryEvent'))) return true;
  const urls = at(entry, 'expect', 'push', 'webURLs');
  return Array.isArray(urls) && urls.some((url) => url !== '') && stringAt(entry, 'expect', 'push', 'revision') !== '';
}

function differenceOfPush(entry: Case, pushes: readonly AnyPush[]): string | undefined {
  if (!isPush(entry)) return pushes.length === 0 ? undefined : 'read a push where there is none';
  const [push] = pushes; // Of several changes, Argo CD reads the first.
  if (!push) return 'read no push';
  const { expected, found } = push.kind === 'git' ? comparePush(entry, push) : compareArtifact(entry, push);
  const [left, right] = [JSON.stringify(expected), JSON.stringify(found)];
  return left === right ? undefined : `expected ${left}, read ${right}`;
}

function comparePush(entry: Case, push: Extract<AnyPush, { kind: 'git' }>) {
  const recorded = at(entry, 'expect', 'push');
  const isSilent = stringAt(recorded, 'before') === '' && stringAt(recorded, 'after') === '';
  const field = (name: string) => at(recorded, name);
  const touchedHead = push.touchesHead ?? revisionOf(push.ref) === (push.defaultBranch ?? '');
  return {
    expected: {
      webURLs: field('webURLs'),
      ref: field('ref') ?? push.ref, // Recorded only where the payload has one field for it.
      revision: field('revision'),
      touchedHead: field('touchedHead'),
      // Argo CD does not read those of Bitbucket Server.
      ...(!isSilent && { before: field('before'), after: field('after') }),
      repoRegex: at(entry, 'expect', 'repoRegex'),
    },
    found: {
      webURLs: push.webUrls,
      ref: push.ref,
      revision: revisionOf(push.ref),
      touchedHead,
      ...(!isSilent && { before: push.before ?? '', after: push.after ?? '' }),
      repoRegex: push.webUrls.map((url) => `(?i)${repositoryPattern(url).source.replaceAll('\\/', '/')}`),
    },
  };
}

function compareArtifact(entry: Case, { repository, tag }: Extract<AnyPush, { kind: 'artifact' }>) {
  return { expected: at(entry, 'expect', 'registryEvent'), found: { repoURL: repository, tag } };
}

/** Argo CD takes the same delivery again; hawser knows it by its key. */
function differenceOfReplay(first: readonly AnyPush[], again: Answer): string | undefined {
  const keys = (pushes: readonly AnyPush[]) => pushes.map(({ key }) => key).join(' ');
  return keys(first) === keys(again.pushes) ? undefined : 'the same delivery has another key when it is sent again';
}

/** A delivery with its body, byte for byte; `read` gives a file of the folder. */
export function withBytes(entry: Case, read: (file: string) => Uint8Array): Case {
  const file = stringAt(entry, 'payloadFile');
  return { ...entry, bytes: file ? read(file) : new TextEncoder().encode(stringAt(entry, 'body') ?? '') };
}

function bytesOf({ bytes }: Case): Uint8Array<ArrayBuffer> {
  return bytes instanceof Uint8Array ? new Uint8Array(bytes) : new Uint8Array();
}

function payloadOf(entry: Case): unknown {
  return JSON.parse(new TextDecoder().decode(bytesOf(entry)));
}

function maxBytesOf({ maxPayloadBytes }: Case): number {
  return typeof maxPayloadBytes === 'number' ? maxPayloadBytes : DEFAULT_MAX_BYTES;
}

function secretsOf(entry: Case): WebhookSecrets {
  return textsOf(entry.secrets);
}

function hasSecret(entry: Case): boolean {
  return Object.values(secretsOf(entry)).some((secret) => secret !== '');
}

function headerOf(entry: Case, name: string): string | undefined {
  return Object.entries(textsOf(entry.headers)).find(([key, value]) => key.toLowerCase() === name && value !== '')?.[1];
}

function textsOf(value: unknown): Record<string, string> {
  return isObject(value) ? Object.fromEntries(Object.entries(value).map(([key, text]) => [key, String(text)])) : {};
}
