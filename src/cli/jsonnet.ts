// hawser jsonnet: the flags, bytes and exit codes of go-jsonnet's `jsonnet` (cmd/jsonnet).

import { readFileSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { isHawserError } from '../base/errors.ts';
import { VERSION } from '../base/version.ts';
import { quote } from '../render/go/quote.ts';
import { atoi } from '../render/go/strconv.ts';
import { utf8Decode } from '../render/go/strings.ts';
import { type FailureFormat, formatFailure, isFailure } from '../render/jsonnet/failures.ts';
import {
  type Evaluation,
  type External,
  evaluateJsonnet,
  type Importer,
  type JsonnetCall,
} from '../render/jsonnet/jsonnet.ts';
import type { CommandIo } from './io.ts';
import { JSONNET_HELP } from './jsonnet-help.ts';
import { FileRefusal, isOf, reasonOf, writeFiles, writeText } from './jsonnet-output.ts';

/** What is wrong with the command line; `showsUsage`: and what it should have been. */
class Refusal extends Error {
  readonly showsUsage: boolean;
  constructor(message: string, showsUsage = false) {
    super(message);
    this.showsUsage = showsUsage;
  }
}

interface Job {
  readonly input: string;
  readonly isCode: boolean;
  readonly output?: string;
  readonly mode: 'json' | 'stream' | 'multi';
  readonly isText: boolean;
  readonly endsLines: boolean;
  readonly createsFolders: boolean;
  readonly folder: string;
  readonly libraries: readonly string[];
  readonly maxStack: number;
  readonly call: JsonnetCall;
}

/** No bound but the stack's, as with jsonnet. */
const UNBOUNDED = { maxSteps: Number.POSITIVE_INFINITY, timeMs: Number.POSITIVE_INFINITY };

/** Deeper than this, the stack of the main thread may end before the program's own does; by the kilobytes that a call may take. */
const SAFE_STACK = 500;
const KILOBYTES_A_CALL = 16;

/** The command of the program `hawser`, which can become a thread with a deeper stack where one is asked for (--max-stack). */
export async function jsonnetProgram(args: readonly string[], io: CommandIo): Promise<number> {
  const { deepStdin, runDeep, tellDeep } = await import('./deep-stack.ts');
  const stdin = deepStdin();
  const code = await jsonnetCommand(args, stdin === undefined ? io : { ...io, readStdin: async () => stdin }, runDeep);
  tellDeep(code);
  return code;
}

export async function jsonnetCommand(
  args: readonly string[],
  io: CommandIo,
  runDeep?: (megabytes: number, stdin: string | undefined) => Promise<number | undefined>,
): Promise<number> {
  let format: FailureFormat = {};
  try {
    const job = readJob(args, io);
    if (job === 'help') io.stdout(JSONNET_HELP);
    else if (job === 'version')
      io.stdout(`Jsonnet commandline interpreter (hawser ${VERSION}, as go-jsonnet v0.22.0)\n`);
    else {
      format = job.call;
      if (runDeep && job.maxStack > SAFE_STACK) {
        const stdin = job.input === '-' && !job.isCode ? await io.readStdin() : undefined;
        const code = await runDeep((job.maxStack * KILOBYTES_A_CALL) / 1024, stdin);
        if (code !== undefined) return code;
        await run(job, stdin === undefined ? io : { ...io, readStdin: async () => stdin });
      } else await run(job, io);
    }
    return 0;
  } catch (error) {
    if (error instanceof Refusal) io.stderr(`${error.message}\n${error.showsUsage ? `\n${JSONNET_HELP}` : ''}`);
    else if (isHawserError(error))
      io.stderr(`${isFailure(error.cause) ? formatFailure(error.cause, format) : error.message}\n`);
    else if (error instanceof FileRefusal) io.stderr(`${error.message}\n`);
    else throw error;
    return 1;
  }
}

async function run(job: Job, io: CommandIo): Promise<void> {
  const evaluation = await open(job, io);
  const place = {
    cwd: io.cwd,
    output: job.output,
    createsFolders: job.createsFolders,
    stdout: (text: string) => io.stdout(text),
  };
  if (job.mode === 'multi') return writeFiles(evaluation.files(job.isText), job.folder, place);
  if (job.mode === 'json') return writeText(job.isText ? evaluation.text() : evaluation.json(), place);
  const documents = evaluation.stream();
  const text = documents.length === 0 ? '' : `${documents.map((one) => `---\n${one}`).join('')}...\n`;
  writeText(text, { ...place, createsFolders: false });
}

async function open({ input, isCode, libraries, call }: Job, io: CommandIo): Promise<Evaluation> {
  const importer = createFileImporter(io.cwd, libraries);
  const options = { ...call, importer };
  if (isCode) return evaluateJsonnet({ name: '<cmdline>', path: '', text: input }, options);
  if (input === '-') return evaluateJsonnet({ name: '<stdin>', path: '', text: await io.readStdin() }, options);
  const text = utf8Decode(readInput(resolve(io.cwd, input), input));
  return evaluateJsonnet({ name: input, path: input, text }, options);
}

function readInput(path: string, name: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new Refusal(`${isOf(error, 'EISDIR') ? 'Reading' : 'Opening'} input file: ${name}: ${reasonOf(error)}`);
  }
}

