// What the page and the worker that renders for it say to one another.

import type { RenderInput } from '../../../source/render-input.ts';
import type { ChangedObject } from './compare-objects.ts';

export type ToWorker =
  | { readonly kind: 'open'; readonly input: RenderInput }
  | { readonly kind: 'render'; readonly edits: Readonly<Record<string, Readonly<Record<string, string>>>> };

/** Why a render failed, and where. */
export interface RenderProblem {
  readonly message: string;
  readonly hint?: string;
  /** In the words of the tool: a path in the repository, or one that begins with a chart's name. */
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
}

export interface Rendered {
  /** Of all objects. */
  readonly count: number;
  readonly changes: readonly ChangedObject[];
  /** The revision itself, without the draft, cannot be rendered; then all of `changes` is new. */
  readonly baseProblem?: RenderProblem;
  readonly problem?: RenderProblem;
  readonly tookMs: number;
}
