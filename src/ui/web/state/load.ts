// What is asked of the server once, when a view opens, and again when one says so.

import { useCallback, useEffect, useState } from 'preact/hooks';
import { ApiError } from '../api/error.ts';

export interface Loaded<T> {
  /** What came last; it stays while it is asked for again. */
  readonly value: T | undefined;
  readonly error: unknown;
  readonly isLoading: boolean;
  readonly reload: () => void;
}

/** `useLoad((signal) => call('GET /api/v1/projects', { signal }), [])`: asks when one of `keys` changes, and drops what is late. */
export function useLoad<T>(load: (signal: AbortSignal) => Promise<T>, keys: readonly unknown[]): Loaded<T> {
  const [state, setState] = useState<Omit<Loaded<T>, 'reload'>>({
    value: undefined,
    error: undefined,
    isLoading: true,
  });
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    const ended = new AbortController();
    setState(({ value }) => ({ value, error: undefined, isLoading: true }));
    load(ended.signal).then(
      (value) => {
        if (!ended.signal.aborted) setState({ value, error: undefined, isLoading: false });
      },
      (error: unknown) => {
        if (!ended.signal.aborted) setState(({ value }) => ({ value, error, isLoading: false }));
      },
    );
    return () => ended.abort();
  }, [...keys, turn]);
  const reload = useCallback(() => setTurn((old) => old + 1), []);
  // What could not be asked is asked again when the network, or the reader, is back.
  const isOffline = state.error instanceof ApiError && state.error.isOffline;
  useEffect(() => {
    if (!isOffline) return;
    const again = () => {
      if (!document.hidden) reload();
    };
    addEventListener('online', again);
    document.addEventListener('visibilitychange', again);
    return () => {
      removeEventListener('online', again);
      document.removeEventListener('visibilitychange', again);
    };
  }, [isOffline, reload]);
  return { ...state, reload };
}
