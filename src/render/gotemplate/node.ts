// The parse tree: one type a kind of node (Go: text/template/parse/node.go).

import type { NumberConstant } from './number.ts';

/** The text of one parse, for error messages. */
export interface Source {
  /** The name given to `parse`: a define inside has another name, but its errors tell this one. */
  readonly name: string;
  readonly text: string;
}

interface Base {
  /** In UTF-16 units of the source's text. */
  readonly position: number;
}

export interface TextNode extends Base {
  readonly kind: 'text';
  readonly text: string;
}

export interface ListNode extends Base {
  readonly kind: 'list';
  readonly nodes: readonly Statement[];
}

export interface ActionNode extends Base {
  readonly kind: 'action';
  readonly pipe: PipeNode;
}

export interface BranchNode extends Base {
  readonly kind: 'if' | 'range' | 'with';
  readonly pipe: PipeNode;
  readonly list: ListNode;
  readonly elseList: ListNode | undefined;
}

export interface TemplateNode extends Base {
  readonly kind: 'template';
  readonly name: string;
  readonly pipe: PipeNode | undefined;
}

export interface BreakNode extends Base {
  readonly kind: 'break' | 'continue';
}

/** `{{end}}` and `{{else}}`: the parser's own; never in a tree. */
export type MarkNode = EndNode | ElseNode;

export interface EndNode extends Base {
  readonly kind: 'end';
}

export interface ElseNode extends Base {
  readonly kind: 'else';
}

export interface PipeNode extends Base {
  readonly kind: 'pipe';
  /** The variables are assigned (`=`), not declared (`:=`). */
  readonly isAssign: boolean;
  readonly variables: readonly VariableNode[];
  readonly commands: readonly CommandNode[];
}

export interface CommandNode extends Base {
  readonly kind: 'command';
  readonly arguments: readonly Operand[];
}

export interface IdentifierNode extends Base {
  readonly kind: 'identifier';
  readonly name: string;
}

export interface VariableNode extends Base {
  readonly kind: 'variable';
  /** The variable's name with its `$`, then the fields after it. */
  readonly names: readonly string[];
}

export interface FieldNode extends Base {
  readonly kind: 'field';
  readonly names: readonly string[];
}

export interface ChainNode extends Base {
  readonly kind: 'chain';
  readonly operand: Operand;
  readonly names: readonly string[];
}

export interface DotNode extends Base {
  readonly kind: 'dot';
}

export interface NilNode extends Base {
  readonly kind: 'nil';
}

export interface BoolNode extends Base {
  readonly kind: 'bool';
  readonly value: boolean;
}

export interface NumberNode extends Base {
  readonly kind: 'number';
  readonly text: string;
  readonly constant: NumberConstant;
}

export interface StringNode extends Base {
  readonly kind: 'string';
  /** As written, with its quotes. */
  readonly quoted: string;
  readonly text: string;
}

export type Operand =
  | IdentifierNode
  | VariableNode
  | FieldNode
  | ChainNode
  | PipeNode
  | DotNode
  | NilNode
  | BoolNode
  | NumberNode
  | StringNode;

export type Statement = TextNode | ActionNode | BranchNode | TemplateNode | BreakNode;

export type Node = Statement | MarkNode | ListNode | CommandNode | Operand;

/** A named template as the parser found it. */
export interface Tree {
  readonly name: string;
  readonly source: Source;
  readonly root: ListNode;
}
