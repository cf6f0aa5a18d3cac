// What a Git server's webhook is to hawser: how it is recognised, checked and reduced to a push. One file a provider.

import type { AnyPush } from '../operation/push.ts';

export interface Delivery {
  readonly headers: Headers;
  readonly body: Uint8Array<ArrayBuffer>;
}

/** The keys of argocd-secret, decoded. */
export type WebhookSecrets = Readonly<Record<string, string>>;

/**
 * A delivery may tell of several refs. `ignored`: a ping or an event that changes no ref; answered 200 with the reason.
 */
export type ParsedDelivery = { readonly pushes: readonly AnyPush[] } | { readonly ignored: string };

export interface Provider {
  readonly name: string;
  /** The keys of argocd-secret that hold its secret; any of them counts. */
  readonly secretKeys: readonly string[];
  claims(headers: Headers): boolean;
  /** Whether the delivery was signed with `secret`. */
  verify(delivery: Delivery, secret: string): Promise<boolean>;
  /** Throws `InvalidInput` for a payload that is not of the provider's form. */
  parse(headers: Headers, payload: unknown): Promise<ParsedDelivery>;
}
