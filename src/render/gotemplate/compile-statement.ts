// Statements to closures (Go: exec.go, walk).

import { runDescent } from '../go/descent.ts';
import { quote } from '../go/quote.ts';
import { typeName } from '../go/type-name.ts';
import { spendOperation } from './call.ts';
import { type Compilation, compilePipe, type Pipeline } from './compile-expression.ts';
import { compileRange } from './compile-range.ts';
import {
  type Block,
  BREAK,
  CONTINUE,
  descendBlock,
  descendProgram,
  descendValue,
  type Execution,
  type Frame,
  failure,
  NEXT,
  type Program,
  type Run,
  runProgram,
  type Signal,
  type Step,
  type Value,
} from './frame.ts';
import { MAX_CALLS, MAX_NESTED, tooDeep } from './nesting.ts';
import type { ActionNode, BranchNode, ListNode, Statement, TemplateNode, TextNode } from './node.ts';
import { nodeText } from './node-text.ts';
import { printedText } from './print-value.ts';
import { isTrue } from './truth.ts';

/** Who runs the block loops over it himself: a function for that would cost each nested block a frame of the stack. */
export function compileList(compilation: Compilation, list: ListNode): Block {
  const steps: Step[] = [];
  // A text and the action after it, the usual pair, become one.
  let text = '';
  for (const node of list.nodes) {
    if (node.kind === 'action' && node.pipe.variables.length === 0) {
      steps.push(compileAction(compilation, node, text));
      text = '';
      continue;
    }
    if (text !== '') steps.push(plain(compileText(text)));
    text = node.kind === 'text' ? node.text : '';
    if (node.kind !== 'text') steps.push(compileStatement(compilation, node));
  }
  if (text !== '') steps.push(plain(compileText(text)));
  return steps;
}

/** A statement that enters no template. */
function plain(run: Run): Step {
  return { run, descend: undefined };
}

function compileText(text: string): Run {
  return (frame) => {
    emit(frame.execution, text);
    return NEXT;
  };
}

function compileStatement(compilation: Compilation, node: Exclude<Statement, TextNode>): Step {
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
      return plain(() => BREAK);
    case 'continue':
      return plain(() => CONTINUE);
  }
}

/** Adds to the output, within the budget. */
function emit(execution: Execution, text: string): void {
  execution.output += text;
  if (execution.output.length > execution.outputLimit) throw execution.budget.outputExceeded();
}

/** An action that only sets variables prints nothing. */
function compileDeclaration(compilation: Compilation, node: ActionNode): Step {
  const { evaluate, descend } = compilePipe(compilation, node.pipe);
  return {
    run: (frame) => {
      evaluate(frame, undefined);
      return NEXT;
    },
    descend:
      descend &&
      function* (frame) {
        yield* descend(frame, undefined);
        return NEXT;
      },
  };
}

/** `before` is the text that stands before the action. */
function compileAction(compilation: Compilation, node: ActionNode, before: string): Step {
  const { evaluate, descend } = compilePipe(compilation, node.pipe, true);
  const print = (frame: Frame, value: Value): Signal => {
    const text = typeof value === 'string' ? value : printedText(value);
    if (text === undefined) {
      throw failure(frame, node, `can't print ${nodeText(node)} of type ${typeName(value ?? null)}`);
    }
    emit(frame.execution, text);
    return NEXT;
  };
  return {
    run: (frame) => {
      frame.execution.output += before;
      return print(frame, evaluate(frame, undefined));
    },
    descend:
      descend &&
      function* (frame) {
        frame.execution.output += before;
        return print(frame, yield* descend(frame, undefined));
      },
  };
}

function compileIf(compilation: Compilation, node: BranchNode): Step {
  const { pipe, list, otherwise } = compileBranch(compilation, node);
  const { evaluate } = pipe;
  return {
    run: (frame) => {
      const block = isTrue(evaluate(frame, undefined)) ? list() : otherwise();
      for (let i = 0; i < block.length; i++) {
        const signal = block[i]?.run(frame);
        if (signal) return signal;
      }
      return NEXT;
    },
    *descend(frame) {
      const value = yield* descendValue(pipe, frame, undefined);
      return yield* descendBlock(frame, isTrue(value) ? list() : otherwise());
    },
  };
}

function compileWith(compilation: Compilation, node: BranchNode): Step {
  const { pipe, list, otherwise } = compileBranch(compilation, node);
  const { evaluate } = pipe;
  /** Sets dot where the value holds, and gives the block that it chooses. */
  const enter = (frame: Frame, value: Value): Block => {
    if (!isTrue(value)) return otherwise();
    frame.dot = value;
    frame.dotIsInterface = false;
    return list();
  };
  return {
    run: (frame) => {
      const value = evaluate(frame, undefined);
      const { dot, dotIsInterface } = frame;
      const block = enter(frame, value);
      let signal: Signal = NEXT;
      for (let i = 0; i < block.length && signal === NEXT; i++) signal = block[i]?.run(frame) ?? NEXT;
      frame.dot = dot;
      frame.dotIsInterface = dotIsInterface;
      return signal;
    },
    *descend(frame) {
      const value = yield* descendValue(pipe, frame, undefined);
      const { dot, dotIsInterface } = frame;
      const signal = yield* descendBlock(frame, enter(frame, value));
      frame.dot = dot;
      frame.dotIsInterface = dotIsInterface;
      return signal;
    },
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

function compileTemplateCall(compilation: Compilation, node: TemplateNode): Step {
  const pipe = node.pipe && compilePipe(compilation, node.pipe);
  const enter = (frame: Frame): Program => {
    const { execution } = frame;
    const program = execution.templates.findProgram(node.name);
    if (!program) throw failure(frame, node, `template ${quote(node.name)} not defined`);
    if (frame.depth >= execution.maxDepth) {
      throw failure(frame, node, `exceeded maximum template depth (${execution.maxDepth})`);
    }
    spendOperation(frame);
    execution.deepest = node;
    execution.deepestProgram = frame.program;
    return program;
  };
  return {
    run: (frame) => {
      const { execution } = frame;
      const program = enter(frame);
      const dot = pipe?.evaluate(frame, undefined);
      if (execution.budget.nested < MAX_CALLS) runProgram(execution, program, frame.depth + 1, dot);
      else runDescent(descendProgram(execution, program, frame.depth + 1, dot));
      return NEXT;
    },
    *descend(frame) {
      const { execution } = frame;
      const program = enter(frame);
      const dot = pipe && (yield* descendValue(pipe, frame, undefined));
      if (execution.budget.nested >= MAX_NESTED) throw tooDeep(execution);
      yield descendProgram(execution, program, frame.depth + 1, dot);
      return NEXT;
    },
  };
}
