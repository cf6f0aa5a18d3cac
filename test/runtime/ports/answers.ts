// What a program's request came to, for tests that want an answer.

import type { Echo } from '../support/far-side.ts';
import type { Outcome } from './programs/program.ts';
import type { Answered } from './programs/requests.ts';

/** Throws what the request failed with. */
export async function answered(asking: Promise<Outcome<Answered>>): Promise<Answered> {
  const outcome = await asking;
  if ('error' in outcome) throw new Error(`the request failed: ${JSON.stringify(outcome.error)}`);
  return outcome.value;
}

/** What the far side (support/far-side.ts) was asked. */
export async function echoed(asking: Promise<Outcome<Answered>>): Promise<Echo> {
  const { status, text } = await answered(asking);
  if (status !== 200) throw new Error(`the answer is ${status}: ${text}`);
  return JSON.parse(text) as Echo;
}
