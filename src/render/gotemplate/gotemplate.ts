// Go's text/template: a set of named templates, parsed once, compiled to closures at first use, executed many times.

import { HawserError } from '../../base/errors.ts';
import { quote } from '../go/quote.ts';
import type { GoMethod, GoValue } from '../go/value.ts';
import { type Budget, createBudget } from './budget.ts';
import { isBuiltin } from './builtins.ts';
import { compileProgram } from './compile-program.ts';
import { isEmptyTree } from './empty-tree.ts';
import type { Execution, MissingKey, Program } from './frame.ts';
import { FunctionTable } from './function-table.ts';
import type { Tree } from './node.ts';
import { parseTemplates } from './parser.ts';
import { executionError, isStackOverflow, lookupError } from './template-error.ts';

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
  /** How deep `{{template}}` may nest: Go's 100,000, if the stack lasts. */
  readonly maxDepth?: number;
  /** Limits that all executions with the same budget share. */
  readonly budget?: Budget;
  /** Functions of this execution that take the place of those of the set (Helm's include and tpl). */
  readonly functions?: Readonly<Record<string, GoMethod>>;
}

export interface TemplateSet {
  /**
   * Parses `text` as the template `name` and adds it and all that it defines. A template that is there is replaced, unless the new one
   * holds nothing but blanks. Throws `RenderFailed` with Go's text and `data.stage` `parse`; nothing is added then.
   */
  parse(name: string, text: string): void;
  has(name: string): boolean;
  names(): string[];
  /** A set with the same templates, to which more can be added without touching this one. Cheap: nothing is copied or compiled again. */
  clone(): TemplateSet;
  /**
   * The output of the template `name` for `data`. Throws `RenderFailed` with Go's text and `data.stage` `exec`, and `LimitExceeded`;
   * `outputBeforeError` tells what had been written by then.
   */
  execute(name: string, data: GoValue, options?: ExecuteOptions): string;
}

/** Go: maxExecDepth. */
const MAX_DEPTH = 100_000;

export function createTemplateSet(options: TemplateSetOptions): TemplateSet {
  const shared: Shared = {
    functions: new FunctionTable(options.functions),
    leftDelimiter: options.leftDelimiter || '{{',
    rightDelimiter: options.rightDelimiter || '}}',
    name: options.name ?? 'gotpl',
  };
  return new LayeredSet(shared, []);
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
}

/** A parsed template; compiled when it first runs, for all sets that hold it. */
interface Entry {
  readonly tree: Tree;
  readonly isEmpty: boolean;
  program: Program | undefined;
}

type Layer = Map<string, Entry>;

/** The templates in layers, so that a clone shares what its origin had: both then write into layers of their own. */
class LayeredSet implements TemplateSet {
  private readonly shared: Shared;
  private frozen: readonly Layer[];
  private own: Layer = new Map();

  constructor(shared: Shared, frozen: readonly Layer[]) {
    this.shared = shared;
    this.frozen = frozen;
  }

  parse(name: string, text: string): void {
    const { functions, leftDelimiter, rightDelimiter } = this.shared;
    const trees = parseTemplates(name, text, {
      leftDelimiter,
      rightDelimiter,
      hasFunction: (candidate) => functions.indexOf(candidate) !== undefined || isBuiltin(candidate),
    });
    for (const tree of trees.values()) {
      const isEmpty = isEmptyTree(tree.root);
      if (isEmpty && this.find(tree.name)) continue;
      this.own.set(tree.name, { tree, isEmpty, program: undefined });
    }
  }

  has(name: string): boolean {
    return this.find(name) !== undefined;
  }

  names(): string[] {
    const names = new Set(this.own.keys());
    for (const layer of this.frozen) for (const name of layer.keys()) names.add(name);
    return [...names].sort();
  }

  clone(): TemplateSet {
    if (this.own.size > 0) {
      this.frozen = [this.own, ...this.frozen];
      this.own = new Map();
    }
    return new LayeredSet(this.shared, this.frozen);
  }

  execute(name: string, data: GoValue, options: ExecuteOptions = {}): string {
    const program = this.findProgram(name);
    if (!program) {
      throw lookupError(`template: no template ${quote(name)} associated with template ${quote(this.shared.name)}`);
    }
    const budget = options.budget ?? createBudget();
    const execution: Execution = {
      functions: this.shared.functions.with(options.functions),
      missingKey: options.missingKey ?? 'default',
      maxDepth: options.maxDepth ?? MAX_DEPTH,
      budget,
      outputLimit: budget.outputLeft(),
      output: '',
      deepest: undefined,
      deepestName: name,
      findProgram: (wanted) => this.findProgram(wanted),
    };
    try {
      const dot = data === null ? undefined : data;
      const variables = new Array(program.slots);
      variables[0] = dot;
      variables[1] = false;
      program.run({ execution, program, depth: 0, variables, dot, dotIsInterface: false, at: undefined });
    } catch (error) {
      throw rememberOutput(isStackOverflow(error) ? stackEnded(execution, name) : error, execution.output);
    }
    budget.spendOutput(execution.output.length);
    return execution.output;
  }

  private find(name: string): Entry | undefined {
    const own = this.own.get(name);
    if (own) return own;
    for (const layer of this.frozen) {
      const entry = layer.get(name);
      if (entry) return entry;
    }
    return undefined;
  }

  private findProgram(name: string): Program | undefined {
    const entry = this.find(name);
    if (!entry) return undefined;
    entry.program ??= compileProgram(entry.tree, this.shared.functions);
    return entry.program;
  }
}

function rememberOutput(error: unknown, output: string): unknown {
  if (error instanceof HawserError && !partialOutputs.has(error)) partialOutputs.set(error, output);
  return error;
}

/** Go ends at a depth of 100,000 templates; here the stack ends before, and for the same reason. */
function stackEnded(execution: Execution, name: string): HawserError {
  const told = execution.deepest
    ? executionError(execution.deepestName, execution.deepest, `exceeded maximum template depth (${MAX_DEPTH})`).message
    : `template: ${name}: exceeded maximum template depth (${MAX_DEPTH})`;
  return new HawserError('LimitExceeded', told, {
    hint: 'templates call one another without end, or deeper than the stack of this runtime',
    data: { stage: 'exec', limit: 'depth' },
  });
}
