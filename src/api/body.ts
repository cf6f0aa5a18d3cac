// The JSON body of a request, and its fields.

import { HawserError } from '../base/errors.ts';
import { isObject } from '../base/json.ts';

type Body = Record<string, unknown>;

/** An absent body is `{}`; Argo CD's clients send none for a plain sync. */
export async function readJson(request: Request): Promise<Body> {
  const body = await readBody(request);
  if (!isObject(body)) throw new HawserError('InvalidInput', 'the body is not a JSON object');
  return body;
}

/** Of whoever may do something here: a folder of files to compare with, say. */
const MOST_BYTES = 48 << 20;

/** Any JSON: some of Argo CD's bodies are a text alone. An absent body is `{}`. Throws `TooLarge`. */
export async function readBody(request: Request, mostBytes = MOST_BYTES): Promise<unknown> {
  const text = await readText(request, mostBytes);
  if (text.trim() === '') return {};
  const type = request.headers.get('content-type') ?? '';
  if (!type.startsWith('application/json')) {
    throw new HawserError('UnsupportedMediaType', 'Invalid content type', {
      hint: 'send Content-Type: application/json',
    });
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new HawserError('InvalidInput', 'the body is not valid JSON');
  }
}

/** Nothing of it is kept beyond the bound, whatever length was announced. */
async function readText(request: Request, mostBytes: number): Promise<string> {
  const tooLarge = () => new HawserError('TooLarge', `the body is larger than ${mostBytes >> 10} KiB`);
  if (Number(request.headers.get('content-length') ?? 0) > mostBytes) throw tooLarge();
  const reader = request.body?.getReader();
  if (!reader) return '';
  const decoder = new TextDecoder();
  let text = '';
  let size = 0;
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    size += part.value.byteLength;
    if (size > mostBytes) {
      await reader.cancel().catch(() => undefined); // The sender may have gone already.
      throw tooLarge();
    }
    text += decoder.decode(part.value, { stream: true });
  }
  return text + decoder.decode();
}

export function optionalString(body: Body, key: string): string | undefined {
  const value = body[key];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return value;
  throw new HawserError('InvalidInput', `${key} must be a string`);
}

export function optionalBoolean(body: Body, key: string): boolean | undefined {
  const value = body[key];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'boolean') return value;
  throw new HawserError('InvalidInput', `${key} must be true or false`);
}

/** Go's clients write 64-bit integers as text, too (protobuf's JSON). */
export function optionalInteger(body: Body, key: string): number | undefined {
  const value = body[key];
  if (value === undefined || value === null) return undefined;
  const number = typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value;
  if (typeof number === 'number' && Number.isInteger(number)) return number;
  throw new HawserError('InvalidInput', `${key} must be a whole number`);
}
