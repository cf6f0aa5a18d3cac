// Something that the server streams, kept up to date while somebody on this page looks at it, and let go while nobody does: browsers give a
// page few connections, and the server holds a watch for each stream.

import { type ReadonlySignal, signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { ApiError } from '../api/error.ts';
import { SESSION_IS_BACK } from './session.ts';

/** `lost`: it is tried again, and what is shown is as of `asOf`. */
export type LiveState =
  | { readonly kind: 'loading' }
  | { readonly kind: 'live' }
  | { readonly kind: 'lost'; readonly asOf: number; readonly error: ApiError }
  | { readonly kind: 'failed'; readonly error: ApiError };

export interface Live<T> {
  readonly value: ReadonlySignal<T | undefined>;
  readonly state: ReadonlySignal<LiveState>;
  /** Begins with the first that looks; the last one to call the result ends it. */
  look(): () => void;
  /** Begins anew at once. */
  retry(): void;
}

export interface LiveSource<T> {
  /** Calls `set` with each state of the whole; ends or throws when the stream does. */
  follow(set: (value: T) => void, signal: AbortSignal): Promise<void>;
}

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 15_000;
/** Who comes back to a view within this finds it as it was. */
const LINGER_MS = 3_000;

/** Every stream that somebody looks at now: what the top bar tells of lost connections is made of these. */
export const lookedAt = signal<ReadonlySet<ReadonlySignal<LiveState>>>(new Set());

export function createLive<T>({ follow }: LiveSource<T>): Live<T> {
  const value = signal<T | undefined>(undefined);
  const state = signal<LiveState>({ kind: 'loading' });
  let lookers = 0;
  let running: AbortController | undefined;
  let lingering: ReturnType<typeof setTimeout> | undefined;
  let lastHeard = Date.now();
  let wake: () => void = () => undefined;

  async function run(ended: AbortController): Promise<void> {
    let waitMs = FIRST_WAIT_MS;
    let isLoggedOut = false;
    const { signal: aborted } = ended;
    while (!aborted.aborted) {
      try {
        await follow((next) => {
          if (aborted.aborted) return;
          lastHeard = Date.now();
          waitMs = FIRST_WAIT_MS;
          value.value = next;
          state.value = { kind: 'live' };
        }, aborted);
        lastHeard = Date.now();
      } catch (error) {
        if (aborted.aborted) return;
        const problem = error instanceof ApiError ? error : new ApiError({ status: 500, message: String(error) });
        // What was refused stays refused; what is lost comes back, and so does a session.
        isLoggedOut = problem.status === 401;
        if (!isLoggedOut && problem.status >= 400 && problem.status < 500 && problem.status !== 429) {
          state.value = { kind: 'failed', error: problem };
          // Whoever looks next begins anew, and waits for nothing that has ended.
          if (running === ended) running = undefined;
          return;
        }
        state.value =
          value.peek() === undefined
            ? { kind: 'failed', error: problem }
            : { kind: 'lost', asOf: lastHeard, error: problem };
      }
      if (aborted.aborted) return;
      await new Promise<void>((resolve) => {
        const timer = isLoggedOut ? undefined : setTimeout(resolve, waitMs * (0.8 + Math.random() * 0.4));
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS);
    }
  }

  const begin = () => {
    if (running || lookers === 0 || document.hidden) return;
    running = new AbortController();
    run(running);
  };
  const end = () => {
    running?.abort();
    running = undefined;
    wake();
  };
  const onVisibility = () => {
    if (document.hidden) end();
    else begin();
  };
  const onOnline = () => wake();

  return {
    value,
    state,
    look: () => {
      lookers += 1;
      clearTimeout(lingering);
      if (lookers === 1) {
        document.addEventListener('visibilitychange', onVisibility);
        addEventListener('online', onOnline);
        addEventListener(SESSION_IS_BACK, onOnline);
        lookedAt.value = new Set([...lookedAt.peek(), state]);
        if (state.peek().kind === 'failed') {
          state.value = { kind: 'loading' };
          wake();
        }
        begin();
      }
      return () => {
        lookers -= 1;
        if (lookers > 0) return;
        document.removeEventListener('visibilitychange', onVisibility);
        removeEventListener('online', onOnline);
        removeEventListener(SESSION_IS_BACK, onOnline);
        lookedAt.value = new Set([...lookedAt.peek()].filter((one) => one !== state));
        lingering = setTimeout(end, LINGER_MS);
      };
    },
    retry: () => {
      end();
      state.value = value.peek() === undefined ? { kind: 'loading' } : state.peek();
      begin();
    },
  };
}

/** Looks at it as long as the component is there. */
export function useLive<T>(live: Live<T>): { readonly value: T | undefined; readonly state: LiveState } {
  useEffect(() => live.look(), [live]);
  return { value: live.value.value, state: live.state.value };
}
