// What a Worker and the process that launched it say over service bindings: who asks, a request with what it needs besides HTTP, and what failed.

import { HawserError } from './errors.ts';
import { isObject } from './json.ts';
import { errorOf, type ThrownValue, thrownValue } from './thrown-value.ts';

/** Shows that it is this Worker that asks: the far side lies on a port, which others on the same machine can find. */
export const KEY_HEADER = 'hawser-binding-key';
/** The answer is what was thrown on the far side. It passes on no header of this name. */
export const FAILURE_HEADER = 'hawser-failure';

/** What was thrown there, to be thrown here. */
export function failureResponse(error: unknown): Response {
  return Response.json(withoutStacks(thrownValue(error)), { status: 502, headers: { [FAILURE_HEADER]: 'thrown' } });
}

/** The answer, unless it tells of a failure: that is thrown, an error of hawser's as one. */
export async function throwFailure(response: Response): Promise<Response> {
  if (!response.headers.has(FAILURE_HEADER)) return response;
  // Both ends are of one program.
  throw errorOf((await response.json()) as ThrownValue);
}

/** The paths of the other process help nobody. */
function withoutStacks({ stack: _, cause, ...rest }: ThrownValue): ThrownValue {
  return { ...rest, ...(cause && { cause: withoutStacks(cause) }) };
}

const LENGTH_BYTES = 4;

/** One message of both: headers have little room, and are what others log. */
export function frameMessage(head: object, body: Uint8Array): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder().encode(JSON.stringify(head));
  const message = new Uint8Array(LENGTH_BYTES + text.length + body.length);
  new DataView(message.buffer).setUint32(0, text.length);
  message.set(text, LENGTH_BYTES);
  message.set(body, LENGTH_BYTES + text.length);
  return message;
}

/** Throws `InvalidInput` for what is no such message. */
export function readMessage(message: Uint8Array<ArrayBuffer>): { head: object; body: Uint8Array<ArrayBuffer> } {
  const length =
    message.length < LENGTH_BYTES
      ? Number.POSITIVE_INFINITY
      : new DataView(message.buffer, message.byteOffset).getUint32(0);
  const end = LENGTH_BYTES + length;
  if (end > message.length) throw new HawserError('InvalidInput', 'the message is cut short');
  const head: unknown = JSON.parse(new TextDecoder().decode(message.subarray(LENGTH_BYTES, end)));
  if (!isObject(head)) throw new HawserError('InvalidInput', 'the message has no head');
  return { head, body: message.subarray(end) };
}
