// The webhook of a repository: made at its Git server, made by hand, and what came by it. hawser's own; Argo CD leaves it to people.

import * as z from 'zod';
import type { Application } from '../application/types.ts';
import { HawserError } from '../base/errors.ts';
import type { Credentials } from '../git/remote.ts';
import { sameRepository } from '../git/repository-url.ts';
import { HOST_KINDS } from '../git-host/hooks/hosts.ts';
import type { DeliveryRecord } from '../operation/delivery-store.ts';
import { addressesOf, refOf } from '../operation/push.ts';
import type { KnownRepository } from '../operation/repository-book.ts';
import { VERDICTS } from './delivery-routes.ts';
import { findRepository, repositoryObject, writerObject } from './find-repository.ts';
import { urlsOf } from './mount.ts';
import { type ApiParts, type Call, type Route, route } from './route.ts';

const PATH = '/api/v1/repositories/:repo/webhook';
const RECEIVER = '/api/webhook';

/** Somebody waits for the answer. */
const MOST_SECONDS = 30;
const DEFAULT_SECONDS = 10;

/** The newest deliveries among which one of the repository is looked for: a few first, for most have pushed of late. */
const LOOKED_AT = [24, 200] as const;

const place = { appProject: z.string().optional() };

const request = z.looseObject({
  /** Which Git server it is; `auto`: found out by what it answers. */
  host: z.enum(['auto', ...HOST_KINDS]).default('auto'),
  /** May manage webhooks there; used for this once. */
  token: z.string().optional(),
  username: z.string().optional(),
  password: z.string().optional(),
  /** One of the `addresses`, without /api/webhook; the first where none is given. */
  address: z.string().optional(),
  /** How long something signed is waited for. */
  waitSeconds: z.int().min(0).max(MOST_SECONDS).default(DEFAULT_SECONDS),
});

const outcome = z.object({
  host: z.string(),
  title: z.string(),
  repository: z.string(),
  /** The whole address that the Git server has to reach. */
  webhookUrl: z.string(),
  action: z.enum(['created', 'updated']),
  mended: z.array(z.string()),
  others: z.int(),
  trial: z.enum(['none', 'asked', 'unable', 'refused']),
  refusal: z.string().optional(),
  heard: z.string().optional(),
  advice: z.string().optional(),
});

const state = z.object({
  /** Where Git servers find hawser, as far as it is told: whole addresses of its webhook. */
  addresses: z.array(z.string()),
  contentType: z.string(),
  secret: z.object({ namespace: z.string(), name: z.string(), key: z.string(), isSet: z.boolean() }),
  /** Keys of argocd-secret that verify the webhooks of every repository. */
  sharedKeys: z.array(z.string()),
  host: z.string().optional(),
  lastPingAt: z.string().optional(),
  lastDelivery: z
    .object({
      receivedAt: z.string(),
      provider: z.string(),
      deliveryId: z.string().optional(),
      ref: z.string().optional(),
      state: z.enum(['open', 'done']).optional(),
      reason: z.string().optional(),
      applications: z.array(z.object({ name: z.string(), verdict: z.enum(VERDICTS), reason: z.string() })),
    })
    .optional(),
});

