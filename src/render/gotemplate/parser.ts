// The parser: tokens to trees (Go: text/template/parse/parse.go). Long because a grammar reads best in one place.

import type { HawserError } from '../../base/errors.ts';
import { messageOf } from '../../base/errors.ts';
import { quote, unquote } from '../go/quote.ts';
import { isEmptyTree } from './empty-tree.ts';
import { Lexer } from './lexer.ts';
import type {
  ActionNode,
  BranchNode,
  BreakNode,
  CommandNode,
  ListNode,
  MarkNode,
  NumberNode,
  Operand,
  PipeNode,
  Source,
  Statement,
  TemplateNode,
  Tree,
  VariableNode,
} from './node.ts';
import { nodeText } from './node-text.ts';
import { NumberSyntaxError, parseCharacter, parseNumber } from './number.ts';
import { parseError } from './template-error.ts';
import { describeToken, type Token, type TokenType } from './token.ts';

export interface ParseOptions {
  readonly leftDelimiter: string;
  readonly rightDelimiter: string;
  hasFunction(name: string): boolean;
}

/** Go allows 10,000 nested parentheses; here a level costs several frames of a smaller stack. */
const MAX_EXPRESSION_DEPTH = 1000;
/** Nested control structures; Go has no limit, but here too each level costs stack. */
const MAX_BLOCK_DEPTH = 1000;

/**
 * The templates that `text` defines: itself under `name`, and each `define` and `block` under its own.
 * Throws `RenderFailed` with Go's text, `template: NAME:LINE: …`.
 */
export function parseTemplates(name: string, text: string, options: ParseOptions): Map<string, Tree> {
  const source = { name, text };
  const lexer = new Lexer(text, {
    leftDelimiter: options.leftDelimiter,
    rightDelimiter: options.rightDelimiter,
    breakKeyword: !options.hasFunction('break'),
    continueKeyword: !options.hasFunction('continue'),
  });
  const trees = new Map<string, Tree>();
  new TreeParser({ source, lexer, options, trees, depth: 0 }).parseFile(name);
  return trees;
}

/** What the parsers of one text share. */
interface Shared {
  readonly source: Source;
  readonly lexer: Lexer;
  readonly options: ParseOptions;
  readonly trees: Map<string, Tree>;
  depth: number;
}

/** The parser of one tree: a define or block inside has a parser, look-ahead and variables of its own. */
class TreeParser {
  private readonly shared: Shared;
  private readonly source: Source;
  /** Two-token look-ahead; the next token is at `peeked - 1`. */
  private readonly tokens: [Token, Token];
  private peeked = 0;
  private variables = ['$'];
  /** The line of the delimiter that began the action at hand; 0 outside. */
  private actionLine = 0;
  private rangeDepth = 0;
  private expressionDepth = 0;

  constructor(shared: Shared) {
    this.shared = shared;
    this.source = shared.source;
    const none: Token = { type: 'eof', position: 0, text: '', line: 0, afterSpace: false };
    this.tokens = [none, none];
  }

  // --- tokens ---

  private next(): Token {
    if (this.peeked > 0) this.peeked--;
    else this.tokens[0] = this.shared.lexer.nextToken();
    return this.tokens[this.peeked] ?? this.tokens[0];
  }

  private backup(): void {
    this.peeked++;
  }

  /** Backs up two tokens; the later one is still there. */
  private backup2(first: Token): void {
    this.tokens[1] = first;
    this.peeked = 2;
  }

  private peek(): Token {
    if (this.peeked > 0) return this.tokens[this.peeked - 1] ?? this.tokens[0];
    this.peeked = 1;
    this.tokens[0] = this.shared.lexer.nextToken();
    return this.tokens[0];
  }

  private expect(type: TokenType, context: string): Token {
    const token = this.next();
    if (token.type !== type) throw this.unexpected(token, context);
    return token;
  }

  // --- errors ---

  private error(message: string): HawserError {
    return parseError(this.source, this.tokens[0].line, message);
  }

  /** An error that Go tells with `next` looked at, which may be a token of space, on the line that was read last. */
  private errorBefore(next: Token, line: number, message: string): HawserError {
    return parseError(this.source, next.afterSpace ? line : next.line, message);
  }

