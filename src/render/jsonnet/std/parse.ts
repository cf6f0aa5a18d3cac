// Texts of other formats as values.

import { isHawserError, messageOf } from '../../../base/errors.ts';
import { decodeJson } from '../../go/json.ts';
import { GoNumber, type GoValue } from '../../go/value.ts';
import { parseYaml } from '../../yaml/decode.ts';
import type { Site } from '../failures.ts';
import type { Builtin } from '../function.ts';
import { objectOf } from '../object.ts';
import { asString, finite, type Value } from '../value.ts';
import { arrayOf, define, refuse } from './arguments.ts';

export const PARSERS: readonly Builtin[] = [
  define('parseJson(str)', (site, str) => {
    const text = asString(str as Value, site);
    return valueOfGo(
      orRefuse('failed to parse JSON', () => decodeJson(text), site),
      site,
    );
  }),
  define('parseYaml(str)', (site, str) => {
    const { documents, isStream } = splitStream(asString(str as Value, site));
    const values = documents.map((text) =>
      valueOfGo(
        orRefuse('failed to parse YAML', () => parseYaml(text), site),
        site,
      ),
    );
    if (values.length === 0) return null;
    return isStream ? arrayOf(values) : (values[0] as Value);
  }),
];

function orRefuse<T>(what: string, parse: () => T, site: Site): T {
  try {
    return parse();
  } catch (error) {
    if (isHawserError(error)) return refuse(`${what}: ${messageOf(error)}`, site);
    throw error;
  }
}

function valueOfGo(value: GoValue, site: Site): Value {
  if (value instanceof GoNumber) return finite(Number(value.value), site);
  if (Array.isArray(value)) return arrayOf(value.map((one) => valueOfGo(one, site)));
  if (value instanceof Map) {
    return objectOf([...value].map(([key, one]) => [String(key), valueOfGo(one as GoValue, site)] as const));
  }
  if (typeof value === 'number') return finite(value, site);
  return value as Value;
}

/** As go-jsonnet cuts: at each line that begins with `---`, which goes with what follows it. */
function splitStream(text: string): { readonly documents: readonly string[]; readonly isStream: boolean } {
  const documents: string[] = [];
  let isStream = false;
  let open = '';
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  for (const line of lines) {
    if (/^---(?:[ \t]|$)/.test(line)) {
      isStream = true;
      if (open !== '') documents.push(open);
      open = '';
    }
    open += `${line}\n`;
  }
  if (open !== '') documents.push(open);
  return { documents, isStream };
}
