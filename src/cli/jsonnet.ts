// hawser jsonnet: the flags, bytes and exit codes of go-jsonnet's `jsonnet` (cmd/jsonnet).

import { mkdirSync, readFileSync, realpathSync, statSync, writeFileSync } from 'node:fs';
import { dirname, isAbsolute, join, normalize, relative, resolve } from 'node:path';
import { isHawserError } from '../base/errors.ts';
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
import { ownVersion } from './own-version.ts';

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
  readonly call: JsonnetCall;
}

/** No bound but the stack's, as with jsonnet. */
const UNBOUNDED = { maxSteps: Number.POSITIVE_INFINITY, timeMs: Number.POSITIVE_INFINITY };

export async function jsonnetCommand(args: readonly string[], io: CommandIo): Promise<number> {
  let format: FailureFormat = {};
  try {
    const job = readJob(args, io);
    if (job === 'help') io.stdout(JSONNET_HELP);
    else if (job === 'version')
      io.stdout(`Jsonnet commandline interpreter (hawser ${ownVersion()}, as go-jsonnet v0.22.0)\n`);
    else {
      format = job.call;
      await run(job, io);
    }
    return 0;
  } catch (error) {
    if (error instanceof Refusal) io.stderr(`${error.message}\n${error.showsUsage ? `\n${JSONNET_HELP}` : ''}`);
    else if (isHawserError(error))
      io.stderr(`${isFailure(error.cause) ? formatFailure(error.cause, format) : error.message}\n`);
    else if (isSystemError(error)) io.stderr(`${error.message}\n`);
    else throw error;
    return 1;
  }
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error;
}

async function run(job: Job, io: CommandIo): Promise<void> {
  const evaluation = await open(job, io);
  const write = (text: string) => {
    if (job.output === undefined) io.stdout(text);
    else writeFileSync(resolve(io.cwd, job.output), text);
  };
  if (job.mode === 'multi') {
    let told = '';
    try {
      // Each is told before it is written.
      for (const [name, text] of evaluation.files(job.isText)) {
        const place = placeIn(job.folder, name);
        told += `${place.told}\n`;
        writeFile(job, io, place.name, text);
      }
    } finally {
      write(told);
    }
    return;
  }
  if (job.mode === 'stream') {
    const documents = evaluation.stream();
    write(documents.length === 0 ? '' : `${documents.map((text) => `---\n${text}`).join('')}...\n`);
    return;
  }
  const text = job.isText ? evaluation.text() : evaluation.json();
  if (job.createsFolders && job.output !== undefined) {
    mkdirSync(dirname(resolve(io.cwd, job.output)), { recursive: true });
  }
  write(text);
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
    const reason = isSystemError(error) ? (REASONS[error.code ?? ''] ?? error.message) : String(error);
    const isFolder = isSystemError(error) && error.code === 'EISDIR';
    throw new Refusal(`${isFolder ? 'Reading' : 'Opening'} input file: ${name}: ${reason}`);
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or directory',
  EACCES: 'permission denied',
  EISDIR: 'is a directory',
};

function placeIn(folder: string, name: string): { readonly name: string; readonly told: string } {
  const inside = normalize(isAbsolute(name) ? relative('/', name) : name);
  return { name: inside, told: join(folder, inside) };
}

/** Writes only what has changed, and nothing outside of the folder. */
function writeFile({ folder, createsFolders }: Job, io: CommandIo, name: string, text: string): void {
  const escapes = () => new Refusal(`openat ${name}: path escapes from parent`);
  if (name === '..' || name.startsWith('../')) throw escapes();
  const root = resolve(io.cwd, folder);
  if (createsFolders) mkdirSync(root, { recursive: true });
  const path = join(root, name);
  if (createsFolders) mkdirSync(dirname(path), { recursive: true });
  if (relative(realpathSync(root), realpathSync(dirname(path))).startsWith('..')) throw escapes();
  const known = statSync(path, { throwIfNoEntry: false });
  if (!known || readFileSync(path, 'utf8') !== text) writeFileSync(path, text);
}

/** Relative to the file that asks, then to each library folder, the last first. */
function createFileImporter(cwd: string, libraries: readonly string[]): Importer {
  return (path, from) => {
    const places = isAbsolute(path)
      ? [path]
      : [join(dirname(from), path), ...libraries.toReversed().map((one) => join(one, path))];
    for (const place of places) {
      const found = resolve(cwd, place);
      const known = statSync(found, { throwIfNoEntry: false });
      if (!known) continue;
      try {
        return { path: place, content: readFileSync(found) };
      } catch (error) {
        if (!isSystemError(error)) throw error;
        const { code = '', syscall } = error;
        return { reason: `${syscall} ${place}: ${REASONS[code] ?? code}` };
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
  let output: string | undefined;
  let mode: Job['mode'] = 'json';
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
        mode = 'multi';
        job.folder = notEmpty('-m');
        break;
      case '-c':
      case '--create-output-dirs':
        job.createsFolders = true;
        break;
      case '-y':
      case '--yaml-stream':
        if (mode === 'json') mode = 'stream';
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
  if (mode === 'stream' && !job.endsLines) refuse('ERROR: cannot use --no-trailing-newline with --yaml-stream');
  const wanted = job.isCode ? 'code' : 'filename';
  const [input, another] = inputs;
  if (input === undefined) throw new Refusal(`ERROR: must give ${wanted}`, true);
  if (another !== undefined) refuse(`ERROR: only one ${wanted} is allowed`);
  const call = {
    externals,
    topLevelArguments,
    maxTrace,
    endsLines: job.endsLines,
    bounds: { ...UNBOUNDED, maxStack },
    trace: (line: string) => io.stderr(`${line}\n`),
  };
  return { ...job, input, mode, libraries, call, ...(output !== undefined && { output }) };
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