  private unexpected(token: Token, context: string): HawserError {
    if (token.type !== 'error') return this.error(`unexpected ${describeToken(token)} in ${context}`);
    let extra = '';
    if (this.actionLine !== 0 && this.actionLine !== token.line) {
      extra = ` in action started at ${this.source.name}:${this.actionLine}`;
      // Go: avoid "action in action".
      if (token.text.endsWith(' action')) extra = extra.slice(' in action'.length);
    }
    return this.error(token.text + extra);
  }

  // --- trees ---

  parseFile(name: string): void {
    const { position } = this.peek();
    const nodes: Statement[] = [];
    while (this.peek().type !== 'eof') {
      if (this.peek().type === 'leftDelimiter') {
        const delimiter = this.next();
        if (this.next().type === 'define') {
          new TreeParser(this.shared).parseDefinition();
          continue;
        }
        this.backup2(delimiter);
      }
      const node = this.textOrAction();
      if (node.kind === 'end' || node.kind === 'else') throw this.error(`unexpected ${nodeText(node)}`);
      nodes.push(node);
    }
    this.add(name, { kind: 'list', position, nodes });
  }

  /** `{{define "name"}} … {{end}}`; the keyword is past. */
  private parseDefinition(): void {
    const context = 'define clause';
    const token = this.next();
    if (token.type !== 'string' && token.type !== 'rawString') throw this.unexpected(token, context);
    const name = this.unquoted(token);
    this.expect('rightDelimiter', context);
    const { list, end } = this.itemList();
    if (end.kind !== 'end') throw this.error(`unexpected ${nodeText(end)} in ${context}`);
    this.add(name, list);
  }

  private add(name: string, root: ListNode): void {
    const { trees } = this.shared;
    const old = trees.get(name);
    if (!old || isEmptyTree(old.root)) trees.set(name, { name, source: this.source, root });
    else if (!isEmptyTree(root)) throw this.error(`template: multiple definition of template ${quote(name)}`);
  }

  // --- statements ---

  /** Nodes up to `{{end}}` or `{{else}}`, which comes back beside them. */
  private itemList(): { list: ListNode; end: MarkNode } {
    if (++this.shared.depth > MAX_BLOCK_DEPTH) throw this.error('max block depth exceeded');
    const { position } = this.peek();
    const nodes: Statement[] = [];
    while (this.peek().type !== 'eof') {
      const node = this.textOrAction();
      if (node.kind === 'end' || node.kind === 'else') {
        this.shared.depth--;
        // A copy has no room to grow: trees live long.
        return { list: { kind: 'list', position, nodes: nodes.slice() }, end: node };
      }
      nodes.push(node);
    }
    throw this.error('unexpected EOF');
  }

  private textOrAction(): Statement | MarkNode {
    const token = this.next();
    switch (token.type) {
      case 'text':
        return { kind: 'text', position: token.position, text: token.text };
      case 'leftDelimiter': {
        this.actionLine = token.line;
        const node = this.action();
        this.actionLine = 0;
        return node;
      }
      default:
        throw this.unexpected(token, 'input');
    }
  }

  private action(): Statement | MarkNode {
    const token = this.next();
    switch (token.type) {
      case 'block':
        return this.blockControl();
      case 'break':
      case 'continue':
        return this.breakControl(token.type, token.position);
      case 'else':
        return this.elseControl();
      case 'end':
        return { kind: 'end', position: this.expect('rightDelimiter', 'end').position };
      case 'if':
      case 'range':
      case 'with':
        return this.branchControl(token.type);
      case 'template':
        return this.templateControl();
    }
    this.backup();
    const { position } = this.peek();
    // Variables are not popped; they persist until "end".
    const pipe = this.pipeline('command', 'rightDelimiter');
    return { kind: 'action', position, pipe } satisfies ActionNode;
  }

  private breakControl(kind: 'break' | 'continue', position: number): BreakNode {
    const token = this.next();
    if (token.type !== 'rightDelimiter') throw this.unexpected(token, `{{${kind}}}`);
    if (this.rangeDepth === 0) throw this.error(`{{${kind}}} outside {{range}}`);
    return { kind, position };
  }

  private branchControl(kind: BranchNode['kind']): BranchNode {
    const declared = this.variables.length;
    const pipe = this.pipeline(kind, 'rightDelimiter');
    if (kind === 'range') this.rangeDepth++;
    const { list, end } = this.itemList();
    if (kind === 'range') this.rangeDepth--;
    const elseList = end.kind === 'else' ? this.elseList(kind, end) : undefined;
    this.variables.length = declared;
    return { kind, position: pipe.position, pipe, list, elseList };
  }

