// One program of corpus/jsonnet through the library, as the module's own tests run it. It touches no disk, so that it runs in workerd too.

import {
  type Evaluation,
  type External,
  evaluateJsonnet,
  HawserError,
  type Importer,
  type NativeFunction,
  type Tree,
} from '../../../src/library/jsonnet.ts';
import { formatFailure, isFailure } from '../../../src/render/jsonnet/failures.ts';
import { createTreeImporter } from '../../../src/render/jsonnet/tree-importer.ts';
import { readText } from '../../../src/render/tree.ts';
import type { Case } from '../layer.ts';

/** `missing`: what the program imports and the corpus has not. */
export type JsonnetOutcome = { readonly missing?: string } & ({ readonly text: string } | { readonly error: string });

const EXTERNALS: Readonly<Record<string, External>> = {
  stringVar: { text: '2 + 2' },
  codeVar: { code: '3 + 3' },
  errorVar: { code: "error 'xxx'" },
  staticErrorVar: { code: ')' },
  UndeclaredX: { code: 'x' },
  selfRecursiveVar: { code: '[42, std.extVar("selfRecursiveVar")[0] + 1]' },
  mutuallyRecursiveVar1: { code: '[42, std.extVar("mutuallyRecursiveVar2")[0] + 1]' },
  mutuallyRecursiveVar2: { code: '[42, std.extVar("mutuallyRecursiveVar1")[0] + 1]' },
};

const NATIVES: Readonly<Record<string, NativeFunction>> = {
  jsonToString: { parameters: ['x'], run: (value) => JSON.stringify(value) },
  nativeError: { parameters: [], run: () => fail('native function error') },
  nativePanic: { parameters: [], run: () => fail('native function "nativePanic" panicked: native function panic') },
};

function fail(message: string): never {
  throw new Error(message);
}

/** The errors of the corpus have so many lines of a long trace. */
const MAX_TRACE = 9;

/** Runs the program; `folder` is corpus/jsonnet. */
export function runJsonnetCase({ name }: Case, folder: Tree): JsonnetOutcome {
  let missing: string | undefined;
  const inFolder = createTreeImporter(folder);
  const importer: Importer = (wanted, from) => {
    const found = inFolder(wanted, from);
    if ('reason' in found) missing = wanted;
    return found;
  };
  const outcome = (result: { readonly text: string } | { readonly error: string }): JsonnetOutcome => ({
    ...result,
    ...(missing !== undefined && { missing }),
  });
  try {
    const source = {
      name: `testdata/${name}`,
      path: `testdata/${name}`,
      text: textOf(folder, `testdata/${name}.jsonnet`),
    };
    const evaluation = evaluateJsonnet(source, {
      externals: EXTERNALS,
      natives: NATIVES,
      importer,
      maxTrace: MAX_TRACE,
      showsCode: true,
      endsLines: !String(name).includes('_no_newline'),
    });
    return outcome({ text: outputOf(String(name), evaluation) });
  } catch (error) {
    if (!(error instanceof HawserError) || !isFailure(error.cause)) throw error;
    return outcome({ error: `${formatFailure(error.cause, { maxTrace: MAX_TRACE, showsCode: true })}\n` });
  }
}

function outputOf(name: string, evaluation: Evaluation): string {
  const isText = name.endsWith('_string_output');
  if (/_multi(_|$)/.test(name)) {
    return [...evaluation.files(isText)].map(([file, text]) => `${file}=${text}`).join('');
  }
  if (/_stream(_|$)/.test(name)) return `---\n${evaluation.stream().join('---\n')}...\n`;
  return isText ? evaluation.text() : evaluation.json();
}

/** Whether the case cannot be run as it stands; an error about an import that nobody has can. */
export function lacksImport({ name, kind }: Case, { missing }: JsonnetOutcome, folder: Tree): boolean {
  if (missing === undefined) return false;
  return kind === 'value' || !textOf(folder, `testdata/${name}.golden`).includes("couldn't open import");
}

/** What is wrong with a value, which of some is the text of an error; of an error, with its first line. */
export function compareJsonnet({ name, kind }: Case, outcome: JsonnetOutcome, folder: Tree): string | undefined {
  const golden = textOf(folder, `testdata/${name}.golden`);
  if (kind === 'value') return differenceOf(golden, 'text' in outcome ? outcome.text : outcome.error);
  return 'error' in outcome
    ? differenceOf(firstLine(golden), firstLine(outcome.error))
    : `gave ${JSON.stringify(outcome.text)} instead of ${JSON.stringify(firstLine(golden))}`;
}

/** What is wrong with an error's whole text: the stack trace with the lines of the program. */
export function compareTrace({ name }: Case, outcome: JsonnetOutcome, folder: Tree): string | undefined {
  return 'error' in outcome ? differenceOf(textOf(folder, `testdata/${name}.golden`), outcome.error) : 'did not fail';
}

function differenceOf(wanted: string, got: string): string | undefined {
  if (wanted === got) return undefined;
  let at = 0;
  while (at < wanted.length && wanted[at] === got[at]) at++;
  const shown = (text: string) => JSON.stringify(text.slice(Math.max(0, at - 20), at + 80));
  return `at ${at}: expected ${shown(wanted)}, got ${shown(got)}`;
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}

function textOf(folder: Tree, path: string): string {
  const text = readText(folder, path);
  if (text === undefined) throw new Error(`there is no ${path}`);
  return text;
}
