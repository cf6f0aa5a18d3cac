// `.Files`: a chart's files as templates reach them (Helm: pkg/engine/files.go).

import { compileGlob } from '../../base/glob.ts';
import { encodeBaseN } from '../go/base-n.ts';
import { compareBytes, utf8Decode } from '../go/strings.ts';
import { GoMap, type GoMethod, GoSlice, type GoValue } from '../go/value.ts';
import { countedFunction } from '../sprig/function.ts';
import { toYaml } from '../yaml/encode.ts';
import type { ChartFile } from './chart.ts';

type FileMap = Map<string, GoValue>;

/** Go's `engine.files`, a `map[string][]byte` with methods. */
export function filesObject(files: readonly ChartFile[]): GoMap {
  const sorted = files.toSorted((a, b) => compareBytes(a.name, b.name));
  return filesOf(new Map(sorted.map(({ name, data }) => [name, data])));
}

function filesOf(files: FileMap): GoMap {
  return new GoMap('engine.files', files, {
    Get: method(['string'], 'string', (name) => textOf(files.get(asText(name)))),
    GetBytes: method(['string'], '[]uint8', (name) => files.get(asText(name)) ?? new Uint8Array()),
    Glob: countedFunction(['string'], 'engine.files', (work, pattern) => {
      work.spend(files.size * Math.ceil(pattern.length / PATTERN_AN_OPERATION));
      return filesOf(selectFiles(files, pattern));
    }),
    AsConfig: method([], 'string', () => flatYaml(files, textOf)),
    AsSecrets: method([], 'string', () => flatYaml(files, (data) => encodeBaseN('base64', bytesOf(data)))),
    Lines: method(['string'], '[]string', (name) => new GoSlice('[]string', linesOf(files.get(asText(name))))),
  });
}

/** Characters of a pattern that a name is compared with in one operation. */
const PATTERN_AN_OPERATION = 16;

function method(params: readonly string[], result: string, call: GoMethod['call']): GoMethod {
  return { params, result, call };
}

/** A pattern that cannot be read selects everything, as Helm has it. */
function selectFiles(files: FileMap, pattern: string): FileMap {
  const glob = compileGlob(pattern, '/');
  return new Map([...files].filter(([name]) => glob?.test(name) ?? true));
}

/** YAML of file names, without their folders, to contents. */
function flatYaml(files: FileMap, convert: (data: GoValue) => string): string {
  const flat = new Map([...files].map(([name, data]) => [name.slice(name.lastIndexOf('/') + 1), convert(data)]));
  return toYaml(new GoMap('map[string]string', flat)).replace(/\n$/, '');
}

function linesOf(data: GoValue | undefined): string[] {
  const text = textOf(data);
  if (text === '') return [];
  return (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n');
}

function textOf(data: GoValue | undefined): string {
  return utf8Decode(bytesOf(data));
}

function bytesOf(data: GoValue | undefined): Uint8Array {
  return data instanceof Uint8Array ? data : new Uint8Array();
}

function asText(value: GoValue | undefined): string {
  return typeof value === 'string' ? value : '';
}
