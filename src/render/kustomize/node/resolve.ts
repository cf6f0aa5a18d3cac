// What type the text of a scalar means (go-yaml v3, resolve.go; v2 differs in that it takes more words for booleans).

import { GoNumber, goInt64 } from '../../go/value.ts';
import { failure } from './fail.ts';
import { TAG } from './node.ts';
import { parseTimestamp } from './timestamp.ts';

/** What a scalar stands for; integers are GoNumber, floats are numbers, timestamps their RFC 3339 text. */
export type ScalarValue = null | boolean | string | number | GoNumber;

export interface Resolved {
  readonly tag: string;
  readonly value: ScalarValue;
}

/** Which go-yaml's rules: kustomize reads resources with v3. */
export type YamlRules = 'v2' | 'v3';

const WORDS: ReadonlyMap<string, Resolved> = new Map([
  ...words(TAG.bool, true, ['true', 'True', 'TRUE']),
  ...words(TAG.bool, false, ['false', 'False', 'FALSE']),
  ...words(TAG.null, null, ['', '~', 'null', 'Null', 'NULL']),
  ...words(TAG.float, Number.NaN, ['.nan', '.NaN', '.NAN']),
  ...words(TAG.float, Number.POSITIVE_INFINITY, ['.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF']),
  ...words(TAG.float, Number.NEGATIVE_INFINITY, ['-.inf', '-.Inf', '-.INF']),
  ...words(TAG.merge, '<<', ['<<']),
]);

const WORDS_V2: ReadonlyMap<string, Resolved> = new Map([
  ...words(TAG.bool, true, ['y', 'Y', 'yes', 'Yes', 'YES', 'on', 'On', 'ON']),
  ...words(TAG.bool, false, ['n', 'N', 'no', 'No', 'NO', 'off', 'Off', 'OFF']),
]);

const FLOAT = /^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/;
const INT = /^([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|([1-9][0-9]*|0))$/;
const MAX_INT64 = 2n ** 63n - 1n;
const MAX_UINT64 = 2n ** 64n - 1n;

/** The tag and the value of an untagged plain scalar. */
export function resolvePlain(text: string, rules: YamlRules = 'v3'): Resolved {
  const word = wordOf(text, rules);
  if (word !== undefined) return word;
  const first = text.charCodeAt(0);
  if (first === 0x2e) return resolveDotted(text);
  if ((first >= 0x30 && first <= 0x39) || first === 0x2b || first === 0x2d) return resolveNumeric(text);
  return { tag: TAG.str, value: text };
}

/** Words begin with one of few characters, so that most texts need no look-up. */
function wordOf(text: string, rules: YamlRules): Resolved | undefined {
  if (text.length > 5) return undefined;
  const word = WORDS.get(text);
  return word === undefined && rules === 'v2' ? WORDS_V2.get(text) : word;
}

/** The value of a scalar with a tag; throws where the text is no such thing (`!!int abc`). */
export function resolveTagged(tag: string, text: string): Resolved {
  switch (tag) {
    case '':
      return resolvePlain(text);
    case TAG.str:
      return { tag, value: text };
    case TAG.bool:
    case TAG.int:
    case TAG.float:
    case TAG.null:
    case TAG.timestamp:
      return resolveAs(tag, text);
    default:
      return { tag, value: text };
  }
}

function resolveAs(tag: string, text: string): Resolved {
  const found = resolvePlain(text);
  if (found.tag === tag) return found;
  if (tag === TAG.float && found.tag === TAG.int && found.value instanceof GoNumber && found.value.type === 'int64') {
    return { tag, value: Number(found.value.value) };
  }
  // Only an untagged text or one tagged as a timestamp is tried as one.
  if (found.tag === TAG.timestamp && tag !== TAG.timestamp) {
    const numeric = resolveNumber(text);
    if (numeric?.tag === tag) return numeric;
  }
  throw failure(`cannot read ${found.tag} '${text}' as ${tag}`);
}

function resolveDotted(text: string): Resolved {
  if (FLOAT.test(text) && Number.isFinite(Number(text))) return { tag: TAG.float, value: Number(text) };
  return { tag: TAG.str, value: text };
}

function resolveNumeric(text: string): Resolved {
  const timestamp = parseTimestamp(text);
  if (timestamp !== undefined) return { tag: TAG.timestamp, value: timestamp };
  return resolveNumber(text) ?? { tag: TAG.str, value: text };
}

function resolveNumber(text: string): Resolved | undefined {
  const plain = text.includes('_') ? text.replaceAll('_', '') : text;
  const int = parseInteger(plain);
  if (int !== undefined) return { tag: TAG.int, value: int };
  if (FLOAT.test(plain) && Number.isFinite(Number(plain))) return { tag: TAG.float, value: Number(plain) };
  return undefined;
}

/** Go: strconv.ParseInt(text, 0, 64), else ParseUint. */
function parseInteger(text: string): GoNumber | undefined {
  const match = INT.exec(text);
  if (match === null) return undefined;
  const [, sign, hex, binary, octal, decimal] = match;
  if (decimal !== undefined && decimal.length < 16) return goInt64(sign === '-' ? -Number(decimal) : Number(decimal));
  const digits = hex ? `0x${hex}` : binary ? `0b${binary}` : octal ? `0o${octal}` : (decimal ?? '');
  const magnitude = BigInt(digits);
  const value = sign === '-' ? -magnitude : magnitude;
  if (value <= MAX_INT64 && value >= -MAX_INT64 - 1n) return goInt64(value);
  return sign === '' && value <= MAX_UINT64 ? new GoNumber('uint64', value) : undefined;
}

/** True for a text that YAML 1.1 reads as something else than a string (kyaml: IsValueNonString). */
export function isNonStringYaml11(text: string): boolean {
  if (text === '' || text.includes('\n')) return false;
  const { tag } = resolvePlain(text, 'v2');
  return tag !== TAG.str && tag !== TAG.merge;
}

function words(tag: string, value: ScalarValue, texts: readonly string[]): [string, Resolved][] {
  return texts.map((text) => [text, { tag, value }]);
}
