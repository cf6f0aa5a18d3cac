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

type Entries = AsyncGenerator<unknown, void, undefined>;

/** When nothing happens, a sign of life is sent after this: workerd finds out only by it that the client has gone. */
const SILENCE_MS = 10_000;
/** Whoever takes nothing for so long has gone. */
const STALLED_MS = 30_000;

/** Each entry is wrapped as `{"result": …}`; what is thrown on the way is the last one, as `{"error": …}`. */
export function streamAnswer(request: Request, entries: Entries, options: StreamOptions): Response {
  const isEvents = (request.headers.get('accept') ?? '').includes('text/event-stream');
  return new Response(createBody(request, entries, options, isEvents ? EVENTS : LINES), {
    headers: {
      'content-type': isEvents ? 'text/event-stream' : 'application/json',
      // Each entry is passed on as it comes, by nobody who waits until there is enough to compress, or for the end (nginx).
      'cache-control': 'no-cache, no-transform',
      'content-encoding': 'identity',
      'x-accel-buffering': 'no',
      'x-content-type-options': 'nosniff',
    },
  });
}

/** Aborted when whoever asks has gone, or by `leave`. */
export function untilGone(request: Request): { readonly signal: AbortSignal; readonly leave: () => void } {
  const left = new AbortController();
  const gone = new HawserError('Unavailable', 'whoever asked has gone');
  return { signal: AbortSignal.any([request.signal, left.signal]), leave: () => left.abort(gone) };
}

interface Framing {
  frame(message: unknown): string;
  /** Means nothing to whoever reads. */
  readonly signOfLife: string;
}

/** Argo CD's clients look for a blank before the newlines. */
const EVENTS: Framing = { frame: (message) => `data: ${JSON.stringify(message)} \n\n`, signOfLife: ':\n\n' };
/** JSON may have blanks before it; an empty line is none for those who parse each line. */
const LINES: Framing = { frame: (message) => `${JSON.stringify(message)}\n`, signOfLife: ' ' };

function createBody(
  request: Request,
  entries: Entries,
  { leave, log, keyOf }: StreamOptions,
  { frame, signOfLife }: Framing,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const isNews = keyOf ? createNovelty(keyOf) : () => true;
  let hasLeft = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asked: Promise<IteratorResult<unknown, void>> | undefined;

  const end = () => {
    hasLeft = true;
    clearTimeout(timer);
    leave();
    // It ends with what it waits for.
    entries.return().catch(() => undefined);
  };
  /** undefined after a while of silence; what was asked for is still to come. */
  const next = async () => {
    asked ??= entries.next();
    const silence = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), SILENCE_MS);
    });
    const found = await Promise.race([asked, silence]).finally(() => clearTimeout(timer));
    if (found) asked = undefined;
    return found;
  };

  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      clearTimeout(timer);
      const send = (text: string) => {
        controller.enqueue(encoder.encode(text));
        timer = setTimeout(() => {
          end();
          controller.error(new HawserError('Timeout', 'nobody takes what is sent'));
        }, STALLED_MS);
      };
      try {
        for (;;) {
          const found = await next();
          if (hasLeft) return;
          if (found?.done) {
            end();
            return controller.close();
          }
          if (!found) return send(signOfLife);
          if (isNews(found.value)) return send(frame({ result: found.value }));
        }
      } catch (error) {
        if (hasLeft) return;
        end();
        if (!request.signal.aborted) {
          if (!isHawserError(error)) log.error('a stream failed', { error: messageOf(error) });
          controller.enqueue(encoder.encode(frame({ error: streamError(error) })));
        }
        controller.close();
      }
    },
    cancel: end,
  });
}

function streamError(error: unknown): unknown {
  const { status, code, message } = errorAnswer(error);
  return { grpc_code: code, http_code: status, message, http_status: STATUS_TEXTS[status] ?? '' };
}

/** Those that failures have (Go: http.StatusText). */
const STATUS_TEXTS: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  409: 'Conflict',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
};

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
