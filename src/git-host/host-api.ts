// Calls to a Git server's REST API with the credentials of a repository: JSON in and out, bounded, and no redirect is followed.

import { HawserError, messageOf } from '../base/errors.ts';
import { authorizationOf, type Credentials } from '../git/remote.ts';
import type { ConnectedFetch, ConnectionOptions } from '../platform.ts';

export interface HostApi {
  /** Throws `GitUnauthorized` for 401 and 403, `NotFound` for 404, `GitFailed` for any other answer that is no success, `Unavailable`. */
  get(path: string): Promise<unknown>;
  /** The same; what is answered does not matter. */
  post(path: string): Promise<void>;
}

export interface HostApiParts {
  readonly fetch: ConnectedFetch;
  /** `https://git.example.com/api/v1` */
  readonly url: string;
  readonly credentials: Credentials;
  readonly connection?: ConnectionOptions;
  readonly signal: AbortSignal;
}

const MAX_BYTES = 16 << 20;

export function createHostApi({ fetch, url, credentials, connection = {}, signal }: HostApiParts): HostApi {
  const { host } = new URL(url);
  const headers = { accept: 'application/json', 'user-agent': 'hawser', authorization: authorizationOf(credentials) };

  async function send(method: 'GET' | 'POST', path: string): Promise<unknown> {
    const { response, text } = await ask(method, path);
    const answer = `${host} answered ${response.status} to ${method} ${path.split('?')[0]}`;
    if (response.status === 401 || response.status === 403) {
      throw new HawserError('GitUnauthorized', `${answer}; the token may lack the right to read webhooks`);
    }
    if (response.status === 404) throw new HawserError('NotFound', answer);
    if (!response.ok) throw new HawserError('GitFailed', answer);
    return parseJson(text, answer);
  }

  async function ask(method: 'GET' | 'POST', path: string): Promise<{ response: Response; text: string }> {
    try {
      const response = await fetch(`${url}${path}`, { method, headers, redirect: 'manual', signal }, connection);
      return { response, text: await readText(response) };
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      if (error instanceof HawserError) throw error;
      throw new HawserError('Unavailable', `${host} cannot be reached: ${messageOf(error)}`, { cause: error });
    }
  }

  return {
    get: (path) => send('GET', path),
    post: async (path) => {
      await send('POST', path);
    },
  };
}

async function readText(response: Response): Promise<string> {
  if (!response.body) return '';
  const decoder = new TextDecoder();
  let size = 0;
  let text = '';
  for await (const chunk of response.body) {
    size += chunk.length;
    if (size > MAX_BYTES) throw new HawserError('LimitExceeded', `an answer is longer than ${MAX_BYTES} bytes`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function parseJson(text: string, answer: string): unknown {
  if (text.trim() === '') return undefined;
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new HawserError('GitFailed', `${answer}, but not in JSON`, { cause: error });
  }
}
