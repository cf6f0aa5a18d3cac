// Statements to closures (Go: exec.go, walk).

import { quote } from '../go/quote.ts';
import { typeName } from '../go/type-name.ts';
import { spendOperation } from './call.ts';
import { type Compilation, compilePipe } from './compile-expression.ts';
import { compileRange } from './compile-range.ts';
import { BREAK, CONTINUE, type Execution, failure, NEXT, type Run, runProgram } from './frame.ts';
import type { ActionNode, BranchNode, ListNode, Statement, TemplateNode, TextNode } from './node.ts';
import { nodeText } from './node-text.ts';
import { printedText } from './print-value.ts';
import { isTrue } from './truth.ts';

export function compileList(compilation: Compilation, list: ListNode): Run {
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
  const [only] = runs;
  if (!only) return () => NEXT;
  if (runs.length === 1) return only;
  return (frame) => {
    for (const run of runs) {
      const signal = run(frame);
      if (signal !== NEXT) return signal;
    }
    return NEXT;
  };
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
      return compileRange(compilation, node, compileList);
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
  const { scope } = compilation;
  const mark = scope.mark();
  const { evaluate } = compilePipe(compilation, node.pipe, true);
  const inside = scope.mark();
  const list = compileList(compilation, node.list);
  scope.release(inside);
  const otherwise = node.elseList && compileList(compilation, node.elseList);
  scope.release(mark);
  return (frame) => {
    if (isTrue(evaluate(frame, undefined))) return list(frame);
    return otherwise ? otherwise(frame) : NEXT;
  };
}

function compileWith(compilation: Compilation, node: BranchNode): Run {
  const { scope } = compilation;
  const mark = scope.mark();
  const { evaluate } = compilePipe(compilation, node.pipe, true);
  const inside = scope.mark();
  const list = compileList(compilation, node.list);
  scope.release(inside);
  const otherwise = node.elseList && compileList(compilation, node.elseList);
  scope.release(mark);
  return (frame) => {
    const value = evaluate(frame, undefined);
    if (!isTrue(value)) return otherwise ? otherwise(frame) : NEXT;
    const { dot, dotIsInterface } = frame;
    frame.dot = value;
    frame.dotIsInterface = false;
    const signal = list(frame);
    frame.dot = dot;
    frame.dotIsInterface = dotIsInterface;
    return signal;
  };
}

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
