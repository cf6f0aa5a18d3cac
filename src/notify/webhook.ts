// service.webhook.<name>: a request that the template describes (notifications-engine: pkg/services/webhook.go).

import { isObject, stringAt } from '../base/json.ts';
import { parseGoDuration } from '../render/go/duration.ts';
import { post, RETRIES, type Retries, refusal } from './post.ts';
import type { Send } from './services.ts';

export const sendToWebhook: Send = async ({ fetch, message, service, options, signal }) => {
  // In a template the part `webhook` has a part for each service, by its name.
  const own = message.parts[service];
  const { method, path, body } = isObject(own) ? own : {};
  const base = stringAt(options, 'url') ?? '';
  const url =
    typeof path === 'string' && path !== '' ? `${base.replace(/\/+$/, '')}/${path.replace(/^\/+/, '')}` : base;
  const user = stringAt(options, 'basicAuth', 'username');
  const password = stringAt(options, 'basicAuth', 'password') ?? '';
  const answer = await post({
    fetch,
    url,
    method: typeof method === 'string' && method !== '' ? method.toUpperCase() : 'GET',
    headers: {
      ...headersOf(options.headers),
      ...(user !== undefined && { authorization: `Basic ${encodeBase64(`${user}:${password}`)}` }),
    },
    body: isObject(own) ? String(body ?? '') : message.text,
    insecure: options.insecureSkipVerify === true,
    retries: retriesOf(options),
    signal,
  });
  if (answer.status < 200 || answer.status > 299) throw refusal(service, url, answer);
};

function headersOf(value: unknown): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const item of Array.isArray(value) ? value : []) {
    const name = stringAt(item, 'name');
    if (name) headers[name.toLowerCase()] = stringAt(item, 'value') ?? '';
  }
  return headers;
}

function encodeBase64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}

function retriesOf(options: Readonly<Record<string, unknown>>): Retries {
  const { retryMax, retryWaitMin, retryWaitMax } = options;
  return {
    most: typeof retryMax === 'number' && retryMax > 0 ? Math.min(retryMax, 10) : RETRIES.most,
    leastMs: durationMs(retryWaitMin) ?? RETRIES.leastMs,
    mostMs: durationMs(retryWaitMax) ?? RETRIES.mostMs,
  };
}

/** `2s`, or nanoseconds, as Go's JSON has a duration; a minute at most. */
function durationMs(value: unknown): number | undefined {
  const nanoseconds =
    typeof value === 'number' ? value : typeof value === 'string' ? Number(parseGoDuration(value)) : 0;
  return nanoseconds > 0 ? Math.min(nanoseconds / 1e6, 60_000) : undefined;
}
