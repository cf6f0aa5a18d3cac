// A request to /api/webhook becomes a verified push: recognise the provider, read the body under a limit, check the signature, parse.

import { HawserError } from '../base/errors.ts';
import { type LargeBodies, readBody } from './body.ts';
import { gitea, gogs } from './gogs.ts';
import type { ParsedDelivery, Provider, WebhookSecrets } from './provider.ts';

/** In order of detection: a Gitea request carries X-Gogs-* headers too, and both carry X-GitHub-*. */
const PROVIDERS: readonly Provider[] = [gitea, gogs];

export interface ReceiveOptions {
  readonly secrets: WebhookSecrets;
  /** Accept deliveries for which no secret is configured. */
  readonly insecure: boolean;
  readonly maxBytes: number;
  readonly largeBodies: LargeBodies;
}

/**
 * The push of a webhook request. Throws `InvalidInput` (400) for an unknown event or a payload that cannot be read, `Unauthenticated`
 * (401) for a wrong or missing signature or where no secret is configured, `TooLarge` (413), `Unavailable` (503).
 */
export async function receiveWebhook(request: Request, options: ReceiveOptions): Promise<ParsedDelivery> {
  const provider = PROVIDERS.find((candidate) => candidate.claims(request.headers));
  if (!provider) {
    throw new HawserError('InvalidInput', 'Unknown webhook event', {
      hint: 'send the webhook of a Gogs or Gitea repository (X-Gogs-Event or X-Gitea-Event)',
    });
  }
  const configured = secretFor(provider, options);
  const body = await readBody(request, options.maxBytes, options.largeBodies);
  if (configured && !(await provider.verify({ headers: request.headers, body }, configured.secret))) {
    throw new HawserError('Unauthenticated', `the ${provider.name} signature does not match`, {
      hint: `the webhook's secret must equal the key ${configured.key} of the Secret argocd-secret`,
    });
  }
  return provider.parse(request.headers, parsePayload(request.headers, body));
}

interface ConfiguredSecret {
  readonly key: string;
  readonly secret: string;
}

/** undefined only where the operator allowed deliveries without one. */
function secretFor(provider: Provider, { secrets, insecure }: ReceiveOptions): ConfiguredSecret | undefined {
  for (const key of provider.secretKeys) {
    const secret = secrets[key];
    if (secret) return { key, secret };
  }
  if (insecure) return undefined;
  throw new HawserError('Unauthenticated', `no secret is configured for ${provider.name} webhooks`, {
    hint: `set ${provider.secretKeys[0]} in the Secret argocd-secret, or start with --insecure-webhooks`,
  });
}

/** JSON, or a form with the JSON in its field `payload`. */
function parsePayload(headers: Headers, body: Uint8Array): unknown {
  const text = new TextDecoder().decode(body);
  const isForm = headers.get('content-type')?.startsWith('application/x-www-form-urlencoded');
  const json = isForm ? (new URLSearchParams(text).get('payload') ?? '') : text;
  try {
    return JSON.parse(json);
  } catch {
    throw new HawserError('InvalidInput', 'the payload is not valid JSON', {
      hint: 'set the webhook to content type application/json',
    });
  }
}
