// Which secret has signed a delivery, and what it may tell by that: one of the server's, or the own one of a repository.

import { normaliseArtifact } from '../application/registry-match.ts';
import { HawserError } from '../base/errors.ts';
import { repositoryMatcher } from '../git/repository-url.ts';
import { type AnyPush, addressesOf } from '../operation/push.ts';
import { parsePayload } from './delivery.ts';
import { keyOfPush } from './git-push.ts';
import type { Delivery, ParsedDelivery, Provider, RepositorySecrets, WebhookSecrets } from './provider.ts';
import { secretAt } from './secret-value.ts';

/** All that deliveries are verified by. */
export interface KnownSecrets {
  readonly secrets: WebhookSecrets;
  /** A push that the secret of one repository verifies counts for that repository alone. */
  readonly repositorySecrets?: readonly RepositorySecrets[];
}

export interface VerifyOptions extends KnownSecrets {
  /** What is configured by now, asked where a delivery fails by what is known; undefined where nothing newer can be had. */
  readonly freshSecrets?: () => Promise<KnownSecrets | undefined>;
  /** Accept deliveries for which no secret is configured. */
  readonly insecure: boolean;
}

/** What a delivery may tell: everything, signed or `unsigned`, or what is of the repositories whose own secret has verified it. */
export type Scope = 'all' | 'unsigned' | { readonly repositories: readonly string[] };

/** Throws `Unauthenticated` where no secret that counts for it has signed it, unless what nobody has signed is accepted. */
export async function verifyDelivery(provider: Provider, delivery: Delivery, options: VerifyOptions): Promise<Scope> {
  const known = await scopeOf(provider, delivery, options);
  if (known) return known;
  const newer = await options.freshSecrets?.();
  const found = newer && (await scopeOf(provider, delivery, newer));
  if (found) return found;
  const now = newer ?? options;
  if (globalSecrets(provider, now).length > 0) throw refused(provider, 'the signature does not match');
  const own = candidatesOf(delivery, now);
  if (!options.insecure)
    throw own.length > 0 ? refused(provider, 'the signature does not match') : unconfigured(provider);
  if (own.length === 0) return 'unsigned';
  const parsed = await provider.parse(delivery.headers, parsePayload(delivery));
  if (own.some(({ url }) => isOf(parsed, url))) throw refused(provider, 'the signature does not match');
  return 'unsigned';
}

/** undefined where no secret has signed it. */
async function scopeOf(provider: Provider, delivery: Delivery, known: KnownSecrets): Promise<Scope | undefined> {
  for (const secret of globalSecrets(provider, known)) if (await provider.verify(delivery, secret)) return 'all';
  const own = candidatesOf(delivery, known);
  const signers = new Set<string>();
  for (const secret of new Set(own.flatMap(({ secrets }) => secrets))) {
    if (await provider.verify(delivery, secret)) signers.add(secret);
  }
  // Several, where they share a secret.
  const repositories = own.filter(({ secrets }) => secrets.some((secret) => signers.has(secret))).map(({ url }) => url);
  return repositories.length > 0 ? { repositories } : undefined;
}

/**
 * The repositories whose secrets may have signed it: their names occur in the text. Nothing is parsed for somebody who is not verified
 * yet: reading 50 MB of JSON would keep others waiting.
 */
function candidatesOf({ payload }: Delivery, { repositorySecrets = [] }: KnownSecrets): readonly RepositorySecrets[] {
  if (repositorySecrets.length === 0) return [];
  const text = new TextDecoder('latin1').decode(payload).toLowerCase();
  return repositorySecrets
    .map(({ url, secrets }) => ({ url, secrets: secrets.filter((secret) => secret !== '') }))
    .filter(({ url, secrets }) => secrets.length > 0 && text.includes(nameIn(url)));
}

/** The longest part of a repository's name that every way of writing JSON leaves as it is. */
function nameIn(url: string): string {
  const last =
    url
      .toLowerCase()
      .replace(/%[0-9a-f]{2}/g, ' ')
      .replace(/(\.git)?\/*$/, '')
      .split(/[/:]/)
      .at(-1) ?? '';
  return last.split(/[^a-z0-9._-]+/).reduce((longest, part) => (part.length > longest.length ? part : longest), '');
}

/**
 * Whoever knows the secret of one repository may speak for it alone, whatever other addresses the payload names. Throws
 * `Unauthenticated` where it names another one only.
 */
export async function limitTo(scope: Scope, parsed: ParsedDelivery, provider: Provider): Promise<ParsedDelivery> {
  if (typeof scope === 'string') {
    if ('ignored' in parsed) return parsed;
    const proof = scope === 'all' ? 'server' : 'none';
    return { pushes: parsed.pushes.map((push) => ({ ...push, proof })) };
  }
  const { repositories } = scope;
  const isIts = (address: string) => repositories.some(repositoryMatcher([address]));
  if ('ignored' in parsed) {
    const { pingOf = [], ...rest } = parsed;
    const allowed = pingOf.filter(isIts);
    return { ...rest, ...(allowed.length > 0 && { pingOf: allowed }) };
  }
  const allowed = parsed.pushes.filter((push) => repositories.some((url) => isRepositoryOf(push, url)));
  if (allowed.length === 0) throw refused(provider, 'it is signed with the secret of another repository');
  const pushes = allowed.map(async (push): Promise<AnyPush> => {
    if (push.kind === 'artifact') return { ...push, proof: 'repository' };
    const limited = {
      ...push,
      proof: 'repository' as const,
      webUrls: push.webUrls.filter(isIts),
      otherUrls: push.otherUrls.filter(isIts),
    };
    return { ...limited, key: await keyOfPush(limited) };
  });
  return { pushes: await Promise.all(pushes) };
}

function isOf(parsed: ParsedDelivery, url: string): boolean {
  return 'pushes' in parsed && parsed.pushes.some((push) => isRepositoryOf(push, url));
}

/** Whether a Secret's address is the repository of the push. */
function isRepositoryOf(push: AnyPush, url: string): boolean {
  if (push.kind === 'git') return repositoryMatcher(addressesOf(push))(url);
  return normaliseArtifact(url) === normaliseArtifact(push.repository);
}

/** The secrets of the server, each with the one that it has replaced. */
export function globalSecrets(provider: Provider, { secrets }: KnownSecrets): readonly string[] {
  if (provider.secretsOf) return provider.secretsOf(secrets);
  const values = provider.secretKeys.flatMap((key) => [secretAt(secrets, key), secretAt(secrets, `${key}.previous`)]);
  return values.filter((secret) => secret !== '');
}

/** Whether anything can be verified by what is known. */
export function isAnyConfigured(provider: Provider, known: KnownSecrets): boolean {
  return globalSecrets(provider, known).length > 0 || (known.repositorySecrets?.length ?? 0) > 0;
}

export function refused(provider: Provider, problem: string): HawserError {
  return new HawserError('Unauthenticated', `the ${provider.name} webhook is refused: ${problem}`, {
    hint: `the webhook's secret must equal the key ${provider.secretKeys.join(provider.secretsOf ? ' and ' : ' or ')} of the Secret argocd-secret, or webhookSecret of the repository's own Secret`,
  });
}

export function unconfigured(provider: Provider): HawserError {
  return new HawserError('Unauthenticated', `no secret is configured for ${provider.name} webhooks`, {
    hint: `set ${provider.secretKeys.join(' and ')} in the Secret argocd-secret, or start with --insecure-webhooks`,
  });
}
