// A request to /api/webhook becomes a verified push: recognise the provider, read the body under a limit, check the signature, parse.

import { HawserError } from '../base/errors.ts';
import { repositoryMatcher } from '../git/repository-url.ts';
import { type AnyPush, addressesOf } from '../operation/push.ts';
import { type LargeBodies, readBody } from './body.ts';
import type { Delivery, ParsedDelivery, Provider, RepositorySecrets, WebhookSecrets } from './provider.ts';
import { PROVIDERS } from './providers.ts';

/** All that deliveries are verified by. */
export interface KnownSecrets {
  readonly secrets: WebhookSecrets;
  /** A push that the secret of one repository verifies counts for that repository alone. */
  readonly repositorySecrets?: readonly RepositorySecrets[];
}

export interface ReceiveOptions extends KnownSecrets {
  /** What is configured by now, asked where a delivery fails by what is known; undefined where nothing newer can be had. */
  readonly freshSecrets?: () => Promise<KnownSecrets | undefined>;
  /** Accept deliveries for which no secret is configured. */
  readonly insecure: boolean;
  readonly maxBytes: number;
  readonly largeBodies: LargeBodies;
}

/**
 * The pushes of a webhook request. Throws `InvalidInput` (400) for an unknown event or a payload that cannot be read,
 * `MethodNotAllowed` (405), `Unauthenticated` (401) for a wrong or missing signature or where no secret is configured, `TooLarge` (413),
 * `Unavailable` (503).
 */
export async function receiveWebhook(request: Request, options: ReceiveOptions): Promise<ParsedDelivery> {
  const { headers } = request;
  const provider = PROVIDERS.find((candidate) => candidate.claims(headers));
  if (!provider || isNobodys(provider, options)) {
    throw new HawserError('InvalidInput', 'Unknown webhook event', {
      hint: 'send the push webhook of a Git server that hawser knows, or sign a generic one with X-Signature',
    });
  }
  if (request.method !== 'POST') {
    throw new HawserError('MethodNotAllowed', `a ${provider.name} webhook is a POST, not a ${request.method}`);
  }
  const answered = provider.readEvent?.(headers);
  if (answered) return answered;
  checkProof(provider, headers, options);
  const delivery = readDelivery(provider, headers, await readBody(request, options.maxBytes, options.largeBodies));
  const scope = await verifyDelivery(provider, delivery, options);
  return scope(await provider.parse(headers, parsePayload(delivery)));
}

/** Whatever carries an Authorization could be Harbor's: it is, where somebody has set a secret for it (Argo CD: CanHandle). */
function isNobodys(provider: Provider, options: ReceiveOptions): boolean {
  return provider.name === 'harbor' && !options.insecure && !isAnyConfigured(provider, options);
}

/** What can be told before the body is read is told then, so that nobody without a signature makes hawser read 50 MB. */
function checkProof(provider: Provider, headers: Headers, options: ReceiveOptions): void {
  if (options.insecure && globalSecrets(provider, options).length === 0) return;
  const problem = provider.proofProblem(headers);
  if (!problem) return;
  throw isAnyConfigured(provider, options) ? refused(provider, problem) : unconfigured(provider);
}

function readDelivery(provider: Provider, headers: Headers, body: Uint8Array<ArrayBuffer>): Delivery {
  if (body.byteLength === 0) throw notJson();
  const isForm = headers.get('content-type')?.toLowerCase().startsWith('application/x-www-form-urlencoded');
  if (!isForm || !provider.takesForms) return { headers, body, payload: body };
  const field = new URLSearchParams(new TextDecoder().decode(body)).get('payload') ?? '';
  return { headers, body, payload: new TextEncoder().encode(field) };
}

/** What is done to the delivery's pushes by the secret that has verified it. */
type Scope = (parsed: ParsedDelivery) => ParsedDelivery;

const unlimited: Scope = (parsed) => parsed;

async function verifyDelivery(provider: Provider, delivery: Delivery, options: ReceiveOptions): Promise<Scope> {
  const found = await verifyBy(provider, delivery, options);
  if (typeof found === 'function') return found;
  const fresh = await options.freshSecrets?.();
  const outcome = fresh ? await verifyBy(provider, delivery, fresh) : found;
  if (typeof outcome === 'function') return outcome;
  if (outcome === 'mismatch') throw refused(provider, 'the signature does not match');
  if (options.insecure) return unlimited;
  throw unconfigured(provider);
}

