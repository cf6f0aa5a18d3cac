// Go's text/template: a set of named templates, parsed once, compiled to closures at first use, executed many times.

import { HawserError } from '../../base/errors.ts';
import { type Descent, runDescent } from '../go/descent.ts';
import { quote } from '../go/quote.ts';
import type { GoMethod, GoValue } from '../go/value.ts';
import { type Budget, createBudget } from './budget.ts';
import { isBuiltin } from './builtins.ts';
import { compileProgram } from './compile-program.ts';
import { isEmptyTree } from './empty-tree.ts';
import { descendProgram, type Execution, type MissingKey, type Program, runProgram } from './frame.ts';
import { FunctionTable } from './function-table.ts';
import { MAX_CALLS, MAX_DEPTH, MAX_NESTED, tooDeep } from './nesting.ts';
import type { Tree } from './node.ts';
import { ParseCache } from './parse-cache.ts';
import { parseTemplates } from './parser.ts';
import { isStackOverflow, lookupError, stackEnded } from './template-error.ts';

export { type Budget, type BudgetLimits, createBudget } from './budget.ts';
export type { MissingKey } from './frame.ts';

export interface TemplateSetOptions {
  /** What templates may call besides Go's built-in functions, by name. They fail by throwing: the message becomes Go's error text. */
  readonly functions: Readonly<Record<string, GoMethod>>;
  readonly leftDelimiter?: string;
  readonly rightDelimiter?: string;
  /** The name of Go's root template, which errors tell: `no template "x" associated with template "gotpl"`. */
  readonly name?: string;
}

export interface ExecuteOptions {
  readonly missingKey?: MissingKey;
  /** How deep `{{template}}` may nest: Go's 100,000, if the heap lasts. */
  readonly maxDepth?: number;
  /** Limits that all executions with the same budget share. */
  readonly budget?: Budget;
  /** Functions of this execution that take the place of those of the set (Helm's include and tpl). */
  readonly functions?: Readonly<Record<string, GoMethod>>;
}

/** A template that `parse` gave: it can be run even where one of its name stayed in the set, since this one holds only blanks. */
export interface ParsedTemplate {
  readonly name: string;
}

export interface TemplateSet {
  /**
   * Parses `text` as the template `name` and adds it and all that it defines. A template that is there is replaced, unless the new one
   * holds nothing but blanks. Throws `RenderFailed` with Go's text and `data.stage` `parse`; nothing is added then. A set and its
   * clones remember what they parsed, so that the same text again costs nothing.
   */
  parse(name: string, text: string): ParsedTemplate;
  has(name: string): boolean;
  names(): string[];
  /** A set with the same templates, to which more can be added without touching this one. Cheap: nothing is copied or compiled again. */
  clone(): TemplateSet;
  /**
   * The output of a template for `data`. Throws `RenderFailed` with Go's text and `data.stage` `exec`, and `LimitExceeded`;
   * `outputBeforeError` tells what had been written by then.
   */
  execute(template: string | ParsedTemplate, data: GoValue, options?: ExecuteOptions): string;
  /** `execute` without the stack, for functions that run as descents themselves. */
  descend(template: string | ParsedTemplate, data: GoValue, options?: ExecuteOptions): Descent<string>;
}

export function createTemplateSet(options: TemplateSetOptions): TemplateSet {
  const shared: Shared = {
    functions: new FunctionTable(options.functions),
    leftDelimiter: options.leftDelimiter || '{{',
    rightDelimiter: options.rightDelimiter || '}}',
    name: options.name ?? 'gotpl',
    parsed: new ParseCache(),
  };
  return new LayeredSet(shared, undefined);
}

/** What had been written when `execute` threw `error`; undefined for other errors. */
export function outputBeforeError(error: unknown): string | undefined {
  return error instanceof HawserError ? partialOutputs.get(error) : undefined;
}

/** Not in the error's data: output may hold secrets, and data is logged. */
const partialOutputs = new WeakMap<HawserError, string>();

interface Shared {
  readonly functions: FunctionTable;
  readonly leftDelimiter: string;
  readonly rightDelimiter: string;
  readonly name: string;
  readonly parsed: ParseCache<readonly Entry[]>;
}

/** A parsed template; compiled when it first runs, for all sets that hold it. */
class Entry implements ParsedTemplate {
  readonly name: string;
  readonly tree: Tree;
  readonly isEmpty: boolean;
  program: Program | undefined;

  constructor(tree: Tree) {
    this.name = tree.name;
    this.tree = tree;
    this.isEmpty = isEmptyTree(tree.root);
  }
}

type Layer = Map<string, Entry>;

/** What a set has from its origins, the nearest first: linked, since thousands of sets may hang on one another (`tpl` inside `tpl`). */
interface Frozen {
  readonly layer: Layer;
  readonly below: Frozen | undefined;
}

