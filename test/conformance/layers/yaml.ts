// Runs gotemplate/yaml_decode.jsonl and yaml_encode.jsonl of the corpus.

import { join } from 'node:path';
import { messageOf } from '../../../src/base/errors.ts';
import { encodeJson } from '../../../src/render/go/json.ts';
import type { GoValue } from '../../../src/render/go/value.ts';
import { parseYaml, parseYamlMap, parseYamlStrict, yamlToJson } from '../../../src/render/yaml/decode.ts';
import { toYaml } from '../../../src/render/yaml/encode.ts';
import { toYamlPretty } from '../../../src/render/yaml/encode-pretty.ts';
import { type Case, type LayerResult, readCases } from '../layer.ts';
import { fromTyped, textField } from '../typed-values.ts';

/** Runs every case of the two files; a case fails with all that differs. */
export function runYamlLayer(corpusDir: string): LayerResult[] {
  const folder = join(corpusDir, 'gotemplate');
  return [
    runFile('yaml/decode', join(folder, 'yaml_decode.jsonl'), checkYamlDecode),
    runFile('yaml/encode', join(folder, 'yaml_encode.jsonl'), checkYamlEncode),
  ];
}

function runFile(layer: string, file: string, check: (record: Case) => string[]): LayerResult {
  const cases = readCases(file);
  const failures = cases.flatMap((record) => {
    const wrong = check(record);
    return wrong.length === 0 ? [] : [{ id: String(record.id), message: wrong.join('; ') }];
  });
  return { layer, cases: cases.length, passed: cases.length - failures.length, failures };
}

type Outcome = { readonly text: string } | { readonly error: string };

function outcomeOf(work: () => string): Outcome {
  try {
    return { text: work() };
  } catch (error) {
    return { error: messageOf(error) };
  }
}

/** What `name` should have been, where it is not: `wanted` undefined means that no error may come. */
function difference(name: string, actual: Outcome, wanted: Outcome | undefined): string[] {
  if (wanted === undefined ? 'text' in actual : JSON.stringify(actual) === JSON.stringify(wanted)) return [];
  return [`${name}: expected ${JSON.stringify(wanted ?? 'no error')}, got ${JSON.stringify(actual)}`];
}

function errorField(record: Case, name: string): Outcome | undefined {
  const error = record[name];
  return typeof error === 'string' ? { error } : undefined;
}

/** All that differs in a case of yaml_decode.jsonl. */
export function checkYamlDecode(record: Case): string[] {
  const input = textField(record, 'input') ?? '';
  const wanted = errorField(record, 'error') ?? { text: encodeJson(fromTyped(record.value)) };
  const wrong = difference(
    'value',
    outcomeOf(() => encodeJson(parseYaml(input))),
    wanted,
  );
  if ('error' in wanted) return wrong;
  const wantedJson = typeof record.yaml_to_json === 'string' ? record.yaml_to_json : undefined;
  return [
    ...wrong,
    ...difference(
      'JSON',
      outcomeOf(() => yamlToJson(input)),
      wantedJson === undefined ? undefined : { text: wantedJson },
    ),
    ...difference(
      'map',
      outcomeOf(() => String(parseYamlMap(input))),
      errorField(record, 'as_map_error'),
    ),
    ...difference(
      'strict',
      outcomeOf(() => String(parseYamlStrict(input))),
      errorField(record, 'strict_error'),
    ),
  ];
}

/** The outputs of Helm's functions, which cut the last line break and give nothing where they fail. */
const ENCODERS: Readonly<Record<string, (value: GoValue) => string>> = {
  toYaml: (value) => textOrNothing(() => toYaml(value).replace(/\n$/, '')),
  toYamlPretty: (value) => textOrNothing(() => toYamlPretty(value).replace(/\n$/, '')),
  toJson: (value) => textOrNothing(() => encodeJson(value)),
  toPrettyJson: (value) => textOrNothing(() => encodeJson(value, { indent: '  ' })),
};

function textOrNothing(work: () => string): string {
  const outcome = outcomeOf(work);
  return 'text' in outcome ? outcome.text : '';
}

/** All that differs in a case of yaml_encode.jsonl. */
export function checkYamlEncode(record: Case): string[] {
  const value = fromTyped(record.value);
  const wrong = Object.entries(ENCODERS).flatMap(([name, encode]) => {
    const text = textField(record, name);
    return text === undefined ? [] : difference(name, { text: encode(value) }, { text });
  });
  const marshal = outcomeOf(() => toYaml(value));
  const yaml = 'text' in marshal ? marshal.text : undefined;
  const wantedError = errorField(record, 'marshal_error');
  if (wantedError !== undefined) wrong.push(...difference('marshal', marshal, wantedError));
  if (yaml === undefined) return wrong;
  const reread = outcomeOf(() => encodeJson(parseYaml(yaml)));
  if (record.reparse_error !== undefined)
    wrong.push(...difference('reparse', reread, errorField(record, 'reparse_error')));
  if (record.roundtrips === true) wrong.push(...difference('round trip', reread, { text: encodeJson(value) }));
  return wrong;
}
