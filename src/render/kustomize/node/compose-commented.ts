// Text → nodes with their comments (go-yaml v3: parserc.go and the parser of decode.go). The rest of kustomize reads without comments, since
// they vanish from its output; this is for documents inside of texts, which are written back with them.

import { TOKEN, type Token, type TokenType } from '../../yaml/scanner.ts';
import { CommentScanner, type Comments } from './comment-scanner.ts';
import { failure } from './fail.ts';
import { makeNode, type Node, STYLE, TAG } from './node.ts';
import { resolvePlain } from './resolve.ts';
import { SCALAR_STYLES, shortTag } from './styles.ts';

export interface CommentedDocument {
  readonly root: Node;
  readonly headComment: string;
  readonly footComment: string;
}

const NO_COMMENTS: Comments = { head: '', line: '', foot: '' };
const MAX_DEPTH = 1000;

/** The first document of a text; undefined where there is none. */
export function composeCommented(text: string): CommentedDocument | undefined {
  return new CommentedComposer(text).document();
}

class CommentedComposer {
  private readonly scanner: CommentScanner;
  private readonly anchors = new Map<string, Node>();
  private readonly tagPrefixes = new Map([
    ['!', '!'],
    ['!!', 'tag:yaml.org,2002:'],
  ]);
  /** The comment above `- ` of an entry that is itself a block collection. */
  private stem = '';
  private depth = 0;

  constructor(text: string) {
    this.scanner = new CommentScanner(text);
  }

  document(): CommentedDocument | undefined {
    this.scanner.peek();
    this.scanner.skip();
    if (this.peek().type === TOKEN.streamEnd) return undefined;
    const isExplicit = this.directives();
    const headComment = isExplicit ? '' : this.documentHead();
    if (isExplicit) {
      this.expect(TOKEN.documentStart, 'did not find expected <document start>');
    }
    const first = this.peek().type;
    const isEmpty = isExplicit && endsDocument(first);
    const root = isEmpty ? emptyScalar() : this.node(true, false);
    if (this.peek().type === TOKEN.documentEnd) this.scanner.skip();
    const { head, foot } = this.take();
    return { root, headComment, footComment: foot === '' ? head : foot };
  }

  private directives(): boolean {
    let found = this.peek().type === TOKEN.documentStart;
    for (let token = this.peek(); token.type <= TOKEN.tagDirective; token = this.next()) {
      if (token.type === TOKEN.tagDirective) this.tagPrefixes.set(token.value, token.suffix);
      else if (token.type !== TOKEN.versionDirective) break;
      found = true;
    }
    return found;
  }

  /** The part of the leading comment before its last empty line is the document's, the rest that of what follows. */
  private documentHead(): string {
    const { pending } = this.scanner;
    const { head } = pending;
    for (let i = head.length - 1; i > 0; i--) {
      if (head[i] !== '\n') continue;
      const isLast = i === head.length - 1;
      if (!isLast && head[i - 1] !== '\n') continue;
      pending.head = head.slice(i + 1);
      return head.slice(0, isLast ? i : i - 1);
    }
    return '';
  }

  private peek(): Token {
    return this.scanner.peek();
  }

  private next(): Token {
    this.scanner.skip();
    return this.scanner.peek();
  }

  private expect(type: TokenType, problem: string): void {
    const token = this.peek();
    if (token.type !== type) throw failure(problem, undefined, token.line + 1);
    this.scanner.skip();
  }

  private take(): Comments {
    this.stem = '';
    return this.scanner.takeComments();
  }

  private node(block: boolean, indentless: boolean): Node {
    let token = this.peek();
    if (token.type === TOKEN.alias) return this.alias(token);
    let anchor = '';
    let tag = '';
    for (let i = 0; i < 2 && (token.type === TOKEN.anchor || token.type === TOKEN.tag); i++) {
      if (token.type === TOKEN.anchor) anchor = token.value;
      else tag = this.resolveTag(token);
      token = this.next();
    }
    const node = this.content(token, block, indentless, tag, anchor);
    if (tag !== '' && tag !== '!') {
      node.tag = shortTag(tag);
      node.style |= STYLE.tagged;
    }
    return node;
  }

