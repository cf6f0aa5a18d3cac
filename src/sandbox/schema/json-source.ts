// JSON read so that keys that occur twice in one object can be reported: `JSON.parse` keeps silent about them.

import type { WrittenKeys } from '../../typed/decode.ts';
import { explainJson } from './json-syntax.ts';

export interface JsonSource {
  readonly value: unknown;
  readonly keys: WrittenKeys;
  /** True when some object repeats a key. */
  readonly repeats: boolean;
}

/** Parses JSON. Throws Go's message (`invalid character 'x' looking for beginning of value`). */
export function readJson(text: string): JsonSource {
  const keys: WrittenKeys = new WeakMap();
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Error(explainJson(text));
  }
  const repeats = mayRepeat(text, value);
  if (repeats) value = new Reader(text, keys).read();
  return { value, keys, repeats };
}

/** Counts members in the value; a document in which none is lost has as many as it has key colons. */
function mayRepeat(text: string, value: unknown): boolean {
  let colons = 0;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const char = text.charCodeAt(i);
    if (inString) {
      if (char === 92) i++;
      else if (char === 34) inString = false;
    } else if (char === 34) inString = true;
    else if (char === 58) colons++;
  }
  return colons !== countMembers(value);
}

function countMembers(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  let count = 0;
  for (const member of Object.values(value)) count += countMembers(member);
  return Array.isArray(value) ? count : count + Object.keys(value).length;
}

/** Reads text that JSON.parse has accepted. */
class Reader {
  readonly #text: string;
  readonly #keys: WrittenKeys;
  #at = 0;

  constructor(text: string, keys: WrittenKeys) {
    this.#text = text;
    this.#keys = keys;
  }

  read(): unknown {
    this.#space();
    const char = this.#text[this.#at];
    if (char === '{') return this.#object();
    if (char === '[') return this.#array();
    return this.#scalar();
  }

  #space(): void {
    while (/\s/.test(this.#text[this.#at] ?? '')) this.#at++;
  }

  #object(): unknown {
    const out: Record<string, unknown> = {};
    const written: string[] = [];
    this.#at++;
    for (;;) {
      this.#space();
      if (this.#text[this.#at] === '}') break;
      if (this.#text[this.#at] === ',') {
        this.#at++;
        continue;
      }
      const key = String(this.#scalar());
      this.#space();
      this.#at++;
      written.push(key);
      out[key] = this.read();
    }
    this.#at++;
    if (written.length !== Object.keys(out).length) this.#keys.set(out, written);
    return out;
  }

  #array(): unknown {
    const out: unknown[] = [];
    this.#at++;
    for (;;) {
      this.#space();
      if (this.#text[this.#at] === ']') break;
      if (this.#text[this.#at] === ',') this.#at++;
      else out.push(this.read());
    }
    this.#at++;
    return out;
  }

  #scalar(): unknown {
    const pattern = /"(?:[^"\\]|\\.)*"|[^\s,:[\]{}"]+/y;
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0] ?? 'null';
    this.#at += found.length;
    return JSON.parse(found);
  }
}
