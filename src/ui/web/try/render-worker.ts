// Renders away from the page, so that typing never waits for it: the same engines as on the server, bundled.

import { HawserError, messageOf } from '../../../base/errors.ts';
import type { KubeObject } from '../../../kube/object.ts';
import { type RenderInput, renderInput, type Stand } from '../../../source/render-input.ts';
import { changedObjects } from './compare-objects.ts';
import { encodeEdits } from './draft.ts';
import type { Rendered, RenderProblem, ToWorker } from './render-messages.ts';

interface Opened {
  readonly input: RenderInput;
  readonly stand: Stand;
  readonly base: Result;
}

type Result = { readonly objects: readonly KubeObject[] } | { readonly problem: RenderProblem };

let opened: Opened | undefined;

addEventListener('message', ({ data }: MessageEvent<ToWorker>) => {
  const started = performance.now();
  if (data.kind === 'open') {
    const stand = createStand();
    opened = { input: data.input, stand, base: attempt(() => renderInput(data.input, {}, stand)) };
    answer(opened.base, opened.base, started);
    return;
  }
  if (!opened) return;
  const { input, stand, base } = opened;
  answer(
    base,
    attempt(() => renderInput(input, encodeEdits(data.edits), stand)),
    started,
  );
});

function answer(base: Result, now: Result, started: number): void {
  const before = 'objects' in base ? base.objects : [];
  const rendered: Rendered = {
    count: 'objects' in now ? now.objects.length : 0,
    changes: 'objects' in now ? changedObjects(before, now.objects) : [],
    ...('problem' in base && { baseProblem: base.problem }),
    ...('problem' in now && { problem: now.problem }),
    tookMs: performance.now() - started,
  };
  postMessage(rendered);
}

function attempt(work: () => readonly KubeObject[]): Result {
  try {
    return { objects: work() };
  } catch (error) {
    if (!(error instanceof HawserError)) return { problem: { message: messageOf(error) } };
    const { message, hint, place } = error;
    return { problem: { message, ...(hint !== undefined && { hint }), ...place } };
  }
}

/** One for all renders of the page: a chart that makes a password makes the same one each time, so that it is no difference. */
function createStand(): Stand {
  const kept = new Map<string, string>();
  return {
    generated: {
      recall: (key) => kept.get(key),
      keep: (key, value) => {
        kept.set(key, value);
      },
    },
    random: (length) => crypto.getRandomValues(new Uint8Array(length)),
  };
}