  private content(token: Token, block: boolean, indentless: boolean, tag: string, anchor: string): Node {
    if (indentless && token.type === TOKEN.blockEntry) {
      return this.nested(anchor, makeNode('sequence', TAG.seq), NO_COMMENTS, (node) => this.indentlessSequence(node));
    }
    switch (token.type) {
      case TOKEN.scalar: {
        const style = SCALAR_STYLES[token.style];
        const node = this.commented(makeNode('scalar', '', token.value, style), this.take(), anchor);
        node.tag = style === 0 ? resolvePlain(token.value).tag : TAG.str;
        this.scanner.skip();
        return node;
      }
      case TOKEN.flowSequenceStart:
        return this.nested(anchor, makeNode('sequence', TAG.seq, '', STYLE.flow), this.take(), (node) =>
          this.flowSequence(node),
        );
      case TOKEN.flowMappingStart:
        return this.nested(anchor, makeNode('mapping', TAG.map, '', STYLE.flow), this.take(), (node) =>
          this.flowMapping(node),
        );
      case TOKEN.blockSequenceStart:
        if (block)
          return this.nested(anchor, makeNode('sequence', TAG.seq), this.takeStem(), (node) =>
            this.blockSequence(node),
          );
        break;
      case TOKEN.blockMappingStart:
        if (block)
          return this.nested(anchor, makeNode('mapping', TAG.map), this.takeStem(), (node) => this.blockMapping(node));
        break;
    }
    if (anchor !== '' || tag !== '') return this.commented(emptyScalar(), NO_COMMENTS, anchor);
    throw failure('did not find expected node content', undefined, token.line + 1);
  }

  private takeStem(): Comments {
    const head = this.stem;
    this.stem = '';
    return { ...NO_COMMENTS, head };
  }

  private commented(node: Node, { head, line, foot }: Comments, anchor: string): Node {
    node.headComment = head;
    node.lineComment = line;
    node.footComment = foot;
    if (anchor !== '') {
      node.anchor = anchor;
      this.anchors.set(anchor, node);
    }
    return node;
  }

  private nested(anchor: string, node: Node, comments: Comments, fill: (node: Node) => Comments): Node {
    this.commented(node, comments, anchor);
    if (++this.depth > MAX_DEPTH) throw failure(`collections are nested deeper than ${MAX_DEPTH}`);
    const { line, foot } = fill(node);
    this.depth--;
    node.lineComment = line;
    node.footComment = foot;
    const lastKey = node.content.at(-2);
    if (node.kind === 'mapping' && (node.style & STYLE.flow) === 0 && foot !== '' && lastKey !== undefined) {
      lastKey.footComment = foot;
      node.footComment = '';
    }
    return node;
  }

  private alias(token: Token): Node {
    const node = this.commented(makeNode('alias', '', token.value), this.take(), '');
    node.alias = this.anchors.get(token.value);
    if (node.alias === undefined)
      throw failure(`unknown anchor '${token.value}' referenced`, undefined, token.line + 1);
    this.scanner.skip();
    return node;
  }

  private resolveTag(token: Token): string {
    if (token.value === '') return token.suffix;
    const prefix = this.tagPrefixes.get(token.value);
    if (prefix === undefined) throw failure('found undefined tag handle', undefined, token.line + 1);
    return prefix + token.suffix;
  }

  /** Adds a key, whose foot comment may be that of the key before. */
  private addKey(mapping: Node, key: Node): void {
    mapping.content.push(key);
    const before = mapping.content.at(-3);
    if ((mapping.style & STYLE.flow) === 0 && key.footComment !== '' && before !== undefined) {
      before.footComment = key.footComment;
      key.footComment = '';
    }
  }

  private addValue(mapping: Node, value: Node): void {
    const key = mapping.content.at(-1);
    mapping.content.push(value);
    if (key !== undefined && key.footComment === '' && value.footComment !== '') {
      key.footComment = value.footComment;
      value.footComment = '';
    }
  }

