// hawser jsonnet: every flag and refusal of go-jsonnet's command, as it is written down here, and as the real one has it where it is.

import { spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { jsonnetCommand } from '../../src/cli/jsonnet.ts';
import { captureIo } from '../support/captured-io.ts';
import { findPeer } from '../support/peers.ts';

const FILES: Readonly<Record<string, string>> = {
  'main.jsonnet': "(import 'lib/a.libsonnet') { b: 2 }\n",
  'files.jsonnet': '{ "a.json": { x: 1 }, "d/b.json": [1] }\n',
  'lib/a.libsonnet': "{ a: importstr 'a.txt' }",
  'lib/a.txt': 'text\n',
  'other/a.libsonnet': "{ a: 'of other' }",
  'sub/deep.jsonnet': "import '../lib/a.libsonnet'",
  'bytes.jsonnet': "importbin 'lib/a.txt'",
  'broken.jsonnet': '{ a: }\n',
  'deep.jsonnet': 'local f(x) = if x == 0 then error "at the end" else 1 + f(x - 1); f(30)\n',
  'out/there.json': 'old',
  'out/sub/x': '',
  f: 'x\n',
};

interface Options {
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
}

interface Wanted {
  readonly code?: number;
  readonly stdout?: string | RegExp;
  readonly stderr?: string | RegExp;
  readonly files?: Readonly<Record<string, string>>;
}

type Row = [title: string, args: readonly string[], wanted: Wanted, options?: Options];

const F20 = 'local f(x) = if x == 0 then 0 else 1 + f(x - 1); f(20)';
const usage = (message: string) => new RegExp(`^ERROR: ${message}\n\nUsage: hawser jsonnet `);
const refused = (stderr: string | RegExp): Wanted => ({ code: 1, stdout: '', stderr });

const ROWS: readonly Row[] = [
  ['evaluates a file', ['main.jsonnet'], { stdout: '{\n   "a": "text\\n",\n   "b": 2\n}\n' }],
  ['evaluates code', ['-e', '1 + 1'], { stdout: '2\n' }],
  ['evaluates standard input', ['-'], { stdout: '3\n' }, { stdin: '1 + 2' }],
  [
    'names standard input in errors',
    ['-'],
    refused(/^RUNTIME ERROR: x\n\t<stdin>:1:1-10\t\$\n/),
    { stdin: 'error "x"' },
  ],
  ['imports relative to the file', ['sub/deep.jsonnet'], { stdout: '{\n   "a": "text\\n"\n}\n' }],
  ['imports bytes', ['bytes.jsonnet'], { stdout: '[\n   116,\n   101,\n   120,\n   116,\n   10\n]\n' }],
  [
    'looks in the last folder of -J first',
    ['-J', 'lib', '-J', 'other', '-e', '(import "a.libsonnet").a'],
    { stdout: '"of other"\n' },
  ],
  [
    'looks in the first folder of JSONNET_PATH first',
    ['-e', '(import "a.libsonnet").a'],
    { stdout: '"of other"\n' },
    { env: { JSONNET_PATH: 'other::lib' } },
  ],
  [
    'looks in -J before JSONNET_PATH',
    ['-J', 'lib', '-e', '(import "a.libsonnet").a'],
    { stdout: '"text\\n"\n' },
    { env: { JSONNET_PATH: 'other' } },
  ],
  ['takes flags after the program', ['-e', '(import "a.libsonnet").a', '--jpath', 'lib'], { stdout: '"text\\n"\n' }],
  ['takes several letters as flags', ['-Se', '"x"'], { stdout: 'x\n' }],
  ['takes what follows -- as a file', ['--', '-e'], refused('Opening input file: -e: no such file or directory\n')],
  ['gives a string as it is', ['-S', '-e', '"a\\nb"'], { stdout: 'a\nb\n' }],
  [
    'refuses to give what is no string as it is',
    ['-S', '-e', '1'],
    refused(/^RUNTIME ERROR: expected string result, got: number\n/),
  ],
  ['leaves the last line feed out', ['--no-trailing-newline', '-e', '1'], { stdout: '1' }],
  ['passes a string', ['-V', 'a=b=c', '-e', 'std.extVar("a")'], { stdout: '"b=c"\n' }],
  [
    'passes a string of the environment',
    ['--ext-str', 'A', '-e', 'std.extVar("A")'],
    { stdout: '"here"\n' },
    { env: { A: 'here' } },
  ],
  [
    'passes an empty string of the environment',
    ['-V', 'A', '-e', 'std.extVar("A")'],
    { stdout: '""\n' },
    { env: { A: '' } },
  ],
  [
    'refuses a variable that the environment has not',
    ['-V', 'NOPE', '-e', '1'],
    refused('ERROR: environment variable NOPE was undefined\n'),
  ],
  ['passes code', ['--ext-code', 'a=1+1', '-e', 'std.extVar("a")'], { stdout: '2\n' }],
  [
    'names code that is broken',
    ['--ext-code', 'a=)', '-e', 'std.extVar("a")'],
    refused('<extvar:a>:1:1-2 Unexpected: ")" while parsing terminal\n\n)\n\n\n'),
  ],
  ['passes the text of a file', ['--ext-str-file', 'a=f', '-e', 'std.extVar("a")'], { stdout: '"x\\n"\n' }],
  [
    'passes the code of a file',
    ['--ext-code-file', 'a=lib/a.libsonnet', '-e', 'std.extVar("a").a'],
    { stdout: '"text\\n"\n' },
  ],
  [
    'refuses a file without a name',
    ['--ext-code-file', 'a', '-e', '1'],
    refused('ERROR: argument not in form <var>=<file> "a"\n'),
  ],
  [
    'passes arguments',
    ['-A', 'x=a', '--tla-code', 'y=1', '-e', 'function(x, y) [x, y]'],
    { stdout: '[\n   "a",\n   1\n]\n' },
  ],
  [
    'passes arguments of files',
    ['--tla-str-file', 'x=f', '--tla-code-file', 'y=lib/a.libsonnet', '-e', 'function(x, y) x + y.a'],
    { stdout: '"x\\ntext\\n"\n' },
  ],
  [
    'refuses arguments that a function has not',
    ['-A', 'z=1', '-e', 'function(x) x'],
    { code: 1, stdout: '', stderr: /^RUNTIME ERROR: / },
  ],
  ['takes no arguments where there is no function', ['-A', 'z=1', '-e', '2'], { stdout: '2\n' }],
  [
    'ends where the stack is full',
    ['-s', '10', '-e', F20],
    refused(/^RUNTIME ERROR: max stack frames exceeded\.\n\t<cmdline>:/),
  ],
  ['goes as deep as it may', ['--max-stack', '2000', '-e', F20.replace('20', '1900')], { stdout: '1900\n' }],
  [
    'shortens a trace to what is wanted',
    ['-t', '3', 'deep.jsonnet'],
    refused(
      'RUNTIME ERROR: at the end\n\tdeep.jsonnet:1:29-47\tfunction <f>\n\t...\n\tdeep.jsonnet:1:67-72\t$\n\tDuring evaluation\t\n\n',
    ),
  ],
  ['shortens a trace to twenty lines', ['deep.jsonnet'], refused(/\t\.\.\.\n/)],
  [
    'gives all of a trace',
    ['--max-trace', '0', 'deep.jsonnet'],
    refused(/^(?!.*\.\.\.)[\s\S]*(\tdeep[^\n]*\n){32}\tDuring evaluation\t\n\n$/),
  ],
  ['refuses an integer that is none', ['-s', 'x', '-e', '1'], refused('Invalid integer "x"\n')],
  [
    'refuses an integer that is too large',
    ['-s', '10000000000000000000', '-e', '1'],
    refused('Invalid integer "10000000000000000000"\n'),
  ],
  ['refuses a stack of nothing', ['-s', '0', '-e', '1'], refused('ERROR: invalid --max-stack value: 0\n')],
  ['refuses a trace of less than nothing', ['-t', '-1', '-e', '1'], refused('ERROR: invalid --max-trace value: -1\n')],
  ['refuses a flag that it does not know', ['--zz'], refused('ERROR: unrecognized argument: --zz\n')],
  ['refuses a flag without its argument', ['-J'], refused('Expected another commandline argument.\n')],
  ['refuses an empty folder of libraries', ['-J', '', '-e', '1'], refused('ERROR: -J argument was empty string\n')],
  ['refuses an empty output', ['-o', '', '-e', '1'], refused('ERROR: -o argument was empty string\n')],
  ['refuses an empty folder', ['-m', '', '-e', '1'], refused('ERROR: -m argument was empty string\n')],
  ['refuses two files', ['a', 'b'], refused('ERROR: only one filename is allowed\n')],
  ['refuses two programs', ['-e', 'a', 'b'], refused('ERROR: only one code is allowed\n')],
  [
    'refuses a stream without line feeds',
    ['-y', '--no-trailing-newline', '-e', '[]'],
    refused('ERROR: cannot use --no-trailing-newline with --yaml-stream\n'),
  ],
  [
    'refuses that beside files, too',
    ['-m', 'out', '-y', '--no-trailing-newline', '-e', '{}'],
    refused('ERROR: cannot use --no-trailing-newline with --yaml-stream\n'),
  ],
  ['names a file that is not there', ['nofile'], refused('Opening input file: nofile: no such file or directory\n')],
  ['names a file below a file', ['f/x'], refused('Opening input file: f/x: not a directory\n')],
  ['names a folder', ['.'], refused('Reading input file: .: is a directory\n')],
  [
    'shows the line of what it cannot read',
    ['broken.jsonnet'],
    refused('broken.jsonnet:1:6-7 Unexpected: "}" while parsing terminal\n\n{ a: }\n\n\n'),
  ],
  ['refuses an empty program', ['-e', ''], refused('<cmdline>:1:1 Unexpected end of file\n\n\n\n\n')],
  [
    'names an import that is not there',
    ['-e', 'import "no"'],
    refused(/^RUNTIME ERROR: couldn't open import "no": no match locally or in the Jsonnet library paths\n/),
  ],
  ['names an import that is a folder', ['-e', 'import "lib"'], refused(/^RUNTIME ERROR: read lib: is a directory\n/)],
  ['names an import below a file', ['-e', 'import "f/x"'], refused(/^RUNTIME ERROR: open f\/x: not a directory\n/)],
  ['writes a stream', ['-y', '-e', '[1, {}]'], { stdout: '---\n1\n---\n{ }\n...\n' }],
  ['writes a stream of nothing', ['-y', '-e', '[]'], { stdout: '' }],
  ['writes strings of a stream as JSON', ['-yS', '-e', '["a"]'], { stdout: '---\n"a"\n...\n' }],
  [
    'refuses a stream of an object',
    ['-y', '-e', '{}'],
    refused(/^RUNTIME ERROR: stream mode: top-level object was a object, should be an array/),
  ],
  ['writes into a file', ['-o', 'o.json', '-e', '1'], { stdout: '', files: { 'o.json': '1\n' } }],
  [
    'writes a stream into a file',
    ['-y', '-o', 'o.yaml', '-e', '[1]'],
    { stdout: '', files: { 'o.yaml': '---\n1\n...\n' } },
  ],
  [
    'writes no file whose folder is missing',
    ['-o', 'no/x', '-e', '1'],
    refused('open no/x: no such file or directory\n'),
  ],
  ['makes the folder of a file', ['-c', '-o', 'no/deep/x', '-e', '1'], { stdout: '', files: { 'no/deep/x': '1\n' } }],
  ['makes no folder where a file is', ['-c', '-o', 'f/x', '-e', '1'], refused('mkdir f: not a directory\n')],
  [
    'makes no folder of a stream',
    ['-c', '-y', '-o', 'no/x', '-e', '[1]'],
    refused('open no/x: no such file or directory\n'),
  ],
  ['writes no file where a folder is', ['-o', 'out', '-e', '1'], refused('open out: is a directory\n')],
  [
    'writes files into a folder',
    ['-c', '-m', 'out', 'files.jsonnet'],
    {
      stdout: 'out/a.json\nout/d/b.json\n',
      files: { 'out/a.json': '{\n   "x": 1\n}\n', 'out/d/b.json': '[\n   1\n]\n' },
    },
  ],
  [
    'writes files in spite of -y',
    ['-m', 'out', '-y', '-e', '{a: 1}'],
    { stdout: 'out/a\n', files: { 'out/a': '1\n' } },
  ],
  [
    'stops at a folder that is missing below',
    ['-m', 'out', 'files.jsonnet'],
    {
      code: 1,
      stdout: 'out/a.json\nout/d/b.json\n',
      stderr: 'openat d/b.json: no such file or directory\n',
      files: { 'out/a.json': '{\n   "x": 1\n}\n' },
    },
  ],
  ['needs the folder', ['-m', 'nope/deep', 'files.jsonnet'], refused('open nope/deep: no such file or directory\n')],
  [
    'makes the folder',
    ['-c', '-m', './nope//deep/', '-e', '{a: 1}'],
    { stdout: 'nope/deep/a\n', files: { 'nope/deep/a': '1\n' } },
  ],
  ['takes no file for a folder', ['-c', '-m', 'f', 'files.jsonnet'], refused('open f: not a directory\n')],
  [
    'takes nothing below a file for a folder',
    ['-c', '-m', 'f/g', 'files.jsonnet'],
    refused('open f/g: not a directory\n'),
  ],
  [
    'writes strings as they are',
    ['-m', 'out', '-S', '--no-trailing-newline', '-e', '{a: "b"}'],
    { stdout: 'out/a\n', files: { 'out/a': 'b' } },
  ],
  [
    'refuses files that are no strings',
    ['-m', 'out', '-S', '-e', '{a: 1}'],
    refused(/^RUNTIME ERROR: multi mode: top-level object's key a has a value of type float64, should be a string\n/),
  ],
  [
    'refuses files of an array',
    ['-m', 'out', '-e', '[]'],
    refused(/^RUNTIME ERROR: multi mode: top-level object was a array, should be an object/),
  ],
  [
    'lists the files in another one',
    ['-m', 'out', '-o', 'list', '-e', '{a: 1, b: 2}'],
    { stdout: '', files: { list: 'out/a\nout/b\n', 'out/a': '1\n', 'out/b': '2\n' } },
  ],
  ['lists no files', ['-m', 'nope', '-o', 'list', '-e', '{}'], { stdout: '', files: { list: '' } }],
  [
    'cannot list the files in a folder that is missing',
    ['-m', 'out', '-o', 'no/list', '-e', '{a: 1}'],
    refused('open no/list: no such file or directory\n'),
  ],
  [
    'takes a name from the root as one of the folder',
    ['-m', 'out', '-e', '{"/a": 1}'],
    { stdout: 'out/a\n', files: { 'out/a': '1\n' } },
  ],
  [
    'writes nothing beside the folder',
    ['-m', 'out', '-e', '{"../x": 1}'],
    { code: 1, stdout: 'x\n', stderr: 'openat ../x: path escapes from parent\n' },
  ],
  [
    'writes nothing behind a link that leads out',
    ['-m', 'out', '-e', '{"escape/x": 1}'],
    { code: 1, stdout: 'out/escape/x\n', stderr: 'openat escape/x: path escapes from parent\n' },
  ],
  [
    'makes nothing behind a link that leads out',
    ['-c', '-m', 'out', '-e', '{"escape/x/y": 1}'],
    { code: 1, stderr: 'openat escape/x/y: path escapes from parent\n' },
  ],
  [
    'writes no file where a folder of that name is',
    ['-m', 'out', '-e', '{sub: 1}'],
    { code: 1, stdout: 'out/sub\n', stderr: 'read out/sub: is a directory\n' },
  ],
  [
    'writes no file without a name',
    ['-m', 'out', '-e', '{"": 1}'],
    { code: 1, stdout: 'out\n', stderr: 'read out/.: is a directory\n' },
  ],
  [
    'writes no file below a file',
    ['-c', '-m', 'out', '-e', '{"there.json/x": 1}'],
    { code: 1, stderr: 'openat there.json/x: not a directory\n' },
  ],
  [
    'says what the program traces',
    ['-e', 'std.trace("seen", 1)'],
    { stdout: '1\n', stderr: 'TRACE: <cmdline>:1 seen\n' },
  ],
];

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'hawser-jsonnet-'));
  folders.push(folder);
  for (const [path, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  symlinkSync('/', join(folder, 'out/escape'));
  return folder;
}

/** What a run left that was not there, or not so. */
function changedIn(folder: string): Record<string, string> {
  // Not behind the link, as a recursive listing of Node's would.
  const filesOf = (below: string): string[] =>
    readdirSync(join(folder, below), { withFileTypes: true }).flatMap((entry) => {
      const path = join(below, entry.name);
      if (entry.isDirectory()) return filesOf(path);
      return entry.isFile() ? [path] : [];
    });
  const texts = filesOf('').map((path): [string, string] => [path, readFileSync(join(folder, path), 'utf8')]);
  return Object.fromEntries(texts.filter(([path, text]) => FILES[path] !== text).sort());
}

async function run(args: readonly string[], { env = {}, stdin = '' }: Options = {}) {
  const folder = makeFolder();
  const { io, output } = captureIo(folder, env);
  const code = await jsonnetCommand(args, { ...io, readStdin: async () => stdin });
  return { code, ...output(), files: changedIn(folder) };
}

describe('hawser jsonnet', () => {
  it.each<Row>(ROWS)('%s', async (_, args, { code = 0, stdout, stderr = '', files = {} }, options) => {
    const ran = await run(args, options);
    const matching = (wanted: string | RegExp) => (typeof wanted === 'string' ? wanted : expect.stringMatching(wanted));
    expect(ran).toEqual({
      code,
      stdout: stdout === undefined ? expect.any(String) : matching(stdout),
      stderr: matching(stderr),
      files,
    });
  });

  it.each([
    ['a file', [], 'must give filename'],
    ['code', ['-e'], 'must give code'],
  ])('shows how it is used where there is no %s', async (_, args, message) => {
    expect(await run(args)).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(usage(message)) });
  });

  it.each(['-h', '--help'])('shows how it is used with %s', async (flag) => {
    const { code, stdout, stderr } = await run([flag]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const word of ['--jpath', '--ext-str-file', '--tla-code', '--multi', 'JSONNET_PATH'])
      expect(stdout).toContain(word);
  });

  it('tells its version', async () => {
    expect((await run(['--version'])).stdout).toMatch(
      /^Jsonnet commandline interpreter \(hawser .*, as go-jsonnet v0\.22\.0\)\n$/,
    );
  });

  it('leaves a file alone that has not changed', async () => {
    const folder = makeFolder();
    const path = join(folder, 'out/there.json');
    writeFileSync(path, '1\n');
    utimesSync(path, 1, 1);
    const { io } = captureIo(folder);
    expect(await jsonnetCommand(['-m', 'out', '-e', '{"there.json": 1}'], io)).toBe(0);
    expect(statSync(path).mtimeMs).toBe(1000);
    expect(await jsonnetCommand(['-m', 'out', '-e', '{"there.json": 2}'], io)).toBe(0);
    expect(readFileSync(path, 'utf8')).toBe('2\n');
  });
});

