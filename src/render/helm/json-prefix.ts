// The first JSON value of a text, as Go's json.Decoder takes it: what follows is left for the caller.

import { HawserError, isHawserError } from '../../base/errors.ts';
import { decodeJson } from '../go/json.ts';
import type { GoValue } from '../go/value.ts';

const SCALAR = /^(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)/;

/** The value, and where in the text it ends. Throws `InvalidInput` with Go's text. */
export function decodeJsonPrefix(text: string): { value: GoValue; length: number } {
  const start = /^[ \t\r\n]*/.exec(text)?.[0].length ?? 0;
  if (start === text.length) throw new HawserError('InvalidInput', 'EOF');
  const end = valueEnd(text, start) ?? text.length;
  try {
    return { value: decodeJson(text.slice(start, end)), length: end };
  } catch (error) {
    if (!isHawserError(error)) throw error;
    const message = error.message === 'unexpected end of JSON input' ? 'unexpected EOF' : error.message;
    throw new HawserError('InvalidInput', message, { cause: error });
  }
}

/** Where the value ends; undefined where it never does, or is none. */
function valueEnd(text: string, start: number): number | undefined {
  const first = text.charAt(start);
  if (first === '"') return stringEnd(text, start);
  if (first !== '{' && first !== '[') {
    const scalar = SCALAR.exec(text.slice(start));
    return scalar === null ? undefined : start + scalar[0].length;
  }
  let depth = 0;
  for (let index = start; index < text.length; index++) {
    const char = text.charAt(index);
    if (char === '"') {
      const end = stringEnd(text, index);
      if (end === undefined) return undefined;
      index = end - 1;
    } else if (char === '{' || char === '[') depth++;
    else if (char === '}' || char === ']') {
      depth--;
      if (depth === 0) return index + 1;
    }
  }
  return undefined;
}

function stringEnd(text: string, start: number): number | undefined {
  for (let index = start + 1; index < text.length; index++) {
    const char = text.charAt(index);
    if (char === '\\') index++;
    else if (char === '"') return index + 1;
  }
  return undefined;
}
