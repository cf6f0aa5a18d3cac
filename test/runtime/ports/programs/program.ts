// A program: what a test does with the platform, inside the runtime under test. Its input and its result are JSON.

import { isHawserError, messageOf } from '../../../../src/base/errors.ts';
import type { Platform } from '../../../../src/platform.ts';

export interface Fired {
  readonly name: string;
  /** By the platform's clock. */
  readonly atMs: number;
}

export interface PortContext {
  readonly platform: Platform;
  /** The alarms of this life that have fired so far, in order. */
  readonly fired: readonly Fired[];
}

/** What becomes of something that may fail, as JSON. */
export type Outcome<T> = { readonly value: T } | { readonly error: Failure };

export interface Failure {
  /** Of a HawserError. */
  readonly code?: string;
  readonly message: string;
}

export async function outcomeOf<T>(work: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return { value: await work() };
  } catch (error) {
    return { error: failureOf(error) };
  }
}

export function failureOf(error: unknown): Failure {
  return { ...(isHawserError(error) && { code: error.code }), message: messageOf(error) };
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
