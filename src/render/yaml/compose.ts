// Tokens → node tree of the first document (go.yaml.in/yaml/v2 v2.4.4, parserc.go and the parser of decode.go). The original is a
// state machine over events; here each state is a function that builds its node, asking for tokens in the same order.

import { NODE, type NodeKind, type NodeStyle, STYLE, type YamlNode } from './node.ts';
import { yamlLimit, yamlProblem } from './problem.ts';
import { resolvePlain } from './resolve.ts';
import { type Scanner, TOKEN, type Token, type TokenType } from './scanner.ts';

/** Ours: go-yaml allows 10,000, which no manifest has and no JavaScript stack bears in all that follows. */
const MAX_DEPTH = 1000;

const NO_CHILDREN: YamlNode[] = [];

/** The tree of the first document in `scanner`'s text, undefined where there is none. Throws go-yaml's errors. */
export function composeDocument(scanner: Scanner): YamlNode | undefined {
  return new Composer(scanner).document();
}

/**
 * The same, but that of the entries of a mapping at the top only those whose key is wanted have a value; what the others have is passed
 * over. Throws where that would hide an error or a meaning: for whatever is not plain the whole document must be composed.
 */
export function composeWanted(scanner: Scanner, isWanted: (key: string) => boolean): YamlNode | undefined {
  return new Composer(scanner, isWanted).document();
}

class Composer {
  private readonly scanner: Scanner;
  private readonly isWanted: ((key: string) => boolean) | undefined;
  /** True inside what is passed over: its tokens are read and no node is made. */
  private passing = false;
  private readonly anchors = new Map<string, YamlNode>();
  private readonly tagPrefixes = new Map<string, string>();
  private depth = 0;

  constructor(scanner: Scanner, isWanted?: (key: string) => boolean) {
    this.scanner = scanner;
    this.isWanted = isWanted;
  }

  document(): YamlNode | undefined {
    this.expect(TOKEN.streamStart, 'did not find expected <stream-start>');
    const first = this.peek().type;
    if (first === TOKEN.streamEnd) return undefined;
    const explicit = first === TOKEN.versionDirective || first === TOKEN.tagDirective || first === TOKEN.documentStart;
    this.directives();
    let root: YamlNode;
    if (explicit) {
      this.expect(TOKEN.documentStart, 'did not find expected <document start>');
      const next = this.peek();
      root = endsDocument(next.type) ? emptyScalar(next.line) : this.node(true, false);
    } else root = this.node(true, false);
    // The end of the document is looked at, so that an error in its first token is told; what follows is not read.
    this.peek();
    return root;
  }

  private peek(): Token {
    return this.scanner.peek();
  }

  /** The token after the one at hand. */
  private next(): Token {
    this.scanner.skip();
    return this.scanner.peek();
  }

  private expect(type: TokenType, problem: string): void {
    const token = this.peek();
    if (token.type !== type) throw this.fail(problem, token.line, 0);
    this.scanner.skip();
  }

  /** go-yaml tells the line before the error, and where that is 0 the line before the collection's start. */
  private fail(problem: string, line: number, contextLine: number): Error {
    const told = line || contextLine;
    return yamlProblem(told === 0 ? problem : `line ${told}: ${problem}`, line + 1);
  }

  private directives(): void {
    let version = false;
    for (let token = this.peek(); ; token = this.next()) {
      if (token.type === TOKEN.versionDirective) {
        if (version) throw this.fail('found duplicate %YAML directive', token.line, 0);
        if (token.value !== '1.1') throw this.fail('found incompatible YAML document', token.line, 0);
        version = true;
      } else if (token.type === TOKEN.tagDirective) {
        if (this.tagPrefixes.has(token.value)) throw this.fail('found duplicate %TAG directive', token.line, 0);
        this.tagPrefixes.set(token.value, token.suffix);
      } else break;
    }
    if (!this.tagPrefixes.has('!')) this.tagPrefixes.set('!', '!');
    if (!this.tagPrefixes.has('!!')) this.tagPrefixes.set('!!', 'tag:yaml.org,2002:');
  }

