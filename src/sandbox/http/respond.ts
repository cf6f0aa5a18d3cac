// Answers: JSON with a line break at the end, indented for people.

import { messageOf } from '../../base/errors.ts';
import { formatStatus, Refusal } from './status.ts';

export interface ResponseOptions {
  readonly status?: number;
  readonly warnings?: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
}

export function json(request: Request, body: unknown, options: ResponseOptions = {}): Response {
  const text = wantsPretty(request) ? JSON.stringify(body, null, 2) : JSON.stringify(body);
  const headers = new Headers({
    'Content-Type': 'application/json',
    'Cache-Control': 'no-cache, private',
    ...options.headers,
  });
  for (const warning of new Set(options.warnings))
    headers.append('Warning', `299 - ${JSON.stringify(warning.replace(/[^\x20-\x7e]/g, '?'))}`);
  return new Response(`${text}\n`, { status: options.status ?? 200, headers });
}

export function text(body: string, status = 200): Response {
  return new Response(body, { status, headers: { 'Content-Type': 'text/plain; charset=utf-8' } });
}

/** What the API server answers to a path that it does not have. */
export function pageNotFound(): Response {
  return text('404 page not found\n', 404);
}

/** Any error as a Status object. */
export function failure(request: Request, error: unknown, warnings: readonly string[] = []): Response {
  const refusal =
    error instanceof Refusal
      ? error
      : new Refusal(500, 'InternalError', `Internal error occurred: ${messageOf(error)}`);
  return json(request, formatStatus(refusal), { status: refusal.code, warnings });
}

function wantsPretty(request: Request): boolean {
  const asked = new URL(request.url).searchParams.get('pretty');
  if (asked !== null) return asked !== '0' && asked !== 'false';
  const agent = request.headers.get('User-Agent') ?? '';
  return agent.startsWith('curl') || agent.startsWith('Wget') || agent.startsWith('Mozilla/5.0');
}