export function repositoryHookRoutes(parts: ApiParts): readonly Route[] {
  const { hawser, platform } = parts;
  const { repositories: book, hooks } = hawser;
  const { namespace } = platform.settings;

  const find = (call: Call<{ appProject?: string | undefined }>) =>
    findRepository(book, call, { purpose: 'read', project: call.query.appProject ?? '' });

  async function findChangeable(call: Call<{ appProject?: string | undefined }>): Promise<KnownRepository> {
    const repository = await find(call);
    call.require('repositories', 'update', repositoryObject(repository.data));
    return repository;
  }

  /** What people call it first, as links do. */
  async function addresses(): Promise<readonly string[]> {
    const { externalURL } = platform.settings;
    const urls = [...(externalURL === undefined ? [] : [externalURL]), ...(await urlsOf(parts))];
    return [...new Set(urls.map((url) => url.replace(/\/+$/, '')).filter((url) => url !== ''))];
  }

  async function presentState(call: Call, repository: KnownRepository): Promise<z.input<typeof state>> {
    const [{ secret, sharedKeys, ...known }, known_urls, delivery] = await Promise.all([
      hooks.state(repository),
      addresses(),
      lastDelivery(call, repository.data.url ?? ''),
    ]);
    return {
      addresses: known_urls.map((address) => `${address}${RECEIVER}`),
      contentType: 'application/json',
      secret: { namespace, ...secret },
      sharedKeys: [...sharedKeys],
      ...known,
      ...(delivery && { lastDelivery: delivery }),
    };
  }

  async function lastDelivery(call: Call, url: string) {
    for (const most of LOOKED_AT) {
      const records = await hawser.deliveries.list(most);
      const found = records.find(({ push }) => addressesOf(push).some((address) => sameRepository(address, url)));
      if (found) return presentDelivery(found, await permits(call));
      if (records.length < most) return undefined;
    }
    return undefined;
  }

  /** A verdict tells of an Application, and is for those who may see that one. */
  async function permits({ rights, objectOf }: Call): Promise<(name: string) => boolean> {
    const apps = await hawser.listApplications();
    const mayGet = (app: Application) => rights.may('applications', 'get', objectOf(app));
    const hidden = new Set(apps.filter((app) => !mayGet(app)).map(({ metadata }) => metadata.name));
    const shown = new Set(apps.map(({ metadata }) => metadata.name));
    return (name) => shown.has(name) && !hidden.has(name);
  }

  return [
    route({
      method: 'GET',
      path: PATH,
      summary:
        "The webhook of a repository: the address that its Git server has to reach, where its secret is kept, and what came by it last (hawser's own).",
      need: { kind: 'session' },
      query: z.looseObject(place),
      answer: state,
      handle: async (call) => presentState(call, await find(call)),
    }),
    route({
      method: 'POST',
      path: PATH,
      summary:
        "Makes the webhook of a repository at its Git server, or mends the one that is there, and waits until it was heard of (hawser's own).",
      need: { kind: 'session' },
      query: z.looseObject(place),
      body: request,
      answer: outcome,
      handle: async (call) => {
        const repository = await findChangeable(call);
        const { host, address, waitSeconds, ...given } = call.body;
        const webhookUrl = `${chooseAddress(await addresses(), address)}${RECEIVER}`;
        const credentials = credentialsIn(given);
        const made = await hooks.make(repository, {
          choice: host,
          webhookUrl,
          patienceMs: waitSeconds * 1_000,
          mayUseWriters: call.rights.may('write-repositories', 'update', await writerObject(book, repository.data)),
          ...(credentials && { credentials }),
        });
        return { ...made, webhookUrl };
      },
    }),
    route({
      method: 'PUT',
      path: PATH,
      summary:
        "Keeps the secret that a webhook made by hand signs with from now on; the one before counts beside it (hawser's own).",
      need: { kind: 'session' },
      query: z.looseObject(place),
      body: z.looseObject({ secret: z.string().min(8).max(256) }),
      answer: state,
      handle: async (call) => {
        await hooks.keepSecret(await findChangeable(call), call.body.secret);
        return presentState(call, await find(call));
      },
    }),
  ];
}

/** Nobody has the Git server send what it sends, and the secret, to an address that hawser was not told of. */
function chooseAddress(known: readonly string[], given: string | undefined): string {
  const [first] = known;
  if (first === undefined) {
    throw new HawserError('FailedPrecondition', 'where Git servers find hawser is not known', {
      hint: 'set url in argocd-cm to its address, or start it with --external-url, and try again',
    });
  }
  if (given === undefined || given === '') return first;
  const wanted = given.replace(/\/+$/, '').replace(/\/api\/webhook$/, '');
  if (known.includes(wanted)) return wanted;
  throw new HawserError('InvalidInput', `${wanted} is no address of hawser that it knows of`, {
    hint: 'url and additionalUrls of argocd-cm name them',
  });
}

function credentialsIn({
  token,
  username,
  password,
}: Pick<z.output<typeof request>, 'token' | 'username' | 'password'>): Credentials | undefined {
  if (token) return { kind: 'bearer', token };
  return username || password ? { kind: 'basic', username: username ?? '', password: password ?? '' } : undefined;
}

/** Whoever may see none of the Applications that it concerned learns that something came, and no more. */
function presentDelivery(
  { push, receivedAt, state: progress, reason, applications }: DeliveryRecord,
  isShown: (name: string) => boolean,
): z.input<typeof state>['lastDelivery'] {
  const { deliveryId, provider } = push;
  const shown = applications.filter(({ name }) => isShown(name));
  if (shown.length === 0 && applications.length > 0) return { receivedAt, provider, applications: [] };
  return {
    ...{ deliveryId, receivedAt, provider, ref: refOf(push), state: progress },
    ...(reason && { reason }),
    applications: shown.map(({ name, verdict, reason: why }) => ({ name, verdict, reason: why })),
  };
}
