// From text to nodes. This file alone knows which YAML parser is used.

import { NODE, STYLE as WRITTEN, type YamlNode } from '../../yaml/node.ts';
import { readDocument } from '../../yaml/reader.ts';
import { AheadScanner } from './ahead-scanner.ts';
import { malformed } from './fail.ts';
import { makeNode, type Node, STYLE, TAG } from './node.ts';
import { resolvePlain } from './resolve.ts';
import { SCALAR_STYLES, shortTag } from './styles.ts';

/** The first document of a text, which `linesBefore` lines of its file precede; undefined where there is none. Throws for what is no YAML. */
export function parseNode(text: string, linesBefore = 0): Node | undefined {
  const document = read(text, linesBefore);
  return document === undefined ? undefined : convert(document, new Map(), linesBefore + 1);
}

function read(text: string, linesBefore: number): YamlNode | undefined {
  try {
    return readDocument(text, AheadScanner);
  } catch (error) {
    throw malformed(error, linesBefore);
  }
}

/** go-yaml v3: decode.go, parser.node. */
function convert(source: YamlNode, aliases: Map<YamlNode, Node>, firstLine: number): Node {
  const node = makeNode(kindOf(source), shortTag(source.tag), source.value, SCALAR_STYLES[source.style]);
  node.line = source.line + firstLine;
  aliases.set(source, node);
  if (source.kind === NODE.alias) {
    node.alias = source.target && (aliases.get(source.target) ?? convert(source.target, aliases, firstLine));
    return node;
  }
  if (node.tag !== '') node.style |= STYLE.tagged;
  else node.tag = impliedTag(source);
  for (const child of source.children) node.content.push(convert(child, aliases, firstLine));
  return node;
}

function kindOf(source: YamlNode): Node['kind'] {
  switch (source.kind) {
    case NODE.mapping:
      return 'mapping';
    case NODE.sequence:
      return 'sequence';
    case NODE.alias:
      return 'alias';
    default:
      return 'scalar';
  }
}

function impliedTag(source: YamlNode): string {
  if (source.kind === NODE.mapping) return TAG.map;
  if (source.kind === NODE.sequence) return TAG.seq;
  return source.style === WRITTEN.plain ? resolvePlain(source.value).tag : TAG.str;
}
