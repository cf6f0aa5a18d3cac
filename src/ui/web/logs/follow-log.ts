// A log as it comes: what arrives between two frames is shown together, and the newest lines are kept, up to a bound.

import { useEffect, useRef, useState } from 'preact/hooks';
import { openStream } from '../api/stream.ts';
import { appendLines, EMPTY_BUFFER, type LogBuffer, type LogEntry } from './log-buffer.ts';

export interface LogQuery {
  readonly appNamespace: string;
  readonly group?: string;
  readonly version?: string;
  readonly kind?: string;
  readonly namespace?: string;
  readonly resourceName?: string;
  readonly container?: string;
  readonly sinceSeconds?: string;
  readonly tailLines?: string;
  readonly previous?: string;
}

export interface FollowedLog {
  readonly buffer: LogBuffer;
  readonly state: 'connecting' | 'following' | 'ended';
  readonly error: unknown;
  readonly again: () => void;
  readonly clear: () => void;
}

/** Bytes of text would count more, but lines are what people think in. */
const MOST_LINES = 10_000;

export function useLog(name: string, query: LogQuery | undefined): FollowedLog {
  const [buffer, setBuffer] = useState<LogBuffer>(EMPTY_BUFFER);
  const [state, setState] = useState<FollowedLog['state']>('connecting');
  const [error, setError] = useState<unknown>();
  const [turn, setTurn] = useState(0);
  const waiting = useRef<LogEntry[]>([]);
  const key = JSON.stringify(query);
  useEffect(() => {
    if (!query) return;
    const ended = new AbortController();
    const { signal } = ended;
    let frame = 0;
    waiting.current = [];
    setBuffer(EMPTY_BUFFER);
    setState('connecting');
    setError(undefined);
    const show = () => {
      frame = 0;
      const entries = waiting.current.splice(0);
      if (entries.length > 0) setBuffer((old) => appendLines(old, entries, MOST_LINES));
    };
    const read = async () => {
      const stream = openStream<LogEntry>('GET /api/v1/applications/{name}/logs', {
        params: { name },
        query: { ...query, ...(query.previous === undefined && { follow: 'true' }) },
        signal,
      });
      // What is connected and silent has begun, too.
      const begun = setTimeout(() => setState('following'), 1_000);
      try {
        for await (const entry of stream) {
          setState('following');
          waiting.current.push(entry);
          // While nobody looks at the page, no frame comes: what cannot be kept is let go all the same.
          if (waiting.current.length > 2 * MOST_LINES) waiting.current.splice(0, MOST_LINES);
          frame ||= requestAnimationFrame(show);
        }
      } finally {
        clearTimeout(begun);
      }
    };
    read()
      .catch((problem: unknown) => {
        if (!signal.aborted) setError(problem);
      })
      .finally(() => {
        if (signal.aborted) return;
        show();
        setState('ended');
      });
    return () => {
      ended.abort();
      cancelAnimationFrame(frame);
    };
  }, [name, key, turn]);
  return { buffer, state, error, again: () => setTurn((old) => old + 1), clear: () => setBuffer(EMPTY_BUFFER) };
}
