// A file's YAML documents as kustomize splits them: at lines that begin with `---`, whatever stands around them
// (kyaml: kio/byteio_reader.go).

import { deAnchor } from './deanchor.ts';
import { failure } from './fail.ts';
import { field } from './fields.ts';
import { markKeptBreaks } from './kept-breaks.ts';
import { isMissing, type Node, textOf } from './node.ts';
import { parseNode } from './parse.ts';

const SEPARATOR = /\n---[^\n]*\n/g;

/** The objects of a text, with anchors expanded; a lone `List` or `ResourceList` gives its items (kyaml: kio.FromBytes). */
export function parseObjects(text: string): Node[] {
  const documents = splitDocuments(text.replaceAll('\r\n', '\n'));
  const output: Node[] = [];
  for (const { document, firstLine } of documents) {
    const node = parseNode(document, firstLine);
    if (isMissing(node)) continue;
    markKeptBreaks(node, document);
    const items = documents.length === 1 ? unwrapped(node) : undefined;
    if (items === undefined) output.push(node);
    else output.push(...items);
  }
  return output.map(deAnchor);
}

interface SplitDocument {
  readonly document: string;
  /** How many lines of the file come before it. */
  readonly firstLine: number;
}

function splitDocuments(text: string): SplitDocument[] {
  if (text === '') return [];
  const documents: SplitDocument[] = [];
  let from = 0;
  let firstLine = 0;
  for (const match of text.matchAll(SEPARATOR)) {
    const rest = match[0].slice(4).trim();
    if (rest !== '' && !rest.startsWith('#'))
      throw failure(
        `invalid document separator: ${match[0].trim()}`,
        undefined,
        firstLine + countLines(text.slice(from, match.index)) + 2,
      );
    const document = `${text.slice(from, match.index)}\n`;
    documents.push({ document, firstLine });
    firstLine += countLines(document) + 1;
    from = match.index + match[0].length;
  }
  documents.push({ document: text.slice(from), firstLine });
  return documents;
}

function countLines(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count++;
  return count;
}

function unwrapped(node: Node): readonly Node[] | undefined {
  const kind = textOf(field(node, 'kind'));
  if (kind !== 'List' && kind !== 'ResourceList') return undefined;
  const items = field(node, 'items');
  if (items === undefined && field(node, 'functionConfig') === undefined) return undefined;
  return items?.content ?? [];
}
