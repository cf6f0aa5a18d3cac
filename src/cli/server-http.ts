// Requests to a hawser server over Node's own HTTP client: `fetch` takes 25 ms to load, which a command that is done in 100 is not worth.

import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { HawserError, messageOf } from '../base/errors.ts';

/** What commands need of a `Response`, which is one, too. */
export interface ServerAnswer {
  readonly status: number;
  readonly ok: boolean;
  readonly headers: { get(name: string): string | null };
  readonly body: AsyncIterable<Uint8Array> | null;
  text(): Promise<string>;
}

export interface ServerRequest {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal: AbortSignal;
}

export type ServerFetch = (url: string, request: ServerRequest) => Promise<ServerAnswer>;

export interface TlsFlags {
  /** `--insecure`: any certificate will do. */
  readonly insecure?: boolean;
  /** PEM, or a file of it. */
  readonly serverCrt?: string;
  readonly clientCrt?: string;
  readonly clientCrtKey?: string;
}

/** Makes one request after the other, over connections that are kept. Follows no redirects: a token is for one server. */
export function createServerFetch(tls: TlsFlags = {}): ServerFetch {
  const secure = {
    ...(tls.insecure && { rejectUnauthorized: false }),
    ...(tls.serverCrt !== undefined && { ca: readPem(tls.serverCrt) }),
    ...(tls.clientCrt !== undefined && { cert: readPem(tls.clientCrt) }),
    ...(tls.clientCrtKey !== undefined && { key: readPem(tls.clientCrtKey) }),
  };
  return (url, { method, headers, body, signal }) =>
    new Promise((resolve, reject) => {
      const fail = (error: Error) => reject(signal.aborted ? signal.reason : error);
      const isSecure = url.startsWith('https:');
      const options = { method, headers: { ...headers, ...(body !== undefined && lengthOf(body)) }, signal };
      const request = isSecure ? https.request(url, { ...options, ...secure }) : http.request(url, options);
      request.on('error', fail);
      request.on('response', (response) => resolve(answerOf(response, signal)));
      request.end(body);
    });
}

function answerOf(response: http.IncomingMessage, signal: AbortSignal): ServerAnswer {
  const status = response.statusCode ?? 0;
  return {
    status,
    ok: status >= 200 && status < 300,
    headers: { get: (name) => String(response.headers[name.toLowerCase()] ?? '') || null },
    body: response,
    text: async () => {
      const chunks: Buffer[] = [];
      try {
        for await (const chunk of response) chunks.push(chunk);
      } catch (error) {
        throw signal.aborted ? signal.reason : error;
      }
      return Buffer.concat(chunks).toString('utf8');
    },
  };
}

function lengthOf(body: string) {
  return { 'content-length': String(Buffer.byteLength(body)) };
}

/** PEM as it is, or the content of a file. Throws `InvalidInput`. */
export function readPem(textOrFile: string): string {
  if (textOrFile.includes('-----BEGIN')) return textOrFile;
  try {
    return readFileSync(textOrFile, 'utf8');
  } catch (error) {
    throw new HawserError('InvalidInput', `the certificate ${textOrFile} cannot be read: ${messageOf(error)}`);
  }
}