  /** `block`: block collections may stand here; `indentless`: so may a sequence without indentation of its own. */
  private node(block: boolean, indentless: boolean): YamlNode {
    if (this.passing) return this.pass(block, indentless);
    let token = this.peek();
    if (token.type === TOKEN.alias) return this.alias(token);
    const { line } = token;
    let anchor: string | undefined;
    let tagToken: Token | undefined;
    while (token.type === TOKEN.anchor || token.type === TOKEN.tag) {
      // At most one of each, in any order; a second is no content.
      if (token.type === TOKEN.anchor) {
        if (anchor !== undefined) break;
        anchor = token.value;
      } else {
        if (tagToken !== undefined) break;
        tagToken = token;
      }
      token = this.next();
    }
    const tag = tagToken === undefined ? '' : this.resolveTag(tagToken, line);

    if (token.type === TOKEN.scalar) {
      const implicit = (tag === '' && token.style === STYLE.plain) || tag === '!';
      const node = this.anchored(
        anchor,
        createNode(NODE.scalar, line, NO_CHILDREN, token.value, tag, implicit, undefined, token.style),
      );
      this.scanner.skip();
      return node;
    }
    const kind = collectionKind(token.type, block, indentless);
    if (kind === undefined) {
      if (anchor !== undefined || tag !== '') {
        return this.anchored(anchor, createNode(NODE.scalar, line, NO_CHILDREN, '', tag, tag === ''));
      }
      throw this.fail('did not find expected node content', token.line, line);
    }
    const node = this.anchored(
      anchor,
      createNode(kind, line, [], '', '', false, undefined, isFlow(token.type) ? STYLE.flow : STYLE.plain),
    );
    if (++this.depth > MAX_DEPTH) throw yamlLimit(`collections are nested deeper than ${MAX_DEPTH}`);
    this.fill(node.children, token);
    this.depth--;
    return node;
  }

  /** Reads a node without making it. Anchors, tags and errors are not for this. */
  private pass(block: boolean, indentless: boolean): YamlNode {
    const token = this.peek();
    if (token.type === TOKEN.scalar) {
      this.scanner.skip();
      return passScalar(token);
    }
    if (collectionKind(token.type, block, indentless) === undefined || ++this.depth > MAX_DEPTH) throw notPlain();
    this.fill(NO_CHILDREN, token);
    this.depth--;
    return PASSED;
  }

  private add(children: YamlNode[], node: YamlNode): void {
    if (!this.passing) children.push(node);
  }

  private addKey(children: YamlNode[], node: YamlNode): void {
    if (!this.passing) children.push(node);
    else if (node !== PASSED_TEXT) throw notPlain();
  }

  private fill(children: YamlNode[], start: Token): void {
    if (start.type === TOKEN.blockMappingStart) this.blockMapping(children, start.line);
    else if (start.type === TOKEN.blockSequenceStart) this.blockSequence(children, start.line);
    else if (start.type === TOKEN.blockEntry) this.indentlessSequence(children);
    else if (start.type === TOKEN.flowMappingStart) this.flowMapping(children, start.line);
    else this.flowSequence(children, start.line);
  }

  private anchored(anchor: string | undefined, node: YamlNode): YamlNode {
    if (anchor !== undefined) this.anchors.set(anchor, node);
    return node;
  }

  private alias(token: Token): YamlNode {
    const target = this.anchors.get(token.value);
    if (target === undefined) throw yamlProblem(`unknown anchor '${token.value}' referenced`, token.line + 1);
    this.scanner.skip();
    return createNode(NODE.alias, token.line, NO_CHILDREN, token.value, '', false, target);
  }

  private resolveTag(token: Token, nodeLine: number): string {
    if (token.value === '') return token.suffix;
    const prefix = this.tagPrefixes.get(token.value);
    if (prefix === undefined) throw this.fail('found undefined tag handle', token.line, nodeLine);
    return prefix + token.suffix;
  }

  private blockSequence(children: YamlNode[], startLine: number): void {
    for (let token = this.next(); token.type !== TOKEN.blockEnd; token = this.peek()) {
      if (token.type !== TOKEN.blockEntry)
        throw this.fail("did not find expected '-' indicator", token.line, startLine);
      const { line } = token;
      const content = this.next().type;
      const empty = content === TOKEN.blockEntry || content === TOKEN.blockEnd;
      this.add(children, empty ? emptyScalar(line) : this.node(true, false));
    }
    this.scanner.skip();
  }

  private indentlessSequence(children: YamlNode[]): void {
    for (let token = this.peek(); token.type === TOKEN.blockEntry; token = this.peek()) {
      const { line } = token;
      const content = this.next().type;
      const empty = content === TOKEN.blockEntry || endsBlockEntry(content);
      this.add(children, empty ? emptyScalar(line) : this.node(true, false));
    }
  }

  private blockMapping(children: YamlNode[], startLine: number): void {
    for (let token = this.next(); token.type !== TOKEN.blockEnd; token = this.peek()) {
      if (token.type !== TOKEN.key) throw this.fail('did not find expected key', token.line, startLine);
      const { line } = token;
      const key = endsBlockEntry(this.next().type) ? emptyScalar(line) : this.node(true, true);
      this.addKey(children, key);
      if (this.depth === 1 && this.isUnwanted(key)) {
        this.passing = true;
        this.blockMappingValue();
        this.passing = false;
        this.add(children, emptyScalar(line));
      } else this.add(children, this.blockMappingValue());
    }
    this.scanner.skip();
  }

  private isUnwanted({ kind, tag, value }: YamlNode): boolean {
    return this.isWanted !== undefined && kind === NODE.scalar && tag === '' && value !== '<<' && !this.isWanted(value);
  }

