// The body of a webhook as its provider understands it: JSON, or a form with the JSON in it.

import { HawserError, isHawserError } from '../base/errors.ts';
import { parseShallowJson } from '../base/shallow-json.ts';
import type { Delivery, Provider } from './provider.ts';

/** Throws `InvalidInput` for an empty body. */
export function readDelivery(provider: Provider, headers: Headers, body: Uint8Array<ArrayBuffer>): Delivery {
  if (body.byteLength === 0) throw notJson();
  const isForm = headers.get('content-type')?.toLowerCase().startsWith('application/x-www-form-urlencoded');
  if (!isForm || !provider.takesForms) return { headers, body, payload: body };
  const field = new URLSearchParams(new TextDecoder().decode(body)).get('payload') ?? '';
  return { headers, body, payload: new TextEncoder().encode(field) };
}

/** The JSON, whatever it holds; throws `InvalidInput` for what is none. */
export function parsePayload({ payload }: Delivery): unknown {
  try {
    // A byte order mark is no JSON, to Go as little as here.
    return parseShallowJson(new TextDecoder('utf-8', { ignoreBOM: true }).decode(payload));
  } catch (error) {
    if (isHawserError(error)) throw error;
    throw notJson();
  }
}

function notJson(): HawserError {
  return new HawserError('InvalidInput', 'the payload is not valid JSON', {
    hint: 'set the webhook to content type application/json',
  });
}