/** The templates in layers, so that a clone shares what its origin had: both then write into layers of their own. */
class LayeredSet implements TemplateSet {
  private readonly shared: Shared;
  private frozen: Frozen | undefined;
  private own: Layer = new Map();

  constructor(shared: Shared, frozen: Frozen | undefined) {
    this.shared = shared;
    this.frozen = frozen;
  }

  parse(name: string, text: string): ParsedTemplate {
    const entries = this.shared.parsed.get(name, text) ?? this.parseText(name, text);
    for (const entry of entries) {
      if (!entry.isEmpty || !this.find(entry.name)) this.own.set(entry.name, entry);
    }
    return entries.find((entry) => entry.name === name) ?? { name };
  }

  private parseText(name: string, text: string): readonly Entry[] {
    const { functions, leftDelimiter, rightDelimiter, parsed } = this.shared;
    const options = {
      leftDelimiter,
      rightDelimiter,
      hasFunction: (candidate: string) => functions.indexOf(candidate) !== undefined || isBuiltin(candidate),
    };
    try {
      const entries = [...parseTemplates(name, text, options).values()].map((tree) => new Entry(tree));
      parsed.set(name, text, entries);
      return entries;
    } catch (error) {
      throw isStackOverflow(error) ? stackEnded(`template: ${name}: nested too deep`, 'parse') : error;
    }
  }

  has(name: string): boolean {
    return this.find(name) !== undefined;
  }

  names(): string[] {
    const names = new Set(this.own.keys());
    for (let at = this.frozen; at; at = at.below) for (const name of at.layer.keys()) names.add(name);
    return [...names].sort();
  }

  clone(): TemplateSet {
    if (this.own.size > 0) {
      this.frozen = { layer: this.own, below: this.frozen };
      this.own = new Map();
    }
    return new LayeredSet(this.shared, this.frozen);
  }

  execute(template: string | ParsedTemplate, data: GoValue, options: ExecuteOptions = {}): string {
    if (options.budget && options.budget.nested >= MAX_CALLS) return runDescent(this.descend(template, data, options));
    const execution = this.begin(template, options);
    const { budget, deepestProgram: program } = execution;
    const { nested } = budget;
    try {
      runProgram(execution, program, 0, data === null ? undefined : data);
      return finish(execution);
    } catch (error) {
      budget.nested = nested;
      throw executionFailure(execution, error);
    }
  }

  *descend(template: string | ParsedTemplate, data: GoValue, options: ExecuteOptions = {}): Descent<string> {
    const execution = this.begin(template, options);
    const { budget, deepestProgram: program } = execution;
    const { nested } = budget;
    try {
      if (nested >= MAX_NESTED) throw tooDeep(execution);
      yield* descendProgram(execution, program, 0, data === null ? undefined : data);
      return finish(execution);
    } catch (error) {
      budget.nested = nested;
      throw executionFailure(execution, error);
    }
  }

  /** Apart from `execute`, since what that keeps on the stack counts for each template that includes another. */
  private begin(template: string | ParsedTemplate, options: ExecuteOptions): Execution {
    const name = typeof template === 'string' ? template : template.name;
    const program = template instanceof Entry ? this.programOf(template) : this.findProgram(name);
    if (!program) {
      throw lookupError(`template: no template ${quote(name)} associated with template ${quote(this.shared.name)}`);
    }
    const budget = options.budget ?? createBudget();
    return {
      functions: this.shared.functions.with(options.functions),
      missingKey: options.missingKey ?? 'default',
      maxDepth: options.maxDepth ?? MAX_DEPTH,
      budget,
      outputLimit: budget.outputLeft(),
      output: '',
      deepest: undefined,
      deepestProgram: program,
      templates: this,
    };
  }

  private find(name: string): Entry | undefined {
    const own = this.own.get(name);
    if (own) return own;
    for (let at = this.frozen; at; at = at.below) {
      const entry = at.layer.get(name);
      if (entry) return entry;
    }
    return undefined;
  }

  findProgram(name: string): Program | undefined {
    const entry = this.find(name);
    return entry && this.programOf(entry);
  }

  private programOf(entry: Entry): Program {
    try {
      entry.program ??= compileProgram(entry.tree, this.shared.functions);
      return entry.program;
    } catch (error) {
      throw isStackOverflow(error) ? stackEnded(`template: ${entry.name}: nested too deep`, 'exec') : error;
    }
  }
}

function finish({ output, outputLimit, budget }: Execution): string {
  if (output.length > outputLimit) throw budget.outputExceeded();
  budget.spendOutput(output.length);
  return output;
}

function executionFailure(execution: Execution, error: unknown): unknown {
  const told = isStackOverflow(error) ? tooDeep(execution) : error;
  if (told instanceof HawserError && !partialOutputs.has(told)) partialOutputs.set(told, execution.output);
  return told;
}