  /** `{{else if …}}` and `{{else with …}}` are an else list of that one branch, whose `{{end}}` ends both. */
  private elseList(kind: BranchNode['kind'], mark: MarkNode): ListNode {
    if (kind !== 'range' && this.peek().type === kind) {
      this.next();
      if (++this.shared.depth > MAX_BLOCK_DEPTH) throw this.error('max block depth exceeded');
      const branch = this.branchControl(kind);
      this.shared.depth--;
      return { kind: 'list', position: mark.position, nodes: [branch] };
    }
    const { list, end } = this.itemList();
    if (end.kind !== 'end') throw this.error(`expected end; found ${nodeText(end)}`);
    return list;
  }

  private elseControl(): MarkNode {
    const peek = this.peek();
    if (peek.type === 'if' || peek.type === 'with') {
      return { kind: 'else', position: peek.position };
    }
    return { kind: 'else', position: this.expect('rightDelimiter', 'else').position };
  }

  /** `{{block "name" pipeline}} … {{end}}`: a definition and its use. */
  private blockControl(): TemplateNode {
    const context = 'block clause';
    const token = this.next();
    const name = this.templateName(token, context);
    const pipe = this.pipeline(context, 'rightDelimiter');
    new TreeParser(this.shared).parseBlock(name, (end) => this.error(`unexpected ${nodeText(end)} in ${context}`));
    return { kind: 'template', position: token.position, name, pipe };
  }

  private parseBlock(name: string, unexpectedEnd: (end: MarkNode) => HawserError): void {
    const { list, end } = this.itemList();
    if (end.kind !== 'end') throw unexpectedEnd(end);
    this.add(name, list);
  }

  private templateControl(): TemplateNode {
    const context = 'template clause';
    const token = this.next();
    const name = this.templateName(token, context);
    let pipe: PipeNode | undefined;
    if (this.next().type !== 'rightDelimiter') {
      this.backup();
      pipe = this.pipeline(context, 'rightDelimiter');
    }
    return { kind: 'template', position: token.position, name, pipe };
  }

  private templateName(token: Token, context: string): string {
    if (token.type !== 'string' && token.type !== 'rawString') throw this.unexpected(token, context);
    return this.unquoted(token);
  }

  // --- expressions ---

  private pipeline(context: string, end: 'rightDelimiter' | 'rightParen'): PipeNode {
    const { position } = this.peek();
    const { isAssign, variables } = this.declarations(context);
    let commands: CommandNode[] = NO_COMMANDS;
    for (;;) {
      const token = this.next();
      if (token.type === end) {
        this.checkPipeline(commands, context);
        return { kind: 'pipe', position, isAssign, variables, commands };
      }
      if (!OPERAND_STARTS.has(token.type)) throw this.unexpected(token, context);
      this.backup();
      commands = withItem(commands, this.command());
    }
  }

  /** Reads `$x :=`, `$x =` or, for range, `$x, $y :=`. */
  private declarations(context: string): Pick<PipeNode, 'isAssign' | 'variables'> {
    let variables: VariableNode[] = NO_VARIABLES;
    for (;;) {
      const variable = this.peek();
      if (variable.type !== 'variable') break;
      this.next();
      const next = this.peek();
      const isComma = next.type === 'char' && next.text === ',';
      if (next.type !== 'assign' && next.type !== 'declare' && !isComma) {
        this.backup2(variable);
        break;
      }
      this.next();
      variables = withItem(variables, this.variable(variable.position, variable.text));
      this.variables.push(variable.text);
      if (!isComma) return { isAssign: next.type === 'assign', variables };
      if (context !== 'range' || variables.length >= 2) throw this.error(`too many declarations in ${context}`);
      const { type } = this.peek();
      if (type !== 'variable' && type !== 'rightDelimiter' && type !== 'rightParen') {
        throw this.error('range can only initialize variables');
      }
    }
    return { isAssign: false, variables };
  }

  private checkPipeline(commands: readonly CommandNode[], context: string): void {
    if (commands.length === 0) throw this.error(`missing value for ${context}`);
    for (let i = 1; i < commands.length; i++) {
      const kind = commands[i]?.arguments[0]?.kind;
      if (kind === 'bool' || kind === 'dot' || kind === 'nil' || kind === 'number' || kind === 'string') {
        throw this.error(`non executable command in pipeline stage ${i + 1}`);
      }
    }
  }

