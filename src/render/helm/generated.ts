// What templates generate by chance (passwords, keys, certificates), kept by the call that made it: the same call with the same
// inputs gets the same value again, as long as whoever keeps the values has it. Without a keeper every render makes new ones, as Helm does.

import { sha256 } from '@noble/hashes/sha2.js';
import { HawserError } from '../../base/errors.ts';
import { utf8Encode } from '../go/strings.ts';
import { GoMap, type GoMethod, GoNumber, GoOpaque, GoSlice, GoStruct, type GoValue, goInt } from '../go/value.ts';
import type { Work } from '../go/work.ts';

/** Keeps values as JSON text. Keys are 64 hex digits and tell nothing about the values. */
export interface GeneratedValues {
  /** undefined: not known, so that a new value is made. What it throws ends the render. */
  recall(key: string): string | undefined;
  /** `lifeMs`: how long a certificate is valid. */
  keep(key: string, value: string, lifeMs?: number): void;
}

/** Where a template is: the file that is being rendered, and the innermost template that it includes. */
export type CallSite = () => readonly string[];

const DAY_MS = 86_400_000;

/** The functions whose results depend on chance, and which argument is a life in days. */
const GENERATORS: Readonly<Record<string, { readonly days?: number }>> = {
  randAlphaNum: {},
  randAlpha: {},
  randAscii: {},
  randNumeric: {},
  randBytes: {},
  randInt: {},
  shuffle: {},
  uuidv4: {},
  bcrypt: {},
  htpasswd: {},
  encryptAES: {},
  genPrivateKey: {},
  genCA: { days: 1 },
  genCAWithKey: { days: 1 },
  genSelfSignedCert: { days: 3 },
  genSelfSignedCertWithKey: { days: 3 },
  genSignedCert: { days: 3 },
  genSignedCertWithKey: { days: 3 },
};

/** For one render: a call is told by its site, its function, its inputs, and how many such calls came before it. */
export function keepGenerated(
  functions: Readonly<Record<string, GoMethod>>,
  values: GeneratedValues,
  scope: string,
  site: CallSite,
): Readonly<Record<string, GoMethod>> {
  const earlier = new Map<string, number>();
  const kept: Record<string, GoMethod> = {};
  for (const [name, { days }] of Object.entries(GENERATORS)) {
    const method = functions[name];
    if (!method) continue;
    const keep = (args: readonly GoValue[], make: () => GoValue): GoValue => {
      const call = JSON.stringify([scope, ...site(), name, args.map(describe)]);
      const count = earlier.get(call) ?? 0;
      earlier.set(call, count + 1);
      const key = hash(`${call} ${count}`);
      const known = values.recall(key);
      if (known !== undefined) return readValue(known);
      const value = make();
      const life = days === undefined ? undefined : args[days];
      values.keep(key, writeValue(value), life instanceof GoNumber ? Number(life.value) * DAY_MS : undefined);
      return value;
    };
    const { counted } = method;
    kept[name] = {
      ...method,
      call: (...args) => keep(args, () => method.call(...args)),
      ...(counted && { counted: (work: Work, ...args: GoValue[]) => keep(args, () => counted(work, ...args)) }),
    };
  }
  return kept;
}

/** The same keeper for one part of what is rendered: equal calls of two parts get values of their own. */
export function generatedIn(values: GeneratedValues, part: readonly string[]): GeneratedValues {
  const keyOf = (key: string) => hash(JSON.stringify([...part, key]));
  return {
    recall: (key) => values.recall(keyOf(key)),
    keep: (key, value, lifeMs) => values.keep(keyOf(key), value, lifeMs),
  };
}

/** An input as JSON that differs where the values differ. */
function describe(value: GoValue): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(describe);
  if (value instanceof Map) return ['map', ...entriesOf(value)];
  if (value instanceof Uint8Array) return ['bytes', ...value];
  if (value instanceof GoNumber) return [value.type, String(value.value)];
  // A list is a list, whatever Go calls its type: `list "a"` and `.Values.names` are the same input.
  if (value instanceof GoSlice) return value.items.map(describe);
  if (value instanceof GoMap) return ['map', ...entriesOf(value.entries)];
  if (value instanceof GoStruct) return [value.type, ...entriesOf(value.fields)];
  return [value.type, value instanceof GoOpaque ? value.text : ''];
}

function entriesOf(map: ReadonlyMap<string, GoValue>): unknown[] {
  return [...map].map(([key, value]) => [key, describe(value)]);
}

/** Generators give texts, ints, and certificates of two texts. */
function writeValue(value: GoValue): string {
  if (value instanceof GoNumber) return JSON.stringify({ int: String(value.value) });
  if (value instanceof GoStruct) return JSON.stringify({ type: value.type, fields: [...value.fields] });
  return JSON.stringify(value);
}

function readValue(text: string): GoValue {
  const value: unknown = JSON.parse(text);
  if (typeof value === 'string') return value;
  if (typeof value === 'object' && value !== null) {
    if ('int' in value && typeof value.int === 'string') return goInt(BigInt(value.int));
    if ('type' in value && 'fields' in value && typeof value.type === 'string' && Array.isArray(value.fields)) {
      return new GoStruct(value.type, new Map(value.fields.map(([name, field]) => [String(name), String(field)])));
    }
  }
  throw new HawserError('Internal', 'a kept value is of no kind that templates generate');
}

function hash(text: string): string {
  return Array.from(sha256(utf8Encode(text)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
