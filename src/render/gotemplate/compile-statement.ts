// Statements to closures (Go: exec.go, walk).

import { quote } from '../go/quote.ts';
import { typeName } from '../go/type-name.ts';
import { spendOperation } from './call.ts';
import { type Compilation, compilePipe, type Pipeline } from './compile-expression.ts';
import { compileRange } from './compile-range.ts';
import {
  type Block,
  BREAK,
  CONTINUE,
  type Execution,
  failure,
  NEXT,
  type Run,
  runProgram,
  type Signal,
} from './frame.ts';
import type { ActionNode, BranchNode, ListNode, Statement, TemplateNode, TextNode } from './node.ts';
import { nodeText } from './node-text.ts';
import { printedText } from './print-value.ts';
import { isTrue } from './truth.ts';

/** Who runs the block loops over it himself: a function for that would cost each nested block a frame of the stack. */
export function compileList(compilation: Compilation, list: ListNode): Block {
  const runs: Run[] = [];
  // A text and the action after it, the usual pair, become one.
  let text = '';
  for (const node of list.nodes) {
    if (node.kind === 'action' && node.pipe.variables.length === 0) {
      runs.push(compileAction(compilation, node, text));
      text = '';
      continue;
    }
    if (text !== '') runs.push(compileText(text));
    text = node.kind === 'text' ? node.text : '';
    if (node.kind !== 'text') runs.push(compileStatement(compilation, node));
  }
  if (text !== '') runs.push(compileText(text));
  return runs;
}

function compileText(text: string): Run {
  return (frame) => {
    emit(frame.execution, text);
    return NEXT;
  };
}

function compileStatement(compilation: Compilation, node: Exclude<Statement, TextNode>): Run {
  switch (node.kind) {
    case 'action':
      return compileDeclaration(compilation, node);
    case 'if':
      return compileIf(compilation, node);
    case 'with':
      return compileWith(compilation, node);
    case 'range':
      return compileRange(node, compileBranch(compilation, node));
    case 'template':
      return compileTemplateCall(compilation, node);
    case 'break':
      return () => BREAK;
    case 'continue':
      return () => CONTINUE;
  }
}

/** Adds to the output, within the budget. */
function emit(execution: Execution, text: string): void {
  execution.output += text;
  if (execution.output.length > execution.outputLimit) throw execution.budget.outputExceeded();
}

/** An action that only sets variables prints nothing. */
function compileDeclaration(compilation: Compilation, node: ActionNode): Run {
  const { evaluate } = compilePipe(compilation, node.pipe);
  return (frame) => {
    evaluate(frame, undefined);
    return NEXT;
  };
}

/** `before` is the text that stands before the action. */
function compileAction(compilation: Compilation, node: ActionNode, before: string): Run {
  const { evaluate } = compilePipe(compilation, node.pipe, true);
  return (frame) => {
    const { execution } = frame;
    execution.output += before;
    const value = evaluate(frame, undefined);
    const text = typeof value === 'string' ? value : printedText(value);
    if (text === undefined) {
      throw failure(frame, node, `can't print ${nodeText(node)} of type ${typeName(value ?? null)}`);
    }
    emit(execution, text);
    return NEXT;
  };
}

function compileIf(compilation: Compilation, node: BranchNode): Run {
  const { pipe, list, otherwise } = compileBranch(compilation, node);
  const { evaluate } = pipe;
  return (frame) => {
    const block = isTrue(evaluate(frame, undefined)) ? list() : otherwise();
    for (let i = 0; i < block.length; i++) {
      const signal = block[i]?.(frame);
      if (signal) return signal;
    }
    return NEXT;
  };
}

function compileWith(compilation: Compilation, node: BranchNode): Run {
  const { pipe, list, otherwise } = compileBranch(compilation, node);
  const { evaluate } = pipe;
  return (frame) => {
    const value = evaluate(frame, undefined);
    const { dot, dotIsInterface } = frame;
    const holds = isTrue(value);
    if (holds) {
      frame.dot = value;
      frame.dotIsInterface = false;
    }
    const block = holds ? list() : otherwise();
    let signal: Signal = NEXT;
    for (let i = 0; i < block.length && signal === NEXT; i++) signal = block[i]?.(frame) ?? NEXT;
    frame.dot = dot;
    frame.dotIsInterface = dotIsInterface;
    return signal;
  };
}

/** A control structure's parts. The blocks are compiled when they first run: of most charts the greater part never does. */
export interface Branch {
  readonly pipe: Pipeline;
  list(): Block;
  otherwise(): Block;
}

/** What the pipeline declares is known in both blocks, what a block declares in none but itself. */
function compileBranch(compilation: Compilation, node: BranchNode): Branch {
  const inside: Compilation = { ...compilation, scope: compilation.scope.fork() };
  const pipe = compilePipe(inside, node.pipe, true);
  return { pipe, list: compileLater(inside, node.list), otherwise: compileLater(inside, node.elseList) };
}

function compileLater(compilation: Compilation, list: ListNode | undefined): () => Block {
  let block: Block | undefined = list ? undefined : NO_BLOCK;
  return () => {
    if (!block && list) block = compileList({ ...compilation, scope: compilation.scope.fork() }, list);
    return block ?? NO_BLOCK;
  };
}

const NO_BLOCK: Block = [];

function compileTemplateCall(compilation: Compilation, node: TemplateNode): Run {
  const evaluate = node.pipe && compilePipe(compilation, node.pipe).evaluate;
  return (frame) => {
    const { execution } = frame;
    const program = execution.templates.findProgram(node.name);
    if (!program) throw failure(frame, node, `template ${quote(node.name)} not defined`);
    if (frame.depth >= execution.maxDepth) {
      throw failure(frame, node, `exceeded maximum template depth (${execution.maxDepth})`);
    }
    spendOperation(frame);
    execution.deepest = node;
    execution.deepestProgram = frame.program;
    const dot = evaluate ? evaluate(frame, undefined) : undefined;
    runProgram(execution, program, frame.depth + 1, dot);
    return NEXT;
  };
}