  /** Operands between spaces, up to a pipe (consumed) or the end of the pipeline (left). */
  private command(): CommandNode {
    const { position } = this.peek();
    let operands: Operand[] = NO_OPERANDS;
    for (;;) {
      const operand = this.operand();
      if (operand) operands = withItem(operands, operand);
      if (operand && this.peek().afterSpace) continue;
      const token = this.next();
      if (token.type === 'rightDelimiter' || token.type === 'rightParen') this.backup();
      else if (token.type !== 'pipe') throw this.unexpected(token, 'operand');
      break;
    }
    if (operands.length === 0) throw this.error('empty command');
    return { kind: 'command', position, arguments: operands };
  }

  /** A term and the fields after it; undefined where the next token is no term. */
  private operand(): Operand | undefined {
    const node = this.term();
    if (!node || !this.atField()) return node;
    // Go puts the node where its second part begins: error columns point inside the chain.
    const { position, line } = this.peek();
    const names: string[] = [];
    while (this.atField()) names.push(this.next().text.slice(1));
    switch (node.kind) {
      case 'field':
        return { ...node, position, names: [...node.names, ...names] };
      case 'variable':
        return { ...node, position, names: [...node.names, ...names] };
      case 'bool':
      case 'string':
      case 'number':
      case 'nil':
      case 'dot':
        throw this.errorBefore(this.peek(), line, `unexpected . after term ${quote(nodeText(node))}`);
      default:
        return { kind: 'chain', position, operand: node, names };
    }
  }

  /** True at a field that follows without a space. */
  private atField(): boolean {
    const { type, afterSpace } = this.peek();
    return type === 'field' && !afterSpace;
  }

  private term(): Operand | undefined {
    const token = this.next();
    const { position, text } = token;
    switch (token.type) {
      case 'identifier':
        if (!this.shared.options.hasFunction(text)) throw this.error(`function ${quote(text)} not defined`);
        return { kind: 'identifier', position, name: text };
      case 'dot':
        return { kind: 'dot', position };
      case 'nil':
        return { kind: 'nil', position };
      case 'variable':
        if (!this.variables.includes(text)) throw this.error(`undefined variable ${quote(text)}`);
        return this.variable(position, text);
      case 'field':
        return { kind: 'field', position, names: [text.slice(1)] };
      case 'bool':
        return { kind: 'bool', position, value: text === 'true' };
      case 'charConstant':
      case 'complex':
      case 'number':
        return this.number(token);
      case 'leftParen':
        return this.parenthesised();
      case 'string':
      case 'rawString':
        return { kind: 'string', position, quoted: text, text: this.unquoted(token) };
    }
    this.backup();
    return undefined;
  }

  private parenthesised(): PipeNode {
    if (this.expressionDepth >= MAX_EXPRESSION_DEPTH) throw this.error('max expression depth exceeded');
    this.expressionDepth++;
    const pipe = this.pipeline('parenthesized pipeline', 'rightParen');
    this.expressionDepth--;
    return pipe;
  }

  private variable(position: number, text: string): VariableNode {
    return { kind: 'variable', position, names: [text] };
  }

  private number(token: Token): NumberNode {
    const { position, text, type } = token;
    try {
      const constant = type === 'charConstant' ? parseCharacter(text) : parseNumber(text, type === 'complex');
      return { kind: 'number', position, text, constant };
    } catch (error) {
      if (error instanceof NumberSyntaxError) throw this.error(error.message);
      throw error;
    }
  }

  private unquoted({ text }: Token): string {
    // Without an escape the quotes are all there is to take off: the lexer let neither them nor line feeds inside.
    if (text.startsWith('"') && !text.includes('\\')) return text.slice(1, -1);
    try {
      return unquote(text);
    } catch (error) {
      throw this.error(messageOf(error));
    }
  }
}

const NO_COMMANDS: CommandNode[] = [];
const NO_VARIABLES: VariableNode[] = [];
const NO_OPERANDS: Operand[] = [];

/** `items` with one more, without room to grow: most have one or two, and trees live long. */
function withItem<T>(items: readonly T[], item: T): T[] {
  return items.length === 0 ? [item] : [...items, item];
}

const OPERAND_STARTS: ReadonlySet<TokenType> = new Set<TokenType>([
  'bool',
  'charConstant',
  'complex',
  'dot',
  'field',
  'identifier',
  'number',
  'nil',
  'rawString',
  'string',
  'variable',
  'leftParen',
]);