describe('the program hawser jsonnet', () => {
  const LAUNCHER = join(import.meta.dirname, '../../bin/hawser.js');
  const started = (args: readonly string[], input = '') => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [LAUNCHER, 'jsonnet', ...args], {
      input,
      encoding: 'utf8',
    });
    return { status, stdout, stderr };
  };
  const depth = (count: number) => F20.replace('20', String(count));

  it('goes as deep as --max-stack says, beyond what the stack of a process holds', () => {
    expect(started(['-s', '100000', '-e', depth(90_000)])).toEqual({ status: 0, stdout: '90000\n', stderr: '' });
  });

  it('ends there with the error of the program', () => {
    const { status, stderr } = started(['-s', '50000', '-', '-t', '1'], depth(60_000));
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: expect.stringMatching(/^RUNTIME ERROR: max stack frames exceeded\.\n/),
    });
  });
});

const jsonnet = findPeer('jsonnet');
if (jsonnet === undefined) console.warn('SKIPPED: the real jsonnet is not on this machine (.ci/peers.sh)');

describe.skipIf(jsonnet === undefined)('the real jsonnet', () => {
  it.each<Row>(ROWS)('%s as hawser does', async (_, args, __, options: Options = {}) => {
    const folder = makeFolder();
    const { status, stdout, stderr } = spawnSync(jsonnet ?? '', args, {
      cwd: folder,
      env: options.env ?? {},
      input: options.stdin ?? '',
      encoding: 'utf8',
    });
    expect(await run(args, options)).toEqual({ code: status, stdout, stderr, files: changedIn(folder) });
  });
});
