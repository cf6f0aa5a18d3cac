// The worker as the page uses it: one render at a time, and of what was typed meanwhile only the newest.

import type { RenderInput } from '../../../source/render-input.ts';
import type { Rendered, ToWorker } from './render-messages.ts';

export type Edits = Readonly<Record<string, Readonly<Record<string, string>>>>;

export interface Renderer {
  /** Told to `onRendered` when it is done, unless something newer was asked for before it began. */
  render(edits: Edits): void;
  close(): void;
}

export interface RendererParts {
  readonly input: RenderInput;
  readonly startWorker: () => Worker;
  readonly onRendered: (rendered: Rendered) => void;
  /** The worker could not be started, or a render has taken longer than it may. */
  readonly onFailed: (reason: 'slow' | 'broken') => void;
}

const MAX_MS = 30_000;
const NOTHING = '{}';

/** A render that is quick follows each key; one that is slow waits for a rest of about as long as it takes. */
const LEAST_REST_MS = 40;
const LONGEST_REST_MS = 800;

export function createRenderer({ input, startWorker, onRendered, onFailed }: RendererParts): Renderer {
  let worker: Worker | undefined;
  let isBusy = false;
  let isClosed = false;
  let next: Edits | undefined;
  let lastMs = 0;
  let rest: ReturnType<typeof setTimeout> | undefined;
  let limit: ReturnType<typeof setTimeout> | undefined;
  /** What was asked last; of a worker that starts, the revision itself. */
  let asked = NOTHING;

  function start(): Worker {
    const started = startWorker();
    started.addEventListener('message', ({ data }: MessageEvent<Rendered>) => {
      clearTimeout(limit);
      isBusy = false;
      lastMs = data.tookMs;
      if (isClosed) return;
      if (!next) onRendered(data);
      pump();
    });
    started.addEventListener('error', () => fail('broken'));
    asked = NOTHING;
    send(started, { kind: 'open', input });
    return started;
  }

  function send(to: Worker, message: ToWorker): void {
    isBusy = true;
    limit = setTimeout(() => fail('slow'), MAX_MS);
    to.postMessage(message);
  }

  function fail(reason: 'slow' | 'broken'): void {
    clearTimeout(limit);
    worker?.terminate();
    worker = undefined;
    isBusy = false;
    next = undefined;
    if (!isClosed) onFailed(reason);
  }

  function pump(): void {
    if (isBusy || !next || isClosed) return;
    worker ??= start();
    // One that starts renders the revision first.
    if (isBusy) return;
    const edits = next;
    next = undefined;
    asked = JSON.stringify(edits);
    send(worker, { kind: 'render', edits });
  }

  worker = start();
  return {
    render: (edits) => {
      const isSame = worker !== undefined && JSON.stringify(edits) === asked;
      next = isSame ? undefined : edits;
      if (isSame) return;
      clearTimeout(rest);
      rest = setTimeout(pump, Math.min(LONGEST_REST_MS, Math.max(LEAST_REST_MS, lastMs * 1.5)));
    },
    close: () => {
      isClosed = true;
      clearTimeout(rest);
      clearTimeout(limit);
      worker?.terminate();
    },
  };
}
