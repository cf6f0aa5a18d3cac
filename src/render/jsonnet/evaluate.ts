// A program's whole way, from its text to the text that it makes.

import { type Bounds, bounded, enter, failure, leaveTo, limitFailure } from './call-stack.ts';
import { compileProgram, type Environment } from './compile.ts';
import { type Site, StaticFailure } from './failures.ts';
import { Builtin, Closure, callFunction } from './function.ts';
import { formatJson, manifest, messageSite } from './manifest-json.ts';
import { parse } from './parser.ts';
import type { Source } from './source.ts';
import { createLibrary, type NativeFunction } from './standard-library.ts';
import { decodeText } from './text.ts';
import { JsonnetArray, type Lazy, Thunk, typeOf, type Value } from './value.ts';

/** A variable of `std.extVar`, or an argument of a program that is a function: a string, or code to be evaluated. */
export type External = { readonly text: string } | { readonly code: string };

export interface ImportedFile {
  /** The same for the same file, however it was asked for; what its own imports are relative to. */
  readonly path: string;
  readonly content: Uint8Array;
}

/** There is nothing: what the program is told. */
export interface NotImported {
  readonly reason: string;
}

/** Finds what a program imports; `from` is the path of the file that asks, or empty. What it throws ends the evaluation as it is. */
export type Importer = (path: string, from: string) => ImportedFile | NotImported;

export interface JsonnetOptions {
  readonly externals?: Readonly<Record<string, External>>;
  /** Arguments, where the program is a function. */
  readonly topLevelArguments?: Readonly<Record<string, External>>;
  readonly natives?: Readonly<Record<string, NativeFunction>>;
  readonly importer?: Importer;
  readonly bounds?: Partial<Bounds>;
  /** Lines of std.trace. */
  readonly trace?: (line: string) => void;
  /** Texts end with a line feed (true). */
  readonly endsLines?: boolean;
  /** Characters that all texts may have together. */
  readonly maxOutput?: number;
}

export interface Evaluation {
  /** What the program gives, as JSON with three spaces a level and a line feed. */
  json(): string;
  /** A string as it is (`--string`), and a line feed. */
  text(): string;
  /** The elements of an array, each as `json` (`--yaml-stream`). */
  stream(): readonly string[];
  /** The fields of an object, by their names, each as `json`, or as it is (`--multi`, with `--string`). */
  files(asText?: boolean): ReadonlyMap<string, string>;
}

/** A program of ten thousand lines of output takes half a million steps. */
const DEFAULT_BOUNDS: Bounds = { maxStack: 500, maxSteps: 50_000_000, timeMs: 30_000 };

const MAX_OUTPUT = 256 << 20;

/** Throws a `Failure` from each of its functions. */
export function evaluateProgram(source: Source, options: JsonnetOptions = {}): Evaluation {
  const { externals = {}, topLevelArguments = {}, natives = {}, importer, trace = () => undefined } = options;
  const bounds = { ...DEFAULT_BOUNDS, ...options.bounds };
  const { maxOutput = MAX_OUTPUT, endsLines = true } = options;
  const end = endsLines ? '\n' : '';
  const contents = new Map<string, Uint8Array>();
  const programs = new Map<string, Lazy | StaticFailure>();

  const variables = new Map<string, Lazy>();
  const library = createLibrary({ externals: variables, natives: new Map(Object.entries(natives)), trace });
  const environment: Environment = { ...library, importFile };
  for (const [name, external] of Object.entries(externals)) variables.set(name, lazyOf(external, `<extvar:${name}>`));

  function lazyOf(external: External, name: string): Lazy {
    if ('text' in external) return external.text;
    // What is wrong with it is found when somebody asks.
    const program = prepare({ name, path: '', text: external.code });
    if (program instanceof StaticFailure) {
      return new Thunk(() => {
        throw program;
      }, [undefined]);
    }
    return new Thunk(program, [undefined]);
  }

  function prepare(program: Source): (() => Value) | StaticFailure {
    try {
      return compileProgram(parse(program), environment);
    } catch (error) {
      if (error instanceof StaticFailure) return error;
      throw error;
    }
  }

  function importFile(as: 'code' | 'text' | 'bytes', from: Source, path: string, site: Site): Value {
    const found = importer ? importer(path, from.path) : { reason: `import not available ${path}` };
    if ('reason' in found) throw failure(found.reason, site);
    const known = contents.get(found.path) ?? found.content;
    contents.set(found.path, known);
    if (as === 'bytes') return new JsonnetArray([...known]);
    if (as === 'text') return decodeText(known);
    let program = programs.get(found.path);
    if (program === undefined) {
      const made = prepare({ name: found.path, path: found.path, text: decodeText(known) });
      program = made instanceof StaticFailure ? made : new Thunk(made, [undefined]);
      programs.set(found.path, program);
    }
    if (program instanceof StaticFailure) throw failure(program.describe(), site);
    return program instanceof Thunk ? program.force(site) : program;
  }

  function run<T>(finish: (value: Value, site: Site) => T): T {
    return bounded(bounds, () => {
      const program = prepare(source);
      if (program instanceof StaticFailure) throw program;
      enter(messageSite('During evaluation'));
      let value = program();
      leaveTo(0);
      if (value instanceof Closure || value instanceof Builtin) {
        const named = Object.entries(topLevelArguments).map(([name, external]) => ({
          name,
          value: lazyOf(external, `<top-level-arg:${name}>`),
        }));
        value = callFunction(value, [], messageSite('Top-level function call'), named);
      }
      return finish(value, messageSite('During manifestation'));
    });
  }

  let written = 0;
  const checked = (text: string, site: Site): string => {
    written += text.length;
    if (written > maxOutput) throw limitFailure(`more than ${maxOutput} characters of output`, site);
    return text;
  };

  return {
    json: () => run((value, site) => checked(`${formatJson(manifest(value, site), true)}${end}`, site)),
    text: () =>
      run((value, site) => {
        if (typeof value === 'string') return checked(`${value}${end}`, site);
        throw failure(`expected string result, got: ${typeOf(value)}`, site);
      }),
    stream: () =>
      run((value, site) => {
        const list = manifest(value, site);
        if (Array.isArray(list)) return list.map((one) => checked(`${formatJson(one, true)}\n`, site));
        const wanted = 'should be an array whose elements hold the JSON for each document in the stream.';
        throw failure(`stream mode: top-level object was a ${typeOf(value)}, ${wanted}`, site);
      }),
    files: (asText = false) =>
      run((value, site) => {
        const fields = manifest(value, site);
        if (!(fields instanceof Map)) {
          const wanted = 'should be an object whose keys are filenames and values hold the JSON for that file.';
          throw failure(`multi mode: top-level object was a ${typeOf(value)}, ${wanted}`, site);
        }
        const files = new Map<string, string>();
        for (const [name, one] of fields) {
          if (asText && typeof one !== 'string') {
            const got = `top-level object's key ${name} has a value of type ${goTypeOf(one)}, should be a string`;
            throw failure(`multi mode: ${got}`, site);
          }
          files.set(name, checked(`${asText ? one : formatJson(one, true)}${end}`, site));
        }
        return files;
      }),
  };
}

/** Go's %T of what JSON decodes to. */
function goTypeOf(value: unknown): string {
  if (value === null) return '<nil>';
  if (Array.isArray(value)) return '[]interface {}';
  if (value instanceof Map) return 'map[string]interface {}';
  return typeof value === 'number' ? 'float64' : 'bool';
}