/** Relative to the file that asks, then to each library folder, the last first. */
function createFileImporter(cwd: string, libraries: readonly string[]): Importer {
  return (path, from) => {
    const places = isAbsolute(path)
      ? [path]
      : [join(dirname(from), path), ...libraries.toReversed().map((one) => join(one, path))];
    for (const place of places) {
      try {
        return { path: place, content: readFileSync(resolve(cwd, place)) };
      } catch (error) {
        if (isOf(error, 'ENOENT')) continue;
        return { reason: `${isOf(error, 'EISDIR') ? 'read' : 'open'} ${place}: ${reasonOf(error)}` };
      }
    }
    return { reason: `couldn't open import ${quote(path)}: no match locally or in the Jsonnet library paths` };
  };
}

type Externals = Record<string, External>;

function readJob(args: readonly string[], io: CommandIo): Job | 'help' | 'version' {
  const words = separate(args);
  const externals: Externals = {};
  const topLevelArguments: Externals = {};
  const libraries = (io.env.JSONNET_PATH ?? '')
    .split(':')
    .filter((one) => one !== '')
    .toReversed();
  const inputs: string[] = [];
  const job = { isCode: false, isText: false, endsLines: true, createsFolders: false, folder: '' };
  const modes = { isMulti: false, isStream: false };
  let output: string | undefined;
  let maxStack = 500;
  let maxTrace = 20;
  let at = 0;
  const next = (): string => {
    at++;
    return words[at] ?? refuse('Expected another commandline argument.');
  };
  const notEmpty = (flag: string): string => next() || refuse(`ERROR: ${flag} argument was empty string`);
  const number = (flag: string, least: number): number => {
    const text = next();
    const { value, error } = atoi(text);
    if (error) return refuse(`Invalid integer "${text}"`);
    return value < least ? refuse(`ERROR: invalid ${flag} value: ${value}`) : Number(value);
  };
  const variable = (into: Externals, kind: 'text' | 'code'): void => {
    const [name = '', ...rest] = next().split('=');
    const value = rest.length > 0 ? rest.join('=') : io.env[name];
    if (value === undefined) refuse(`ERROR: environment variable ${name} was undefined`);
    else into[name] = kind === 'text' ? { text: value } : { code: value };
  };
  const file = (into: Externals, word: 'import' | 'importstr'): void => {
    const text = next();
    const [name = '', ...rest] = text.split('=');
    if (rest.length === 0) refuse(`ERROR: argument not in form <var>=<file> "${text}"`);
    into[name] = { code: `${word} @'${rest.join('=').replaceAll("'", "''")}'` };
  };
  for (; at < words.length; at++) {
    const word = words[at] ?? '';
    switch (word) {
      case '-h':
      case '--help':
        return 'help';
      case '-v':
      case '--version':
        return 'version';
      case '-e':
      case '--exec':
        job.isCode = true;
        break;
      case '-o':
      case '--output-file':
        output = notEmpty('-o');
        break;
      case '--':
        inputs.push(...words.slice(at + 1));
        at = words.length;
        break;
      case '-s':
      case '--max-stack':
        maxStack = number('--max-stack', 1);
        break;
      case '-t':
      case '--max-trace':
        maxTrace = number('--max-trace', 0);
        break;
      case '-J':
      case '--jpath':
        libraries.push(notEmpty('-J'));
        break;
      case '-V':
      case '--ext-str':
        variable(externals, 'text');
        break;
      case '--ext-str-file':
        file(externals, 'importstr');
        break;
      case '--ext-code':
        variable(externals, 'code');
        break;
      case '--ext-code-file':
        file(externals, 'import');
        break;
      case '-A':
      case '--tla-str':
        variable(topLevelArguments, 'text');
        break;
      case '--tla-str-file':
        file(topLevelArguments, 'importstr');
        break;
      case '--tla-code':
        variable(topLevelArguments, 'code');
        break;
      case '--tla-code-file':
        file(topLevelArguments, 'import');
        break;
      case '-m':
      case '--multi':
        modes.isMulti = true;
        job.folder = notEmpty('-m');
        break;
      case '-c':
      case '--create-output-dirs':
        job.createsFolders = true;
        break;
      case '-y':
      case '--yaml-stream':
        modes.isStream = true;
        break;
      case '-S':
      case '--string':
        job.isText = true;
        break;
      case '--no-trailing-newline':
        job.endsLines = false;
        break;
      default:
        if (word.length > 1 && word.startsWith('-')) refuse(`ERROR: unrecognized argument: ${word}`);
        inputs.push(word);
    }
  }
  if (modes.isStream && !job.endsLines) refuse('ERROR: cannot use --no-trailing-newline with --yaml-stream');
  const wanted = job.isCode ? 'code' : 'filename';
  const [input, another] = inputs;
  if (input === undefined) throw new Refusal(`ERROR: must give ${wanted}`, true);
  if (another !== undefined) refuse(`ERROR: only one ${wanted} is allowed`);
  const mode = modes.isMulti ? 'multi' : modes.isStream ? 'stream' : 'json';
  const call = {
    externals,
    topLevelArguments,
    maxTrace,
    endsLines: job.endsLines,
    bounds: { ...UNBOUNDED, maxStack },
    trace: (line: string) => io.stderr(`${line}\n`),
  };
  return { ...job, input, mode, libraries, maxStack, call, ...(output !== undefined && { output }) };
}

function refuse(message: string): never {
  throw new Refusal(message);
}

/** `-abc` is `-a -b -c`, before the first `--`. */
function separate(args: readonly string[]): readonly string[] {
  const end = args.indexOf('--');
  const own = end < 0 ? args : args.slice(0, end);
  const words = own.flatMap((arg) =>
    /^-[^-]./.test(arg) ? Array.from(arg.slice(1), (letter) => `-${letter}`) : [arg],
  );
  return [...words, ...(end < 0 ? [] : args.slice(end))];
}
