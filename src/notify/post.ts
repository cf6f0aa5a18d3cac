// A request to a notification's target: bounded, tried again where that helps, and never shown with what is secret in it.

import { delay } from '../base/delay.ts';
import { HawserError, messageOf } from '../base/errors.ts';
import type { ConnectedFetch } from '../platform.ts';

export interface Retries {
  /** After the first attempt. */
  readonly most: number;
  readonly leastMs: number;
  readonly mostMs: number;
}

export const RETRIES: Retries = { most: 3, leastMs: 1_000, mostMs: 5_000 };

export interface PostRequest {
  readonly fetch: ConnectedFetch;
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly insecure?: boolean;
  readonly retries?: Retries;
  readonly signal: AbortSignal;
}

export interface PostAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** The beginning of it. */
  readonly text: string;
}

const TIMEOUT_MS = 15_000;
const MAX_TEXT = 64 << 10;

/**
 * The answer, whatever it is; 5xx (but 501), 429 and lost connections are tried again (hashicorp/go-retryablehttp: DefaultRetryPolicy).
 * Throws `Unavailable` where nobody answers: what can be tried once more later.
 */
export async function post(request: PostRequest): Promise<PostAnswer> {
  const { retries = RETRIES, signal } = request;
  for (let attempt = 0; ; attempt++) {
    const isLast = attempt >= retries.most;
    try {
      const answer = await send(request);
      if (isLast || !mayHelp(answer.status)) return answer;
      await delay(Math.max(pauseMs(retries, attempt), askedMs(answer.headers)), signal);
    } catch (error) {
      if (isLast || signal.aborted || !(error instanceof HawserError) || error.code !== 'Unavailable') throw error;
      await delay(pauseMs(retries, attempt), signal);
    }
  }
}

function mayHelp(status: number): boolean {
  return status === 429 || (status >= 500 && status !== 501);
}

function pauseMs({ leastMs, mostMs }: Retries, attempt: number): number {
  return Math.min(leastMs * 2 ** attempt, mostMs);
}

/** Nobody is waited for longer than half a minute. */
function askedMs(headers: Headers): number {
  const seconds = Number(headers.get('retry-after') ?? 0);
  return Number.isFinite(seconds) ? Math.min(seconds, 30) * 1_000 : 0;
}

async function send({ fetch, url, method, headers, body, insecure, signal }: PostRequest): Promise<PostAnswer> {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw new HawserError('InvalidInput', 'the address of a notification service is no http:// or https:// URL');
  }
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  const { host } = new URL(url);
  try {
    const init: RequestInit = {
      method,
      headers: { 'user-agent': 'hawser', ...headers },
      // To an address that nobody has configured nothing is sent.
      redirect: 'manual',
      signal: AbortSignal.any([signal, timeout]),
      ...(body !== undefined && method !== 'GET' && method !== 'HEAD' && { body }),
    };
    const response = await fetch(url, init, insecure ? { insecure } : {});
    return { status: response.status, headers: response.headers, text: await readText(response) };
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    if (error instanceof HawserError) throw error;
    const reason = timeout.aborted ? `no answer within ${TIMEOUT_MS / 1_000} s` : causeOf(error);
    // The address itself may be a secret.
    throw new HawserError('Unavailable', `${host} cannot be reached: ${reason}`);
  }
}

function causeOf(error: unknown): string {
  return messageOf(error instanceof Error && error.cause instanceof Error ? error.cause : error);
}

async function readText(response: Response): Promise<string> {
  if (!response.body) return '';
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of response.body) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > MAX_TEXT) break;
  }
  return text.slice(0, MAX_TEXT);
}

/** A refusal as it is told: 5xx may be over later, anything else stays. */
export function refusal(service: string, url: string, { status }: PostAnswer, said = ''): HawserError {
  const where = URL.canParse(url) ? new URL(url).host : 'its address';
  const message = `${service}: ${where} answered ${status}${said && `: ${said}`}`;
  return new HawserError(mayHelp(status) ? 'Unavailable' : 'InvalidInput', message);
}
