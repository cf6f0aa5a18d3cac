// Calls of hawser's API with the types of its schemas (api/types.ts).

import { isSessionOver } from '../state/session.ts';
import { ApiError, readError } from './error.ts';
import type { Routes } from './types.ts';

export type RouteName = keyof Routes;
export type Answer<K extends RouteName> = Routes[K]['answer'];
export type Body<K extends RouteName> = Routes[K]['body'];

export type CallInput<K extends RouteName> = {
  readonly query?: Partial<Routes[K]['query']>;
  readonly signal?: AbortSignal;
} & (keyof Routes[K]['params'] extends never
  ? { readonly params?: undefined }
  : { readonly params: Routes[K]['params'] }) &
  (undefined extends Routes[K]['body'] ? { readonly body?: Routes[K]['body'] } : { readonly body: Routes[K]['body'] });

/** Throws `ApiError`: what the server says, or that it cannot be reached. Without a session the page asks for one. */
export async function call<K extends RouteName>(
  name: K,
  ...[input]: Record<string, never> extends CallInput<K> ? [input?: CallInput<K>] : [input: CallInput<K>]
): Promise<Answer<K>> {
  const response = await request(name, input);
  const text = await response.text();
  return (text === '' ? {} : JSON.parse(text)) as Answer<K>; // The server's own schemas say that it is of this type.
}

export interface PlainInput {
  readonly params?: object | undefined;
  readonly query?: object | undefined;
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
}

/** The same for answers that are no single JSON text. Throws `ApiError`. */
export async function request(name: RouteName, input: PlainInput = {}): Promise<Response> {
  const [method = 'GET', pattern = ''] = name.split(' ');
  const { body, signal } = input;
  let response: Response;
  try {
    response = await fetch(addressOf(pattern, input), {
      method,
      // Whoever changes something says so in JSON, which no other site can (src/api/csrf.ts).
      ...(method !== 'GET' && { headers: { 'content-type': 'application/json' } }),
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(signal && { signal }),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ApiError({ status: 0, message: '', cause: error });
  }
  if (response.ok) return response;
  const error = await readError(response);
  if (error.status === 401) isSessionOver.value = true;
  throw error;
}

/** `/api/v1/applications/{name}` with its parts filled in. */
export function addressOf(pattern: string, { params = {}, query = {} }: PlainInput): string {
  const values = new Map(Object.entries(params));
  const path = pattern.replace(/\{(\w+)\}/g, (_, key: string) => encodeURIComponent(String(values.get(key) ?? '')));
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined && one !== null && one !== '') search.append(key, String(one));
    }
  }
  const text = search.toString();
  return text === '' ? path : `${path}?${text}`;
}
