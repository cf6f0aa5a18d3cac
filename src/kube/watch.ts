// Watching objects of one kind, with a bound, across the server's own time-outs and forgotten versions.

import { delay } from '../base/delay.ts';
import { HawserError, isHawserError } from '../base/errors.ts';
import { at, isObject, stringAt } from '../base/json.ts';
import type { KubeObject } from './object.ts';
import { isKubeObject } from './parse.ts';
import { refusal, refusalStatus } from './refusal.ts';

export interface WatchOptions {
  /** All namespaces when left out. */
  readonly namespace?: string;
  /** One object alone. */
  readonly name?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  /** Changes after this version. Without it (and after a 410) the first event is `RELISTED`. */
  readonly resourceVersion?: string;
  /** The watch ends after this time. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

export type WatchEvent =
  | { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly object: KubeObject }
  /** All that there is now: what is not among the objects is gone. */
  | { readonly type: 'RELISTED'; readonly objects: readonly KubeObject[] };

/** How the watch reaches its objects. */
export interface WatchSource {
  list(signal: AbortSignal): Promise<{ readonly items: readonly KubeObject[]; readonly resourceVersion: string }>;
  /** The answer of a watch request, body unread. Throws `ClusterRefused` and `Unavailable`. */
  open(resourceVersion: string, timeoutSeconds: number, signal: AbortSignal): Promise<Response>;
}

const LOSSES_IN_A_ROW = 5;
const FIRST_PAUSE_MS = 100;
/** API servers close watches after five to ten minutes of their own. */
const LONGEST_REQUEST_SECONDS = 290;

type Line = WatchEvent | { readonly type: 'BOOKMARK'; readonly resourceVersion: string } | { readonly type: 'GONE' };

/** Ends quietly at the bound or by the signal. Throws `ClusterRefused`, and `Unavailable` after several losses in a row. */
export async function* watchObjects(
  source: WatchSource,
  options: WatchOptions,
): AsyncGenerator<WatchEvent, void, undefined> {
  const bound = new AbortController();
  const end = () => bound.abort();
  const timer = setTimeout(end, options.timeoutMs);
  if (options.signal?.aborted) end();
  else options.signal?.addEventListener('abort', end, { once: true });
  let version = options.resourceVersion;
  let losses = 0;
  try {
    while (!bound.signal.aborted) {
      try {
        if (version === undefined) {
          const list = await source.list(bound.signal);
          version = list.resourceVersion;
          yield { type: 'RELISTED', objects: list.items };
        }
        let hasNews = false;
        for await (const line of readLines(await source.open(version, LONGEST_REQUEST_SECONDS, bound.signal))) {
          if (bound.signal.aborted) return;
          hasNews = true;
          losses = 0;
          if (line.type === 'GONE') {
            version = undefined;
            break;
          }
          if (line.type === 'BOOKMARK') version = line.resourceVersion;
          else {
            if (line.type !== 'RELISTED') version = line.object.metadata.resourceVersion ?? version;
            yield line;
          }
        }
        // An end at once and without news, again and again, would be a busy loop.
        if (!hasNews) await delay(FIRST_PAUSE_MS, bound.signal);
      } catch (error) {
        if (bound.signal.aborted) return;
        if (refusalStatus(error) === 410) version = undefined;
        else if (isHawserError(error, 'ClusterRefused')) throw error;
        else if (++losses >= LOSSES_IN_A_ROW) throw asUnavailable(error);
        else await delay(FIRST_PAUSE_MS * 2 ** (losses - 1), bound.signal);
      }
    }
  } catch (error) {
    if (!bound.signal.aborted) throw error;
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener('abort', end);
    end();
  }
}

/** The events of one answer; a line each. */
async function* readLines(response: Response): AsyncGenerator<Line, void, undefined> {
  const reader = response.body?.getReader();
  if (!reader) return;
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      rest += decoder.decode(value, { stream: true });
      const lines = rest.split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) if (line.trim() !== '') yield parseLine(line);
    }
  } finally {
    // Nobody needs to wait for the end of a connection, which may be gone already.
    reader.cancel().catch(() => undefined);
  }
}

function parseLine(line: string): Line {
  const event: unknown = JSON.parse(line);
  const type = stringAt(event, 'type');
  const object = at(event, 'object');
  if (type === 'BOOKMARK') {
    return { type, resourceVersion: stringAt(object, 'metadata', 'resourceVersion') ?? '' };
  }
  if (type === 'ERROR') {
    const code = at(object, 'code');
    if (code === 410) return { type: 'GONE' };
    throw refusal(
      typeof code === 'number' ? code : 500,
      stringAt(object, 'reason') ?? '',
      stringAt(object, 'message') ?? 'the watch failed',
    );
  }
  if ((type === 'ADDED' || type === 'MODIFIED' || type === 'DELETED') && isKubeObject(object)) return { type, object };
  throw new HawserError('Unavailable', `a watch sent ${isObject(event) ? `an event ${type}` : 'no event'}`);
}

function asUnavailable(error: unknown): unknown {
  if (isHawserError(error)) return error;
  return new HawserError('Unavailable', 'the watch was lost again and again', { cause: error });
}
