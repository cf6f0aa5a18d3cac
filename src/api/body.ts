// The JSON body of a request.

import { HawserError, isHawserError } from '../base/errors.ts';
import { parseShallowJson } from '../base/shallow-json.ts';

/** Of whoever may do something here: a folder of files to compare with, say. */
const MOST_BYTES = 48 << 20;

/** Any JSON: some of Argo CD's bodies are a text alone. An absent body is `{}`. Throws `TooLarge`, and `InvalidInput` for what is no JSON or too deep. */
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
    return parseShallowJson(text);
  } catch (error) {
    if (isHawserError(error)) throw error;
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
