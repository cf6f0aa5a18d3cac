// What a Git server's webhook is to hawser: how it is recognised, checked and reduced to a push. One file a provider.

import type { AnyPush } from '../operation/push.ts';

export interface Delivery {
  readonly headers: Headers;
  readonly body: Uint8Array<ArrayBuffer>;
  /** The JSON: the body itself, or the field `payload` of a form. */
  readonly payload: Uint8Array<ArrayBuffer>;
}

/** The keys of argocd-secret, decoded. */
export type WebhookSecrets = Readonly<Record<string, string>>;

/** What the Secret of one repository says that its webhook is signed with: the keys `webhookSecret` and `webhookSecret.previous`. */
export interface RepositorySecrets {
  readonly url: string;
  readonly secrets: readonly string[];
}

/**
 * A delivery may tell of several refs. `ignored`: a ping or an event that changes no ref; answered 200 with the reason.
 */
export type ParsedDelivery = { readonly pushes: readonly AnyPush[] } | IgnoredDelivery;

export interface IgnoredDelivery {
  readonly ignored: string;
  /** A server tries out its webhook: the addresses of the repository that it is of. */
  readonly pingOf?: readonly string[];
}

export interface Provider {
  readonly name: string;
  /** The keys of argocd-secret that hold its secret; any of them counts, and any with `.previous` behind it. */
  readonly secretKeys: readonly string[];
  /** The secrets out of those keys, where each is not a secret of its own. */
  secretsOf?(secrets: WebhookSecrets): readonly string[];
  claims(headers: Headers): boolean;
  /** What the event's name alone tells: an answer, or `InvalidInput` for one that is not supported. */
  readEvent?(headers: Headers): ParsedDelivery | undefined;
  /** What the header that proves the sender lacks, before anything of the body is read. */
  proofProblem(headers: Headers): string | undefined;
  /** Whether the delivery was signed with `secret`. */
  verify(delivery: Delivery, secret: string): Promise<boolean>;
  /** Whether a form with the JSON in its field `payload` is understood. */
  readonly takesForms?: boolean;
  /** Throws `InvalidInput` for a payload that is not of the provider's form. */
  parse(headers: Headers, payload: unknown): Promise<ParsedDelivery>;
}
