// Hostile charts and kustomizations behind one `fetch`: the answer is the error that ended one.

import { HawserError } from '../../../src/base/errors.ts';
import { HOSTILE_INPUTS } from '../../fuzz/hostile.ts';
import { fromBase64 } from './base64.ts';

export interface Question {
  readonly name: string;
  /** What the harm is made of, in base64, where it was made beforehand. */
  readonly made: string;
}

/** How one ended. */
export type Ending = { readonly code: string; readonly message: string } | { readonly result: string };

export default {
  async fetch(request: Request): Promise<Response> {
    const { name, made } = (await request.json()) as Question;
    const input = HOSTILE_INPUTS.find((one) => one.name === name);
    if (input === undefined) return new Response(`there is no ${name}`, { status: 404 });
    return Response.json(endOf(input, fromBase64(made)));
  },
};

function endOf({ run }: (typeof HOSTILE_INPUTS)[number], made: Uint8Array): Ending {
  try {
    return { result: String(run(made)).slice(0, 200) };
  } catch (error) {
    if (!(error instanceof HawserError)) throw error;
    return { code: error.code, message: error.message };
  }
}
