// What a plain or tagged scalar means (resolve.go of go.yaml.in/yaml v2.4.4 and v3.0.5, which differ in booleans and `0o`).

import { parseGoFloat } from '../go/strconv.ts';
import { yamlProblem } from './problem.ts';
import { isTimestamp } from './timestamp.ts';

/** A resolved scalar: a Go int or uint64 is a bigint, a float64 a number. A timestamp stays the string that it was. */
export type Scalar = null | boolean | string | number | bigint;

/** v2 follows YAML 1.1 (`yes` is true), v3 mostly YAML 1.2. */
export type Dialect = 'v2' | 'v3';

export const TAG_PREFIX = 'tag:yaml.org,2002:';

const WORDS: readonly (readonly [Scalar, readonly string[]])[] = [
  [true, ['true', 'True', 'TRUE']],
  [false, ['false', 'False', 'FALSE']],
  [null, ['', '~', 'null', 'Null', 'NULL']],
  [Number.NaN, ['.nan', '.NaN', '.NAN']],
  [Infinity, ['.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF']],
  [-Infinity, ['-.inf', '-.Inf', '-.INF']],
];

/** YAML 1.1's further booleans. */
const OLD_BOOLEANS: readonly (readonly [Scalar, readonly string[]])[] = [
  [true, ['y', 'Y', 'yes', 'Yes', 'YES', 'on', 'On', 'ON']],
  [false, ['n', 'N', 'no', 'No', 'NO', 'off', 'Off', 'OFF']],
];

function wordMap(...tables: (typeof WORDS)[]): ReadonlyMap<string, Scalar> {
  return new Map(tables.flat().flatMap(([value, words]) => words.map((word) => [word, value] as const)));
}

const WORDS_V3 = wordMap(WORDS);
const WORDS_V2 = wordMap(WORDS, OLD_BOOLEANS);
const OLD_BOOLEAN_WORDS = wordMap(OLD_BOOLEANS);

/** True for a word that YAML 1.1 reads as a boolean and 1.2 does not; v3 quotes it for the sake of older readers. */
export function isOldBoolean(text: string): boolean {
  return OLD_BOOLEAN_WORDS.has(text);
}

/** What a scalar without a tag means. */
export function resolvePlain(text: string, dialect: Dialect): Scalar {
  const first = text.charCodeAt(0);
  // What may be a number begins with a digit, a sign or a dot; all other special words begin with these letters.
  if (first >= 0x30 && first <= 0x39) return resolveNumber(text, dialect) ?? text;
  switch (first) {
    case 0x2b: // +
    case 0x2d: // -
    case 0x2e: {
      // .
      const special = WORDS_V3.get(text);
      if (special !== undefined) return special;
      return (first === 0x2e ? parseDotFloat(text) : resolveNumber(text, dialect)) ?? text;
    }
    case 0x79: // y
    case 0x59:
    case 0x6e: // n
    case 0x4e:
    case 0x74: // t
    case 0x54:
    case 0x66: // f
    case 0x46:
    case 0x6f: // o
    case 0x4f:
    case 0x7e: {
      // ~
      if (text.length > 5) return text;
      const word = (dialect === 'v2' ? WORDS_V2 : WORDS_V3).get(text);
      return word === undefined ? text : word;
    }
    default:
      return text === '' ? null : text;
  }
}

/** `.5`: Go's own syntax of floats, underscores included. */
function parseDotFloat(text: string): number | undefined {
  const parsed = parseGoFloat(text);
  return parsed.error === undefined ? parsed.value : undefined;
}

const INTEGER = /^([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9][0-9]*))$/;
/** go-yaml's second try at binary and octal digits: a sign may stand behind the prefix. */
const SIGNED_BINARY = /^0b([-+]?[01]+)$/;
const SIGNED_OCTAL = /^0o([-+]?[0-7]+)$/;
const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;

const LEAST = -(2n ** 63n);
const MOST_UNSIGNED = 2n ** 64n - 1n;

function resolveNumber(text: string, dialect: Dialect): number | bigint | undefined {
  const plain = text.includes('_') ? text.replaceAll('_', '') : text;
  const match = INTEGER.exec(plain);
  if (match) {
    const integer = toInteger(match);
    if (integer !== undefined) return integer;
  }
  if (FLOAT.test(plain)) {
    const value = Number(plain);
    if (Number.isFinite(value)) return value;
  }
  const binary = SIGNED_BINARY.exec(plain)?.[1];
  if (binary !== undefined) return inRange(signedDigits(binary, '0b'));
  const octal = dialect === 'v3' ? SIGNED_OCTAL.exec(plain)?.[1] : undefined;
  return octal === undefined ? undefined : inRange(signedDigits(octal, '0o'));
}

/** ParseInt, then ParseUint, which takes no sign. */
function toInteger(match: RegExpExecArray): bigint | undefined {
  const [, sign = '', hex, binary, octal, decimal] = match;
  const digits = decimal ?? (hex === undefined ? (binary === undefined ? `0o${octal}` : `0b${binary}`) : `0x${hex}`);
  const value = BigInt(digits);
  const signed = sign === '-' ? -value : value;
  if (sign === '+' && signed > -LEAST - 1n) return undefined;
  return inRange(signed);
}

function inRange(value: bigint): bigint | undefined {
  return value >= LEAST && value <= MOST_UNSIGNED ? value : undefined;
}

function signedDigits(text: string, prefix: string): bigint {
  const value = BigInt(prefix + text.replace(/^[-+]/, ''));
  return text.startsWith('-') ? -value : value;
}

const RESOLVABLE = ['str', 'bool', 'int', 'float', 'null', 'timestamp'].map((name) => TAG_PREFIX + name);

/** What a scalar with a tag means; a tag that go-yaml does not know leaves the string. `!!binary` is the caller's. */
export function resolveTagged(tag: string, text: string, dialect: Dialect): Scalar {
  if (tag === '') return resolvePlain(text, dialect);
  if (!RESOLVABLE.includes(tag) || tag === `${TAG_PREFIX}str`) return text;
  const wanted = tag.slice(TAG_PREFIX.length);
  const timestamp = wanted === 'timestamp' && isTimestamp(text);
  const value = timestamp ? text : resolvePlain(text, dialect);
  const found = timestamp ? 'timestamp' : typeName(value);
  if (found === wanted) return value;
  if (wanted === 'float' && typeof value === 'bigint' && value < -LEAST) return Number(value);
  throw yamlProblem(`cannot decode !!${found} \`${text}\` as a !!${wanted}`);
}

function typeName(value: Scalar): string {
  if (value === null) return 'null';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'bigint') return 'int';
  return typeof value === 'number' ? 'float' : 'str';
}

/** True when the text, written plainly, is read back as the string that it is. */
export function resolvesToString(text: string, dialect: Dialect): boolean {
  return typeof resolvePlain(text, dialect) === 'string' && !isTimestamp(text);
}
