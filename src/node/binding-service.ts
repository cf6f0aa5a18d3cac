// The far side of a service binding in this process: requests of the Worker come in, answers go out as they come, and who goes away is noticed.
// Miniflare's own way of a function that gets a Request neither tells when the Worker cancels nor waits until it has read.

import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { FAILURE_HEADER, failureResponse, KEY_HEADER } from '../base/far-side.ts';

export interface BoundRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: readonly [string, string][];
  readonly body: Uint8Array<ArrayBuffer>;
  /** The Worker wants no answer any more. */
  readonly signal: AbortSignal;
}

export type BindingService = (incoming: IncomingMessage, outgoing: ServerResponse) => Promise<void>;

/** What belongs to one connection, or to workerd, and is not passed on. */
const OF_REQUESTS = new Set(
  ['host', 'connection', 'keep-alive', 'transfer-encoding', 'content-length', 'expect', 'upgrade', 'te'].concat(
    KEY_HEADER,
  ),
);
/** The body is not what it was on the wire any more. */
const OF_ANSWERS = new Set(
  ['connection', 'keep-alive', 'transfer-encoding', 'content-length', 'content-encoding'].concat(FAILURE_HEADER),
);
const OF_WORKERD = /^(?:cf|mf)-/;

/** A body as its sender had it. An object's JSON is a text, with which it may go the short way (kube-transport.ts). */
export function bodyOf({ body }: Pick<BoundRequest, 'body'>): Pick<RequestInit, 'body'> {
  if (body.length === 0) return {};
  try {
    return { body: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body) };
  } catch {
    return { body };
  }
}

/** Answers only who has the key. What `handle` throws is thrown in the Worker. */
export function createBindingService(
  key: string,
  handle: (request: BoundRequest) => Promise<Response>,
): BindingService {
  return async (incoming, outgoing) => {
    if (!isSame(incoming.headers[KEY_HEADER], key)) {
      outgoing.writeHead(403).end();
      return;
    }
    const gone = new AbortController();
    outgoing.once('close', () => gone.abort());
    let response: Response;
    try {
      response = await handle({
        method: incoming.method ?? 'GET',
        path: incoming.url ?? '/',
        headers: sentHeaders(incoming),
        body: new Uint8Array(await buffer(incoming)),
        signal: gone.signal,
      });
    } catch (error) {
      if (gone.signal.aborted) return;
      await send(failureResponse(error), outgoing, true);
      return;
    }
    await send(response, outgoing);
  };
}

/** An answer that breaks off breaks off there, too; it does not look complete. */
async function send({ status, statusText, headers, body }: Response, outgoing: ServerResponse, isOwn = false) {
  for (const [name, value] of headers) if (isOwn || !OF_ANSWERS.has(name)) outgoing.appendHeader(name, value);
  if (statusText) outgoing.statusMessage = statusText;
  outgoing.writeHead(status);
  // The head of a watch comes long before its first event.
  outgoing.flushHeaders();
  if (!body) {
    outgoing.end();
    return;
  }
  await pipeline(Readable.fromWeb(body as Parameters<typeof Readable.fromWeb>[0]), outgoing).catch(() => {
    outgoing.destroy();
  });
}

function sentHeaders({ rawHeaders }: IncomingMessage): [string, string][] {
  const headers: [string, string][] = [];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? '').toLowerCase();
    const value = rawHeaders[index + 1] ?? '';
    if (OF_REQUESTS.has(name) || OF_WORKERD.test(name)) continue;
    // What workerd could read is its own matter; that an answer shall not be compressed is the caller's.
    if (name === 'accept-encoding' && value !== 'identity') continue;
    headers.push([name, value]);
  }
  return headers;
}

function isSame(given: string | string[] | undefined, key: string): boolean {
  if (typeof given !== 'string') return false;
  const [a, b] = [Buffer.from(given), Buffer.from(key)];
  return a.length === b.length && timingSafeEqual(a, b);
}