  private blockSequence(node: Node): Comments {
    for (let token = this.next(); token.type !== TOKEN.blockEnd; token = this.peek()) {
      if (token.type !== TOKEN.blockEntry)
        throw failure("did not find expected '-' indicator", undefined, token.line + 1);
      const next = this.afterEntry().type;
      const isEmpty = next === TOKEN.blockEntry || next === TOKEN.blockEnd;
      node.content.push(isEmpty ? emptyScalar() : this.node(true, false));
    }
    this.scanner.skip();
    return NO_COMMENTS;
  }

  private indentlessSequence(node: Node): Comments {
    while (this.peek().type === TOKEN.blockEntry) {
      const next = this.afterEntry().type;
      const isEmpty = next === TOKEN.blockEntry || endsBlockEntry(next);
      node.content.push(isEmpty ? emptyScalar() : this.node(true, false));
    }
    return NO_COMMENTS;
  }

  /** The token after `-`; a comment above the `-` of a block collection is kept for that (parserc.go: split_stem_comment). */
  private afterEntry(): Token {
    const { pending } = this.scanner;
    const { length } = pending.head;
    const token = this.next();
    const isBlock = token.type === TOKEN.blockSequenceStart || token.type === TOKEN.blockMappingStart;
    if (length > 0 && isBlock) {
      this.stem = pending.head.slice(0, length);
      pending.head = pending.head.slice(length + 1);
    }
    return token;
  }

  private blockMapping(node: Node): Comments {
    for (let token = this.next(); token.type !== TOKEN.blockEnd; token = this.peek()) {
      if (token.type !== TOKEN.key) throw failure('did not find expected key', undefined, token.line + 1);
      this.addKey(node, endsBlockEntry(this.next().type) ? emptyScalar() : this.node(true, true));
      const hasValue = this.peek().type === TOKEN.value && !endsBlockEntry(this.next().type);
      this.addValue(node, hasValue ? this.node(true, true) : emptyScalar());
    }
    const comments = this.take();
    this.scanner.skip();
    return comments;
  }

  private flowSequence(node: Node): Comments {
    let token = this.next();
    for (let isFirst = true; token.type !== TOKEN.flowSequenceEnd; isFirst = false) {
      if (!isFirst) {
        token = this.afterFlowEntry(token, ']');
        if (token.type === TOKEN.flowSequenceEnd) break;
      }
      node.content.push(token.type === TOKEN.key ? this.flowPair() : this.node(false, false));
      token = this.peek();
    }
    const comments = this.take();
    this.scanner.skip();
    return comments;
  }

  private afterFlowEntry(token: Token, end: string): Token {
    if (token.type !== TOKEN.flowEntry)
      throw failure(`did not find expected ',' or '${end}'`, undefined, token.line + 1);
    return this.next();
  }

  private flowPair(): Node {
    const pair = makeNode('mapping', TAG.map, '', STYLE.flow);
    const token = this.next();
    if (token.type === TOKEN.value || endsFlowItem(token.type, TOKEN.flowSequenceEnd)) {
      this.scanner.skip();
      this.addKey(pair, emptyScalar());
    } else this.addKey(pair, this.node(false, false));
    this.addValue(pair, this.flowValue(TOKEN.flowSequenceEnd));
    return pair;
  }

  private flowValue(end: TokenType): Node {
    if (this.peek().type !== TOKEN.value) return emptyScalar();
    return endsFlowItem(this.next().type, end) ? emptyScalar() : this.node(false, false);
  }

  private flowMapping(node: Node): Comments {
    let token = this.next();
    for (let isFirst = true; token.type !== TOKEN.flowMappingEnd; isFirst = false) {
      if (!isFirst) {
        token = this.afterFlowEntry(token, '}');
        if (token.type === TOKEN.flowMappingEnd) break;
      }
      if (token.type === TOKEN.key) {
        token = this.next();
        const isEmpty = token.type === TOKEN.value || endsFlowItem(token.type, TOKEN.flowMappingEnd);
        this.addKey(node, isEmpty ? emptyScalar() : this.node(false, false));
        this.addValue(node, this.flowValue(TOKEN.flowMappingEnd));
      } else {
        this.addKey(node, this.node(false, false));
        this.addValue(node, emptyScalar());
      }
      token = this.peek();
    }
    const comments = this.take();
    this.scanner.skip();
    return comments;
  }
}

function emptyScalar(): Node {
  return makeNode('scalar', TAG.null);
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
