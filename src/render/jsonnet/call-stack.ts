// The calls that are going on: how deep a program may go, and the way to a place that fails. One evaluation runs at a time.

import { RuntimeFailure, type Site } from './failures.ts';

/** Bounds of one evaluation. */
export interface Bounds {
  /** Calls and values inside each other (jsonnet: --max-stack, 500). */
  readonly maxStack: number;
  /** Calls, values that are computed, and elements that are made, in all. It also ends where no clock runs while code does. */
  readonly maxSteps: number;
  /** Milliseconds of `now`. */
  readonly timeMs: number;
  readonly now?: () => number;
}

/** Steps between two looks at the clock. */
const STEPS_A_LOOK = 4096;

/** No array has more elements, and no string more characters. */
const MOST_ELEMENTS = 4_000_000;
const MOST_CHARACTERS = 128 << 20;

const sites: Site[] = [];
/** Frames of calls with `tailstrict`, which a call in their last place takes over. */
const trimmable: boolean[] = [];
let depth = 0;
let maxStack = 500;
let steps = 0;
let nextLook = 0;
let look: () => void = () => undefined;

/** Every value that is computed on behalf of another one begins with this and ends with `leave`. Throws a `RuntimeFailure` when it is too deep. */
export function enter(site: Site): void {
  if (depth >= maxStack) throw failure('max stack frames exceeded.', site);
  if (++steps > nextLook) look();
  sites[depth] = site;
  trimmable[depth] = false;
  depth++;
}

export function enterTrimmable(site: Site): void {
  enter(site);
  trimmable[depth - 1] = true;
}

/** To the depth that there was before `enter`. */
export function leaveTo(before: number): void {
  depth = before;
}

export function leave(): void {
  depth--;
}

export function depthNow(): number {
  return depth;
}

/** How many values may be inside each other. */
export function stackLimit(): number {
  return maxStack;
}

/** Whether a call in the last place of the innermost frame may take that over. */
export function isTrimmable(): boolean {
  return depth > 0 && (trimmable[depth - 1] ?? false);
}

/** An error at this place, or between two places. */
export function failure(message: string, site: Site | undefined, isLimit = false): RuntimeFailure {
  const trace = sites.slice(0, depth);
  if (site) trace.push(site);
  return new RuntimeFailure(message, trace, isLimit);
}

/** One of hawser's own bounds. */
export function limitFailure(message: string, site?: Site): RuntimeFailure {
  return failure(message, site, true);
}

/** What go-jsonnet makes up has no place: an empty line of a stack trace. */
export const NOWHERE: Site = { begin: -1, end: -1 };

/** Work of this size is about to be done. Throws a `RuntimeFailure` when it is too much. */
export function spend(count: number, site: Site): void {
  if (count > MOST_ELEMENTS) throw limitFailure(`an array of more than ${MOST_ELEMENTS} elements`, site);
  steps += count;
  if (steps > nextLook) look();
}

/** A text of this length is about to be made. */
export function spendText(length: number, site: Site): void {
  if (length > MOST_CHARACTERS) throw limitFailure(`a string of more than ${MOST_CHARACTERS} characters`, site);
  steps += length >> 10;
  if (steps > nextLook) look();
}

/** Runs one evaluation within bounds; what went on before goes on after it. Limits throw a `RuntimeFailure` that names them. */
export function bounded<T>({ maxStack: stack, maxSteps, timeMs, now }: Bounds, work: () => T): T {
  const kept = {
    sites: sites.slice(0, depth),
    trimmable: trimmable.slice(0, depth),
    depth,
    maxStack,
    steps,
    nextLook,
    look,
  };
  depth = 0;
  steps = 0;
  maxStack = stack;
  const deadline = now ? now() + timeMs : Number.POSITIVE_INFINITY;
  nextLook = Math.min(STEPS_A_LOOK, maxSteps);
  look = () => {
    if (steps > maxSteps) throw limitFailure(`more than ${maxSteps} steps of evaluation`);
    if (now && now() > deadline) throw limitFailure(`more than ${timeMs} ms of evaluation`);
    nextLook = Math.min(steps + STEPS_A_LOOK, maxSteps);
  };
  try {
    return work();
  } catch (error) {
    // The engine's own stack may be shorter than what the program was allowed.
    if (error instanceof RangeError && /call stack/i.test(error.message)) {
      throw failure('max stack frames exceeded.', undefined);
    }
    throw error;
  } finally {
    for (let index = 0; index < kept.depth; index++) {
      sites[index] = kept.sites[index] ?? NOWHERE;
      trimmable[index] = kept.trimmable[index] ?? false;
    }
    ({ depth, maxStack, steps, nextLook, look } = kept);
  }
}

/** For whoever wants to know what a program costs. */
export function stepsSoFar(): number {
  return steps;
}
