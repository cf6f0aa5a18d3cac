// The functions of Helm's templates that need no engine: Sprig's, and Helm's own on top (Helm: pkg/engine/funcs.go, funcMap).
// `include`, `tpl`, `required`, `lookup` and `fail` belong to the engine.

import { messageOf } from '../../base/errors.ts';
import { decodeJsonLeniently, decodeJsonList, decodeJsonMap, encodeJson } from '../go/json.ts';
import { type GoMethod, type GoValue, NilMap, nilSlice } from '../go/value.ts';
import { contentFunction, parsingFunction } from '../sprig/function.ts';
import { type SprigEnvironment, sprigFunctions } from '../sprig/sprig.ts';
import { parseYamlList, parseYamlMap } from '../yaml/decode.ts';
import { toYaml } from '../yaml/encode.ts';
import { toYamlPretty } from '../yaml/encode-pretty.ts';
import { decodeToml } from './functions/toml-decode.ts';
import { encodeToml } from './functions/toml-encode.ts';

const DICT = 'map[string]interface {}';
const LIST = '[]interface {}';

/** All functions but the engine's own. What cannot be written is the empty string, and what cannot be read tells so in `Error`. */
export function helmFunctions(environment: SprigEnvironment): Readonly<Record<string, GoMethod>> {
  return {
    ...sprigFunctions(environment),
    toYaml: contentFunction((value) => textOr('', () => withoutLastNewline(toYaml(value)))),
    toYamlPretty: contentFunction((value) => textOr('', () => withoutLastNewline(toYamlPretty(value)))),
    // Null leaves the map as it was, unlike in JSON.
    fromYaml: parsingFunction(DICT, (text) => mapOrError(() => parseYamlMap(text) ?? new Map())),
    fromYamlArray: parsingFunction(LIST, (text) => listOrError(() => parseYamlList(text) ?? [])),
    toToml: contentFunction(tomlOrError),
    fromToml: parsingFunction(DICT, (text) => mapOrError(() => decodeToml(text))),
    toJson: contentFunction((value) => textOr('', () => encodeJson(value))),
    fromJson: parsingFunction(DICT, (text) => mapOrError(() => readJsonMap(text))),
    fromJsonArray: parsingFunction(LIST, (text) => listOrError(() => decodeJsonList(text) ?? nilSlice(LIST))),
  };
}

function withoutLastNewline(text: string): string {
  return text.endsWith('\n') ? text.slice(0, -1) : text;
}

function textOr(fallback: string, write: () => string): string {
  try {
    return write();
  } catch {
    return fallback;
  }
}

/** The error's text stands for what cannot be written; but a nil is a panic in the library. */
function tomlOrError(value: GoValue): string {
  if (value === null) return encodeToml(value);
  try {
    return encodeToml(value);
  } catch (error) {
    return messageOf(error);
  }
}

/** A number that float64 cannot hold is nil, and an error beside the rest. */
function readJsonMap(text: string): Map<string, GoValue> {
  const { value, error } = decodeJsonLeniently(text);
  if (!(value instanceof Map)) return decodeJsonMap(text) ?? new NilMap();
  return error === undefined ? value : value.set('Error', error);
}

function mapOrError(read: () => Map<string, GoValue>): GoValue {
  try {
    return read();
  } catch (error) {
    return new Map([['Error', messageOf(error)]]);
  }
}

function listOrError(read: () => GoValue): GoValue {
  try {
    return read();
  } catch (error) {
    return [messageOf(error)];
  }
}
