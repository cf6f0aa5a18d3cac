// From text to nodes. This file alone knows which YAML parser is used.

import { utf8Decode } from '../../go/strings.ts';
import { NODE, STYLE as WRITTEN, type YamlNode } from '../../yaml/node.ts';
import { readDocument } from '../../yaml/reader.ts';
import { failure, isBuildFailure } from './fail.ts';
import { makeNode, type Node, STYLE, TAG } from './node.ts';
import { resolvePlain } from './resolve.ts';

const LONG_TAG = 'tag:yaml.org,2002:';

/** The styles of go-yaml v3, by those of the reader. */
const STYLES = {
  [WRITTEN.plain]: 0,
  [WRITTEN.single]: STYLE.single,
  [WRITTEN.double]: STYLE.double,
  [WRITTEN.literal]: STYLE.literal,
  [WRITTEN.folded]: STYLE.folded,
  [WRITTEN.flow]: STYLE.flow,
} as const;

/** The first document of a text, which `linesBefore` lines of its file precede; undefined where there is none. Throws for what is no YAML. */
export function parseNode(text: string, linesBefore = 0): Node | undefined {
  const document = read(text, linesBefore);
  return document === undefined ? undefined : convert(document, new Map(), linesBefore + 1);
}

function read(text: string, linesBefore: number): YamlNode | undefined {
  try {
    return readDocument(text);
  } catch (error) {
    if (!isBuildFailure(error)) throw error;
    const { line } = error.data;
    const message = error.message.replace(/^yaml: (?:line \d+: )?/, '');
    throw failure(`malformed YAML: ${message}`, undefined, typeof line === 'number' ? line + linesBefore : undefined);
  }
}

/** go-yaml v3: decode.go, parser.node. */
function convert(source: YamlNode, aliases: Map<YamlNode, Node>, firstLine: number): Node {
  const node = makeNode(kindOf(source), shortTag(source.tag), source.value, STYLES[source.style]);
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

function shortTag(tag: string): string {
  if (tag === '!') return '';
  return tag.startsWith(LONG_TAG) ? `!!${tag.slice(LONG_TAG.length)}` : tag;
}

/** The text of bytes; what is no UTF-8 stays recognisable, so that the reader can tell where it is. */
export function textOfBytes(bytes: Uint8Array): string {
  return utf8Decode(bytes);
}
