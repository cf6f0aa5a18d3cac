// A request to /api/webhook becomes a verified push: recognise the provider, read the body under a limit, check the signature, parse.

import { HawserError } from '../base/errors.ts';
import { type LargeBodies, readBody } from './body.ts';
import { parsePayload, readDelivery } from './delivery.ts';
import type { ParsedDelivery, Provider } from './provider.ts';
import { PROVIDERS } from './providers.ts';
import {
  globalSecrets,
  isAnyConfigured,
  limitTo,
  refused,
  unconfigured,
  type VerifyOptions,
  verifyDelivery,
} from './verify.ts';

export interface ReceiveOptions extends VerifyOptions {
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
  const provider = providerOf(headers);
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
  return limitTo(scope, await provider.parse(headers, parsePayload(delivery)), provider);
}

/** As which the sender presents itself. */
export function providerOf(headers: Headers): Provider | undefined {
  return PROVIDERS.find((candidate) => candidate.claims(headers));
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