  private blockMappingValue(): YamlNode {
    const { type, line } = this.peek();
    if (type !== TOKEN.value) return emptyScalar(line);
    return endsBlockEntry(this.next().type) ? emptyScalar(line) : this.node(true, true);
  }

  private flowSequence(children: YamlNode[], startLine: number): void {
    let token = this.next();
    for (let first = true; token.type !== TOKEN.flowSequenceEnd; first = false) {
      if (!first) {
        if (token.type !== TOKEN.flowEntry) throw this.fail("did not find expected ',' or ']'", token.line, startLine);
        token = this.next();
        if (token.type === TOKEN.flowSequenceEnd) break;
      }
      this.add(children, token.type === TOKEN.key ? this.flowPair(token.line) : this.node(false, false));
      token = this.peek();
    }
    this.scanner.skip();
  }

  /** `key: value` as an item of a flow sequence. */
  private flowPair(line: number): YamlNode {
    if (this.passing) throw notPlain();
    const pair = createNode(NODE.mapping, line, [], '', '', false, undefined, STYLE.flow);
    const key = this.next();
    if (key.type === TOKEN.value || endsFlowItem(key.type, TOKEN.flowSequenceEnd)) {
      // go-yaml drops the token that it finds instead of a key, be it what it may.
      pair.children.push(emptyScalar(key.line));
      this.scanner.skip();
    } else pair.children.push(this.node(false, false));
    pair.children.push(this.flowValue(TOKEN.flowSequenceEnd));
    this.peek();
    return pair;
  }

  private flowValue(end: TokenType): YamlNode {
    let token = this.peek();
    if (token.type === TOKEN.value) {
      token = this.next();
      if (!endsFlowItem(token.type, end)) return this.node(false, false);
    }
    return emptyScalar(token.line);
  }

  private flowMapping(children: YamlNode[], startLine: number): void {
    let token = this.next();
    for (let first = true; token.type !== TOKEN.flowMappingEnd; first = false) {
      if (!first) {
        if (token.type !== TOKEN.flowEntry) throw this.fail("did not find expected ',' or '}'", token.line, startLine);
        token = this.next();
        if (token.type === TOKEN.flowMappingEnd) break;
      }
      if (token.type === TOKEN.key) {
        token = this.next();
        const empty = token.type === TOKEN.value || endsFlowItem(token.type, TOKEN.flowMappingEnd);
        this.addKey(children, empty ? emptyScalar(token.line) : this.node(false, false));
        this.add(children, this.flowValue(TOKEN.flowMappingEnd));
      } else {
        this.addKey(children, this.node(false, false));
        this.add(children, emptyScalar(this.peek().line));
      }
      token = this.peek();
    }
    this.scanner.skip();
  }
}

/** What was passed over: any value, or text that may be a key. */
const PASSED = emptyScalar(0);
const PASSED_TEXT = emptyScalar(0);

/** Keys that JSON may lack, merges, and numbers that are none are not for passing over. */
function passScalar({ style, value }: Token): YamlNode {
  if (style !== STYLE.plain) return PASSED_TEXT;
  if (value === '<<') return PASSED;
  const scalar = resolvePlain(value, 'v2');
  if (typeof scalar === 'number' && !Number.isFinite(scalar)) throw notPlain();
  return typeof scalar === 'string' || typeof scalar === 'boolean' ? PASSED_TEXT : PASSED;
}

function notPlain(): Error {
  return yamlProblem('not plain');
}

function createNode(
  kind: NodeKind,
  line: number,
  children: YamlNode[],
  value = '',
  tag = '',
  implicit = false,
  target: YamlNode | undefined = undefined,
  style: NodeStyle = STYLE.plain,
): YamlNode {
  return { kind, line, tag, style, value, implicit, children, target, open: false };
}

function emptyScalar(line: number): YamlNode {
  return createNode(NODE.scalar, line, NO_CHILDREN, '', '', true);
}

function collectionKind(type: TokenType, block: boolean, indentless: boolean): NodeKind | undefined {
  if (type === TOKEN.flowMappingStart) return NODE.mapping;
  if (type === TOKEN.flowSequenceStart) return NODE.sequence;
  if (type === TOKEN.blockMappingStart && block) return NODE.mapping;
  if (type === TOKEN.blockSequenceStart && block) return NODE.sequence;
  return type === TOKEN.blockEntry && indentless ? NODE.sequence : undefined;
}

function isFlow(type: TokenType): boolean {
  return type === TOKEN.flowMappingStart || type === TOKEN.flowSequenceStart;
}

function endsDocument(type: TokenType): boolean {
  return type === TOKEN.documentEnd || type === TOKEN.documentStart || type <= TOKEN.tagDirective;
}

function endsBlockEntry(type: TokenType): boolean {
  return type === TOKEN.key || type === TOKEN.value || type === TOKEN.blockEnd;
}

function endsFlowItem(type: TokenType, end: TokenType): boolean {
  return type === TOKEN.flowEntry || type === end;
}