async function verifyBy(
  provider: Provider,
  delivery: Delivery,
  known: KnownSecrets,
): Promise<Scope | 'mismatch' | 'unconfigured'> {
  const global = globalSecrets(provider, known);
  for (const secret of global) if (await provider.verify(delivery, secret)) return unlimited;
  const own = await repositorySecretsFor(provider, delivery, known.repositorySecrets ?? []);
  for (const { url, secrets } of own) {
    for (const secret of secrets) if (await provider.verify(delivery, secret)) return (parsed) => limitTo(parsed, url);
  }
  return global.length > 0 || own.length > 0 ? 'mismatch' : 'unconfigured';
}

/** The secrets of the repositories that the delivery names, before anything proves that it comes from one of them. */
async function repositorySecretsFor(
  provider: Provider,
  delivery: Delivery,
  all: readonly RepositorySecrets[],
): Promise<readonly RepositorySecrets[]> {
  const usable = all.map(({ url, secrets }) => ({ url, secrets: secrets.filter((secret) => secret !== '') }));
  const present = usable.filter(({ secrets }) => secrets.length > 0);
  if (present.length === 0) return [];
  let parsed: ParsedDelivery;
  try {
    parsed = await provider.parse(delivery.headers, parsePayload(delivery));
  } catch (error) {
    if (error instanceof HawserError) return []; // Who cannot be verified is not told what is wrong with the payload.
    throw error;
  }
  if ('ignored' in parsed) return [];
  const named = parsed.pushes.map(isRepositoryOf);
  return present.filter(({ url }) => named.some((isNamed) => isNamed(url)));
}

/** Whoever knows the secret of one repository may speak for it alone, whatever other addresses the payload names. */
function limitTo(parsed: ParsedDelivery, url: string): ParsedDelivery {
  if ('ignored' in parsed) return parsed;
  const isIts = (address: string) => repositoryMatcher([address])(url);
  const pushes = parsed.pushes.flatMap((push): AnyPush[] => {
    if (push.kind === 'artifact') return isRepositoryOf(push)(url) ? [push] : [];
    const [webUrls, otherUrls] = [push.webUrls.filter(isIts), push.otherUrls.filter(isIts)];
    return webUrls.length + otherUrls.length > 0 ? [{ ...push, webUrls, otherUrls }] : [];
  });
  return pushes.length > 0 ? { pushes } : { ignored: 'the secret is that of another repository' };
}

/** Whether a Secret's address is the repository of the push. */
function isRepositoryOf(push: AnyPush): (url: string) => boolean {
  if (push.kind === 'git') return repositoryMatcher(addressesOf(push));
  const plain = (url: string) =>
    url
      .replace(/^oci:\/\//, '')
      .replace(/\/$/, '')
      .toLowerCase();
  return (url) => plain(url) === plain(push.repository);
}

function globalSecrets(provider: Provider, { secrets }: KnownSecrets): readonly string[] {
  if (provider.secretsOf) return provider.secretsOf(secrets);
  const values = provider.secretKeys.flatMap((key) => [secrets[key] ?? '', secrets[`${key}.previous`] ?? '']);
  return values.filter((secret) => secret !== '');
}

function isAnyConfigured(provider: Provider, known: KnownSecrets): boolean {
  return globalSecrets(provider, known).length > 0 || (known.repositorySecrets?.length ?? 0) > 0;
}

function parsePayload({ payload }: Delivery): unknown {
  try {
    // A byte order mark is no JSON, to Go as little as here.
    return JSON.parse(new TextDecoder('utf-8', { ignoreBOM: true }).decode(payload));
  } catch {
    throw notJson();
  }
}

function notJson(): HawserError {
  return new HawserError('InvalidInput', 'the payload is not valid JSON', {
    hint: 'set the webhook to content type application/json',
  });
}

function refused(provider: Provider, problem: string): HawserError {
  return new HawserError('Unauthenticated', `the ${provider.name} webhook is refused: ${problem}`, {
    hint: `the webhook's secret must equal the key ${provider.secretKeys.join(' or ')} of the Secret argocd-secret, or webhookSecret of the repository's own Secret`,
  });
}

function unconfigured(provider: Provider): HawserError {
  return new HawserError('Unauthenticated', `no secret is configured for ${provider.name} webhooks`, {
    hint: `set ${provider.secretKeys.join(' and ')} in the Secret argocd-secret, or start with --insecure-webhooks`,
  });
}
