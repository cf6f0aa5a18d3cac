// JSON from outside, no deeper than what walks over it can bear: reading it costs V8 no stack, but checking and writing it does.

import { HawserError } from './errors.ts';

/** Kubernetes objects are some dozen levels deep. */
export const MOST_LEVELS = 1_000;

/** Throws a SyntaxError for what is no JSON, and `InvalidInput` for more than `MOST_LEVELS` arrays and objects inside each other. */
export function parseShallowJson(text: string): unknown {
  if (isDeeper(text, MOST_LEVELS)) {
    throw new HawserError('InvalidInput', `JSON of more than ${MOST_LEVELS} levels is not taken`);
  }
  return JSON.parse(text);
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

function isDeeper(text: string, most: number): boolean {
  // What has few brackets cannot be deep, and most bodies are small.
  if (text.length <= most) return false;
  let level = 0;
  let isInString = false;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (isInString) {
      if (code === BACKSLASH) index++;
      else if (code === QUOTE) isInString = false;
    } else if (code === QUOTE) isInString = true;
    else if (code === 0x7b || code === 0x5b) {
      level++;
      if (level > most) return true;
    } else if (code === 0x7d || code === 0x5d) level--;
  }
  return false;
}
