// Calls to a Git server's REST API with the credentials of a repository: JSON in and out, bounded, and no redirect is followed.

import { HawserError, messageOf } from '../base/errors.ts';
import { at } from '../base/json.ts';
import { authorizationOf, type Credentials } from '../git/remote.ts';
import type { ConnectedFetch, ConnectionOptions } from '../platform.ts';

export type HostMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface HostApi {
  /**
   * `body` goes as JSON; what is answered comes as JSON, undefined where nothing is. Throws `GitUnauthorized` for 401 and 403, `NotFound` for
   * 404, `GitFailed` for any other answer that is no success (`data.status` is its number, `data.answer` what the server says), `Unavailable`.
   */
  send(method: HostMethod, path: string, body?: unknown): Promise<unknown>;
  get(path: string): Promise<unknown>;
  /** What is answered does not matter. */
  post(path: string, body?: unknown): Promise<void>;
}

export interface HostApiParts {
  readonly fetch: ConnectedFetch;
  /** `https://git.example.com/api/v1` */
  readonly url: string;
  readonly credentials: Credentials;
  /** The Authorization header, where it is not the one that follows from the credentials. */
  readonly authorization?: string | undefined;
  readonly connection?: ConnectionOptions;
  /** What the token has to allow, for the message where it is refused. Default: `read webhooks`. */
  readonly right?: string;
  readonly signal: AbortSignal;
}

const MAX_BYTES = 16 << 20;

export function createHostApi(parts: HostApiParts): HostApi {
  const { fetch, url, credentials, connection = {}, right = 'read webhooks', signal } = parts;
  const { host } = new URL(url);
  const headers = {
    accept: 'application/json',
    'user-agent': 'hawser',
    authorization: parts.authorization ?? authorizationOf(credentials),
  };

  async function send(method: HostMethod, path: string, body?: unknown): Promise<unknown> {
    const { response, text } = await ask(method, path, body);
    const answer = `${host} answered ${response.status} to ${method} ${path.split('?')[0]}`;
    const data = { status: response.status, answer: saidIn(text) };
    if (response.status === 401 || response.status === 403) {
      throw new HawserError('GitUnauthorized', `${answer}; the token may lack the right to ${right}`, { data });
    }
    if (response.status === 404) throw new HawserError('NotFound', answer, { data });
    if (!response.ok) throw new HawserError('GitFailed', `${answer}${data.answer && `: ${data.answer}`}`, { data });
    return parseJson(text, answer);
  }

  async function ask(
    method: HostMethod,
    path: string,
    body: unknown,
  ): Promise<{ readonly response: Response; readonly text: string }> {
    const init: RequestInit = {
      method,
      headers: body === undefined ? headers : { ...headers, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      redirect: 'manual',
      signal,
    };
    try {
      const response = await fetch(`${url}${path}`, init, connection);
      return { response, text: await readText(response) };
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      if (error instanceof HawserError) throw error;
      throw new HawserError('Unavailable', `${host} cannot be reached: ${messageOf(error)}`, { cause: error });
    }
  }

  return {
    send,
    get: (path) => send('GET', path),
    post: async (path, body) => {
      await send('POST', path, body);
    },
  };
}

const MAX_SAID = 300;

/** What a refusal says of its reason: Gitea and GitHub `message`, GitLab `message` or `error`, which may be an object. */
function saidIn(text: string): string {
  try {
    const answer: unknown = JSON.parse(text);
    const said = at(answer, 'message') ?? at(answer, 'error') ?? '';
    return (typeof said === 'string' ? said : JSON.stringify(said)).slice(0, MAX_SAID);
  } catch {
    return '';
  }
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
