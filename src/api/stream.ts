// An answer that goes on: server-sent events for whoever accepts them, a JSON object a line for others (argoproj/pkg: grpc/http).

import { HawserError, isHawserError, messageOf } from '../base/errors.ts';
import type { Platform } from '../platform.ts';
import { errorAnswer } from './answer.ts';

export interface StreamOptions {
  /** Ends what the entries come from; called when whoever asks has gone. */
  readonly leave: () => void;
  readonly log: Platform['log'];
  /** Entries of the same key that say the same as the one before are left out. */
  readonly keyOf?: (entry: unknown) => string;
}

/** Each entry is wrapped as `{"result": …}`; what is thrown on the way is the last one, as `{"error": …}`. */
export function streamAnswer(
  request: Request,
  entries: AsyncGenerator<unknown, void, undefined>,
  { leave, log, keyOf }: StreamOptions,
): Response {
  const isEvents = acceptsEvents(request);
  const encoder = new TextEncoder();
  const isNews = keyOf ? createNovelty(keyOf) : () => true;
  // Argo CD's clients look for a blank before the newlines.
  const format = (value: unknown) =>
    encoder.encode(isEvents ? `data: ${JSON.stringify(value)} \n\n` : `${JSON.stringify(value)}\n`);
  let hasLeft = false;
  const stream = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const end = () => {
        leave();
        if (!hasLeft) controller.close();
      };
      try {
        for (;;) {
          const { done, value } = await entries.next();
          if (done || hasLeft) return end();
          if (isNews(value)) return controller.enqueue(format({ result: value }));
        }
      } catch (error) {
        const isMeant = hasLeft || request.signal.aborted;
        if (!isMeant && !isHawserError(error)) log.error('a stream failed', { error: messageOf(error) });
        if (!isMeant) controller.enqueue(format({ error: streamError(error) }));
        end();
      }
    },
    cancel() {
      hasLeft = true;
      leave();
      // It ends with what it waits for.
      entries.return().catch(() => undefined);
    },
  });
  return new Response(stream, {
    headers: {
      'content-type': isEvents ? 'text/event-stream' : 'application/json',
      'cache-control': 'no-cache',
      'x-content-type-options': 'nosniff',
      // A proxy that collects an answer before it passes it on would never pass on one without end (nginx).
      'x-accel-buffering': 'no',
    },
  });
}

/** Aborted when whoever asks has gone, or by `leave`. */
export function untilGone(request: Request): { readonly signal: AbortSignal; readonly leave: () => void } {
  const left = new AbortController();
  return { signal: AbortSignal.any([request.signal, left.signal]), leave: () => left.abort(gone()) };
}

function gone(): HawserError {
  return new HawserError('Unavailable', 'whoever asked has gone');
}

function acceptsEvents(request: Request): boolean {
  return (request.headers.get('accept') ?? '').includes('text/event-stream');
}

function streamError(error: unknown): unknown {
  const { status, code, message } = errorAnswer(error);
  return { grpc_code: code, http_code: status, message, http_status: String(status) };
}

function createNovelty(keyOf: (entry: unknown) => string): (entry: unknown) => boolean {
  const told = new Map<string, string>();
  return (entry) => {
    const key = keyOf(entry);
    const text = JSON.stringify(entry);
    if (told.get(key) === text) return false;
    told.set(key, text);
    return true;
  };
}
