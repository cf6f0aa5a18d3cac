// What was told to whom is kept in an annotation of the Application, in Argo CD's form (notifications-engine: pkg/controller/state.go), so
// that going over from one to the other tells nobody twice. A time below zero is ours: somebody is about to tell, and has not yet said that
// it was done.

import { sha1 } from '@noble/hashes/legacy.js';
import type { Destination } from './subscriptions.ts';

export const NOTIFIED = 'notified.notifications.argoproj.io';

/** Seconds since the epoch, by the key of what was told. */
export type NotifiedState = Readonly<Record<string, number>>;

const MAX_ENTRIES = 100;

/** What has not been confirmed for so long is told again: whoever was about to tell has died. */
export const STALE_SECONDS = 300;

/** `index` is that of the condition in its trigger. */
export function stateKey(
  trigger: string,
  condition: { readonly index: number; readonly when: string; readonly oncePer?: string },
  { service, recipient }: Destination,
): string {
  const { index, when, oncePer } = condition;
  const digest = sha1(new TextEncoder().encode(when));
  const hash = btoa(String.fromCharCode(...digest))
    .replace(/\+/g, '-')
    .replace(/\//g, '_')
    .replace(/=+$/, '');
  const key = `${trigger}:[${index}].${hash}:${service}:${recipient}`;
  return oncePer ? `${oncePer}:${key}` : key;
}

/** Anything else than such a state is an empty one. */
export function parseState(text: string | undefined): NotifiedState {
  try {
    const parsed: unknown = JSON.parse(text ?? '{}');
    if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return {};
    return Object.fromEntries(
      Object.entries(parsed).filter((entry): entry is [string, number] => typeof entry[1] === 'number'),
    );
  } catch {
    return {};
  }
}

/** undefined for an empty one. Of too many entries the oldest go. */
export function formatState(state: NotifiedState): string | undefined {
  const entries = Object.entries(state).sort(([, a], [, b]) => Math.abs(b) - Math.abs(a));
  if (entries.length === 0) return undefined;
  return JSON.stringify(Object.fromEntries(entries.slice(0, MAX_ENTRIES).sort(([a], [b]) => (a < b ? -1 : 1))));
}

/** Whether it was told, or is being told by somebody who may be alive. */
export function isTold(state: NotifiedState, key: string, nowSeconds: number): boolean {
  const at = state[key];
  if (at === undefined) return false;
  return at >= 0 || nowSeconds + at < STALE_SECONDS;
}
